/** Since when answers to the codes of a caller have come without a long gap, and when the last one came. Milliseconds since 1970. */
type AnswerFlow = { readonly since: number; readonly lastAt: number }

/** By `Delivery.caller`. */
export type AnswerFlows = Readonly<Record<string, AnswerFlow>>

/** The flows after an answer; undefined if the store need not change. An answer is noted at most once an hour. */
export function flowsWith(
  flows: AnswerFlows | undefined,
  callers: readonly string[],
  at: number,
): AnswerFlows | undefined {
  const noted = callers.flatMap(caller => {
    const flow = flowOf(flows, caller)
    if (flow === undefined || at - flow.lastAt > GAP_MAX_MS) return [[caller, { since: at, lastAt: at }]]
    return at - flow.lastAt < NOTED_EVERY_MS ? [] : [[caller, { since: flow.since, lastAt: at }]]
  })
  return noted.length === 0 ? undefined : { ...flows, ...Object.fromEntries(noted) }
}

/**
 * Whether the carrier may expect feedback about a code of this caller, which it takes for lost without: answers have come
 * for a day, without a gap of more than twelve hours, and still come.
 */
export function isFeedbackOn(flows: AnswerFlows | undefined, caller: string, now: number): boolean {
  const flow = flowOf(flows, caller)
  return flow !== undefined && now - flow.since >= DAY_MS && now - flow.lastAt <= GAP_MAX_MS
}

function flowOf(flows: AnswerFlows | undefined, caller: string): AnswerFlow | undefined {
  return flows !== undefined && Object.hasOwn(flows, caller) ? flows[caller] : undefined
}

const DAY_MS = 86_400_000
/** A night without a sign-in is no gap; a weekend is. */
const GAP_MAX_MS = 12 * 3_600_000
export const NOTED_EVERY_MS = 3_600_000
