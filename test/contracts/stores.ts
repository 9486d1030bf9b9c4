import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { createMemoryStore } from '../../src/adapters/memory/store.ts'
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts'
import type { Limits } from '../../src/core/policy/limits.ts'
import type { Delivery } from '../../src/core/records/delivery.ts'
import type { ListedDelivery } from '../../src/core/records/delivery-store.ts'
import type { Retention, Store } from '../../src/core/records/store.ts'
import { countFiguresOn, type Dynamo, isDynamoDbLocal, openOn, startDynamo } from '../fixtures/dynamo.ts'

/** A store for the time of one test; ends with `await using`. */
type TestStore = Store & AsyncDisposable & { readonly countFigures: () => Promise<unknown> }

export type OpenStore = (now: () => number, retention?: Retention) => Promise<TestStore>

export const DAY_MS = 86_400_000
/** Its client. Default: Hookline's own. */
export const thirtyDays: Retention = { deliveriesMs: 30 * DAY_MS, receiptsMs: 4 * DAY_MS }

/** Every store by name. Each opens empty, with a clock that the test moves. */
const everyStore: readonly (readonly [string, OpenStore])[] = [
  ['the memory store', async (now, retention = thirtyDays) => closing(createMemoryStore(now, retention))],
  [
    'the SQLite store',
    async (now, retention = thirtyDays) => {
      const folder = await mkdtemp(join(tmpdir(), 'hookline-store-'))
      return closing(await openSqliteStore(folder, now, retention), () =>
        rm(folder, { recursive: true, force: true }),
      )
    },
  ],
  [
    'the DynamoDB store',
    async (now, retention = thirtyDays) => {
      dynamo ??= startDynamo()
      const started = await dynamo
      const options = { table: await started.createTable(), now, retention, claimsMessages: true }
      const countFigures = () => countFiguresOn(started, options)
      return { ...closing(await openOn(started, options)), countFigures }
    },
  ],
]

/** All of them; before AWS's own DynamoDB only that one, since the others are the same there. */
export const stores = isDynamoDbLocal ? everyStore.slice(-1) : everyStore

// One for all tests of a file: each store has its own table.
let dynamo: Promise<Dynamo> | undefined
after(async () => (await dynamo)?.close())

function closing(store: Store, after: () => Promise<void> = async () => undefined): TestStore {
  return Object.assign(store, {
    countFigures: async () => undefined, // they are counted when they are read
    [Symbol.asyncDispose]: async () => {
      await store.close()
      await after()
    },
  })
}

/** One delivery, whether it has ended or not. */
export async function findIn(store: Store, id: string): Promise<ListedDelivery | undefined> {
  return (await store.listDeliveries({ limit: 1_000 })).find(delivery => delivery.id === id)
}

export const noLimits: Limits = { mode: 'enforce', windows: [] }

/** A delivery; by default one that has just begun. */
export function delivery(changed: Partial<Delivery> = {}): Delivery {
  return {
    id: 'delivery-1',
    openedAt: 1_000,
    caller: 'https://example.okta.com/oauth2/default',
    eventId: 'event-1',
    oktaRequestId: 'request-1',
    duplicateKey: 'key-1',
    numberDigest: 'number-1',
    userDigest: 'user-1',
    loginDigest: 'login-1',
    country: 'ES',
    lastDigits: '40',
    channel: 'sms',
    purpose: 'mfa-verification',
    templateUsed: { source: 'template', locale: 'es', purpose: 'any', version: 3 },
    parts: 1,
    expiresAt: 301_000,
    credit: undefined,
    end: { state: 'sending' },
    ...changed,
  }
}

export function accepted(messageId = 'message-1'): Delivery['end'] {
  return { state: 'accepted', at: 1_200, messageId, attempts: [] }
}

export function ended(state: 'refused' | 'failed' | 'unknown'): Delivery['end'] {
  const code = ({ refused: 'LIMIT_USER', failed: 'CARRIER_REFUSED', unknown: 'CARRIER_UNKNOWN' } as const)[
    state
  ]
  return { state, at: 1_200, code, detail: 'as it was', attempts: [] }
}
