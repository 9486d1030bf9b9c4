import { readReceipt } from '../../adapters/aws/receipt.ts'
import { systemClock } from '../../adapters/node/system-clock.ts'
import { aws } from '../../config/aws-settings.ts'
import { readGroups } from '../../config/setting.ts'
import { store as storeSettings } from '../../config/store-settings.ts'
import { tableCall } from '../aws-calls.ts'
import { lambdaAws } from './lambda-aws.ts'
import { logWithMetrics, usable } from './lambda-process.ts'
import { ATTEMPT_MS, openReceiptTable } from './open-table.ts'

/** Notifications of the configuration set's topic, or one event of EventBridge. */
type ReceiptsEvent = { readonly Records?: readonly { readonly Sns: { readonly Message: string } }[] }

const settings = usable(readGroups({ aws, store: storeSettings }, process.env))
const store = openReceiptTable(settings, tableCall(settings.aws.region, lambdaAws, ATTEMPT_MS))

/** Stores each receipt. Throws if that fails: the event is delivered again, and finally goes to the dead letters. */
export async function handler(event: ReceiptsEvent): Promise<void> {
  const events = event.Records?.map(({ Sns }) => parse(Sns.Message)) ?? [event]
  await Promise.all(events.map(keep))
}

async function keep(event: unknown): Promise<void> {
  const receipt = readReceipt(event, systemClock.now())
  if (receipt === undefined) {
    logWithMetrics({ step: 'receipt', outcome: 'heard', detail: 'not about a message' })
    return
  }
  await store.addReceipt(receipt)
  logWithMetrics({ step: 'receipt', outcome: 'kept', deliveryId: receipt.deliveryId, type: receipt.type })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // any publisher may send any text: not about a message
  }
}
