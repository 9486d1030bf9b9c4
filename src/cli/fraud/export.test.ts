import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { accepted, delivery } from '../../../test/contracts/stores.ts'
import { runCommand } from '../../../test/fixtures/commands.ts'
import { NOW } from '../../../test/fixtures/planning.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import type { Store } from '../../core/records/store.ts'
import { fraudCommand } from './fraud.ts'

const MINUTE = 60_000

/** Eight new phones of one block, the first of which answered. */
async function attacked(): Promise<Store> {
  const store = createMemoryStore(() => NOW)
  for (let index = 0; index < 8; index += 1) {
    const openedAt = NOW - (150 - index) * MINUTE // more than a page, with those below
    await store.settle(
      delivery({
        ...{ id: `d${index}`, openedAt, duplicateKey: `k${index}`, expiresAt: openedAt + 5 * MINUTE },
        ...{ numberDigest: `n${index}`, userDigest: `u${index}`, purpose: 'pre-enrollment', country: 'VE' },
        ...{ credit: { block: '58412771', network: '203.0.113' }, end: accepted(`m${index}`) },
      }),
    )
  }
  const { caller } = delivery()
  await store.addAnswer({
    callers: [caller],
    userDigests: ['u0'],
    channel: 'sms',
    at: NOW - 149 * MINUTE - 1,
  })
  for (let index = 0; index < 110; index += 1)
    await store.settle(
      delivery({ id: `p${index}`, openedAt: NOW - MINUTE + index, end: accepted(`q${index}`) }),
    )
  return store
}

describe('hookline fraud export', () => {
  it('prints what replay reads, and says what is not in it', async () => {
    using folder = temporaryFolder()
    const progress: string[] = []
    const context = { progress: (text: string) => void progress.push(text) }
    const { printed } = await runCommand(fraudCommand, await attacked(), ['fraud', 'export'], context)
    assert.deepEqual(progress, [
      'Deliveries read: 118. Left out: 110. The fraud rule kept nothing about them (mode off, a preview), or they could not be sent.',
    ])
    const file = join(folder.path, 'traffic.jsonl')
    writeFileSync(file, `${printed.join('\n')}\n`)
    const replayed = await runCommand(fraudCommand, await attacked(), ['fraud', 'replay', file, '--json'])
    const lines = replayed.printed.flatMap(text => text.split('\n')).map(line => JSON.parse(line))
    assert.deepEqual(
      lines.map(({ decision, group }) => [decision, group]),
      [
        ...Array.from({ length: 6 }, () => ['sent', undefined]),
        ...Array.from({ length: 2 }, () => ['held', 'p4:58412771']),
      ],
    )
    assert.doesNotMatch(printed.join('\n'), /203\.0\.113|example\.okta|"[dnu]\d"/)
  })

  it('takes the newest deliveries of a time', async () => {
    const progress: string[] = []
    const context = { progress: (text: string) => void progress.push(text) }
    await runCommand(fraudCommand, await attacked(), ['fraud', 'export', '--limit', '115'], context)
    assert.match(
      progress[0] ?? '',
      /^Deliveries read: 115\. Left out: 110\. .* There may be more: raise --limit\.$/,
    )
    const { printed } = await runCommand(fraudCommand, await attacked(), ['fraud', 'export', '--days', '1'], {
      ...context,
      now: () => NOW + 86_400_000,
    })
    assert.deepEqual(printed, [])
  })
})
