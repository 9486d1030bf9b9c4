import { closest } from '../../core/values/closest.ts'
import { allCountries, type CountryCode, isCountry } from '../../core/values/phone-number.ts'
import { countryName } from './neighbours.ts'

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
