import type { CallResult } from './hook-exchange.ts'

export type LastCalls = {
  /** Keeps the call and gives it back. */
  readonly add: (result: CallResult) => CallResult
  /** In the order in which they ended. They hold codes, and no token. */
  readonly all: () => readonly CallResult[]
}

const CALLS_KEPT_MAX = 200

/** The last 200 calls of the hook. */
export function lastCalls(): LastCalls {
  const results: CallResult[] = []
  return {
    add(result) {
      results.push(result)
      if (results.length > CALLS_KEPT_MAX) results.shift()
      return result
    },
    all: () => [...results],
  }
}
