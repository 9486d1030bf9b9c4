import { type CountryCode, getCountries } from 'libphonenumber-js/max'

/** Every country with phone numbers of its own, by ISO 3166-1; Ascension and Tristan da Cunha have no code there. */
export function allCountries(): readonly CountryCode[] {
  return getCountries().filter(country => country !== 'AC' && country !== 'TA')
}
