import {
  type CountryCode,
  getCountryCallingCode,
  type PhoneNumber as Parsed,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max'
import metadata from 'libphonenumber-js/max/metadata'
import { rewriteOldForm } from './old-number-forms.ts'

/** What the digits mean with `+` in front. */
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
       * `not a number`: no country has this calling code. `length`: no number of the country has this length. `old
       * form`: a form that the country no longer uses and that no published rule rewrites. `range`: the length fits,
       * but the metadata of this version has no such range.
       */
      readonly why: 'not a number' | 'length' | 'old form' | 'range'
      readonly parsed: Parsed | undefined
      readonly source?: string
    }

/** Reads digits as E.164, calling code first. `isDialled`: the rest is written as it is dialled inside the country. */
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

/** What digits without `+` can mean in a country. */
export type Readings = {
  /** As dialled inside the country. */
  readonly national: Reading
  /** As E.164 with the country's calling code, with or without `00`; undefined if the digits do not begin like that. */
  readonly withCallingCode: Reading | undefined
  /** With the country's prefix for calls abroad (00, 011), which is equivalent to `+`; only if that gives a number. */
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
  // If the library removed the calling code on its own judgement, the digits with it are the other reading.
  const isOwn = withCallingCode?.kind === 'number' && withCallingCode.parsed.number === dialled?.number
  return {
    national: isAbroad || isOwn || !valid ? readInternational(`${callingCode}${digits}`, true) : valid,
    withCallingCode,
    dialledAbroad: isAbroad ? valid : undefined,
  }
}

/** `00` means `+` in most countries (ITU-T E.123), even if a country itself dials another prefix. */
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
