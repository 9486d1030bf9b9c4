import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  isSupportedCountry as isCountry,
  type PhoneNumber as Parsed,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max'
import type { ReasonCode } from './reason.ts'
import type { Channel } from './request.ts'
import { Secret } from './secret.ts'

export type { CountryCode }
export { isCountry }

/** A number that a phone can have, in a country. */
export type PhoneNumber = {
  readonly e164: Secret
  readonly country: CountryCode
  readonly lastDigits: string
  readonly type: string
  /** How it was read, in words that do not name the number. */
  readonly readAs: 'international' | 'international, although without +' | 'national, in the default country'
}

export type NumberRefused = { readonly refused: ReasonCode }

/**
 * Reads a number as Okta sends it and says whether it may be sent to over `channel`.
 * Without `+` it is read in the default country, else as international only if no country has a mobile
 * number of these digits; it is never guessed.
 */
export function readPhoneNumber(
  given: Secret,
  channel: Channel,
  defaultCountry: CountryCode | undefined,
): PhoneNumber | NumberRefused {
  const text = given.reveal().trim()
  const read = text.startsWith('+') ? readInternational(text) : readWithoutPlus(text, defaultCountry)
  if ('refused' in read) return read
  const { parsed, readAs } = read
  // Country codes 870, 881 to 883, 979 and their like: satellite, international networks, premium.
  if (parsed.isNonGeographic()) return { refused: 'NUMBER_SATELLITE' }
  if (!parsed.isValid() || parsed.country === undefined) return { refused: 'NUMBER_IMPOSSIBLE' }
  // Without its extension a call ends at somebody else: the switchboard.
  if (parsed.ext !== undefined) return { refused: 'NUMBER_IMPOSSIBLE' }
  const type = parsed.getType() ?? 'UNKNOWN'
  const refused =
    REFUSED_TYPES[type] ?? (type === 'FIXED_LINE' && channel === 'sms' ? 'NUMBER_LANDLINE' : undefined)
  if (refused !== undefined) return { refused }
  return {
    e164: new Secret(parsed.number),
    country: parsed.country,
    lastDigits: parsed.number.slice(-2),
    type,
    readAs,
  }
}

type Read = { readonly parsed: Parsed; readonly readAs: PhoneNumber['readAs'] }

function readInternational(text: string): Read | NumberRefused {
  const parsed = parsePhoneNumberFromString(text)
  return parsed === undefined ? { refused: 'NUMBER_IMPOSSIBLE' } : { parsed, readAs: 'international' }
}

function readWithoutPlus(text: string, defaultCountry: CountryCode | undefined): Read | NumberRefused {
  if (defaultCountry !== undefined) {
    const parsed = parsePhoneNumberFromString(text, defaultCountry)
    if (parsed?.isValid()) {
      // The country's own prefix for calls abroad (00, 011) was read too.
      const isNational = parsed.countryCallingCode === getCountryCallingCode(defaultCountry)
      const readAs = isNational ? 'national, in the default country' : 'international, although without +'
      return { parsed, readAs }
    }
  }
  const digits = text.replace(/[\s().-]/g, '').replace(/^00/, '')
  if (!/^\d+$/.test(digits)) return { refused: 'NUMBER_IMPOSSIBLE' }
  const parsed = parsePhoneNumberFromString(`+${digits}`)
  if (!parsed?.isValid() || isMobileSomewhereElse(digits, parsed.number))
    return { refused: 'NUMBER_AMBIGUOUS' }
  return { parsed, readAs: 'international, although without +' }
}

/** Only mobile numbers count: landlines of some countries (Germany, Austria) have almost any digits. */
function isMobileSomewhereElse(digits: string, international: string): boolean {
  return getCountries().some(country => {
    const national = parsePhoneNumberFromString(digits, country)
    return (
      national?.isValid() === true &&
      national.number !== international &&
      (national.getType() ?? '').includes('MOBILE')
    )
  })
}

const REFUSED_TYPES: Readonly<Record<string, ReasonCode | undefined>> = {
  PREMIUM_RATE: 'NUMBER_PREMIUM',
  PERSONAL_NUMBER: 'NUMBER_PREMIUM', // redirected at the caller's cost (Ofcom: 070)
  SHARED_COST: 'NUMBER_SHARED_COST',
  PAGER: 'NUMBER_IMPOSSIBLE',
  VOICEMAIL: 'NUMBER_IMPOSSIBLE',
}
