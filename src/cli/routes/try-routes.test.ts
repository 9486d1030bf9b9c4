import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runCommand } from '../../../test/fixtures/commands.ts'
import { NOW, templateText } from '../../../test/fixtures/planning.ts'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import type { DryRunAnswer } from '../../advice/coverage/dry-runs.ts'
import type { DryRuns } from '../../advice/coverage/try-countries.ts'
import type { Context } from '../terminal/context.ts'
import { tryCommand } from './try-routes.ts'

/** Against AWS answers made up here, on a clock that moves only when somebody waits. */
async function tryRoutes(
  answer: (country: string) => DryRunAnswer | Error,
  tookMs = 0,
  store = createMemoryStore(() => NOW),
) {
  await store.saveTemplates([templateText()], { author: 'a test', at: NOW })
  await store.saveRoutes([{ country: 'US', channel: 'sms', candidates: [{ identity: '+12065550100' }] }], {
    author: 'a test',
    at: 0,
  })
  let now = NOW
  let closed = 0
  const asked: number[] = []
  const openDryRuns = async (): Promise<DryRuns> => ({
    run: async ({ destination: { country } }) => {
      asked.push(now)
      now += tookMs
      const answered = answer(country)
      if (answered instanceof Error) throw answered
      return answered
    },
    close: () => {
      closed++
    },
  })
  const changed = {
    now: () => now,
    pause: async (ms: number) => {
      now += ms
    },
  }
  const ran = await runCommand(
    (command, context: Context) => tryCommand(command, { ...context, openDryRuns }),
    store,
    ['routes', 'try', '--json'],
    changed,
  )
  assert.equal(closed, 1)
  return { ...ran, asked, store }
}

describe('hookline routes try', () => {
  it('calls AWS at most five times in any second, and does not wait if AWS is slower', async () => {
    const { asked } = await tryRoutes(() => ({ kind: 'no objection' }))
    assert.equal(asked.length, 7)
    for (const [index, time] of asked.entries())
      assert.ok(asked.filter(other => other >= time && other < time + 1_000).length <= 5, String(index))
    const slow = await tryRoutes(() => ({ kind: 'no objection' }), 300)
    assert.equal((slow.asked.at(-1) ?? 0) - (slow.asked[0] ?? 0), 6 * 300)
  })

  it('has its own exit code if a served country is refused, but not for a neighbour', async () => {
    const refused: DryRunAnswer = { kind: 'refused', detail: 'ConflictException X', why: 'Because.' }
    const only = (country: string) => (one: string) =>
      one === country ? refused : ({ kind: 'no objection' } as const)
    assert.equal((await tryRoutes(only('US'))).exitCode, 4)
    assert.equal((await tryRoutes(only('PR'))).exitCode, 0)
  })

  it('stops if AWS cannot be called, with what to do', async () => {
    const error = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    const { problem, asked } = await tryRoutes(() => error)
    assert.match(problem?.message ?? '', /^AWS does not answer \(ECONNREFUSED\)/)
    assert.equal(asked.length, 1)
  })

  it('logs who found an identity refused, whose codes then move away, and who found it accepted again', async () => {
    const refused: DryRunAnswer = { kind: 'refused', detail: 'ConflictException X', why: 'Because.' }
    const onlyUs = (country: string) => (country === 'US' ? refused : ({ kind: 'no objection' } as const))
    const { store } = await tryRoutes(onlyUs)
    const [first] = await store.listChanges({ limit: 1, what: 'routing' })
    assert.deepEqual(first?.differences, [{ name: 'AWS about US/sms +12065550100', after: 'refused' }])
    assert.deepEqual([first?.author, first?.because], ['editor', 'A dry run.'])
    await tryRoutes(onlyUs, 0, store)
    assert.equal((await store.listChanges({ limit: 9, what: 'routing' })).length, 1, 'nothing changed')
    await tryRoutes(() => ({ kind: 'no objection' }), 0, store)
    const [last] = await store.listChanges({ limit: 1, what: 'routing' })
    assert.deepEqual(last?.differences, [{ name: 'AWS about US/sms +12065550100', before: 'refused' }])
  })
})
