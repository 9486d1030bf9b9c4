import { parsePhoneNumberFromString } from 'libphonenumber-js/max'

/** The country of a number in E.164; where only its calling code is known, that code. */
export function countryOfNumber(number: string): string {
  const parsed = parsePhoneNumberFromString(number)
  return parsed?.country ?? (parsed === undefined ? 'unknown' : `+${parsed.countryCallingCode}`)
}
