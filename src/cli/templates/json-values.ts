/**
 * The JSON objects and lists of a text, in order; prose and braces between them are skipped. If an outer value is broken,
 * its complete inner values are returned. Reads every character at most twice, at any depth.
 */
export function jsonValuesIn(text: string): readonly unknown[] {
  return wholeValuesIn(text).flatMap(([begin, end]) => parse(text.slice(begin, end)))
}

type Open = { readonly at: number; readonly closes: '}' | ']'; expected: Expected }
type Expected = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end'

/** Begin and end of each outermost object or list. */
function wholeValuesIn(text: string): readonly (readonly [begin: number, end: number])[] {
  const whole: [begin: number, end: number][] = []
  let open: Open[] = []
  for (let at = 0; at < text.length; ) {
    const inner = open.at(-1)
    const token = inner === undefined ? '' : tokenAt(text, at)
    const character = text[at] ?? ''
    if (inner !== undefined && /^\s/.test(token)) {
      at += token.length
    } else if ((character === '{' || character === '[') && (inner === undefined || mayBeValue(inner))) {
      if (open.length === DEPTH_MAX) open = []
      open.push({
        at,
        closes: character === '{' ? '}' : ']',
        expected: character === '{' ? 'key or end' : 'value or end',
      })
      at += 1
    } else if (inner === undefined) {
      at += 1 // prose
    } else if (character === inner.closes && /end$/.test(inner.expected)) {
      open.pop()
      while ((whole.at(-1)?.[0] ?? -1) > inner.at) whole.pop()
      at += 1
      whole.push([inner.at, at])
      const outer = open.at(-1)
      if (outer !== undefined) outer.expected = 'comma or end'
    } else {
      const next = token === '' ? undefined : expectedAfter(token, inner)
      if (next === undefined)
        open = [] // not JSON: this character is prose or opens the next value
      else {
        inner.expected = next
        at += token.length
      }
    }
  }
  return whole
}

function mayBeValue({ expected }: Open): boolean {
  return expected === 'value' || expected === 'value or end'
}

function expectedAfter(token: string, inner: Open): Expected | undefined {
  const isObject = inner.closes === '}'
  if (token === ',') return inner.expected !== 'comma or end' ? undefined : isObject ? 'key' : 'value'
  if (token === ':') return inner.expected === 'colon' ? 'value' : undefined
  if (mayBeValue(inner)) return 'comma or end'
  return token.startsWith('"') && inner.expected.startsWith('key') ? 'colon' : undefined
}

/** A token of JSON: white space, a comma, a colon, a string, a number or a literal. Empty if the text has no token here. */
function tokenAt(text: string, at: number): string {
  TOKEN.lastIndex = at
  return TOKEN.exec(text)?.[0] ?? ''
}

function parse(text: string): readonly unknown[] {
  try {
    return [JSON.parse(text)]
  } catch {
    return [] // for example, an escape that JSON does not have
  }
}

const TOKEN = /[ \t\r\n]+|[,:]|"(?:[^"\\\n\r]|\\[^\n\r])*"|-?\d[\d.eE+-]*|true|false|null/y
const DEPTH_MAX = 100
