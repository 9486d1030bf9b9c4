import type { Clock } from '../../core/deliver/clock.ts'
import { untilAborted } from '../../core/deliver/deadline.ts'
import type { StepEvent } from '../../core/deliver/event.ts'
import { CANARY_EVENT_ID } from '../../core/records/canary.ts'
import type { FollowedDelivery } from '../../core/records/delivery.ts'
import type { DeliveryStore } from '../../core/records/delivery-store.ts'
import { CANARY_VALID_MS } from './canary-request.ts'
import { type CanaryEnd, canaryTexts as texts } from './canary-texts.ts'
import { type HookReply, readReply, type Sent } from './hook-reply.ts'

/** The steps of a canary, in their order. Each needs the one before it. @internal */
export const canarySteps = ['door', 'hook', 'carrier', 'record', 'receipt'] as const
type CanaryStepName = (typeof canarySteps)[number]

export type CanaryStep = { readonly step: CanaryStepName } & CanaryEnd

export type CanaryResult = {
  /** When it began; milliseconds since 1970. */
  readonly at: number
  readonly failed: CanaryStepName | undefined
  readonly deliveryId: string | undefined
  /** All of them. */
  readonly steps: readonly CanaryStep[]
}

/** What a canary needs from outside. */
export type CanaryParts = {
  /** The address that Okta calls. */
  readonly url: string
  /** The status with which that address answers a request whose credential is worth nothing. Rejects without an answer. */
  readonly knock: (url: string, signal: AbortSignal) => Promise<number>
  /**
   * Has the hook send the code of this canary. Rejects without an answer. Undefined if another program has asked the hook
   * already: only the store knows what became of it.
   */
  readonly call: ((at: number, signal: AbortSignal) => Promise<HookReply>) | undefined
  /** Undefined where no store can be read: what it would show is skipped. */
  readonly store: Pick<DeliveryStore, 'pageDeliveries'> | undefined
  /** Whether the carrier sends receipts to this deployment. */
  readonly hasReceipts: boolean
  /** Milliseconds to wait for the receipt at most; 0 skips it. */
  readonly receiptMs: number
  readonly clock: Pick<Clock, 'now' | 'pause' | 'abortAfter'>
  /** Called when each step has ended. */
  readonly report?: (step: CanaryStep) => void
}

/**
 * Follows one code to AWS's simulator through the whole deployment. The first step that fails ends it. `at` is when it
 * began, and its identity. It never rejects, and whatever hangs it takes at most a minute and the wait for the receipt.
 */
export async function runCanary(at: number, parts: CanaryParts): Promise<CanaryResult> {
  const seen: Seen = { sent: undefined, delivery: undefined }
  const steps: CanaryStep[] = []
  let failed: CanaryStepName | undefined
  for (const step of canarySteps) {
    const end = failed === undefined ? await endOf(step, at, seen, parts) : texts.notTried(failed)
    if (end.result === 'failed') failed = step
    steps.push({ step, ...end })
    parts.report?.({ step, ...end })
  }
  return { at, failed, deliveryId: seen.delivery?.id ?? seen.sent?.deliveryId, steps }
}

/** What the steps so far have seen. */
type Seen = { sent: Sent | undefined; delivery: FollowedDelivery | undefined }

type Work = (at: number, seen: Seen, parts: CanaryParts, signal: AbortSignal) => Promise<CanaryEnd>

/** A step that rejects has failed, and so has one that hangs. */
async function endOf(step: CanaryStepName, at: number, seen: Seen, parts: CanaryParts): Promise<CanaryEnd> {
  const { work, maxMs } = STEPS[step]
  const signal = parts.clock.abortAfter(maxMs + (step === 'receipt' ? parts.receiptMs : 0))
  try {
    return await untilAborted(work(at, seen, parts, signal), signal)
  } catch (error) {
    return signal.aborted ? texts[step].hung(maxMs) : texts[step].threw(error)
  }
}

const door: Work = async (_, __, { url, knock }, signal) => {
  const status = await knock(url, signal)
  return status === 401 ? texts.door.refused(url) : texts.door.answered(url, status)
}

const hook: Work = async (at, seen, parts, signal) => {
  if (parts.call === undefined) {
    seen.delivery = await lookFor(at, parts, FOUND_MS)
    return seen.delivery === undefined ? texts.hook.notRecorded : texts.hook.recorded
  }
  const startedAt = parts.clock.now()
  const reply = readReply(await parts.call(at, signal))
  const tookMs = parts.clock.now() - startedAt
  if (reply.kind === 'unusable') return texts.hook.unusable(reply)
  seen.sent = reply
  return tookMs > OKTA_WAITS_MS ? texts.hook.slow(tookMs) : texts.hook.answered(tookMs)
}

