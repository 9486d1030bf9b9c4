import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { accepted, delivery, ended } from '../../../test/contracts/stores.ts'
import { runCommand } from '../../../test/fixtures/commands.ts'
import { NOW } from '../../../test/fixtures/planning.ts'
import { receipt } from '../../../test/fixtures/receipts.ts'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import type { Store } from '../../core/records/store.ts'
import { statsCommand } from './stats.ts'

const run = (store: Store, ...args: string[]) => runCommand(statsCommand, store, ['stats', ...args])
const linesOf = ({ printed }: { readonly printed: readonly string[] }): readonly string[] =>
  printed.join('\n').split('\n').slice(2)

/** Two of this hour, of which one arrived and was answered after 20 s; one of this day, and one of this week. */
async function filled(): Promise<Store> {
  const store = createMemoryStore(() => NOW)
  const ago = (id: string, hours: number, changed: Partial<ReturnType<typeof delivery>> = {}) => {
    const openedAt = NOW - hours * 3_600_000
    return store.settle(
      delivery({ id, duplicateKey: id, userDigest: id, openedAt, expiresAt: openedAt + 300_000, ...changed }),
    )
  }
  await ago('answered', 0.5, { end: accepted() })
  await ago('refused', 0.5, { end: ended('refused'), country: 'US' })
  await ago('of the day', 2, { end: accepted('message-2'), country: 'US', caller: 'acme' })
  await ago('of the week', 48, { end: accepted('message-3'), country: 'US' })
  await ago('older', 169, { end: accepted('message-4') })
  await store.addReceipt(receipt({ type: 'TEXT_DELIVERED', isFinal: true, price: 0.0123 }))
  await store.addAnswer({
    ...{ callers: [delivery().caller], userDigests: ['answered'], channel: 'sms' },
    at: NOW - 1_800_000 + 20_000,
  })
  return store
}

describe('hookline stats', () => {
  it('shows the last hour, day and seven days', async () => {
    const ran = await run(await filled())
    assert.match(ran.printed.join('\n'), /^since +asked +sent +delivered +answered +median +95% +cost\n/)
    assert.deepEqual(
      linesOf(ran).map(line => line.replace(/ {2,}/g, ' | ')),
      [
        'last hour | 2 | 1 (50%) | 1 (100%) | 1 (100%) | 20 s | 20 s | $0.01',
        'last day | 3 | 2 (67%) | 1 (50%) | 1 (50%) | 20 s | 20 s | $0.01 (of 1)',
        'last 7 days | 4 | 3 (75%) | 1 (33%) | 1 (33%) | 20 s | 20 s | $0.01 (of 1)',
      ],
    )
  })

  it('shows one time by one dimension, most codes first', async () => {
    const lines = linesOf(await run(await filled(), '--since', 'week', '--by', 'country'))
    assert.deepEqual(
      lines.map(line => line.split(/ {2,}/).slice(0, 4)),
      [
        ['last 7 days', 'US', '3', '2 (67%)'],
        ['last 7 days', 'ES', '1', '1 (100%)'],
      ],
    )
    const orgs = linesOf(await run(await filled(), '--since', 'day', '--by', 'org'))
    assert.deepEqual(
      orgs.map(line => line.split(/ {2,}/)[1]),
      [delivery().caller, 'acme'],
    )
  })

  it('prints one object for each row, for programs', async () => {
    const { printed } = await run(await filled(), '--since', 'hour', '--by', 'country', '--json')
    const [spain, ...others] = printed.map(line => JSON.parse(line))
    assert.equal(others.length, 1)
    const { medianMs, p95Ms, ...rest } = spain
    assert.ok(Math.abs(medianMs - 20_000) <= 1_000 && medianMs === p95Ms, `${medianMs}`)
    assert.deepEqual(rest, {
      // Whole minutes, with the one that has begun.
      ...{ since: 'hour', from: NOW - 59 * 60_000, to: NOW + 60_000, by: 'country', country: 'ES' },
      ...{ asked: 1, sent: 1, delivered: 1, answered: 1, priced: 1, costUsd: 0.0123 },
    })
    assert.equal(others[0].medianMs, null)
  })

  it('says that there were no codes', async () => {
    const store = createMemoryStore(() => NOW)
    assert.deepEqual((await run(store, '--by', 'country')).printed, ['No codes in this time.'])
    assert.deepEqual(
      linesOf(await run(store, '--since', 'hour')).map(line => line.split(/ {2,}/)),
      [['last hour', '0', '0', '0', '0']],
    )
  })

  it('shows one org, and names those that exist', async () => {
    const store = await filled()
    const lines = linesOf(await run(store, '--since', 'day', '--org', 'acme', '--by', 'country'))
    assert.deepEqual(
      lines.map(line => line.split(/ {2,}/).slice(0, 3)),
      [['last day', 'US', '1']],
    )
    assert.equal(
      (await run(store, '--org', 'acmee')).problem?.message,
      `The org "acmee" had no codes in the last seven days. Orgs with codes: acme, ${delivery().caller}.`,
    )
  })

  it('says why there are no figures, and until when they are counted', async () => {
    const none = { ...createMemoryStore(() => NOW), readStats: async () => undefined }
    assert.match((await run(none)).problem?.message ?? '', /Deploy with Figures=true/)
    const store = await filled()
    const readStats: Store['readStats'] = async query => {
      const stored = await store.readStats(query)
      return stored && { ...stored, until: NOW - 3_600_000 }
    }
    const progress: string[] = []
    const context = { progress: (text: string) => void progress.push(text) }
    await runCommand(statsCommand, { ...store, readStats }, ['stats', '--since', 'day'], context)
    assert.match(progress.join(), /^Codes are counted until 2026-03-01 11:00 UTC/)
  })
})
