import assert from 'node:assert/strict'
import { keyedDigest } from '../../src/adapters/node/hash-key.ts'
import { createDeadline } from '../../src/core/deliver/deadline.ts'
import { deliver } from '../../src/core/deliver/deliver.ts'
import { keepPolicy } from '../../src/core/deliver/live-policy.ts'
import type { SendResult } from '../../src/core/deliver/ports.ts'
import { createProcessState } from '../../src/core/deliver/process-state.ts'
import type { Editor } from '../../src/core/policy/policy-store.ts'
import type { Outcome } from '../../src/core/records/delivery.ts'
import { dimensions, type Figures } from '../../src/core/records/stats.ts'
import type { Retention, Store } from '../../src/core/records/store.ts'
import type { OtpRequest } from '../../src/core/values/request.ts'
import { Secret } from '../../src/core/values/secret.ts'
import { createFakeClock, type FakeClock } from '../fixtures/fake-clock.ts'
import { otpRequest, planRules } from '../fixtures/planning.ts'
import { receipt } from '../fixtures/receipts.ts'

/**
 * A small day that leaves something of every kind in a store, as the hook writes it: what a release records of itself
 * (`record.ts`), and what every later release must find (`test/contracts/released.test.ts`).
 */
const DAY = Date.UTC(2026, 10, 28, 12)
const DAY_MS = 86_400_000
export const retention: Retention = {
  deliveriesMs: 30 * DAY_MS,
  receiptsMs: 4 * DAY_MS,
  strayReceiptsMs: 3_600_000,
  changesMs: 400 * DAY_MS,
}

export function startDay(): FakeClock {
  return createFakeClock(DAY)
}

/** `countFigures`: what the function for figures does; nothing where figures are counted when they are read. */
export async function spendDay(
  store: Store,
  clock: FakeClock,
  countFigures: () => Promise<unknown>,
): Promise<void> {
  await store.checkWritable()
  await savePolicy(store)
  await store.noteAnswers([ORG], clock.now())
  const hook = startHook(store, clock)

  clock.pass(60_000)
  await hook.request(LEE, 'event-1', {
    kind: 'accepted',
    messageId: 'message-1',
    feedbackRegion: 'eu-west-1',
  })
  const sent = { messageId: 'message-1', deliveryId: hook.lastId(), carrierName: 'Orange', price: 0.06 }
  await store.addReceipt(receipt({ ...sent, type: 'TEXT_SENT', at: clock.now() + 500 }))
  await store.addReceipt(receipt({ ...sent, type: 'TEXT_DELIVERED', at: clock.now() + 900, isFinal: true }))
  clock.pass(20_000)
  await store.addAnswer({
    ...{ callers: [ORG], userDigests: [digest('00u1')], channel: 'sms', at: clock.now() - 1_000 },
    network: '198.51.100',
  })

  clock.pass(60_000)
  await hook.request(LEE, 'event-2', NOT_ACTIVE)
  clock.pass(60_000)
  await hook.request({ ...LEE, phoneNumber: '+12' }, 'event-3', NOT_ACTIVE) // refused by the plan
  await hook.request(LEE, 'event-4', { kind: 'unknown', code: 'CARRIER_UNKNOWN', detail: 'ECONNRESET' })
  await hook.request(LEE, 'event-5', { kind: 'accepted', messageId: 'message-5' })
  for (let phone = 10; phone < 17; phone += 1) {
    clock.pass(1_000)
    const user = { id: `00u${phone}`, login: `kim${phone}@example.com`, firstName: undefined }
    const enrolment = { purpose: 'pre-enrollment', phoneNumber: `+336123456${phone}`, user } as const
    await hook.request({ ...enrolment, network: '203.0.113' }, `flood-${phone}`, {
      ...{ kind: 'accepted', messageId: `message-of-${phone}` },
    })
  }
  clock.pass(60_000)
  await hook.dieDuring({ ...ASH, channel: 'voice' }, 'event-6')
  await store.addReceipt(receipt({ messageId: 'stray', at: clock.now() }))
  clock.pass(240_000)
  await store.listDeliveries({ limit: 100 })
  await countFigures()
  // Late, so that its minute is to be counted again.
  const late = { messageId: 'message-of-10', deliveryId: hook.idOf('flood-10'), at: clock.now() }
  await store.addReceipt(receipt({ ...late, type: 'TEXT_DELIVERED' }))
  await store.logEvent(
    { what: 'lookups', differences: [{ name: 'deliveries', after: digest('00u1') }] },
    editorAt(clock.now()),
  )
}

