import { SaxesParser } from 'saxes'

/** A part of an SSML document, in document order. Entities are resolved. */
export type SsmlToken =
  | { readonly kind: 'open'; readonly name: string; readonly attributes: ReadonlyMap<string, string> }
  | { readonly kind: 'close'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string }

/** A well-formed document with the root <speak>, or the problem with it. */
export type Ssml =
  | { readonly kind: 'ssml'; readonly tokens: readonly SsmlToken[] }
  | { readonly kind: 'not-ssml'; readonly problem: string }

/**
 * Reads SSML as XML 1.0 with one <speak> root. A document type is refused, so that no entities are expanded. A problem
 * gives the position and never repeats the text.
 */
export function parseSsml(text: string): Ssml {
  const tokens: SsmlToken[] = []
  const parser = new SaxesParser()
  let depth = 0
  const say = (spoken: string): void => {
    if (depth > 0) tokens.push({ kind: 'text', text: spoken })
  }
  parser.on('opentag', ({ name, attributes }) => {
    if (depth === 0 && name !== 'speak') throw new NotSsml('the root element is not <speak>')
    depth++
    tokens.push({ kind: 'open', name, attributes: new Map(Object.entries(attributes)) })
  })
  parser.on('closetag', ({ name }) => {
    depth--
    tokens.push({ kind: 'close', name })
  })
  parser.on('text', say)
  parser.on('cdata', say)
  parser.on('doctype', () => {
    throw new NotSsml('a document type is not well formed SSML')
  })
  parser.on('error', ({ message }) => {
    throw new NotSsml(problemOf(message))
  })
  try {
    parser.write(text).close()
    return { kind: 'ssml', tokens }
  } catch (error) {
    if (!(error instanceof NotSsml)) throw error
    return { kind: 'not-ssml', problem: `${error.message} (at character ${parser.position + 1})` }
  }
}

/** Thrown out of the parser's events, and caught by `parseSsml` only. */
class NotSsml extends Error {}

/** The parser's own message may repeat the input. */
function problemOf(message: string): string {
  return PROBLEMS.find(([pattern]) => pattern.test(message))?.[1] ?? 'a tag is not well formed'
}

const PROBLEMS: readonly (readonly [RegExp, string])[] = [
  [/must contain a root element/, 'there is no <speak>'],
  [/outside of root/, 'there is text outside <speak>'],
  [/only one root/, 'there is a second root element'],
  [/unclosed tag/, 'a tag, comment or entity does not end'],
  [/unexpected close tag|unmatched closing tag/, 'a tag closes one that is not open'],
  [/entity|"]]>"/, 'the text has a stray "&" or "]]>"'],
  [/disallowed character\.$/, 'it has a character that XML does not allow there'],
]
