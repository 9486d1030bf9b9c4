/** Random values of one case; the same seed gives the same case on every machine. */
export type Random = {
  /** A whole number from 0 to `below` - 1. */
  readonly below: (below: number) => number
  readonly chance: (probability: number) => boolean
  readonly pick: <Item>(items: readonly Item[]) => Item
}

/** By the seed and the number of the case, so that each case can be run again alone. */
export function createRandom(seed: number, caseNumber: number): Random {
  // mulberry32
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(caseNumber + 1, 0x85ebca6b)) >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    below,
    chance: probability => next() < probability,
    pick: items => items[below(items.length)] as (typeof items)[number],
  }
}

/** A text that may cause problems: usually short, sometimes up to 64 KB. */
export function hostileText(random: Random): string {
  const pieces = Array.from({ length: 1 + random.below(4) }, () => random.pick(PIECES))
  const text = pieces.join('')
  if (!random.chance(1 / 300)) return text
  return text.repeat(Math.ceil(65_000 / Math.max(1, text.length))).slice(0, 65_000)
}

/** Any JSON value, usually not deep. */
export function hostileJson(random: Random): unknown {
  switch (random.below(12)) {
    case 0:
      return null
    case 1:
      return random.chance(0.5)
    case 2:
      return random.pick([0, -1, 0.5, 1e21, 34683783440, Number.MAX_SAFE_INTEGER, -0])
    case 3:
      return []
    case 4:
      return {}
    case 5:
      return [hostileText(random), null, 7]
    case 6:
      return { S: hostileText(random), toString: 1, length: -1 }
    case 7:
      return random.chance(0.1) ? DEEP : nested(random.pick([2, 50, 500]))
    default:
      return hostileText(random)
  }
}

/** As JSON; `DEEP` from `hostileJson` becomes lists nested twenty thousand deep. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(`"${DEEP}"`, `${'['.repeat(20_000)}${']'.repeat(20_000)}`)
}
const DEEP = 'lists in lists'

/** The text with a few characters changed, removed, doubled or moved. */
export function mangled(text: string, random: Random): string {
  let result = text
  for (let times = 1 + random.below(3); times > 0; times -= 1) {
    const at = random.below(result.length + 1)
    const length = random.below(random.chance(0.9) ? 4 : 200)
    const piece = random.chance(0.5) ? random.pick(PIECES) : result.slice(at, at + length)
    result = result.slice(0, at) + piece + result.slice(random.chance(0.5) ? at : at + length)
  }
  return result
}

/** A copy of an object with some members, at any depth, replaced, removed or renamed. */
export function mutated(value: object, random: Random): object {
  const copy = structuredClone(value)
  for (let times = 1 + random.below(3); times > 0; times -= 1) {
    let inner = copy as Record<string, unknown>
    let name = random.pick(Object.keys(inner))
    while (
      name !== undefined &&
      typeof inner[name] === 'object' &&
      inner[name] !== null &&
      random.chance(0.8)
    ) {
      const names = Object.keys(inner[name] as object)
      if (names.length === 0) break
      inner = inner[name] as Record<string, unknown>
      name = random.pick(names)
    }
    if (name === undefined) continue
    const before = inner[name]
    const what = random.below(6)
    if (what === 0) delete inner[name]
    else if (what === 1 && typeof before === 'string') inner[name] = mangled(before, random)
    else if (what === 2)
      Object.defineProperty(inner, random.pick(NAMES), {
        value: before,
        enumerable: true,
        writable: true,
        configurable: true,
      })
    else inner[name] = hostileJson(random)
  }
  return copy
}

function nested(depth: number): unknown {
  let value: unknown = 'x'
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { data: value }
  return value
}

const NAMES = ['__proto__', 'constructor', 'toString', 'data', 'eventId', 'id', 'Message', 'S', 'Items']

const PIECES: readonly string[] = [
  ...['a', 'A', '0', '1', '12', '493817', '+34683783440', '0900 123456', ' ', '  ', '\n', '\r\n', '\t', ''],
  ...[
    '.',
    '-',
    '_',
    '/',
    ':',
    '@',
    '#',
    '+',
    '"',
    "'",
    '\\',
    '`',
    '$',
    '%',
    '&',
    '=',
    '?',
    '!',
    ',',
    ';',
    '|',
  ],
  ...[
    '<',
    '>',
    '{',
    '}',
    '[',
    ']',
    '(',
    ')',
    '[{',
    '}]',
    '{"a":',
    '"}',
    '{}',
    '[]',
    '<a>',
    '</speak>',
    '<speak>',
  ],
  ...[
    '{code}',
    "'{",
    '{code, plural, other {',
    '{minutes, plural, one {#}',
    "'{''}'",
    '&amp;',
    '&#x41;',
    '&lol;',
  ],
  ...[
    '<break time="1s"/>',
    '<!DOCTYPE a [<!ENTITY b "c">]>',
    '<!--',
    ']]>',
    '<say-as interpret-as="digits">',
  ],
  ...[
    'evil.com',
    'https://evil.example/x',
    'www.',
    '。com',
    'tel:1',
    '192.168.0.1',
    '[::1]',
    'xn--',
    'नमूना.भारत',
  ],
  ...[
    'é',
    'ß',
    'İ',
    'ﬀ',
    'ﷺ',
    'Ａ',
    '１',
    '١',
    'пример',
    '验证码',
    '。',
    'あ',
    '한',
    'क्',
    '\u0301',
    '\u0344',
    '😀',
  ],
  ...['\u0000', '\u001b[31m', '\u007f', '\u0085', '\u009b', '\u00a0', '\u00ad', '\u200b', '\u200d', '\u2028'],
  ...['\u202e', '\u2066', '\u2800', '\u3164', '\ufe0f', '\ufeff', '\ufffe', '\ud83d', '\udc00', '\u{e0041}'],
  ...[
    'EN-US',
    'es_MX',
    'zh_TW_#Hant',
    'sr@latin',
    'voice call',
    'SMS',
    'call',
    'true',
    'null',
    'NaN',
    '1e400',
  ],
  ...[
    '2026-03-01T12:05:00.000Z',
    '0',
    '-1',
    '9'.repeat(40),
    'a'.repeat(300),
    ' '.repeat(300),
    '\u0301'.repeat(50),
  ],
]