/** Everything that a store knows of the day, as JSON. It does not change the store. */
export async function readDay(store: Store): Promise<Readonly<Record<string, unknown>>> {
  const figures = (each: Figures) => ({ ...each, answers: [...each.answers] })
  const stats = await store.readStats({ from: DAY, to: DAY + 600_000 })
  const ids = (deliveries: readonly { readonly id: string }[]) => deliveries.map(({ id }) => id)
  const person = { numberDigests: [digest(LEE.phoneNumber)], userDigests: [digest('lee@example.com')] }
  const kept = await store.readPerson(person)
  const read = {
    policy: await store.readPolicy(),
    versions: await store.readTemplateVersions({ channel: 'sms', locale: 'en', purpose: 'any' }),
    changes: (await store.listChanges({ limit: 100 })).map(withoutPosition),
    deliveries: (await store.listDeliveries({ limit: 100 })).map(withoutPosition),
    ofLogin: ids(await store.listDeliveries({ limit: 100, userDigests: [digest('lee@example.com')] })),
    ofNumber: ids(await store.listDeliveries({ limit: 100, numberDigests: [digest(LEE.phoneNumber)] })),
    ofEvent: ids(await store.listDeliveries({ limit: 100, eventId: 'event-4' })),
    page: ids((await store.pageDeliveries({ limit: 3 })).deliveries),
    person: { ...kept, deliveries: ids(kept.deliveries) },
    fraud: await store.readFraudRecords(ORG, {
      ...{ id: 'asked', number: digest('+33612345610'), user: digest('00u10'), country: 'FR' },
      ...{ block: '3361234', network: '203.0.113', purpose: 'pre-enrollment' },
    }),
    stats: stats && {
      until: stats.until,
      total: figures(stats.stats.total),
      by: dimensions.map(each => [
        each,
        [...stats.stats.by[each]].map(([name, one]) => [name, figures(one)]).toSorted(byName),
      ]),
    },
  }
  return inOrder(JSON.parse(JSON.stringify(read))) as Readonly<Record<string, unknown>>
}

/** Objects with their names in order, which stores do not promise. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([name, each]) => [name, inOrder(each)])
  return Object.fromEntries(entries.toSorted(byName))
}

/** What was sent on the day still counts: the same request is not sent again, and limits are exceeded. Changes the store. */
export async function checkCounts(store: Store, clock: FakeClock): Promise<void> {
  const hook = startHook(store, clock)
  const again = await hook.request(LEE, 'event-1', { kind: 'accepted', messageId: 'sent twice' })
  assert.deepEqual([again.kind, 'messageId' in again && again.messageId], ['accepted', 'message-1'])
  const outcomes: string[] = []
  for (let code = 0; code < 2; code += 1) {
    const outcome = await hook.request(LEE, `next-${code}`, { kind: 'accepted', messageId: `next-${code}` })
    outcomes.push(outcome.kind === 'refused' ? outcome.code : outcome.kind)
  }
  assert.deepEqual(outcomes, ['accepted', 'LIMIT_NUMBER'])
}

function startHook(store: Store, clock: FakeClock) {
  const ids = new Map<string, string>()
  let count = 0
  let lastId = ''
  const request = (
    changed: Parameters<typeof otpRequest>[0],
    eventId: string,
    sent: SendResult | 'never',
  ) => {
    count += 1
    lastId = `019ac9f0-0000-7000-8000-${String(count).padStart(12, '0')}`
    ids.set(eventId, lastId)
    const expiresAt = clock.now() + 300_000
    const asked: OtpRequest = otpRequest({ oktaRequestId: undefined, ...changed, eventId, expiresAt })
    const ports = {
      ...{ policy: keepPolicy(store, clock.steadyNow, 0), admit: store.admit, find: store.findDelivery },
      ...{ settle: store.settle, digest, newId: () => lastId, clock, record: () => undefined },
      send: async () => {
        if (sent === 'never') return died()
        clock.pass(120)
        return sent
      },
    }
    return deliver(asked, ORG, planRules, ports, createProcessState(), createDeadline(0, 2_000, clock))
  }
  let died: () => Promise<SendResult> = () => assert.fail()
  return {
    lastId: () => lastId,
    idOf: (eventId: string) => ids.get(eventId) ?? assert.fail(eventId),
    request: (
      changed: Parameters<typeof otpRequest>[0],
      eventId: string,
      sent: SendResult,
    ): Promise<Outcome> => request(changed, eventId, sent),
    /** Resolves when the carrier is called; the process then never does anything again. */
    dieDuring: (changed: Parameters<typeof otpRequest>[0], eventId: string): Promise<void> =>
      new Promise(resolve => {
        died = () => {
          resolve()
          return new Promise(() => undefined)
        }
        void request(changed, eventId, 'never')
      }),
  }
}

