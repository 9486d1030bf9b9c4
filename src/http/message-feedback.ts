import type { TimeLimit } from '../core/deliver/clock.ts'
import { untilAborted } from '../core/deliver/deadline.ts'
import type { Ports } from '../core/deliver/ports.ts'
import { NOTED_EVERY_MS } from '../core/policy/answer-flow.ts'
import type { PolicyStore } from '../core/policy/policy-store.ts'
import type { Joined } from '../core/records/answer.ts'
import type { AwaitedFeedback } from '../core/records/delivery.ts'
import { messageOf } from '../core/values/printable.ts'

/** The first answer to a delivery, and when the code was entered. */
export type Answered = Extract<Joined, { readonly kind: 'answered' }> & { readonly at: number }

/**
 * Reports answers of these callers to the carrier where it awaits feedback, and records that answers come. Never rejects,
 * and resolves when the signal aborts: what was not reported then is counted, and not tried again.
 */
export type MessageFeedback = (
  answered: readonly Answered[],
  callers: readonly string[],
  signal: TimeLimit,
) => Promise<void>

export type MessageFeedbackParts = {
  /** Reports that this message arrived. May reject. */
  readonly report: (awaited: AwaitedFeedback, signal: TimeLimit) => Promise<void>
  readonly store: Pick<PolicyStore, 'noteAnswers'>
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly record: Ports['record']
}

export function createMessageFeedback({ report, store, now, record }: MessageFeedbackParts): MessageFeedback {
  const notedAt = new Map<string, number>() // as many as there are orgs

  const reportOne = async ({ deliveryId, feedback }: Answered, signal: TimeLimit): Promise<void> => {
    if (feedback === undefined) return
    try {
      await untilAborted(report(feedback, signal), signal)
      record({ step: 'feedback', outcome: 'reported', deliveryId })
    } catch (error) {
      record({ step: 'feedback', outcome: 'not-reported', deliveryId, detail: messageOf(error) })
    }
  }
  const note = async (callers: readonly string[], signal: TimeLimit): Promise<void> => {
    const at = now()
    const due = callers.filter(
      caller => at - (notedAt.get(caller) ?? Number.NEGATIVE_INFINITY) >= NOTED_EVERY_MS,
    )
    if (due.length === 0) return
    for (const caller of due) notedAt.set(caller, at)
    try {
      await untilAborted(store.noteAnswers(due, at), signal)
    } catch (error) {
      for (const caller of due) notedAt.delete(caller) // the next answer tries again
      record({ step: 'feedback', outcome: 'store-unavailable', detail: messageOf(error) })
    }
  }
  return async (answered, callers, signal) => {
    // Answers that come later than AWS waits are no reason to let it wait.
    const isInTime = answered.some(({ at, afterMs }) => now() - (at - afterMs) < AWS_WAITS_MS)
    await Promise.all([
      ...answered.map(one => reportOne(one, signal)),
      ...(isInTime ? [note(callers, signal)] : []),
    ])
  }
}

/** AWS sets the record of a message to FAILED after an hour. */
const AWS_WAITS_MS = 3_600_000
