import { createCanaryCredential } from '../../adapters/node/canary-credential.ts'
import { systemClock } from '../../adapters/node/system-clock.ts'
import { CANARY_RECEIPT_MS, type CanaryParts, canaryEvent, runCanary } from '../../advice/canary/canary.ts'
import type { Settings } from '../../config/settings.ts'
import { hashKeysOf } from '../../config/store-settings.ts'
import type { StepEvent } from '../../core/deliver/event.ts'
import type { DeliveryStore } from '../../core/records/delivery-store.ts'
import { Secret } from '../../core/values/secret.ts'
import type { SimulatorCountry } from '../../core/values/simulator-numbers.ts'
import { callWith, knockWith } from '../canary-over-http.ts'

type Around = {
  readonly country: SimulatorCountry
  /** Of the hook, as Okta calls it if the settings say so, else on this machine. */
  readonly url: string
  readonly store: Pick<DeliveryStore, 'pageDeliveries'>
  readonly record: (event: StepEvent) => void
}

/** Runs a canary now, and each hour after that. */
export function keepCanary(
  settings: Settings,
  { country, url, store, record }: Around,
): { readonly stop: () => void } {
  record({ step: 'canary', outcome: 'on', detail: `To the simulator of ${country}, each hour, by ${url}` })
  const credential = createCanaryCredential(
    hashKeysOf(settings.store.hashKey ?? new Secret(''), settings.store),
  )
  const run = createRun({
    parts: {
      url,
      knock: knockWith(settings.callers.secretHeader),
      call: callWith(url, country, credential, systemClock.now),
      store,
      hasReceipts: settings.aws.receiptTopics !== undefined,
      receiptMs: CANARY_RECEIPT_MS,
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
