/**
 * The network of an address, all that is kept of it: the first three parts of an IPv4 address (/24), the first three
 * groups of an IPv6 address (/48). Undefined if it is no address.
 */
export function networkOf(address: string | undefined): string | undefined {
  if (address === undefined) return undefined
  const groups = groupsOfAddress(address)
  return groups?.slice(0, 3).join(groups.length === 4 ? '.' : ':')
}

/** The bits of an address of which something is kept: 24 of IPv4, 48 of IPv6. Undefined if it is no address. */
export function networkBits(address: string): string | undefined {
  const groups = groupsOfAddress(address)
  const [base, width] = groups?.length === 4 ? [10, 8] : [16, 16]
  const kept = groups?.slice(0, 3).map(group => Number.parseInt(group, base))
  return kept?.map(value => value.toString(2).padStart(width, '0')).join('')
}

/** The four numbers of an IPv4 address, in whatever form it is written, or the eight groups of an IPv6 address; without leading zeros. */
function groupsOfAddress(address: string): readonly string[] | undefined {
  if (V4.test(address)) return address.split('.').map(withoutZeros)
  const text = (address.split('%')[0] ?? '')
    .toLowerCase()
    .replace(/(?<=:)\d+(?:\.\d+){3}$/, last => (V4.test(last) ? groupsOfV4(last) : last))
  if (!V6.test(text) || !text.includes(':')) return undefined
  const [head = '', tail] = text.split('::')
  const first = head === '' ? [] : head.split(':')
  const last = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - first.length - last.length)).fill('0')
  const groups = [...first, ...zeros, ...last].map(withoutZeros)
  if (groups.length !== 8) return undefined
  // RFC 4291 §2.5.5.2: IPv4-mapped. They would all be one network.
  return groups.slice(0, 6).join(':') === '0:0:0:0:0:ffff' ? groups.slice(6).flatMap(numbersOfV4) : groups
}

/** The last two groups of an IPv6 address that ends with an IPv4 address. */
function groupsOfV4(address: string): string {
  const [one = 0, two = 0, three = 0, four = 0] = address.split('.').map(Number)
  return `${(one * 256 + two).toString(16)}:${(three * 256 + four).toString(16)}`
}

function numbersOfV4(group: string): readonly string[] {
  const value = Number.parseInt(group, 16)
  return [String(value >> 8), String(value & 255)]
}

const withoutZeros = (group: string): string => group.replace(/^0+(?=.)/, '')
const V4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)$/
const V6 = /^[\da-f]{0,4}(?::[\da-f]{0,4}){2,7}$/