/** Why nothing was sent is in the delivery, if the store has it. */
const carrier: Work = async (at, seen, parts) => {
  const { sent, delivery } = seen
  if (delivery !== undefined) return texts.carrier.ofEnd(delivery.end)
  if (sent?.messageId !== undefined) return texts.carrier.accepted(sent.messageId)
  const found = untilAborted(find(at, parts), parts.clock.abortAfter(FOUND_MS))
  const { end } = (await found.catch(() => undefined)) ?? {}
  const detail = end !== undefined && 'detail' in end ? end.detail : ''
  return texts.carrier.notSent(sent?.code, detail)
}

const record: Work = async (at, seen, parts) => {
  if (parts.store === undefined) return texts.record.noStore
  seen.delivery ??= await lookFor(at, parts, FOUND_MS)
  const { delivery } = seen
  if (delivery === undefined) return texts.record.missing
  return delivery.end.state === 'accepted' ? texts.record.found(delivery.id) : texts.record.notEnded(delivery)
}

/** A receipt that says "on its way" shows that receipts arrive, if no later one comes in time. */
const receipt: Work = async (at, _, parts) => {
  const { clock, receiptMs, hasReceipts, store } = parts
  if (store === undefined) return texts.record.noStore
  if (receiptMs === 0) return texts.receipt.notAwaited
  if (!hasReceipts) return texts.receipt.none
  const until = clock.now() + receiptMs
  for (;;) {
    const { progress } = (await find(at, parts)) ?? {}
    if (progress?.stage === 'delivered') return texts.receipt.delivered(progress.type)
    if (progress?.stage === 'undeliverable' || progress?.stage === 'unknown')
      return texts.receipt.undeliverable(progress.type)
    if (clock.now() >= until)
      return progress === undefined ? texts.receipt.missing(receiptMs) : texts.receipt.underWay(progress.type)
    await clock.pause(LOOK_MS)
  }
}

/** The delivery of this canary once it has ended, or as it is after `maxMs`. */
async function lookFor(at: number, parts: CanaryParts, maxMs: number): Promise<FollowedDelivery | undefined> {
  const { clock } = parts
  const until = clock.now() + maxMs
  for (;;) {
    const delivery = await find(at, parts)
    const hasEnded = delivery !== undefined && delivery.end.state !== 'sending'
    if (hasEnded || clock.now() >= until) return delivery
    await clock.pause(LOOK_MS)
  }
}

/** Clocks of other machines may be behind or ahead of ours. */
async function find(at: number, { store, clock }: CanaryParts): Promise<FollowedDelivery | undefined> {
  const page = await store?.pageDeliveries({
    limit: 100,
    whose: { kind: 'event', eventId: CANARY_EVENT_ID },
    period: { from: at - APART_MS, to: clock.now() + APART_MS },
  })
  return page?.deliveries.find(({ expiresAt }) => expiresAt === at + CANARY_VALID_MS)
}

/** How a canary ended, for log and metrics: `failed` names its step, `detail` says what was seen and what to do. */
export function canaryEvent({ at, failed, deliveryId, steps }: CanaryResult, now: number): StepEvent {
  const step = steps.find(({ result }) => result === 'failed')
  const detail = step?.result === 'failed' ? `${step.detail} ${step.remedy}` : undefined
  const outcome = failed === undefined ? 'passed' : 'failed'
  return { step: 'canary', outcome, failed, deliveryId, detail, durationMs: now - at }
}

/** `maxMs`: after this it hangs. */
const STEPS: Readonly<Record<CanaryStepName, { readonly work: Work; readonly maxMs: number }>> = {
  door: { work: door, maxMs: 5_000 },
  hook: { work: hook, maxMs: 20_000 },
  carrier: { work: carrier, maxMs: 20_000 },
  record: { work: record, maxMs: 20_000 },
  receipt: { work: receipt, maxMs: 10_000 },
}
const OKTA_WAITS_MS = 3_000
/** How long the canary of an hour waits for its receipt: AWS's simulator sends it within seconds. */
export const CANARY_RECEIPT_MS = 180_000
const FOUND_MS = 15_000
const LOOK_MS = 500
const APART_MS = 300_000
