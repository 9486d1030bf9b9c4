import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { accepted, delivery } from '../../../test/contracts/stores.ts'
import { runCommand } from '../../../test/fixtures/commands.ts'
import { NOW } from '../../../test/fixtures/planning.ts'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import type { Store } from '../../core/records/store.ts'
import { fraudCommand } from './fraud.ts'

const run = (store: Store, args: readonly string[], later = 0) =>
  runCommand(fraudCommand, store, ['fraud', ...args], { now: () => NOW + later })
const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const because = ['--because', 'an office opens'] as const
const hold = {
  reason: 'FRAUD_BLOCK',
  group: 'p4:58412771',
  codes: 5,
  answers: 0,
  since: NOW - 60_000,
} as const

/** Two codes that were held a minute ago, and one that was sent although it was held. */
async function attacked(): Promise<Store> {
  const store = createMemoryStore(() => NOW)
  for (const index of [0, 1, 2]) {
    const openedAt = NOW - 60_000 + index
    const refused = { state: 'refused', at: openedAt, code: 'FRAUD_BLOCK', detail: '', attempts: [] } as const
    await store.settle(
      delivery({
        ...{ id: `d${index}`, openedAt, numberDigest: `n${index}`, userDigest: `u${index}`, country: 'VE' },
        ...{ caller: 'acme', credit: { block: '58412771', hold }, end: index === 2 ? accepted() : refused },
      }),
    )
  }
  return store
}

describe('hookline fraud status', () => {
  it('shows the mode, and the overrides in force', async () => {
    const store = createMemoryStore(() => NOW)
    await run(store, ['expect', 'VE', '60', '--until', 'friday', ...because])
    await run(store, ['deny', '+58 412 77', '--for', '1d', ...because])
    const [mode = '', held, overrides = ''] = ((await run(store, ['status'])).printed[0] ?? '').split('\n\n')
    assert.match(mode, /^Mode: observe\./)
    assert.equal(held, 'No group is held: no code was held in the last two hours.')
    assert.deepEqual(
      overrides.split('\n').flatMap((line, index) => (index === 1 ? [] : [line.trim().split(/ {2,}/)])),
      [
        ['override', 'whom', 'until (UTC)', 'by', 'because'],
        ['expect', '60 new phones in VE', '2026-03-07 00:00', 'editor', 'an office opens'],
        ['deny', 'numbers that begin with +5841277', '2026-03-02 12:00', 'editor', 'an office opens'],
      ],
    )
    const later = JSON.parse((await run(store, ['status', '--json'], 2 * DAY_MS)).printed[0] ?? '')
    assert.deepEqual(
      later.overrides.map(({ what }: { what: string }) => what),
      ['expect'],
    )
  })

  it('explains each group that is held, for two hours after its last code', async () => {
    const store = await attacked()
    const { printed } = await run(store, ['status'])
    assert.match(
      printed[0] ?? '',
      /\n\nHeld:\n {2}FRAUD_BLOCK \(acme\)\. New numbers that begin with \+58412771\. 5 numbers got a code .* hookline fraud allow "\+58412771\*" .* In the last two hours 2 not sent, 1 sent although held\.\n\nNo overrides\.$/,
    )
    assert.equal(
      JSON.parse((await run(store, ['status', '--json'])).printed[0] ?? '').held[0].group,
      'p4:58412771',
    )
    assert.match((await run(store, ['status'], 2 * HOUR_MS)).printed[0] ?? '', /No group is held/)
  })
})

describe('hookline fraud episodes', () => {
  it('shows each episode with its counts', async () => {
    const { printed } = await run(await attacked(), ['episodes'])
    const [, , row = ''] = (printed[0] ?? '').split('\n')
    assert.deepEqual(row.trim().split(/ {2,}/), [
      ...['2026-03-01 11:59', 'still held', 'acme', 'FRAUD_BLOCK: new numbers that begin with +58412771'],
      ...['2', '1', '0 of 3'],
    ])
    const json = JSON.parse((await run(await attacked(), ['episodes', '--json'])).printed[0] ?? '')
    assert.deepEqual([json.length, json[0].held, json[0].isOver], [1, 2, false])
  })

  it('says that there were none in this time', async () => {
    const { printed } = await run(await attacked(), ['episodes', '--days', '1'], 2 * DAY_MS)
    assert.deepEqual(printed, ['No group was held in the last day.'])
  })
})
