import type { Clock } from '../core/deadline.ts'

export const systemClock: Clock = { now: Date.now, abortAfter: ms => AbortSignal.timeout(ms) }
