import { now, type OrgState } from './org-state.ts'

export type RateLimit = {
  /** Counts one request. */
  readonly take: () => { readonly isExceeded: boolean; readonly headers: Readonly<Record<string, string>> }
  /** The headers of a refusal: none remaining, and the second when there are some again. */
  readonly exhausted: (resetSeconds: number) => Readonly<Record<string, string>>
}

const WINDOW_MS = 60_000

/** Okta's limit of requests a minute, in windows that begin with the first request. */
export function rateLimit(org: OrgState, limit: number): RateLimit {
  let windowStartMs = 0
  let used = 0
  return {
    take() {
      const nowMs = now(org).getTime()
      // A clock that was set back begins a new window too.
      if (nowMs - windowStartMs >= WINDOW_MS || nowMs < windowStartMs) {
        windowStartMs = nowMs
        used = 0
      }
      used++
      return {
        isExceeded: used > limit,
        headers: headers(limit, Math.max(0, limit - used), windowStartMs + WINDOW_MS),
      }
    },
    exhausted: resetSeconds => headers(limit, 0, now(org).getTime() + resetSeconds * 1000),
  }
}

function headers(limit: number, remaining: number, resetMs: number): Readonly<Record<string, string>> {
  return {
    'X-Rate-Limit-Limit': String(limit),
    'X-Rate-Limit-Remaining': String(remaining),
    'X-Rate-Limit-Reset': String(Math.ceil(resetMs / 1000)),
  }
}
