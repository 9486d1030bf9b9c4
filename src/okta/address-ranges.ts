/** The IPv4 ranges that Okta publishes, by cell. Anything else in the document is ignored. */
export function readRanges(published: unknown): readonly string[] {
  const cells = Object.values(Object(published) as Readonly<Record<string, unknown>>)
  const ranges = cells.flatMap(cell => {
    const { ip_ranges: listed } = Object(cell) as { readonly ip_ranges?: unknown }
    return Array.isArray(listed) ? listed.filter(one => typeof one === 'string') : []
  })
  return [...new Set(ranges.filter(range => parse(range) !== undefined))].slice(0, RANGES_MAX).toSorted()
}

/**
 * The ranges as one text of at most `charactersMax` characters, separated by commas. If they do not fit, neighbours are
 * joined into wider ranges, so that none is lost. That is harmless: the list only exempts addresses from a rate limit.
 */
export function joinRanges(ranges: readonly string[], charactersMax: number): string {
  for (let longest = 32; longest >= 8; longest -= 1) {
    const text = covering(ranges, longest).join(',')
    if (text.length <= charactersMax) return text
  }
  return ''
}

/** The ranges that no range of the list covers. */
export function rangesBeyond(ranges: readonly string[], list: readonly string[]): readonly string[] {
  const known = list.flatMap(one => parse(one) ?? [])
  return ranges.filter(range => {
    const one = parse(range)
    return one !== undefined && !known.some(other => covers(other, one))
  })
}

type Range = { readonly first: number; readonly length: number }

function parse(text: string): Range | undefined {
  const [, address = '', bits = ''] = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/.exec(text) ?? []
  const parts = address.split('.').map(Number)
  const length = Number(bits)
  // AWS WAF does not accept a range of all addresses.
  if (address === '' || parts.some(part => part > 255) || length < 1 || length > 32) return undefined
  const first = parts.reduce((sum, part) => sum * 256 + part, 0)
  return { first: first - (first % 2 ** (32 - length)), length }
}

function covers(wide: Range, narrow: Range): boolean {
  const size = 2 ** (32 - wide.length)
  return wide.length <= narrow.length && narrow.first >= wide.first && narrow.first < wide.first + size
}

/** Ranges with prefixes of at most `longest` bits that cover all of these; none is inside another. */
function covering(ranges: readonly string[], longest: number): readonly string[] {
  const widened = ranges
    .flatMap(range => parse(range) ?? [])
    .map(({ first, length }) => {
      const bits = Math.min(length, longest)
      return { first: first - (first % 2 ** (32 - bits)), length: bits }
    })
    .toSorted((one, other) => one.length - other.length || one.first - other.first)
  const separate: Range[] = []
  for (const range of widened) if (!separate.some(other => covers(other, range))) separate.push(range)
  return separate.toSorted((one, other) => one.first - other.first).map(write)
}

function write({ first, length }: Range): string {
  const parts = [24, 16, 8, 0].map(shift => Math.floor(first / 2 ** shift) % 256)
  return `${parts.join('.')}/${length}`
}

/** Okta publishes a few hundred. */
const RANGES_MAX = 2_000
