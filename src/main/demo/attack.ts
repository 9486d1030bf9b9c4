import { randomInt } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { table } from '../../cli/terminal/table.ts'
import type { FollowedDelivery } from '../../core/records/delivery.ts'
import type { DeliveryStore } from '../../core/records/delivery-store.ts'
import { exchange } from './programs.ts'

type StandIns = { readonly okta: string; readonly carrier: string }

/** What became of the codes of one side. */
type Side = { requested: number; sent: number; held: number; answered: number; firstHeld: number | undefined }

/**
 * A pumping attack beside people, on the phone page: new accounts enrol phones of the attacker's and never enter a code, each
 * from another network, while people enrol and sign in. Resolves with whether the attack was held within its first
 * thirty messages and every person got and entered a code.
 */
export async function showAttack(
  standIns: StandIns,
  store: Pick<DeliveryStore, 'listDeliveries'>,
  print: (text: string) => void,
  pauseMs: number,
): Promise<boolean> {
  const people = newSide()
  const attacker = newSide()
  const request = async (side: Side, person: Person, purpose: Purpose): Promise<void> => {
    const delivery = await requestCode(standIns, store, person, purpose)
    side.requested += 1
    if (delivery.end.state === 'refused') {
      side.held += 1
      side.firstHeld ??= side.requested
    } else side.sent += 1
    if (side === attacker) return
    side.answered += await enter(standIns, store, person, delivery)
  }

  print(`${PEOPLE} people enrol a phone in Spain and Germany, and enter their codes …`)
  const all = Array.from({ length: PEOPLE }, (_, index) => personOf(index))
  for (const person of all) await request(people, person, 'pre-enrollment')
  print(
    `An attacker enrols ${ATTACKS} phones in Poland, a new account and network each time, while people sign in:\n`,
  )
  for (let index = 0; index < ATTACKS; index += 1) {
    await request(attacker, attackerOf(index), 'pre-enrollment')
    if (index % 10 === 4) await request(people, personOf(PEOPLE + index), 'pre-enrollment')
    const guest = all[index % all.length]
    if (index % 10 === 9 && guest !== undefined) await request(people, guest, 'mfa-verification')
    if (index % 30 === 29) print(`  ${describe('attacker', attacker)}; ${describe('people', people)}`)
    await setTimeout(pauseMs)
  }
  print(`\n${tableOf(attacker, people)}\n`)
  print(bill(attacker, await priceOf(store)))
  return (
    attacker.held > 0 &&
    attacker.sent <= HELD_WITHIN &&
    people.held === 0 &&
    people.answered === people.requested
  )
}

type Purpose = 'pre-enrollment' | 'mfa-verification'
type Person = {
  readonly to: string
  readonly userId: string
  readonly login: string
  readonly address: string
}

function personOf(index: number): Person {
  const digits = String(100_000 + index * 7_919).slice(-6)
  return {
    to: index % 2 === 0 ? `+34655${digits}` : `+4915112${digits}`,
    userId: `00uperson${index}`,
    login: `person${index}@example.com`,
    address: `192.0.2.${1 + (index % 250)}`,
  }
}

/** Numbers of a few blocks that one person owns. */
function attackerOf(index: number): Person {
  return {
    to: `+48537${10 + (index % 4)}${String(1_000 + index * 37).slice(-4)}`,
    userId: `00unobody${index}`,
    login: `nobody${index}@example.com`,
    address: `100.${64 + (index % 60)}.${index % 250}.${1 + (index % 200)}`,
  }
}

async function requestCode(
  { okta }: StandIns,
  store: Pick<DeliveryStore, 'listDeliveries'>,
  { to, userId, login, address }: Person,
  purpose: Purpose,
): Promise<FollowedDelivery & { readonly sentCode: string }> {
  const code = String(randomInt(100_000, 1_000_000))
  const eventId = `attack-${userId}-${code}`
  const overrides = { data: { context: { request: { ipAddress: address } } } }
  await exchange('POST', `${okta}/caller/calls`, {
    to,
    purpose,
    code,
    eventId,
    user: { userId, login },
    overrides,
  })
  const delivery = await find(store, eventId)
  if (delivery === undefined) throw new Error(`No delivery is recorded for the request ${eventId}.`)
  return { ...delivery, sentCode: code }
}

/** 1 once the event of Okta has answered the delivery. */
async function enter(
  { okta }: StandIns,
  store: Pick<DeliveryStore, 'listDeliveries'>,
  { to }: Person,
  { eventId, sentCode }: { readonly eventId: string | undefined; readonly sentCode: string },
): Promise<0 | 1> {
  await exchange('POST', `${okta}/caller/codes`, { to, code: sentCode })
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    if ((await find(store, eventId))?.answered !== undefined) return 1
    await setTimeout(TRY_MS)
  }
  return 0
}

async function find(
  store: Pick<DeliveryStore, 'listDeliveries'>,
  eventId: string | undefined,
): Promise<FollowedDelivery | undefined> {
  const [delivery] = eventId === undefined ? [] : await store.listDeliveries({ eventId, limit: 1 })
  return delivery
}

function newSide(): Side {
  return { requested: 0, sent: 0, held: 0, answered: 0, firstHeld: undefined }
}

function describe(name: string, { requested, sent, held }: Side): string {
  return `${name}: ${requested} requested, ${sent} sent, ${held} held`
}

function tableOf(attacker: Side, people: Side): string {
  const rows = Object.entries({ attacker, people }).map(([name, side]) => [
    name,
    ...[side.requested, side.sent, side.answered, side.held].map(String),
    side.firstHeld === undefined ? 'never' : `request ${side.firstHeld}`,
  ])
  return table(['who', 'requested', 'sent', 'entered', 'held', 'first held'], rows)
}

/** The mean price of a text by the receipts of the newest codes; the first ones may still be on their way. */
async function priceOf(store: Pick<DeliveryStore, 'listDeliveries'>): Promise<number> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const deliveries = await store.listDeliveries({ limit: 1_000 })
    const prices = deliveries.flatMap(({ progress }) => progress?.price ?? [])
    if (prices.length > 0) return prices.reduce((sum, price) => sum + price, 0) / prices.length
    await setTimeout(TRY_MS)
  }
  throw new Error('No receipt named a price.')
}

function bill({ requested, sent, held }: Side, price: number): string {
  const dollars = (count: number): string => `$${(count * price).toFixed(2)}`
  return `At $${price.toFixed(3)} a text: the attacker's ${sent} texts cost ${dollars(sent)} instead of ${dollars(requested)}; ${dollars(held)} were not paid.`
}

const PEOPLE = 48
const ATTACKS = 150
const HELD_WITHIN = 30
const TRIES_MAX = 100
const TRY_MS = 20
