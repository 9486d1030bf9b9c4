import {
  type CountryCode,
  getCountryCallingCode,
  type PhoneNumber as Parsed,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max'
import metadata from 'libphonenumber-js/max/metadata'
import { rewriteOldForm } from './old-number-forms.ts'

/** What digits are with `+` before them. */
export type Reading =
  | {
      readonly kind: 'number'
      readonly parsed: Parsed
      /** The rule by which it was rewritten from an old form. */
      readonly rewrittenBy?: string
    }
  | {
      readonly kind: 'none'
      /**
       * `not a number`: no country has this calling code. `length`: no number of the country has this length. `old form`: a
       * form given up by the country, which no published rule rewrites. `range`: the length fits, but the
       * metadata of this version knows no such range.
       */
      readonly why: 'not a number' | 'length' | 'old form' | 'range'
      readonly parsed: Parsed | undefined
      readonly source?: string
    }

/** Reads digits as E.164: the calling code first. `isDialled`: what follows it was written as inside the country. */
export function readInternational(digits: string, isDialled = false): Reading {
  const parsed = parsePhoneNumberFromString(`+${digits}`)
  if (parsed === undefined) {
    return { kind: 'none', why: hasCallingCode(digits) ? 'length' : 'not a number', parsed }
  }
  if (parsed.isValid()) return { kind: 'number', parsed }
  const old = rewriteOldForm(parsed.countryCallingCode, parsed.nationalNumber, isDialled)
  if (old === undefined) return { kind: 'none', why: parsed.isPossible() ? 'range' : 'length', parsed }
  if (old.kind === 'rewritten') {
    const now = parsePhoneNumberFromString(`+${parsed.countryCallingCode}${old.nationalNumber}`)
    if (now !== undefined && isMobile(now)) return { kind: 'number', parsed: now, rewrittenBy: old.source }
  }
  return { kind: 'none', why: 'old form', parsed, source: old.source }
}

/** What digits without `+` can be for somebody in a country. */
export type Readings = {
  /** As it is dialled inside the country. */
  readonly national: Reading
  /** E.164 of the country's calling code, with `00` for its `+` or nothing; undefined where the digits begin otherwise. */
  readonly withCallingCode: Reading | undefined
  /** With the country's prefix for calls abroad (00, 011): as good as a `+`. Only where that gives a number. */
  readonly dialledAbroad: Extract<Reading, { kind: 'number' }> | undefined
}

export function readingsIn(country: CountryCode, digits: string): Readings {
  const callingCode = getCountryCallingCode(country)
  const own = [digits, withoutZeros(digits)].find(written => written.startsWith(callingCode))
  const withCallingCode = own === undefined ? undefined : readInternational(own)
  const dialled = parsePhoneNumberFromString(digits, { defaultCountry: country, extract: false })
  const valid: Extract<Reading, { kind: 'number' }> | undefined = dialled?.isValid()
    ? { kind: 'number', parsed: dialled }
    : undefined
  const isAbroad = dialled?.countryCallingCode !== callingCode
  // Where the library took the calling code away as it thinks best, the digits alone are the other reading.
  const isOwn = withCallingCode?.kind === 'number' && withCallingCode.parsed.number === dialled?.number
  return {
    national: isAbroad || isOwn || !valid ? readInternational(`${callingCode}${digits}`, true) : valid,
    withCallingCode,
    dialledAbroad: isAbroad ? valid : undefined,
  }
}

/** `00` stands for `+` in most countries (ITU-T E.123), whatever a country dials itself. */
export function withoutZeros(digits: string): string {
  return digits.replace(/^00/, '')
}

export function isMobile(parsed: Parsed): boolean {
  return (parsed.getType() ?? '').includes('MOBILE')
}

function hasCallingCode(digits: string): boolean {
  const { country_calling_codes, nonGeographic } = metadata as unknown as CallingCodes
  return [1, 2, 3]
    .map(length => digits.slice(0, length))
    .some(start => start in country_calling_codes || start in nonGeographic)
}

type CallingCodes = {
  readonly country_calling_codes: Readonly<Record<string, unknown>>
  readonly nonGeographic: Readonly<Record<string, unknown>>
}
