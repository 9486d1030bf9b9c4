import type { ReasonCode } from '../values/reasons.ts'
import type { Channel } from '../values/request.ts'

/** How many codes may be sent in a window of time. Stored and live, like the rest of the policy. */
export type Limits = {
  /** `observe` counts and logs, but refuses nothing. */
  readonly mode: 'enforce' | 'observe'
  readonly windows: readonly Limit[]
}

export type Limit = {
  readonly scope: LimitScope
  readonly windowSeconds: number
  readonly max: number
  /** Default: the reason of the scope. */
  readonly reason?: ReasonCode
  /** How many of `max` are kept for networks where the phone answered before (`windowsFor`). Never stored. */
  readonly kept?: number
}
/** The longest window and the highest maximum of a limit. */
export const WINDOW_SECONDS_MAX = 86_400
export const LIMIT_MAX = 1_000

export type LimitScope = (typeof limitScopes)[number]

export const limitScopes = ['number', 'user', 'number-and-channel'] as const

/** As is usual for one-time codes: enough for people, too few for SMS pumping. */
export const defaultLimits: Limits = {
  mode: 'enforce',
  windows: limitScopes.flatMap(scope => [
    { scope, windowSeconds: 600, max: 5 },
    { scope, windowSeconds: 3_600, max: 10 },
    { scope, windowSeconds: 86_400, max: 50 },
  ]),
}

/** The limits of one channel: ours, and for calls AWS's own, so that AWS does not have to refuse. */
export function limitsOf(channel: Channel, { mode, windows }: Limits): Limits {
  return channel === 'voice' ? { mode, windows: [...windows, CALLS_TO_RECIPIENT] } : { mode, windows }
}

/** Source: AWS End User Messaging, voice quotas; not adjustable. */
const CALLS_TO_RECIPIENT: Limit = {
  scope: 'number-and-channel',
  windowSeconds: 86_400,
  max: 5,
  reason: 'RECIPIENT_CALLED_TOO_OFTEN',
}

/** When earlier codes were sent, by scope: milliseconds since 1970, in any order. */
export type SendHistory = Readonly<Record<LimitScope, readonly number[]>>

/**
 * The first limit that one more code at `now` would exceed. A code with a time in the future (from another clock, or
 * from before this clock was set back) counts until its own window has passed.
 */
export function exceededLimit(
  windows: readonly Limit[],
  history: SendHistory,
  now: number,
): Limit | undefined {
  return windows.find(({ scope, windowSeconds, max, kept = 0 }) => {
    const since = now - windowSeconds * 1_000
    return history[scope].filter(time => time > since).length >= Math.max(1, max - kept)
  })
}

/** With one limit more, which replaces the one of the same scope and window; without it if `max` is 0. */
export function withLimit({ mode, windows }: Limits, limit: Limit): Limits {
  const { scope, windowSeconds, max } = limit
  const others = windows.filter(one => one.scope !== scope || one.windowSeconds !== windowSeconds)
  return { mode, windows: max === 0 ? others : [...others, limit] }
}

/** The longest window: how far back a store must look. */
export function longestWindowMs(windows: readonly Limit[]): number {
  return Math.max(0, ...windows.map(({ windowSeconds }) => windowSeconds * 1_000))
}

export function limitReason(limit: Limit): ReasonCode {
  return limit.reason ?? REASON_OF[limit.scope]
}

/** For operators only: `5 per 600 s for one number`. */
export function describeLimit({ scope, windowSeconds, max, kept }: Limit): string {
  const limit = `${max} per ${windowSeconds} s for one ${scope.replaceAll('-', ' ')}`
  return kept === undefined
    ? limit
    : `${limit}, of which the last ${kept} are kept for networks where the phone answered`
}

const REASON_OF = {
  number: 'LIMIT_NUMBER',
  user: 'LIMIT_USER',
  'number-and-channel': 'LIMIT_NUMBER_AND_CHANNEL',
} as const satisfies Record<LimitScope, ReasonCode>
