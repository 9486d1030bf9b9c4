import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { delivery } from '../../../test/contracts/stores.ts'
import { runCommand } from '../../../test/fixtures/commands.ts'
import { NOW } from '../../../test/fixtures/planning.ts'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import type { Store } from '../../core/records/store.ts'
import { routesCommand } from './routes.ts'

const shares = async (store: Store, ...args: readonly string[]) => {
  const { printed, problem } = await runCommand(
    (command, context) =>
      routesCommand(command, { ...context, openDryRuns: async () => assert.fail('nothing is tried') }),
    store,
    ['routes', 'shares', ...args],
  )
  assert.equal(problem, undefined)
  return printed.join('\n')
}

/** 240 codes over a route of two, a second apart: those from the first are not entered any more. */
async function troubled(count = 240): Promise<Store> {
  const store = createMemoryStore(() => NOW)
  const candidates = [{ identity: 'pool-1' }, { identity: 'pool-2' }]
  await store.saveRoutes([{ country: 'ES', channel: 'sms', candidates }], { author: 'lee', at: 0 })
  for (let index = 0; index < count; index += 1) {
    const [identity, openedAt] = [index % 4 === 0 ? 'pool-2' : 'pool-1', NOW - 600_000 + index * 1_000]
    const sent = delivery({
      ...{ id: `delivery-${index}`, openedAt, expiresAt: undefined, duplicateKey: undefined },
      ...{ numberDigest: String(index).padEnd(12, '-'), userDigest: `user-${index}` },
      credit: { block: '3491123', network: '192.0.2', purse: 'sign-in', hold: undefined },
      end: {
        ...{ state: 'accepted', at: openedAt, messageId: `m-${index}` },
        attempts: [{ identity, result: 'accepted', detail: undefined, durationMs: 1 }],
      },
    })
    await store.settle(sent)
    const answer = { callers: [sent.caller], userDigests: [`user-${index}`], channel: 'sms' } as const
    if (identity === 'pool-2') await store.addAnswer({ ...answer, at: openedAt + 9_000 })
  }
  return store
}

describe('hookline routes shares', () => {
  it('shows what would move, with its counts, while codes are only observed', async () => {
    const printed = await shares(await troubled())
    assert.match(printed, /^Only observed/)
    assert.match(printed, /ES\/sms +pool-1 +90% +0 of 80/)
    assert.match(printed, /pool-2 +10% +60 of 60/)
    assert.match(printed, /Would move now: ES\/sms: a tenth from pool-1 to pool-2 \(fewer answers\)/)
  })

  it('shows no move on fewer than 200 codes', async () =>
    assert.doesNotMatch(await shares(await troubled(199)), /Would move/))

  it('shows that nothing would move from a pinned route, and gives programs the same', async () => {
    const store = await troubled()
    await shares(store, 'follow')
    assert.match(await shares(store, 'pin', 'ES', 'sms'), /ES\/sms +pool-1 +90% +0 of 80 +pinned/)
    const { mode, pinned, entered } = JSON.parse(await shares(store, '--json'))
    assert.deepEqual([mode, pinned], ['follow', ['ES/sms']])
    assert.deepEqual(entered['ES/sms'], {
      'pool-1': { codes: 80, good: 0 },
      'pool-2': { codes: 60, good: 60 },
    })
  })

  it('says that nothing moves where the figures of a table are late or missing', async () => {
    const store = await troubled()
    const at = (until: number | undefined): Store => ({
      ...store,
      readStats: async query => {
        const found = await store.readStats(query)
        return until === undefined || found === undefined ? undefined : { ...found, until }
      },
    })
    assert.match(await shares(at(undefined)), /\(Figures=true\)\. It has never run with this table/)
    assert.match(await shares(at(NOW - 3_600_000)), /It last ran at 2026-03-01 11:00 UTC, so nothing moves/)
    assert.doesNotMatch(await shares(at(NOW)), /Figures/)
  })
})
