import { XMLParser, XMLValidator } from 'fast-xml-parser'

/** SSML in its order, entities resolved. */
export type SsmlPiece =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'open'
      readonly name: string
      readonly attributes: Readonly<Record<string, string>>
    }
  | { readonly kind: 'close'; readonly name: string }

/** Undefined when it is not well-formed XML, or has a name that the parser refuses (`constructor`). */
export function ssmlPieces(ssml: string): readonly SsmlPiece[] | undefined {
  if (XMLValidator.validate(ssml) !== true) return undefined
  try {
    return (PARSER.parse(ssml) as readonly Node[]).flatMap(piecesOf)
  } catch {
    return undefined
  }
}

/** The parser's form of an element: its name with its content, and `:@` with its attributes. */
type Node = Readonly<Record<string, unknown>>

function piecesOf(node: Node): readonly SsmlPiece[] {
  if ('#text' in node) return [{ kind: 'text', text: String(node['#text']) }]
  const name = Object.keys(node).find(key => key !== ':@') ?? ''
  const attributes = (node[':@'] ?? {}) as Readonly<Record<string, string>>
  return [
    { kind: 'open', name, attributes },
    ...((node[name] ?? []) as readonly Node[]).flatMap(piecesOf),
    { kind: 'close', name },
  ]
}

const PARSER = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  htmlEntities: true, // numbers of characters, too
})
