import parse, { type CountryCode, getCountryCallingCode, getExampleNumber } from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import type { Random } from './random.ts'

/** Mobile numbers of a country that the metadata calls valid; each number once. */
export function createNumbers(random: Random) {
  const taken = new Set<string>()
  /** Valid beginnings of national numbers: the first `length` digits. */
  const prefixes = new Map<string, readonly string[]>()
  const lengthOf = (country: CountryCode): number =>
    getExampleNumber(country, examples)?.nationalNumber.length ?? 9
  const isMobile = (number: string, country: CountryCode): boolean => {
    const parsed = parse(number)
    return (
      parsed?.country === country &&
      parsed.isValid() &&
      ['MOBILE', 'FIXED_LINE_OR_MOBILE'].includes(parsed.getType() ?? '')
    )
  }
  const prefixesOf = (country: CountryCode): readonly string[] => {
    const existing = prefixes.get(country)
    if (existing !== undefined) return existing
    const digits = lengthOf(country)
    const found = new Set<string>()
    for (let tries = 0; tries < 4_000 && found.size < 60; tries += 1) {
      const national = Array.from({ length: digits }, () => random.whole(0, 9)).join('')
      if (isMobile(`+${getCountryCallingCode(country)}${national}`, country)) found.add(national.slice(0, 3))
    }
    const example = getExampleNumber(country, examples)?.nationalNumber.slice(0, 3)
    if (found.size === 0 && example !== undefined) found.add(example)
    prefixes.set(country, [...found])
    return [...found]
  }
  return {
    /** A number of the country, in one of its operators' ranges; within `block`, if given: the first digits of E.164. */
    mobile: (country: CountryCode, block?: string): string => {
      for (let tries = 0; tries < 100_000; tries += 1) {
        const start = block ?? `+${getCountryCallingCode(country)}${random.pick(prefixesOf(country))}`
        const missing = getCountryCallingCode(country).length + 1 + lengthOf(country) - start.length
        const number = start + Array.from({ length: Math.max(0, missing) }, () => random.whole(0, 9)).join('')
        if (taken.has(number) || !isMobile(number, country)) continue
        taken.add(number)
        return number
      }
      throw new Error(`No more mobile numbers of ${country} in ${block ?? 'its ranges'}`)
    },
    /** The beginning of numbers that somebody owns: all but the last `open` digits. */
    block: (country: CountryCode, open: number): string => {
      for (;;) {
        const start = `+${getCountryCallingCode(country)}${random.pick(prefixesOf(country))}`
        const length = getCountryCallingCode(country).length + 1 + lengthOf(country)
        const number =
          start + Array.from({ length: length - start.length }, () => random.whole(0, 9)).join('')
        if (isMobile(number, country)) return number.slice(0, -open)
      }
    },
  }
}
export type Numbers = ReturnType<typeof createNumbers>
