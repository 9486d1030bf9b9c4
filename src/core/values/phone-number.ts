import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  isSupportedCountry as isCountry,
  type PhoneNumber as Parsed,
} from 'libphonenumber-js/max'
import { countryWithMobile } from './mobile-elsewhere.ts'
import { isMobile, type Reading, readInternational, readingsIn, withoutZeros } from './number-readings.ts'
import { isRefusal, type ReasonCode, type Refusal } from './reasons.ts'
import type { Channel } from './request.ts'
import { Secret } from './secret.ts'
import { parseWrittenNumber } from './written-number.ts'

export type { CountryCode }
export { getCountryCallingCode as callingCodeOf, isCountry }

/** A number that a phone can have, in a country. */
export type PhoneNumber = {
  readonly e164: Secret
  readonly country: CountryCode
  readonly lastDigits: string
  readonly type: string
  /** How it was read, in words that do not name the number. */
  readonly readAs: string
}

export type NumberRefusal = Refusal & {
  /** What it was read as, where that is clear and only its type is refused. */
  readonly number?: PhoneNumber
}

/** What deployment settings say about reading numbers. */
export type NumberRules = {
  /** Country in which a number without `+` is read first. */
  readonly defaultCountry: CountryCode | undefined
  /**
   * Countries whose numbers are sent to even where the metadata knows no such range. Among countries that share a
   * calling code, the first one named gets the numbers that the metadata gives to none of them.
   */
  readonly unknownRanges: readonly CountryCode[]
}

/**
 * Reads a number as Okta sends it and says whether it may be sent to over `channel`. First all readings are found, then
 * one table decides which counts; it never guesses (docs/decisions/0002-numbers-without-plus.md).
 */
export function readPhoneNumber(
  text: Secret,
  channel: Channel,
  rules: NumberRules,
): PhoneNumber | NumberRefusal {
  const written = parseWrittenNumber(text.reveal())
  if (written === undefined) return { kind: 'refusal', code: 'NUMBER_IMPOSSIBLE' }
  const chosen = written.hasPlus
    ? { reading: readInternational(written.digits), readAs: 'international' }
    : chooseReading(written.digits, rules)
  if (isRefusal(chosen)) return chosen
  const judged = judge(chosen, channel, rules)
  // Without its extension a call ends at somebody else: the switchboard.
  return written.hasExtension && !isRefusal(judged)
    ? { kind: 'refusal', code: 'NUMBER_EXTENSION', number: judged }
    : judged
}

/** Every country with phone numbers of its own, by ISO 3166-1; Ascension and Tristan da Cunha have no code there. */
export function allCountries(): readonly CountryCode[] {
  return getCountries().filter(country => country !== 'AC' && country !== 'TA')
}

type Chosen = { readonly reading: Reading; readonly readAs: string }

/** The table, for digits without `+`. */
function chooseReading(
  digits: string,
  { defaultCountry: country, unknownRanges }: NumberRules,
): Chosen | NumberRefusal {
  if (country === undefined) return chooseForeign(digits, country) ?? ambiguous(NO_READING)
  const { national, withCallingCode, dialledAbroad } = readingsIn(country, digits)
  const candidates = distinct([
    ...(withCallingCode === undefined ? [] : [{ reading: withCallingCode, readAs: WITHOUT_PLUS }]),
    { reading: national, readAs: NATIONAL },
  ])
  const [one, two] = candidates.filter(({ reading }) => reading.kind === 'number')
  if (one !== undefined) return two === undefined ? one : chooseMobile([one, two], country)
  if (dialledAbroad !== undefined) {
    // Some of these prefixes (99 in North Korea, 16 in Chad) are the beginning of calling codes, too; and some begin with 00:
    // in Singapore 0049 is 004, and then a number of India.
    const afterZeros = withoutZeros(digits)
    const others = [readInternational(digits), readInternational(afterZeros)].flatMap(
      ({ kind, parsed }, index) =>
        kind === 'number' && (index === 0 || parsed.number === `+${afterZeros}`) ? [parsed.number] : [],
    )
    const isOnly = others.every(other => other === dialledAbroad.parsed.number)
    return isOnly ? { reading: dialledAbroad, readAs: WITHOUT_PLUS } : ambiguous(ABROAD_TWICE)
  }
  const foreign = chooseForeign(digits, country)
  if (foreign !== undefined) return foreign
  // Nobody's number as far as the metadata knows: of this country if only that is possible.
  const [close, other] = candidates.filter(
    ({ reading }) => reading.kind === 'none' && (reading.why === 'range' || reading.why === 'old form'),
  )
  const elsewhere = countryWithMobile(digits, '')
  const isTaken = elsewhere === undefined || unknownRanges.includes(country)
  if (close !== undefined && other === undefined && isTaken) return close
  const also = elsewhere === undefined ? 'none of another country' : `as dialled in ${elsewhere} a mobile`
  return ambiguous(`No number of ${country}; ${also}.`)
}

