import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { createRandom } from '../../bench/fraud/random.ts'
import { scenarios, trafficOf } from '../../bench/fraud/scenarios.ts'
import { DAY } from '../../bench/fraud/traffic.ts'
import { createMemoryStore } from '../../src/adapters/memory/store.ts'
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts'
import { createReplay, type ReplayDecision, type TrafficEvent } from '../../src/advice/fraud/replay.ts'
import { networkOf } from '../../src/core/policy/credit/network.ts'
import { defaultFraudPolicy } from '../../src/core/policy/fraud-policy.ts'
import type { Store } from '../../src/core/records/store.ts'
import { thirtyDays } from '../contracts/stores.ts'
import { startProcess } from '../fixtures/delivering.ts'
import { createFakeCarrier } from '../fixtures/fake-carrier.ts'
import { createFakeClock, type FakeClock } from '../fixtures/fake-clock.ts'
import { otpRequest, shippedTexts } from '../fixtures/planning.ts'
import { receipt } from '../fixtures/receipts.ts'

/** Opens a store twice, as two processes would, on the same data. */
type OpenTwice = (now: () => number, stack: AsyncDisposableStack) => Promise<readonly [Store, Store]>

const openers: readonly (readonly [string, OpenTwice])[] = [
  [
    'in memory',
    async now => {
      const store = createMemoryStore(now, thirtyDays)
      return [store, store]
    },
  ],
  [
    'two processes on one SQLite file',
    async (now, stack) => {
      const folder = await mkdtemp(join(tmpdir(), 'hookline-fraud-'))
      stack.defer(() => rm(folder, { recursive: true, force: true }))
      const open = async (): Promise<Store> => {
        const store = await openSqliteStore(folder, now, thirtyDays)
        stack.defer(store.close)
        return store
      }
      return [await open(), await open()]
    },
  ],
]

const CALLER = 'https://acme.okta.com'
const CANDIDATE = '+18665550100'
const digest = (text: string): string => createHash('sha256').update(text).digest('hex')

/** One request after another through `deliver`, in two processes; with their answers and receipts. */
async function createLive(stores: readonly [Store, Store], clock: FakeClock) {
  const [store] = stores
  const by = { author: 'Hookline', at: clock.now() }
  await store.saveTemplates(shippedTexts, by)
  const candidates = [{ identity: CANDIDATE }]
  await store.saveRoutes(
    [
      { country: '*', channel: 'sms', candidates },
      { country: '*', channel: 'voice', candidates },
    ],
    by,
  )
  await store.saveFraudPolicy({ ...defaultFraudPolicy, mode: 'enforce' }, by)
  const carrier = createFakeCarrier(clock)
  const processes = stores.map((store, index) =>
    startProcess({ clock, store, carrier }, { digest }, `process-${index}`),
  )
  const deliveryOf = new Map<string, string>()
  const requestOf = new Map<string, string>()
  return {
    request: async (event: TrafficEvent & { event: 'request' }, index: number): Promise<string> => {
      const { id, user, number, ip, purpose, channel } = event
      const request = otpRequest({
        eventId: id,
        phoneNumber: number,
        network: networkOf(ip),
        purpose,
        channel,
        code: '123456',
        expiresAt: undefined,
        user: { id: user, login: undefined, firstName: undefined },
      })
      const outcome = await processes[index]?.begin(request, CALLER)
      assert.ok(outcome)
      if (outcome.kind !== 'accepted') return outcome.code
      deliveryOf.set(id, outcome.deliveryId)
      requestOf.set(outcome.deliveryId, id)
      return 'sent'
    },
    /** The request that the store says was answered. */
    answered: async (
      { user, channel }: Pick<TrafficEvent & { event: 'request' }, 'user' | 'channel'>,
      at: number,
      index: number,
    ) => {
      const joined = await stores[index]?.addAnswer({
        callers: [CALLER],
        userDigests: [digest(user)],
        channel,
        at,
      })
      return joined?.kind === 'answered' && joined.isFirst ? requestOf.get(joined.deliveryId) : undefined
    },
    delivered: async (id: string, at: number, index: number): Promise<void> => {
      const deliveryId = deliveryOf.get(id)
      if (deliveryId !== undefined)
        await stores[index]?.addReceipt(
          receipt({ deliveryId, messageId: `m-${id}`, type: 'TEXT_DELIVERED', at }),
        )
    },
  }
}

