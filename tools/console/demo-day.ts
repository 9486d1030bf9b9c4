import { explainHold, textOfExplanation } from '../../src/core/policy/credit/explain.ts'
import type { Hold } from '../../src/core/policy/credit/verdict.ts'
import type { AttemptRecord, Delivery } from '../../src/core/records/delivery.ts'
import type { Receipt } from '../../src/core/records/receipt.ts'
import type { Store } from '../../src/core/records/store.ts'

/** Two people of the demo: Ada's text was undeliverable, and Lin's new number was held by the fraud rule. */
export const ada = { login: 'ada@example.com', userId: '00uada000000000000a1', number: '+34683783440' }
export const lin = { login: 'lin@example.com', userId: '00ulin000000000000b2', number: '+584127712345' }

/** What a deployment did today, up to `now`: `count` codes to many people, with receipts and answers. The same each time. */
export async function seedDay(
  store: Store,
  now: number,
  {
    count,
    hours,
    digest,
  }: { readonly count: number; readonly hours: number; readonly digest: (text: string) => string },
): Promise<void> {
  const random = mulberry(22)
  const pick = <T>(all: readonly [T, ...T[]]): T => all[Math.floor(random() * all.length)] ?? all[0]
  const span = hours * 3_600_000
  for (let index = 0; index < count; index += 1) {
    const openedAt = Math.round(now - span + (span * (index + random() * 0.9)) / count)
    const person = Math.floor(random() * count * 0.7)
    const [country, identity, price] = pick(COUNTRIES)
    const channel = random() < 0.08 ? 'voice' : 'sms'
    const lot = random()
    const end: Delivery['end'] =
      lot < 0.01
        ? {
            state: 'refused',
            at: openedAt + 5,
            code: 'LIMIT_USER',
            detail: 'user: 5 in 10 min',
            attempts: [],
          }
        : lot < 0.02
          ? {
              ...{ state: 'failed', at: openedAt + 300, code: 'CARRIER_REFUSED' },
              ...{ detail: 'ThrottlingException', attempts: [attempt(identity, 'failure')] },
            }
          : accepted(openedAt, identity, `message-${index}`)
    const delivery = deliveryOf(digest, {
      ...{ id: uuidOf(index), openedAt, country, channel, end },
      ...{ number: `+1555${String(person).padStart(7, '0')}`, user: `user-${person}@example.com` },
    })
    await store.settle(delivery)
    if (end.state !== 'accepted') continue
    const type = lot > 0.985 ? 'TEXT_UNREACHABLE' : channel === 'voice' ? 'VOICE_COMPLETED' : 'TEXT_DELIVERED'
    await store.addReceipt(receiptOf(end.messageId, type, openedAt + 3_000, price))
    if (type !== 'TEXT_UNREACHABLE' && random() < 0.94)
      await store.addAnswer({
        ...{
          callers: [delivery.caller],
          channel,
          at: openedAt + 6_000 + Math.round(-Math.log(random()) * 14_000),
        },
        userDigests: [delivery.userDigest ?? ''],
      })
  }
  await seedPeople(store, now, digest)
}

async function seedPeople(store: Store, now: number, digest: (text: string) => string): Promise<void> {
  const ofAda = { number: ada.number, user: ada.userId, login: ada.login, country: 'ES' }
  const first = now - 3 * 60_000
  await store.settle(
    deliveryOf(digest, {
      id: uuidOf(90_001),
      openedAt: first - 86_400_000,
      ...ofAda,
      end: accepted(first, 'ACME', 'ada-1'),
    }),
  )
  await store.addReceipt(receiptOf('ada-1', 'TEXT_DELIVERED', first - 86_390_000, 0.04))
  await store.settle(
    deliveryOf(digest, {
      id: uuidOf(90_002),
      openedAt: first,
      ...ofAda,
      end: accepted(first, 'ACME', 'ada-2'),
    }),
  )
  await store.addReceipt({
    ...receiptOf('ada-2', 'TEXT_CARRIER_UNREACHABLE', first + 40_000, 0.04),
    ...{
      carrierName: 'Telefónica <b>Móviles</b>',
      description: 'Phone is currently unreachable/unavailable',
    },
  })
  const hold: Hold = {
    ...{ reason: 'FRAUD_PREFIX', group: 'p6:584127', codes: 6, answers: 0 },
    ...{ since: now - 1_800_000, probeAt: now + 600_000 },
  }
  for (const [index, whose] of [lin, { number: '+584127754321', userId: 'kim', login: 'kim' }].entries()) {
    const openedAt = now - 60_000 - index * 300_000
    await store.settle(
      deliveryOf(digest, {
        ...{ id: uuidOf(90_003 + index), openedAt, country: 'VE', purpose: 'pre-enrollment' },
        ...{ number: whose.number, user: whose.userId, login: whose.login },
        credit: { block: whose.number.slice(1, -4), network: '198.51.100', hold },
        end: {
          ...{ state: 'refused', at: openedAt + 10, code: hold.reason, attempts: [] },
          detail: textOfExplanation(explainHold(hold, 'VE')),
        },
      }),
    )
  }
}

function deliveryOf(
  digest: (text: string) => string,
  given: Pick<Delivery, 'id' | 'openedAt' | 'country' | 'end'> &
    Partial<Delivery> & { readonly number: string; readonly user: string; readonly login?: string },
): Delivery {
  const { number, user, login = user, ...rest } = given
  return {
    ...{
      caller: 'acme',
      eventId: `${given.id.slice(-12)}evtevtevt0`,
      oktaRequestId: `req${given.id.replaceAll('-', '')}`,
    },
    ...{
      duplicateKey: given.id,
      numberDigest: digest(number),
      userDigest: digest(user),
      loginDigest: digest(login),
    },
    ...{ lastDigits: number.slice(-2), channel: 'sms', purpose: 'mfa-verification', parts: 1 },
    templateUsed: {
      source: 'template',
      locale: given.country === 'DE' ? 'de' : 'en',
      purpose: 'any',
      version: 1,
    },
    ...{ expiresAt: given.openedAt + 300_000, credit: undefined },
    ...rest,
  }
}

function accepted(at: number, identity: string, messageId: string): Delivery['end'] {
  return { state: 'accepted', at: at + 180, messageId, attempts: [attempt(identity, 'accepted')] }
}

function attempt(identity: string, result: AttemptRecord['result']): AttemptRecord {
  return {
    identity,
    result,
    detail: result === 'failure' ? 'ThrottlingException' : undefined,
    durationMs: 120,
  }
}

function receiptOf(messageId: string, type: string, at: number, price: number): Receipt {
  return {
    ...{ messageId, type, at, price, deliveryId: undefined, isFinal: true },
    ...{ description: undefined, carrierName: undefined },
  }
}

function uuidOf(index: number): string {
  return `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`
}

/** Random numbers from 0 to 1, the same each time (Mulberry32). */
function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const COUNTRIES = [
  ['US', '+18665550100', 0.008],
  ['US', '+18665550100', 0.008],
  ['DE', 'ACME', 0.07],
  ['ES', 'ACME', 0.04],
  ['BR', '28123', 0.02],
  ['JP', 'ACME', 0.06],
  ['IL', 'ACME', 0.11],
] as const
