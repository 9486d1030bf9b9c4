import type { Delivery, DeliveryCredit } from '../../core/records/delivery.ts'

/** What is known of a delivery when it is opened, beside its ID and time. */
type Facts = Omit<Delivery, 'id' | 'openedAt' | 'end'>

/** The values alone, in the order of `FACTS`: names would be paid with every code. */
export function factsOf(delivery: Delivery, omitted?: keyof Facts): string {
  return JSON.stringify(FACTS.map(name => (name === omitted ? undefined : packed(delivery, name))))
}

export function readFacts(text: string): Facts {
  const values = JSON.parse(text) as readonly unknown[] // written above
  return Object.fromEntries(FACTS.map((name, index) => [name, unpacked(name, values[index])])) as Facts
}

/** What the one before had that this one has not: mostly the IDs of its request. */
export function differences(before: Delivery, delivery: Delivery): string {
  const [one, other] = [before, delivery].map(each => FACTS.map(name => JSON.stringify(packed(each, name))))
  return JSON.stringify(
    FACTS.flatMap((name, index) => (one?.[index] === other?.[index] ? [] : [[index, packed(before, name)]])),
  )
}

export function readDifferences(text: string): Partial<Facts> {
  const changed = JSON.parse(text) as readonly (readonly [number, unknown])[]
  return Object.fromEntries(changed.map(([index, value]) => [FACTS[index], unpacked(FACTS[index], value)]))
}

function packed(delivery: Delivery, name: keyof Facts): unknown {
  const { [name]: value } = delivery
  return name === 'credit' && value !== undefined ? packedCredit(delivery.credit) : value
}

function packedCredit(credit: Delivery['credit']): readonly unknown[] {
  const values = CREDIT.map(name => credit?.[name])
  return values.slice(0, values.findLastIndex(value => value !== undefined) + 1)
}

function unpacked(name: keyof Facts | undefined, value: unknown): unknown {
  if (name !== 'credit' || !Array.isArray(value)) return value ?? undefined
  const known = CREDIT.map((each, index) => [each, value[index] ?? undefined] as const)
  return Object.fromEntries(known.filter(([, each]) => each !== undefined))
}

const CREDIT = ['block', 'network', 'purse', 'hold'] as const satisfies readonly (keyof DeliveryCredit)[]
true satisfies [keyof DeliveryCredit] extends [(typeof CREDIT)[number]] ? true : false

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
