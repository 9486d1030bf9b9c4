import assert from 'node:assert/strict'
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { type Shared, testSharing, withKeys } from './sharing.ts'
import { thirtyDays } from './stores.ts'

/** Two stores on one file, each with its own thread, as in two processes. */
async function openTwo(): Promise<Shared> {
  const folder = temporaryFolder()
  const stores = await Promise.all([1, 2].map(() => openSqliteStore(folder.path, () => 1_000, thirtyDays)))
  const [one, other] = [stores[0] ?? assert.fail(), stores[1] ?? assert.fail()]
  return {
    one,
    other,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(stores.map(store => store.close()))
      folder[Symbol.dispose]()
    },
  }
}

testSharing('two stores on one SQLite file', openTwo, { rounds: 200, atOnce: 40, fills: 'at once' })

testSharing(
  'two stores on one SQLite file, one before and one after the hash keys changed places',
  async () => {
    const { one, other, ...shared } = await openTwo()
    return { ...shared, one: withKeys(one, ['a', 'b']), other: withKeys(other, ['b', 'a']) }
  },
  { rounds: 200, atOnce: 40, fills: 'at once' },
)
