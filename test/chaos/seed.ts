/** A copy in another order. */
export function shuffled<Item>(items: readonly Item[], random: () => number): readonly Item[] {
  return items
    .map(item => ({ item, place: random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item)
}

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** An ID in the form of Okta's event IDs. */
export function seededId(random: () => number): string {
  return Array.from({ length: 22 }, () => BASE64URL[Math.floor(random() * 64)]).join('')
}

export function seededDigits(length: number, random: () => number): string {
  return Array.from({ length }, () => Math.floor(random() * 10)).join('')
}