/** How the live product decides about each request, and how the replay does. */
async function decideBoth(
  events: readonly TrafficEvent[],
  open: OpenTwice,
  split: () => number,
): Promise<{ readonly live: readonly string[]; readonly replayed: readonly string[] }> {
  await using stack = new AsyncDisposableStack()
  const clock = createFakeClock((events[0]?.at ?? 0) - 1_000)
  const product = await createLive(await open(clock.now, stack), clock)
  const replay = createReplay()
  const requests = new Map(
    events.flatMap(event => (event.event === 'request' ? [[event.id, event] as const] : [])),
  )
  const live: string[] = []
  const replayed: string[] = []
  const sent = new Set<string>()
  const skipped = new Set<string>()
  for (const event of events) {
    if (event.at > clock.now()) clock.pass(event.at - clock.now())
    const index = split()
    if (event.event === 'request') {
      const { onlyIf } = event
      const result =
        onlyIf !== undefined && (sent.has(onlyIf.id) ? 'sent' : 'held') !== onlyIf.was
          ? 'skipped'
          : await product.request(event, index)
      if (PLANNING.has(result)) {
        skipped.add(event.id) // the replay does not plan
        continue
      }
      if (result === 'sent') sent.add(event.id)
      live.push(`${event.id} ${result}`)
      replayed.push(`${event.id} ${resultOf(replay(event))}`)
    } else if (event.event === 'delivered') {
      await product.delivered(event.id, event.at, index)
      replay(event)
    } else if (event.event === 'answered' && sent.has(event.id)) {
      const request = requests.get(event.id)
      assert.ok(request)
      const id = await product.answered(request, event.answeredAt, index)
      if (id !== undefined) replay({ ...event, id })
    }
  }
  return { live, replayed }
}

function resultOf(decision: ReplayDecision | undefined): string | undefined {
  return decision?.decision === 'held' ? decision.reason : decision?.decision
}

/** Why the product does not send before the rule is asked. */
const PLANNING: ReadonlySet<string> = new Set(['NUMBER_LANDLINE', 'NUMBER_RANGE_UNKNOWN', 'NUMBER_PREMIUM'])

const cases = [
  ['customers', 'hop over all countries, first day', 'FRAUD_NEW_COUNTRIES'],
  ['workforce', 'home country, owned blocks, first day', 'FRAUD_RESERVE'],
  ['workforce', 'outsider against owners, another network', 'NUMBER_STRANGE_NETWORK'],
] as const

describe('a simulated attack on live requests', () => {
  for (const [kind, scenarioName, reason] of cases) {
    let events: readonly TrafficEvent[]
    before(() => {
      const scenario = scenarios.find(({ name, org }) => org.kind === kind && name === scenarioName)
      assert.ok(scenario)
      const { traffic, from } = trafficOf(scenario, 7)
      events = traffic.events().filter(({ at }) => at > from - DAY / 2 && at < from + 0.8 * DAY)
    })
    for (const [name, open] of openers)
      it(`is decided as the replay decides it, however its lines are split: ${name}, ${kind}, ${scenarioName}`, async () => {
        const random = createRandom(11)
        const { live, replayed } = await decideBoth(events, open, () => random.whole(0, 1))
        assert.deepEqual(live, replayed)
        const results = live.map(line => line.split(' ')[1] ?? '')
        assert.ok(results.includes(reason), `only ${[...new Set(results)]}`)
      })
  }
})
