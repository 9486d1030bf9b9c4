import { openAnswerStore } from '../../adapters/dynamodb/answers.ts'
import { openCanaryStore } from '../../adapters/dynamodb/canary-store.ts'
import { type FigureStore, openFigureStore } from '../../adapters/dynamodb/figures.ts'
import { checkForm } from '../../adapters/dynamodb/form.ts'
import { openFunctionStore } from '../../adapters/dynamodb/function-store.ts'
import { openReceiptStore } from '../../adapters/dynamodb/receipt-store.ts'
import { openDynamoStore } from '../../adapters/dynamodb/store.ts'
import type { DynamoStoreOptions } from '../../adapters/dynamodb/store-options.ts'
import { systemClock } from '../../adapters/node/system-clock.ts'
import type { Settings } from '../../config/settings.ts'
import { store as storeSettings } from '../../config/store-settings.ts'
import type { Store } from '../../core/records/store.ts'
import { retention } from '../server/retention.ts'

type From = Pick<Settings, 'store' | 'aws'>
type Client = Pick<DynamoStoreOptions, 'call' | 'close'>

/**
 * The store of a deployment, by the client that the program has chosen. Rejects with `RefusedForm` if this release cannot
 * use the table, which functions do not check: a sign-in would wait for it.
 */
export async function openTable(settings: From, client: Client): Promise<Store> {
  const options = optionsOf(settings, client)
  try {
    await checkForm(options)
  } catch (error) {
    client.close?.()
    throw error
  }
  return openDynamoStore(options)
}

/** What the function that answers Okta uses of it. */
export function openFunctionTable(settings: From, client: Client): ReturnType<typeof openFunctionStore> {
  return openFunctionStore(optionsOf(settings, client))
}

/** What the function for Okta's events uses of it. */
export function openAnswerTable(settings: From, client: Client): ReturnType<typeof openAnswerStore> {
  return openAnswerStore(optionsOf(settings, client))
}

/** What the function for receipts uses of it. */
export function openReceiptTable(settings: From, client: Client): ReturnType<typeof openReceiptStore> {
  return openReceiptStore(optionsOf(settings, client))
}

/** What the function for figures uses of it. */
export function openFigureTable(settings: From, client: Client): FigureStore {
  return openFigureStore(optionsOf(settings, client))
}

/** What the function for canaries uses of it. */
export function openCanaryTable(settings: From, client: Client): ReturnType<typeof openCanaryStore> {
  return openCanaryStore(optionsOf(settings, client))
}

function optionsOf({ store, aws }: From, client: Client): DynamoStoreOptions {
  const { table } = store
  if (table === undefined)
    throw new Error(`${storeSettings.table.name} is missing: the name of the DynamoDB table.`)
  return {
    ...client,
    table,
    now: systemClock.now,
    retention: retention(store),
    claimsMessages: aws.receiptsFromEventBridge,
  }
}

/** Maximum milliseconds for one try of a call of the table. It usually takes a hundredth of that. */
export const ATTEMPT_MS = 500
