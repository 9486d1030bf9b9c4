import { readCountry as countryIn, suggestCountry } from '../../advice/coverage/countries.ts'
import { allCountries, type CountryCode, isCountry } from '../../core/values/phone-number.ts'
import { Problem } from './problem.ts'

/** An option that can be given several times: its values in a list. For commander. */
export function collect(value: string, values: readonly string[] = []): readonly string[] {
  return [...values, value]
}

/** `--region us-east-1,eu-west-1` as a list; empty when the option is absent. */
export function readRegions(text: string | undefined): readonly string[] {
  if (text === undefined) return []
  return text.split(',').map(one => {
    const region = one.trim()
    if (/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/.test(region)) return region
    throw new Problem('usage', `--region has "${region}"; expected AWS regions such as us-east-1,eu-west-1.`)
  })
}

/** `--region` of a command about the routes, which name other regions themselves. */
export function readRegion(text: string | undefined): string | undefined {
  const [region, ...more] = readRegions(text)
  if (more.length === 0) return region
  throw new Problem('usage', '--region takes one region here; the routes name any others.')
}

/** `--countries US,pr` as country codes; `all` is every country. Empty when the option is absent. */
export function readCountries(text: string | undefined): readonly CountryCode[] {
  if (text === undefined) return []
  if (text.trim().toLowerCase() === 'all') return allCountries()
  return text.split(',').map(one => {
    const country = one.trim().toUpperCase()
    if (isCountry(country)) return country
    throw new Problem(
      'usage',
      `--countries has "${one.trim()}"; expected country codes (ISO 3166 alpha-2) such as US,PR, or all.${suggestCountry(one.trim())}`,
    )
  })
}

/** One country, from its code in any case. `name`: how a message calls the value. */
export function readCountry(name: string, text: string): CountryCode {
  const country = countryIn(text)
  if (typeof country === 'string') return country
  throw new Problem('usage', `${name} is "${text.trim()}"; ${country.problem}`)
}

/** `--user`: a login or user ID in Okta, without blanks around it. */
export function readUserName(text: string): string {
  return readText('--user', text, 'the login or user ID of a person in Okta')
}

/** A text without blanks around it, which is not empty: a shell passes an unset variable as an empty text. */
export function readText(option: string, text: string, allowed: string): string {
  const value = text.trim()
  if (value !== '') return value
  throw new Problem('usage', `${option} is "${text}"; expected ${allowed}.`)
}

/** Digits only: an empty value is not 0. */
export function readNumber(
  option: string,
  text: string,
  { min, max = 999_999_999 }: { readonly min: number; readonly max?: number },
): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  const range = max === 999_999_999 ? `of ${min} or more` : `from ${min} to ${max}`
  throw new Problem('usage', `${option} is "${text}"; expected a whole number ${range}.`)
}
