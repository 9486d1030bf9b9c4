import type { Delivery } from '../../core/records/delivery.ts'

/** What is known of a delivery when it is opened, beside its ID and time. */
type Facts = Omit<Delivery, 'id' | 'openedAt' | 'end'>

/** The values alone, in the order of `FACTS`: names would be paid with every code. */
export function factsOf(delivery: Delivery, omitted?: keyof Facts): string {
  return JSON.stringify(FACTS.map(name => (name === omitted ? undefined : delivery[name])))
}

export function readFacts(text: string): Facts {
  const values = JSON.parse(text) as readonly unknown[] // written above
  return Object.fromEntries(FACTS.map((name, index) => [name, values[index] ?? undefined])) as Facts
}

/** What the one before had that this one has not: mostly the IDs of its request. */
export function differences(before: Delivery, delivery: Delivery): string {
  const [one, other] = [before, delivery].map(each => FACTS.map(name => JSON.stringify(each[name])))
  return JSON.stringify(
    FACTS.flatMap((name, index) => (one?.[index] === other?.[index] ? [] : [[index, before[name]]])),
  )
}

export function readDifferences(text: string): Partial<Facts> {
  const changed = JSON.parse(text) as readonly (readonly [number, unknown])[]
  return Object.fromEntries(changed.map(([index, value]) => [FACTS[index], value ?? undefined]))
}

/** New facts come last: items with fewer are in the table. */
const FACTS = [
  ...(['caller', 'oktaRequestId', 'duplicateKey', 'numberDigest', 'userDigest', 'loginDigest'] as const),
  ...([
    'country',
    'lastDigits',
    'channel',
    'purpose',
    'templateUsed',
    'parts',
    'eventId',
    'expiresAt',
    'credit',
  ] as const),
] satisfies readonly (keyof Facts)[]
true satisfies [keyof Facts] extends [(typeof FACTS)[number]] ? true : false
