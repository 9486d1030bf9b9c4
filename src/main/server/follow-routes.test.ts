import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { delivery } from '../../../test/contracts/stores.ts'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import type { StepEvent } from '../../core/deliver/event.ts'
import { createLook } from '../look-at-routes.ts'
import { keepSamples } from './follow-routes.ts'

const MINUTE = 60_000
const START = Date.UTC(2026, 0, 5)
const editor = { author: 'lee', at: START }

/** A server's hour: a code a second from either identity; those from the first are not entered. */
async function hourOf(mode: 'follow' | 'observe') {
  let now = START
  const store = createMemoryStore(() => now)
  const candidates = [{ identity: 'pool-1' }, { identity: 'pool-2' }]
  await store.saveRoutes([{ country: 'ES', channel: 'sms', candidates }], editor)
  await store.saveRoutingPolicy({ mode, pinned: [], shares: {}, refused: {} }, editor)
  const events: StepEvent[] = []
  const look = createLook({ store, now: () => now, record: event => void events.push(event) })
  const samples = keepSamples(store, () => now)
  for (let second = 0; second < 900; second += 1) {
    now = START + second * 1_000
    const identity = second % 4 === 0 ? 'pool-2' : 'pool-1'
    const attempts = [{ identity, result: 'accepted', detail: undefined, durationMs: 1 }] as const
    const id = `delivery-${second}`
    await store.settle(
      delivery({
        id,
        duplicateKey: undefined,
        expiresAt: undefined,
        openedAt: now,
        numberDigest: String(second).padEnd(12, '-'),
        userDigest: `user-${second}`,
        credit: { block: '3491123', network: '192.0.2', purse: 'sign-in', hold: undefined },
        end: { state: 'accepted', at: now, messageId: `m-${second}`, attempts: [...attempts] },
      }),
    )
    if (identity === 'pool-2' || second % 20 === 1)
      await store.addAnswer({
        callers: [delivery().caller],
        userDigests: [`user-${second}`],
        channel: 'sms',
        at: now + 10_000,
      })
    if (second % 60 === 59) await look(samples)
  }
  return { store, events }
}

describe('a server that looks at which codes are entered', () => {
  it('moves tenths from the identity whose codes are not, logs it, and says why in the log of changes', async () => {
    const { store, events } = await hourOf('follow')
    const { routing } = (await store.readPolicy()) ?? assert.fail()
    assert.ok((routing.shares['ES/sms']?.tenths['pool-1'] ?? 9) < 9, JSON.stringify(routing.shares))
    const moved = events.filter(({ step, outcome }) => step === 'routes' && outcome === 'moved')
    assert.match(moved[0]?.detail ?? '', /^ES\/sms: a tenth from pool-1 to pool-2 \(fewer answers\)\./)
    const [change] = await store.listChanges({ limit: 1 })
    assert.equal(change?.what, 'routing')
    assert.match(change?.because ?? '', /a tenth from pool-1 to pool-2/)
  })

  it('only logs once what would move while codes do not follow', async () => {
    const { store, events } = await hourOf('observe')
    assert.deepEqual((await store.readPolicy())?.routing.shares, {})
    assert.deepEqual(
      events.map(({ outcome }) => outcome),
      ['would-move'],
    )
  })

  it('reports a store that is out of reach, and goes on', async () => {
    const events: StepEvent[] = []
    const store = createMemoryStore(() => START)
    let isBroken = true
    const now = () => START + MINUTE
    const look = createLook({ store, now, record: event => void events.push(event) })
    const samples = keepSamples(
      {
        pageDeliveries: async query => {
          if (isBroken) throw new Error('store: out of reach')
          return store.pageDeliveries(query)
        },
      },
      now,
    )
    await look(samples)
    isBroken = false
    await look(samples)
    assert.deepEqual(
      events.map(({ outcome }) => outcome),
      ['store-unavailable'],
    )
  })
})
