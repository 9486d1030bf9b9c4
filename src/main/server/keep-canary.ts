import { createCanaryCredential } from '../../adapters/node/canary-credential.ts'
import { systemClock } from '../../adapters/node/system-clock.ts'
import { type CanaryParts, runCanary } from '../../advice/canary/canary.ts'
import { canaryEvent } from '../../advice/canary/canary-event.ts'
import type { Settings } from '../../config/settings.ts'
import type { StepEvent } from '../../core/deliver/event.ts'
import type { DeliveryStore } from '../../core/records/delivery-store.ts'
import { Secret } from '../../core/values/secret.ts'
import { callWith, knockWith } from '../canary-over-http.ts'

type Around = {
  /** The server's own address, without a path. */
  readonly url: string
  readonly store: Pick<DeliveryStore, 'pageDeliveries'>
  readonly record: (event: StepEvent) => void
}

/** Runs a canary as soon as the server listens, and each hour after that, if the settings want one. */
export function keepCanary(
  settings: Settings,
  { url: ownUrl, store, record }: Around,
): { readonly stop: () => void } {
  const { country, url = `${ownUrl}${settings.server.path}` } = settings.canary
  if (country === 'off') return { stop: () => undefined }
  record({ step: 'canary', outcome: 'on', detail: `To the simulator of ${country}, each hour, by ${url}` })
  const credential = createCanaryCredential(settings.store.hashKey ?? new Secret(''))
  const run = createRun({
    parts: {
      url,
      knock: knockWith(settings.callers.secretHeader),
      call: callWith(url, country, credential, systemClock.now),
      store,
      hasReceipts: settings.aws.receiptTopics !== undefined,
      receiptMs: RECEIPT_MS,
      clock: systemClock,
    },
    record,
  })
  void run()
  const timer = setInterval(() => void run(), HOUR_MS)
  timer.unref()
  return {
    stop: () => {
      clearInterval(timer)
      run.stop()
    },
  }
}

/**
 * One canary, unless one is running: it ends before the next hour, whatever hangs. Never rejects, and records nothing after
 * it was stopped. @internal
 */
export function createRun({
  parts,
  record,
}: {
  readonly parts: CanaryParts
  readonly record: (event: StepEvent) => void
}): (() => Promise<void>) & { readonly stop: () => void } {
  let isRunning = false
  let isStopped = false
  const run = async (): Promise<void> => {
    if (isRunning || isStopped) return
    isRunning = true
    const startedAt = parts.clock.now()
    const result = await runCanary(startedAt, parts)
    isRunning = false
    if (!isStopped) record(canaryEvent(result, parts.clock.now()))
  }
  return Object.assign(run, {
    stop: () => {
      isStopped = true
    },
  })
}

const HOUR_MS = 3_600_000
/** AWS's simulator sends receipts within seconds. */
export const RECEIPT_MS = 180_000
