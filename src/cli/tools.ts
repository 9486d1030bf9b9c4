import type { PlanRules } from '../core/plan.ts'
import type { Store } from '../core/store.ts'

/** What commands are handed by `main`: they choose no adapter and read no environment themselves. */
export type Tools = {
  /** Opens the store of the settings, with the shipped templates if it was empty. Close it after use. */
  readonly openStore: () => Promise<Store>
  readonly planRules: () => PlanRules
  readonly print: (text: string) => void
  readonly now: () => number
  readonly pause: (ms: number) => Promise<void>
  /** The keyed digest in which numbers and users are stored. */
  readonly digest: (text: string) => string
}

/** Opens the store for the time of one piece of work. */
export async function withStore<T>(tools: Tools, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await tools.openStore()
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}