async function savePolicy(store: Store): Promise<void> {
  let changes = 0
  const editor = (): Editor => {
    changes += 1
    return editorAt(DAY + 1_000 * changes)
  }
  const english = {
    channel: 'sms',
    locale: 'en',
    purpose: 'any',
    voiceId: '',
    indiaTemplateId: undefined,
  } as const
  await store.saveTemplates(
    [
      { ...english, text: '{code} is your code.' },
      { ...english, locale: 'hi', text: 'आपका कोड {code} है।', indiaTemplateId: '1107160000000000001' },
      { ...english, channel: 'voice', voiceId: 'JOANNA', text: '<speak>Your code is {code}</speak>' },
    ],
    editor(),
  )
  const second = { ...english, text: 'Your code for {brand} is {code}.', short: '{code} is your code.' }
  await store.saveTemplates([{ ...second, replaces: 1 }], { ...editor(), author: 'kim' })
  const candidates = [{ identity: 'MyCompany', maxPricePerPart: 0.2 }, { identity: '+34911234567' }]
  await store.saveRoutes(
    [
      { country: '*', channel: 'sms', candidates },
      { country: 'US', channel: 'voice', candidates: [{ identity: '+18665550100' }] },
    ],
    editor(),
  )
  await store.saveLimits(
    { mode: 'enforce', windows: [{ scope: 'number', windowSeconds: 86_400, max: 4 }] },
    editor(),
  )
  const override = { author: 'lee', because: 'an office opens', at: DAY, until: DAY + 2 * DAY_MS }
  await store.saveFraudPolicy(
    {
      ...{ mode: 'observe', modes: { [ORG]: 'enforce' } },
      overrides: [
        { what: 'expect', whom: { kind: 'country', country: 'VE' }, count: 60, ...override },
        {
          what: 'allow',
          whom: { kind: 'user', digests: [digest('00u1'), digest('lee@example.com')] },
          ...override,
        },
        { what: 'deny', whom: { kind: 'prefix', digits: '23276' }, ...override },
      ],
      budgets: { budgets: { total: { dollars: 50 } }, prices: { default: { sms: 0.1, voice: 0.2 } } },
    },
    editor(),
  )
  const moved = { tenths: { MyCompany: 8, '+34911234567': 2 }, movedAt: DAY }
  await store.saveRoutingPolicy(
    {
      mode: 'observe',
      pinned: ['GB/sms'],
      shares: { 'ES/sms': moved },
      refused: { 'US/sms MyCompany': DAY },
    },
    editor(),
  )
}

function withoutPosition<T extends { readonly position: string }>({ position: _, ...rest }: T) {
  return rest
}

function byName([one]: readonly unknown[], [other]: readonly unknown[]): number {
  return String(one) < String(other) ? -1 : 1
}

const ORG = 'https://example.okta.com/oauth2/default'
const digest = keyedDigest(new Secret('the key of the stores that releases recorded'))
function editorAt(at: number): Editor {
  return { author: 'lee', at, because: 'the first day' }
}

const LEE = {
  phoneNumber: '+34683783440',
  user: { id: '00u1', login: 'lee@example.com', firstName: undefined },
}
const ASH = {
  phoneNumber: '+14254147755',
  user: { id: undefined, login: 'Ash@example.com', firstName: undefined },
}
const NOT_ACTIVE: SendResult = {
  ...{ kind: 'failure', code: 'CARRIER_REFUSED', about: 'identity' },
  detail: 'ConflictException: NUMBER_NOT_ACTIVE',
}
