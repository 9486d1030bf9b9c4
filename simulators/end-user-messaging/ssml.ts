/** A piece of an SSML document, in the order in which it stands. Entities are resolved. */
export type SsmlToken =
  | { readonly kind: 'open'; readonly name: string; readonly attributes: ReadonlyMap<string, string> }
  | { readonly kind: 'close'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string }

/** A document that is well formed and rooted in <speak>, or what is wrong with it. */
export type Ssml =
  | { readonly kind: 'ssml'; readonly tokens: readonly SsmlToken[] }
  | { readonly kind: 'not-ssml'; readonly problem: string }

/**
 * Reads SSML as strictly as an XML parser would: one <speak> root, tags that match, quoted and unrepeated attributes,
 * no stray `<` or `&`, no characters that XML forbids. A document type is refused: nothing here expands entities.
 * Linear in the length of the text; problems are told by position and never repeat the text.
 */
export function parseSsml(text: string): Ssml {
  const tokens: SsmlToken[] = []
  const open: string[] = []
  let rooted = false
  let index = text.startsWith('<?xml') ? afterDeclaration(text) : 0
  if (FORBIDDEN.test(text)) return notSsml('it has a control character', text.search(FORBIDDEN))
  if (index < 0) return notSsml('the XML declaration does not end', 0)

  while (index < text.length) {
    const at = index
    if (text.charCodeAt(index) !== LESS_THAN) {
      const end = text.indexOf('<', index)
      index = end < 0 ? text.length : end
      const raw = text.slice(at, index)
      if (open.length === 0) {
        if (raw.trim() !== '') return notSsml('there is text outside <speak>', at)
        continue
      }
      const resolved = raw.includes(']]>') ? undefined : resolveEntities(raw)
      if (resolved === undefined) return notSsml('the text has a stray "&" or "]]>"', at)
      tokens.push({ kind: 'text', text: resolved })
      continue
    }

    const aside = readAside(text, index)
    if (aside) {
      if (aside.end < 0) return notSsml(`a ${aside.kind} does not end`, at)
      if (aside.kind === 'CDATA section') {
        if (open.length === 0) return notSsml('there is text outside <speak>', at)
        tokens.push({ kind: 'text', text: text.slice(at + '<![CDATA['.length, aside.end - ']]>'.length) })
      }
      index = aside.end
      continue
    }

    const closing = matchAt(CLOSE_TAG, text, index)
    if (closing) {
      const name = closing[1] ?? ''
      if (open.pop() !== name) return notSsml(`</${name}> closes a tag that is not open`, at)
      tokens.push({ kind: 'close', name })
      index += closing[0].length
      continue
    }

    const opening = matchAt(OPEN_TAG, text, index)
    const attributes = opening && readAttributes(opening[2] ?? '')
    if (!opening || !attributes) return notSsml('a tag is not well formed', at)
    const name = opening[1] ?? ''
    if (open.length === 0) {
      if (rooted) return notSsml('there is a second root element', at)
      if (name !== 'speak') return notSsml('the root element is not <speak>', at)
      rooted = true
    }
    tokens.push({ kind: 'open', name, attributes })
    if (opening[3] === '/') tokens.push({ kind: 'close', name })
    else open.push(name)
    index += opening[0].length
  }

  if (open.length > 0) return notSsml(`<${open.at(-1)}> is not closed`, text.length)
  return rooted ? { kind: 'ssml', tokens } : notSsml('there is no <speak>', 0)
}

function notSsml(problem: string, index: number): Ssml {
  return { kind: 'not-ssml', problem: `${problem} (at character ${index + 1})` }
}

function afterDeclaration(text: string): number {
  const end = text.indexOf('?>')
  return end < 0 ? -1 : end + 2
}

/** A comment, CDATA section or processing instruction at this place; `end` is -1 when it does not end. */
function readAside(text: string, index: number): { readonly kind: string; readonly end: number } | undefined {
  for (const [kind, start, stop] of ASIDES) {
    if (!text.startsWith(start, index)) continue
    const end = text.indexOf(stop, index + start.length)
    return { kind, end: end < 0 ? -1 : end + stop.length }
  }
  return undefined
}

function readAttributes(raw: string): ReadonlyMap<string, string> | undefined {
  const attributes = new Map<string, string>()
  for (const [, name = '', double, single] of raw.matchAll(ATTRIBUTE)) {
    const value = resolveEntities(double ?? single ?? '')
    if (value === undefined || attributes.has(name)) return undefined
    attributes.set(name, value)
  }
  return attributes
}

/** The text with its entities resolved, or undefined if an `&` is not the start of one that XML knows by itself. */
function resolveEntities(raw: string): string | undefined {
  if (!raw.includes('&')) return raw
  if (STRAY_AMPERSAND.test(raw)) return undefined
  return raw.replace(ENTITY, (_whole, name: string) => {
    if (name.startsWith('#x')) return characterOf(Number.parseInt(name.slice(2), 16))
    if (name.startsWith('#')) return characterOf(Number.parseInt(name.slice(1), 10))
    return NAMED_ENTITIES.get(name) ?? ''
  })
}

function characterOf(codePoint: number): string {
  return codePoint > 0 && codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : '\ufffd'
}

function matchAt(pattern: RegExp, text: string, index: number): RegExpExecArray | null {
  const sticky = new RegExp(pattern, 'uy')
  sticky.lastIndex = index
  return sticky.exec(text)
}

const LESS_THAN = 0x3c
const ASIDES = [
  ['comment', '<!--', '-->'],
  ['CDATA section', '<![CDATA[', ']]>'],
  ['processing instruction', '<?', '?>'],
] as const
const NAME = String.raw`[\p{L}_:][\p{L}\p{M}\p{N}_:.\-]*`
const QUOTED = `"[^"<]*"|'[^'<]*'`
const CLOSE_TAG = new RegExp(String.raw`<\/(${NAME})\s*>`, 'u')
const OPEN_TAG = new RegExp(String.raw`<(${NAME})((?:\s+${NAME}\s*=\s*(?:${QUOTED}))*)\s*(\/?)>`, 'u')
const ATTRIBUTE = new RegExp(String.raw`(${NAME})\s*=\s*(?:"([^"]*)"|'([^']*)')`, 'gu')
const ENTITY = /&(amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});/g
const STRAY_AMPERSAND = /&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)/
const NAMED_ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])
// XML 1.0 §2.2: of the control characters only tab, line feed and carriage return are allowed.
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is its purpose
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/
