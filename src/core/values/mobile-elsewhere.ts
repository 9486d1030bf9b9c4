import type { CountryCode } from 'libphonenumber-js/max'
import metadata from 'libphonenumber-js/max/metadata'
import { rewriteOldForm } from './old-number-forms.ts'

/**
 * The first country where these digits, without its calling code, are a mobile number other than `except` (E.164
 * without `+`); undefined if there is none. Landlines do not count: in Germany and Austria almost any digits are a
 * landline.
 *
 * It checks each country once, and its patterns only if the length fits. That takes well under a millisecond; parsing
 * the digits in each country took 10 to 25. `mobile-elsewhere.test.ts` compares the two.
 */
export function countryWithMobile(digits: string, except: string): CountryCode | undefined {
  return plans().find(plan => nationalNumbers(digits, plan).some(number => isMobile(number, except, plan)))
    ?.country
}

type NumberingPlan = {
  readonly country: CountryCode
  readonly callingCode: string
  /** Lengths of mobile numbers. */
  readonly lengths: readonly number[]
  readonly mobile: RegExp
  /** The prefix for calls inside the country, or for a whole area (then with `transform`). */
  readonly prefix: RegExp | undefined
  readonly transform: string | undefined
}

/** The digits as they are, and without the prefix for calls inside the country. */
function nationalNumbers(
  digits: string,
  { callingCode, prefix, transform }: NumberingPlan,
): readonly string[] {
  const old = rewriteOldForm(callingCode, digits, true)
  const numbers = old?.kind === 'rewritten' ? [digits, old.nationalNumber] : [digits]
  const match = prefix?.exec(digits)
  if (!match) return numbers
  const hasGroups = match.length > 1 && match[match.length - 1] !== undefined
  const rest =
    transform !== undefined && hasGroups && prefix !== undefined
      ? digits.replace(prefix, transform)
      : digits.slice(match[0].length)
  const oldRest = rewriteOldForm(callingCode, rest, true)
  return [...numbers, rest, ...(oldRest?.kind === 'rewritten' ? [oldRest.nationalNumber] : [])]
}

function isMobile(number: string, except: string, { callingCode, lengths, mobile }: NumberingPlan): boolean {
  return lengths.includes(number.length) && `${callingCode}${number}` !== except && mobile.test(number)
}

/** Read once, when first needed: most requests never need them. */
const plans = once(readPlans)

function once<T>(read: () => T): () => T {
  let result: T | undefined
  return () => {
    result ??= read()
    return result
  }
}

function readPlans(): readonly NumberingPlan[] {
  return Object.entries(metadata.countries as unknown as Record<string, Country>).map(([country, data]) => {
    const [fixed, mobile] = data[TYPES]?.map(type => type || undefined) ?? [] // 0 if the country has none
    // Without a pattern of its own, mobiles have the pattern of landlines: the country does not distinguish them.
    const of = mobile?.[0] ? mobile : fixed
    const prefix = data[NATIONAL_PREFIX_FOR_PARSING] || data[NATIONAL_PREFIX] || undefined
    return {
      country: country as CountryCode,
      callingCode: data[0],
      lengths: mobile?.[1] ?? of?.[1] ?? data[POSSIBLE_LENGTHS],
      mobile: new RegExp(`^(?:${of?.[0] || data[NATIONAL_NUMBER]})$`),
      prefix: prefix === undefined ? undefined : new RegExp(`^(?:${prefix})`),
      transform: data[TRANSFORM] || undefined,
    }
  })
}

// https://gitlab.com/catamphetamine/libphonenumber-js/-/blob/master/METADATA.md
type Country = readonly [callingCode: string, ...rest: never[]] & {
  readonly 2: string
  readonly 3: readonly number[]
  readonly 5: string | 0 | undefined
  readonly 7: string | 0 | undefined
  readonly 8: string | 0 | undefined
  readonly 11: readonly (readonly [pattern: string, lengths?: readonly number[]] | undefined)[] | undefined
}
const NATIONAL_NUMBER = 2
const POSSIBLE_LENGTHS = 3
const NATIONAL_PREFIX = 5
const NATIONAL_PREFIX_FOR_PARSING = 7
const TRANSFORM = 8
const TYPES = 11
