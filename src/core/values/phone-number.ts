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
  /** How it was read, without the number itself. */
  readonly readAs: string
}

export type NumberRefusal = Refusal & {
  /** The number, if it could be read and only its type is refused. */
  readonly number?: PhoneNumber
}

/** What deployment settings say about reading numbers. */
export type NumberRules = {
  /** The country in which a number without `+` is read first. */
  readonly defaultCountry: CountryCode | undefined
  /**
   * Countries whose numbers are accepted even if the metadata has no such range. If countries share a calling code, a
   * number that the metadata assigns to none of them belongs to the first one listed here.
   */
  readonly unknownRanges: readonly CountryCode[]
}

/**
 * Reads a number as Okta sends it, and decides whether it can be reached over `channel`. All readings are collected
 * first; then one table decides which is right. It never guesses (docs/decisions/0002-numbers-without-plus.md).
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
  // Without the extension, a call would reach the switchboard.
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
  const readings = distinct([
    ...(withCallingCode === undefined ? [] : [{ reading: withCallingCode, readAs: WITHOUT_PLUS }]),
    { reading: national, readAs: NATIONAL },
  ])
  const [one, two] = readings.filter(({ reading }) => reading.kind === 'number')
  if (one !== undefined) return two === undefined ? one : chooseMobile([one, two], country)
  if (dialledAbroad !== undefined) {
    // Some of these prefixes (99 in North Korea, 16 in Chad) are also the beginning of calling codes, and some begin
    // with
    // 00: in Singapore, 0049… is the prefix 004 followed by a number of India.
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
  // No number that the metadata knows: it is this country's if no other country is possible.
  const [close, other] = readings.filter(
    ({ reading }) => reading.kind === 'none' && (reading.why === 'range' || reading.why === 'old form'),
  )
  const elsewhere = countryWithMobile(digits, '')
  const isOwn = elsewhere === undefined || unknownRanges.includes(country)
  if (close !== undefined && other === undefined && isOwn) return close
  const result =
    elsewhere === undefined ? 'or of any other country' : `but, as dialled in ${elsewhere}, a mobile`
  return ambiguous(`Not a number of ${country}, ${result}.`)
}

/** One reading for each number: in +1 the calling code is also the prefix for calls inside the country. */
function distinct(readings: readonly Chosen[]): readonly Chosen[] {
  const numbers = readings.map(({ reading }) => reading.parsed?.number)
  return readings.filter((_, index) => numbers.indexOf(numbers[index]) === index)
}

/**
 * If only one of both is a mobile, it is meant: almost any digits are a German landline, even +49 followed by `49151…`.
 */
function chooseMobile(both: readonly [Chosen, Chosen], country: CountryCode): Chosen | NumberRefusal {
  const [mobile, other] = both.filter(
    ({ reading }) => reading.parsed !== undefined && isMobile(reading.parsed),
  )
  if (mobile !== undefined && other === undefined) return mobile
  const types = mobile === undefined ? 'neither is a mobile' : 'both are mobiles'
  return ambiguous(`With or without its calling code in front, this is a number of ${country}; ${types}.`)
}

/** The international reading, if it is the only one left; undefined if there is none. */
function chooseForeign(digits: string, country: CountryCode | undefined): Chosen | NumberRefusal | undefined {
  const isOfPlusOne = country !== undefined && getCountryCallingCode(country) === '1'
  if (!isOfPlusOne && /^1\d{10}$/.test(digits))
    return ambiguous(country === undefined ? ELEVEN_DIGITS : ELEVEN_DIGITS_ELSEWHERE)
  const reading = readInternational(withoutZeros(digits))
  if (reading.kind === 'none') return undefined
  const elsewhere = countryWithMobile(digits, reading.parsed.number.slice(1))
  if (elsewhere === undefined) return { reading, readAs: WITHOUT_PLUS }
  const remedy = country === undefined ? ' Set HOOKLINE_DEFAULT_COUNTRY.' : ''
  return ambiguous(
    `With + in front a number of ${reading.parsed.country ?? 'no country'}; without it a mobile of ${elsewhere}.${remedy}`,
  )
}

/** Okta's Preview sends 9876543210 unless the administrator enters a number. In some countries it is a real number. */
export function isPreviewPlaceholder(number: Secret): boolean {
  return number.reveal().trim() === '9876543210'
}

/** For the operator: describes the number without revealing it. */
export function describeNumber({ country, type, lastDigits, readAs }: PhoneNumber): string {
  return `${country}, ${type}, ends in ${lastDigits}; read as ${readAs}.`
}

/** For the operator: the form of a refused number, and what is wrong with it. */
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
  // Calling codes such as 870, 881 to 883 and 979: satellite, international networks, premium.
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
        detail: `The metadata does not know this range of ${of}.`,
      }
    }
  }
}

function phoneNumber(parsed: Parsed, country: CountryCode, type: string, readAs: string): PhoneNumber {
  return { e164: new Secret(parsed.number), country, lastDigits: parsed.number.slice(-2), type, readAs }
}

/**
 * Whether the numbering plan shows which numbers are landlines. In +1 it does not: numbers are ported between landlines
 * and mobiles. Argentine mobiles are often written without their 9, and are then in the landlines' ranges
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
  "Two numbers abroad: one with the default country's prefix for calls abroad, one with `00` or nothing in place of `+`."
const NO_READING = 'With + in front, not a number of any country. Set HOOKLINE_DEFAULT_COUNTRY.'
const ELEVEN_DIGITS =
  'Eleven digits that begin with 1 are read only with a default country. Set HOOKLINE_DEFAULT_COUNTRY to US or another country of +1.'
const ELEVEN_DIGITS_ELSEWHERE =
  'Eleven digits that begin with 1 are read as +1 only if the default country is one of +1.'
