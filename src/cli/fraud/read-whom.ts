import { networkBits } from '../../core/policy/credit/network.ts'
import type { Whom } from '../../core/policy/fraud-policy.ts'
import { namesOfUser } from '../../core/records/delivery.ts'
import { readPhoneNumber } from '../../core/values/phone-number.ts'
import { isRefusal } from '../../core/values/reasons.ts'
import { Secret } from '../../core/values/secret.ts'
import type { Context } from '../terminal/context.ts'
import { readCountry } from '../terminal/option-values.ts'
import { Problem } from '../terminal/problem.ts'

/**
 * Whom an override is about: a number (`+34683783440`), the beginning of numbers (`+58 412 77`), a network or an address
 * (`203.0.113.0/24`), a country (`VE`), or `--user` with a login or user ID.
 */
export async function readWhom(
  text: string | undefined,
  user: string | undefined,
  context: Pick<Context, 'digest' | 'planRules'>,
): Promise<Whom> {
  if ((text === undefined) === (user === undefined))
    throw new Problem(
      'usage',
      'Name a number, the beginning of numbers, a network or a country; or one person with --user.',
    )
  if (user !== undefined)
    return { kind: 'user', digests: await Promise.all(namesOfUser(user.trim()).map(context.digest)) }
  const input = (text ?? '').trim()
  if (/[/:.]/.test(input) && !input.startsWith('+')) return { kind: 'network', cidr: cidrOf(input) }
  if (/^\+?[\d\s()-]+\*?$/.test(input)) return readNumber(input, context)
  return { kind: 'country', country: readCountry('The country', input) }
}

/** A whole number if there is one, unless it ends with `*`; else the beginning of numbers. */
async function readNumber(
  input: string,
  { digest, planRules }: Pick<Context, 'digest' | 'planRules'>,
): Promise<Whom> {
  const read = input.endsWith('*') ? undefined : readPhoneNumber(new Secret(input), 'voice', planRules())
  const number = read !== undefined && isRefusal(read) ? read.number : read
  if (number !== undefined)
    return { kind: 'number', digest: await digest(number.e164.reveal()), lastDigits: number.lastDigits }
  const digits = input.replace(/\D/g, '')
  if (input.startsWith('+') && digits.length >= PREFIX_MIN && digits.length <= PREFIX_MAX)
    return { kind: 'prefix', digits }
  throw new Problem(
    'usage',
    `"${input}" is no number and no beginning of numbers; expected + and ${PREFIX_MIN} to ${PREFIX_MAX} digits, such as "+58 412 77".`,
  )
}

/** In its shortest form, and no finer than what is kept of addresses: /24 for IPv4, /48 for IPv6. */
function cidrOf(input: string): string {
  const [address = '', length, ...more] = input.split('/')
  const bits = networkBits(address)
  const isV4 = bits?.length === 24
  const count = length === undefined ? 128 : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN
  if (bits === undefined || more.length > 0 || (!(count <= (isV4 ? 32 : 128)) && length !== undefined))
    throw new Problem(
      'usage',
      `"${input}" is no network; expected an address or CIDR notation, such as 203.0.113.0/24.`,
    )
  const kept = Math.min(count, bits.length)
  const masked = bits.slice(0, kept).padEnd(bits.length, '0')
  const width = isV4 ? 8 : 16
  const groups = [0, 1, 2].map(group => Number.parseInt(masked.slice(group * width, (group + 1) * width), 2))
  return isV4
    ? `${groups.join('.')}.0/${kept}`
    : `${groups.map(group => group.toString(16)).join(':')}::/${kept}`
}

const PREFIX_MIN = 3
/** E.164 has up to 15 digits, of which the last four are not kept. */
const PREFIX_MAX = 11
