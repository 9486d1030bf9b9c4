import { findRoute, type Policy } from '../../core/policy/policy.ts'
import { closest } from '../../core/values/closest.ts'
import { allCountries, type CountryCode, isCountry } from '../../core/values/phone-number.ts'
import type { Channel } from '../../core/values/request.ts'

/** A country from its code in any case; or what was expected, which ends a message, with the country that is probably meant. */
export function readCountry(text: string): CountryCode | { readonly problem: string } {
  const input = text.trim()
  const country = input.toUpperCase()
  if (isCountry(country)) return country
  return { problem: `expected a country code (ISO 3166 alpha-2) such as US.${suggestCountry(input)}` }
}

/** Suggests a country for a name (`Germany`) or for another code of it (`UK`); empty where none is close. */
export function suggestCountry(text: string): string {
  const byName = new Map(allCountries().map(country => [countryName(country), country]))
  const name = closest(text, byName.keys())
  const country = name === undefined ? aliasOf(text) : byName.get(name)
  return country === undefined ? '' : ` Did you mean ${country} (${countryName(country)})?`
}

/** The code that CLDR replaces a region's code with. */
function aliasOf(text: string): CountryCode | undefined {
  const region = /^[a-z]{2}$/i.test(text) ? new Intl.Locale(`und-${text}`).region : undefined
  return region !== undefined && isCountry(region) ? region : undefined
}

/**
 * The country whose numbers usually serve this one too: it shares the calling code and the operators, but has another ISO
 * code. AWS decides by pool and number, so this is a hint for operators and never a route.
 */
export function servedLike(country: CountryCode | '*'): CountryCode | undefined {
  return country === '*' ? undefined : LIKE.get(country)
}

/** Countries without a route whose neighbour has one that might serve them too. */
export function forgottenNeighbours(policy: Policy, channel: Channel): readonly CountryCode[] {
  return [...LIKE].flatMap(([country, like]) =>
    findRoute(policy, country, channel) === undefined && findRoute(policy, like, channel) !== undefined
      ? [country]
      : [],
  )
}

/** In English, for operators: "Puerto Rico". */
export function countryName(country: CountryCode): string {
  return NAMES.of(country) ?? country
}

/** ISO 3166-1: territories of the United States (+1) and the Crown dependencies (+44). */
const LIKE: ReadonlyMap<CountryCode, CountryCode> = new Map<CountryCode, CountryCode>([
  ...(['AS', 'GU', 'MP', 'PR', 'VI'] as const).map(country => [country, 'US'] as const),
  ...(['GG', 'IM', 'JE'] as const).map(country => [country, 'GB'] as const),
])
const NAMES = new Intl.DisplayNames('en', { type: 'region' })
