import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { delivery } from '../../../test/contracts/stores.ts'
import { runCommand } from '../../../test/fixtures/commands.ts'
import { NOW } from '../../../test/fixtures/planning.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import { proposeBudgets } from '../../advice/fraud/propose-budgets.ts'
import type { Store } from '../../core/records/store.ts'
import { fraudCommand } from './fraud.ts'

const DAY_MS = 86_400_000
const newStore = (): Store => createMemoryStore(() => NOW)
const run = (store: Store, ...args: readonly string[]) =>
  runCommand(fraudCommand, store, ['fraud', 'budgets', ...args])

function file(content: object): { readonly path: string } & Disposable {
  const folder = temporaryFolder()
  const path = join(folder.path, 'budgets.json')
  writeFileSync(path, JSON.stringify(content))
  return { path, [Symbol.dispose]: () => folder[Symbol.dispose]() }
}

describe('hookline fraud budgets', () => {
  it('says that there are none, and how to get a proposal', async () => {
    const { printed } = await run(newStore())
    assert.match(printed.join(), /^There are no budgets: .* Proposal: hookline fraud budgets propose$/)
  })

  it('set stores budgets and prices, show prints them, and clear removes them; each is in the log of changes', async () => {
    using budgets = file({
      total: { messages: 500, dollars: 50 },
      countries: { VE: { messages: 20 } },
      prices: { default: { sms: 0.05 } },
    })
    const store = newStore()
    const { printed, problem } = await run(store, 'set', budgets.path, '--because', 'a first bound')
    assert.equal(problem, undefined)
    assert.match(printed.join(), /^all countries +500 +50\.00$/m)
    assert.match(printed.join(), /^VE +20 +no limit$/m)
    assert.match(printed.join(), /^each other country +no limit +no limit$/m)
    assert.deepEqual((await store.readPolicy())?.fraud.budgets, {
      budgets: { total: { messages: 500, dollars: 50 }, countries: { VE: { messages: 20 } } },
      prices: { default: { sms: 0.05 } },
    })
    assert.deepEqual((await run(store, 'show')).printed, printed)
    await run(store, 'clear')
    assert.equal((await store.readPolicy())?.fraud.budgets, undefined)
    const changes = await store.listChanges({ limit: 10 })
    assert.deepEqual(
      changes.map(({ what, differences, because }) => [what, differences[0]?.name, because]),
      [
        ['fraud', 'budgets', undefined],
        ['fraud', 'budgets', 'a first bound'],
      ],
    )
  })

  it('keeps budgets when the mode or an override changes', async () => {
    using budgets = file({ total: { messages: 5 } })
    const store = newStore()
    await run(store, 'set', budgets.path)
    await runCommand(fraudCommand, store, ['fraud', 'mode', 'enforce'])
    assert.deepEqual((await store.readPolicy())?.fraud.budgets?.budgets, { total: { messages: 5 } })
  })

  it('names what is wrong in the file, and changes nothing', async () => {
    using budgets = file({ total: { texts: 5 } })
    const store = newStore()
    const { problem } = await run(store, 'set', budgets.path)
    assert.match(
      problem?.message ?? '',
      /budgets\.json: total\.texts is unknown; allowed are messages, dollars$/,
    )
    assert.equal((await store.readPolicy())?.fraud.budgets, undefined)
  })

  it('propose prints ten times the biggest day of enrolments, and the prices of receipts; set takes it', async () => {
    const of = (id: string, country: string, day: number, price?: number) => ({
      ...delivery({ id, country, purpose: 'pre-enrollment', openedAt: NOW - day * DAY_MS }),
      position: id,
      progress:
        price === undefined
          ? undefined
          : ({ stage: 'delivered', type: 'TEXT_DELIVERED', at: NOW, fellBackToSms: false, price } as never),
      answered: undefined,
    })
    const many = [
      ...Array.from({ length: 7 }, (_, index) => of(`a${index}`, 'ES', 1, 0.04)),
      ...Array.from({ length: 4 }, (_, index) => of(`b${index}`, 'ES', 2, 0.06)),
      of('c', 'FR', 1),
    ]
    const plan = proposeBudgets(many)
    assert.deepEqual(plan.budgets, {
      total: { messages: 80 },
      eachCountry: { messages: 30 },
      countries: { ES: { messages: 70 }, FR: { messages: 30 } },
    })
    assert.deepEqual(Object.keys(plan.prices).toSorted(), ['ES', 'default'])
    assert.equal(plan.prices.ES?.sms, 0.04727)
    using folder = temporaryFolder()
    const path = join(folder.path, 'proposal.json')
    const store = newStore()
    const { printed } = await run(store, 'propose', '--file', path)
    assert.deepEqual(printed, [`The proposal was written to ${path}.`])
    assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')).total, { messages: 30 })
    assert.equal((await run(store, 'set', path)).problem, undefined)
  })
})