/** One candidate for each number: in +1 the calling code is also what is dialled first inside the country. */
function distinct(candidates: readonly Chosen[]): readonly Chosen[] {
  const numbers = candidates.map(({ reading }) => reading.parsed?.number)
  return candidates.filter((_, index) => numbers.indexOf(numbers[index]) === index)
}

/** German landlines, for example, have almost any digits: +49 in front of `49151…` gives one, too. */
function chooseMobile(both: readonly [Chosen, Chosen], country: CountryCode): Chosen | NumberRefusal {
  const [mobile, other] = both.filter(
    ({ reading }) => reading.parsed !== undefined && isMobile(reading.parsed),
  )
  if (mobile !== undefined && other === undefined) return mobile
  const which = mobile === undefined ? 'neither is a mobile' : 'both are mobiles'
  return ambiguous(`Two numbers of ${country}, with and without its calling code in front, and ${which}.`)
}

/** As international, if that is the only reading that is left; undefined if it is none. */
function chooseForeign(digits: string, country: CountryCode | undefined): Chosen | NumberRefusal | undefined {
  const isOfPlusOne = country !== undefined && getCountryCallingCode(country) === '1'
  if (!isOfPlusOne && /^1\d{10}$/.test(digits))
    return ambiguous(country === undefined ? ELEVEN_DIGITS : ELEVEN_DIGITS_ELSEWHERE)
  const reading = readInternational(withoutZeros(digits))
  if (reading.kind === 'none') return undefined
  const elsewhere = countryWithMobile(digits, reading.parsed.number.slice(1))
  if (elsewhere === undefined) return { reading, readAs: WITHOUT_PLUS }
  const settles = country === undefined ? ' HOOKLINE_DEFAULT_COUNTRY settles which.' : ''
  return ambiguous(
    `With + in front a number of ${reading.parsed.country ?? 'no country'}, as it is a mobile of ${elsewhere}.${settles}`,
  )
}

/**
 * Okta's Preview sends 9876543210 unless the administrator fills in a number. It is a real one in some countries.
 */
export function isPreviewPlaceholder(number: Secret): boolean {
  return number.reveal().trim() === '9876543210'
}

/** For the operator: what the number is, without naming it. */
export function describeNumber({ country, type, lastDigits, readAs }: PhoneNumber): string {
  return `${country}, ${type}, ends in ${lastDigits}; read as ${readAs}.`
}

/** For the operator: what a number looked like that was refused, and what is wrong with it. */
export function describeRefused(text: Secret, { number, detail }: NumberRefusal): string {
  const digits = text.reveal().trim()
  const form = `${digits.length} characters, ${digits.startsWith('+') ? 'with' : 'without'} +.`
  const why = detail ?? (number && describeNumber(number))
  return why === undefined ? form : `${form} ${why}`
}

function ambiguous(detail: string): NumberRefusal {
  return { kind: 'refusal', code: 'NUMBER_AMBIGUOUS', detail }
}

