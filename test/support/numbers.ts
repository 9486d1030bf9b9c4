import { type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max'

/** A valid number of the United States for each index up to 7,999. */
export function usNumber(index: number): string {
  return `+1206${2_000_234 + index * 1_000}`
}

/** Numbers of 7 to 14 digits, the same in every run. */
export function seededDigits(count: number): readonly string[] {
  const next = seeded(7)
  return Array.from({ length: count }, () => {
    const length = 7 + (next() % 8)
    return Array.from({ length }, (_, index) => (index === 0 ? 1 + (next() % 9) : next() % 10)).join('')
  })
}

/** Valid mobiles of the same country that differ from `example` in their last digits, the same in every run. */
export function similarMobiles(example: PhoneNumber, count: number): readonly PhoneNumber[] {
  const { nationalNumber, countryCallingCode, country } = example
  const next = seeded(Number(nationalNumber) % 65_521)
  const found: PhoneNumber[] = []
  for (let tries = 0; found.length < count && tries < count * 40; tries++) {
    const start = nationalNumber.slice(0, next() % nationalNumber.length)
    const digits =
      start + Array.from({ length: nationalNumber.length - start.length }, () => next() % 10).join('')
    const number = parsePhoneNumberFromString(`+${countryCallingCode}${digits}`)
    if (number?.country !== country || number?.nationalNumber !== digits || !number.isValid()) continue
    if ((number.getType() ?? '').includes('MOBILE')) found.push(number)
  }
  return found
}

export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return state >>> 8
  }
}
