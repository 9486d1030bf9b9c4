import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runCommand } from '../../../test/fixtures/commands.ts'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import { defaultLimits, type Limits } from '../../core/policy/limits.ts'
import type { Store } from '../../core/records/store.ts'
import { limitsCommand } from './limits.ts'

const run = (store: Store, ...args: string[]) => runCommand(limitsCommand, store, ['limits', ...args])
const limitsIn = async (store: Store): Promise<Limits | undefined> => (await store.readPolicy())?.limits
const newStore = (): Store => createMemoryStore(() => 0)

describe('hookline limits', () => {
  it('shows the defaults of a new store, by scope and window', async () => {
    const { printed } = await run(newStore(), 'show')
    const rows = (printed[0] ?? '').split('\n').map(line => line.split(/ {2,}/))
    assert.deepEqual(rows.slice(0, 5), [
      ['scope', 'window (s)', 'max. codes'],
      ['──────────────────', '──────────', '──────────'],
      ['number', '600', '5'],
      ['number', '3600', '10'],
      ['number', '86400', '50'],
    ])
    assert.match(printed[0] ?? '', /Codes that exceed a limit are refused\.$/)
  })

  it('shows JSON to programs', async () => {
    const { printed } = await run(newStore(), 'show', '--json')
    assert.deepEqual(JSON.parse(printed[0] ?? ''), defaultLimits)
  })

  it('changes the limit of one scope and window, and no other', async () => {
    const store = newStore()
    const { printed } = await run(store, 'set', '--scope', 'user', '--window', '600', '--max', '7')
    const { mode, windows = [] } = (await limitsIn(store)) ?? {}
    assert.equal(mode, 'enforce')
    assert.equal(windows.length, defaultLimits.windows.length)
    const changed = windows.filter(window => !defaultLimits.windows.some(known => sameAs(known, window)))
    assert.deepEqual(changed, [{ scope: 'user', windowSeconds: 600, max: 7 }])
    assert.match(printed[0] ?? '', /^user +600 +7$/m)
  })

  it('adds a window, and removes it with 0', async () => {
    const store = newStore()
    await run(store, 'set', '--scope', 'number', '--window', '1', '--max', '1')
    assert.equal((await limitsIn(store))?.windows.length, 10)
    await run(store, 'set', '--scope', 'number', '--window', '1', '--max', '0')
    assert.deepEqual(await limitsIn(store), defaultLimits)
  })

  it('only observes, or enforces again, and keeps the windows', async () => {
    const store = newStore()
    const { printed } = await run(store, 'observe')
    assert.match(printed[0] ?? '', /Only observed: nothing is refused\.$/)
    assert.deepEqual(await limitsIn(store), { ...defaultLimits, mode: 'observe' })
    await run(store, 'enforce')
    assert.deepEqual(await limitsIn(store), defaultLimits)
  })

  for (const [input, message] of [
    [['--window', '0', '--max', '1'], '--window is "0"; expected a whole number from 1 to 86400.'],
    [['--window', '86401', '--max', '1'], '--window is "86401"; expected a whole number from 1 to 86400.'],
    [['--window', 'day', '--max', '1'], '--window is "day"; expected a whole number from 1 to 86400.'],
    [['--window', '60', '--max', '-1'], '--max is "-1"; expected a whole number from 0 to 1000.'],
    [['--window', '60', '--max', '1001'], '--max is "1001"; expected a whole number from 0 to 1000.'],
    [['--window', '60', '--max', ''], '--max is ""; expected a whole number from 0 to 1000.'],
  ] as const) {
    it(`refuses ${input.join(' ')} and changes nothing`, async () => {
      const store = newStore()
      const { problem } = await run(store, 'set', '--scope', 'user', ...input)
      assert.equal(problem?.message, message)
      assert.deepEqual(await limitsIn(store), defaultLimits)
    })
  }

  it('refuses a scope that does not exist', async () => {
    const { problem } = await run(newStore(), 'set', '--scope', 'country', '--window', '60', '--max', '1')
    assert.match(problem?.message ?? '', /number, user, number-and-channel/)
  })
})

function sameAs(one: object, other: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
