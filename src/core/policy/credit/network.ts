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

/** The four numbers of an IPv4 address, or the eight groups of an IPv6 address in their shortest form. */
function groupsOfAddress(address: string): readonly string[] | undefined {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
  if (V4.test(mapped)) return mapped.split('.')
  const text = mapped.split('%')[0]?.toLowerCase() ?? ''
  if (!V6.test(text) || !text.includes(':')) return undefined
  const [head = '', tail] = text.split('::')
  const first = head === '' ? [] : head.split(':')
  const last = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - first.length - last.length)).fill('0')
  const groups = [...first, ...zeros, ...last].map(withoutZeros)
  return groups.length === 8 ? groups : undefined
}

const withoutZeros = (group: string): string => group.replace(/^0+(?=.)/, '')
const V4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)$/
const V6 = /^[\da-f]{0,4}(?::[\da-f]{0,4}){2,7}$/
