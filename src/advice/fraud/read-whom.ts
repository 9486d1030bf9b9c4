import {
  getExampleNumber,
  parsePhoneNumberFromString,
  validatePhoneNumberLength,
} from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import { networkBits } from '../../core/policy/credit/network.ts'
import type { Whom } from '../../core/policy/fraud-policy.ts'
import { digestsOfUser } from '../../core/records/delivery.ts'
import { type NumberRules, readPhoneNumber } from '../../core/values/phone-number.ts'
import { isRefusal } from '../../core/values/reasons.ts'
import { Secret } from '../../core/values/secret.ts'
import { readCountry } from '../coverage/countries.ts'

/** The keyed digests in which numbers and users are stored: two while the hash key is rotated. */
type DigestBy = (text: string) => Promise<readonly [string, ...string[]]>

/**
 * Whom an override is about: a number (`+34683783440`), the beginning of numbers (`+58 412 77*`), a network or an address
 * (`203.0.113.0/24`), or a country (`VE`); or what is wrong with the text, for people.
 */
export async function readWhom(
  text: string,
  digests: DigestBy,
  rules: NumberRules,
): Promise<Whom | { readonly problem: string }> {
  const input = text.trim()
  if (/[/:.]/.test(input) && !input.startsWith('+')) {
    const cidr = cidrOf(input)
    return cidr === undefined
      ? {
          problem: `"${input}" is not a network; expected an address or CIDR notation, such as 203.0.113.0/24.`,
        }
      : { kind: 'network', cidr }
  }
  if (/^\+?[\d\s()-]+\*?$/.test(input)) return readNumbers(input, digests, rules)
  const country = readCountry(input)
  return typeof country === 'string'
    ? { kind: 'country', country }
    : { problem: `The country is "${input}"; ${country.problem}` }
}

/** One person, by login or user ID. */
export async function readUser(name: string, digests: DigestBy): Promise<Whom> {
  return { kind: 'user', digests: await digestsOfUser(name.trim(), digests) }
}

/** The E.164 form of a text that is one whole number; undefined for any other text. */
export function wholeNumberIn(text: string, rules: NumberRules): Secret | undefined {
  const input = text.trim()
  if (!/^\+?[\d\s()-]+$/.test(input)) return undefined
  const read = readPhoneNumber(new Secret(input), 'voice', rules)
  return (isRefusal(read) ? read.number : read)?.e164
}

/** A whole number if there is one, unless it ends with `*`; else the beginning of numbers. */
async function readNumbers(
  input: string,
  digests: DigestBy,
  rules: NumberRules,
): Promise<Whom | { readonly problem: string }> {
  const number = wholeNumberIn(input, rules)
  if (number !== undefined) {
    const [digest, otherDigest] = await digests(number.reveal())
    const other = otherDigest === undefined ? {} : { otherDigest }
    return { kind: 'number', digest, ...other, lastDigits: number.reveal().slice(-2) }
  }
  const digits = input.replace(/\D/g, '')
  if (input.startsWith('+') && digits.length >= PREFIX_MIN && digits.length <= PREFIX_MAX)
    return hasLastDigits(digits)
      ? {
          problem: `"${input}" has some of the last four digits of numbers, which are not kept, so it could match nobody. Use a shorter beginning, or name a whole number without *.`,
        }
      : { kind: 'prefix', digits }
  return {
    problem: `"${input}" is neither a number nor the beginning of numbers; expected + and ${PREFIX_MIN} to ${PREFIX_MAX} digits, such as "+58 412 77".`,
  }
}

/**
 * Four digits more are more than a number of that country can have; or it is as long as a phone number usually is there, and
 * would be one in plain text. Where numbers have several lengths, the beginning of a long one may be a short one.
 */
function hasLastDigits(digits: string): boolean {
  if (validatePhoneNumberLength(`+${digits}0000`) === 'TOO_LONG') return true
  const whole = parsePhoneNumberFromString(`+${digits}`)
  const usual = whole?.country && getExampleNumber(whole.country, examples)
  return whole?.isValid() === true && usual !== undefined && whole.number.length >= usual.number.length
}

/** In its shortest form, and no finer than what is kept of addresses: /24 for IPv4, /48 for IPv6. */
function cidrOf(input: string): string | undefined {
  const [address = '', length, ...more] = input.split('/')
  const bits = networkBits(address)
  const isV4 = bits?.length === 24
  const count = length === undefined ? 128 : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN
  if (bits === undefined || more.length > 0 || (!(count <= (isV4 ? 32 : 128)) && length !== undefined))
    return undefined
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