function judge(
  { reading, readAs }: Chosen,
  channel: Channel,
  { unknownRanges }: NumberRules,
): PhoneNumber | NumberRefusal {
  // Calling codes 870, 881 to 883, 979 and their like: satellite, international networks, premium.
  if (reading.parsed?.isNonGeographic()) return { kind: 'refusal', code: 'NUMBER_SATELLITE' }
  if (reading.kind === 'none') return judgeInvalid(reading, readAs, unknownRanges)
  const { parsed, rewrittenBy } = reading
  const { country } = parsed
  if (country === undefined) return { kind: 'refusal', code: 'NUMBER_IMPOSSIBLE' }
  const type = parsed.getType() ?? 'UNKNOWN'
  const how = rewrittenBy === undefined ? readAs : `${readAs}; rewritten from an old form. ${rewrittenBy}`
  const number = phoneNumber(parsed, country, type, how)
  const refused = REFUSED_TYPES[type]
  if (refused !== undefined) return { kind: 'refusal', code: refused, number }
  const isLandline = type === 'FIXED_LINE' && tellsLandlines(parsed)
  return isLandline && channel === 'sms' ? { kind: 'refusal', code: 'NUMBER_LANDLINE', number } : number
}

function judgeInvalid(
  { why, parsed, source }: Extract<Reading, { kind: 'none' }>,
  readAs: string,
  unknownRanges: readonly CountryCode[],
): PhoneNumber | NumberRefusal {
  switch (why) {
    case 'not a number':
      return { kind: 'refusal', code: 'NUMBER_IMPOSSIBLE' }
    case 'length':
      return { kind: 'refusal', code: 'NUMBER_WRONG_LENGTH' }
    case 'old form':
      return {
        kind: 'refusal',
        code: 'NUMBER_OLD_FORM',
        ...(source !== undefined && { detail: `${source}.` }),
      }
    case 'range': {
      if (parsed === undefined) return { kind: 'refusal', code: 'NUMBER_RANGE_UNKNOWN' }
      const country =
        parsed.country === undefined
          ? unknownRanges.find(named => getCountryCallingCode(named) === parsed.countryCallingCode)
          : unknownRanges.find(named => named === parsed.country)
      if (country !== undefined) return phoneNumber(parsed, country, 'UNKNOWN', readAs)
      const of = parsed.country ?? `+${parsed.countryCallingCode}`
      return {
        kind: 'refusal',
        code: 'NUMBER_RANGE_UNKNOWN',
        detail: `A range of ${of} that the metadata does not know.`,
      }
    }
  }
}

function phoneNumber(parsed: Parsed, country: CountryCode, type: string, readAs: string): PhoneNumber {
  return { e164: new Secret(parsed.number), country, lastDigits: parsed.number.slice(-2), type, readAs }
}

/**
 * Whether the numbering plan says which numbers are landlines. In +1 it does not: mobiles are ported to former landlines'
 * numbers and back. Argentine mobiles are often written without their 9, and are then in the landlines' ranges
 * (github.com/google/libphonenumber/blob/master/FAQ.md, "Why is this number from Argentina ... not identified").
 */
function tellsLandlines({ countryCallingCode }: Parsed): boolean {
  return countryCallingCode !== '1' && countryCallingCode !== '54'
}

const REFUSED_TYPES: Readonly<Record<string, ReasonCode | undefined>> = {
  PREMIUM_RATE: 'NUMBER_PREMIUM',
  PERSONAL_NUMBER: 'NUMBER_PREMIUM', // redirected at the caller's cost (Ofcom: 070)
  SHARED_COST: 'NUMBER_SHARED_COST',
  PAGER: 'NUMBER_IMPOSSIBLE',
  VOICEMAIL: 'NUMBER_IMPOSSIBLE',
}

const NATIONAL = 'national, in the default country'
const WITHOUT_PLUS = 'international, although without +'
const ABROAD_TWICE =
  'Two numbers abroad: one by the prefix that the default country dials for calls abroad, one by `00` or nothing in place of `+`.'
const NO_READING = 'No number of any country with + in front; HOOKLINE_DEFAULT_COUNTRY says whose it is.'
const ELEVEN_DIGITS =
  'Eleven digits that begin with 1 are read with a default country only: HOOKLINE_DEFAULT_COUNTRY=US, or another country of +1, settles it.'
const ELEVEN_DIGITS_ELSEWHERE =
  'Eleven digits that begin with 1 are read as +1 only if the default country is one of +1.'
