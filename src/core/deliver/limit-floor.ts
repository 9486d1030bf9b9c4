import type { Limit, LimitScope, Limits } from '../policy/limits.ts'
import type { Delivery } from '../records/delivery.ts'

/**
 * The limits inside one server: the same windows as the store's, over the codes that this server let through. It
 * decides alone while the store does not answer, and it keeps counts that a store has lost. It holds only keyed digests
 * and times.
 */
export type LimitFloor = {
  /**
   * Counts one code, unless a limit that is enforced is exceeded. Checks and counts in one step, so concurrent requests
   * are counted exactly. `now`: milliseconds on a clock that is never set back. A worker asks the primary process, and
   * gets a promise, which never rejects.
   */
  readonly count: (delivery: CountedDelivery, limits: Limits, now: number) => Counted | Promise<Counted>
}

/** The floor in the process that counts. */
export type LocalLimitFloor = {
  readonly count: (delivery: CountedDelivery, limits: Limits, now: number) => Counted
  /** Removes a code that was counted at this time, because it provably was not sent. */
  readonly takeBack: (delivery: CountedDelivery, countedAt: number) => void
}

export type CountedDelivery = Pick<Delivery, 'numberDigest' | 'userDigest' | 'channel'>

export type Counted =
  | {
      readonly kind: 'counted'
      /** A limit that is exceeded, but only observed. */
      readonly exceeded: Limit | undefined
      /** Removes the code from the counts, because it provably was not sent. Once, however often it is called. */
      readonly takeBack: () => void
    }
  | { readonly kind: 'limited'; readonly limit: Limit }

/**
 * At most `timesMax` times are kept, three for each code. Above that, the number or user whose last code is the oldest
 * is removed. Default: 150,000, which is about 30 MB when all of them differ.
 */
export function createLimitFloor(timesMax = 150_000): LocalLimitFloor {
  const counts = new Map<string, number[]>() // in the order of the last code, oldest first
  let held = 0

  const forget = (key: string, times: readonly number[]): void => {
    counts.delete(key)
    held -= times.length
  }
  const add = (key: string, now: number): void => {
    const times = counts.get(key) ?? []
    const old = times.findIndex(time => time > now - LONGEST_WINDOW_MS)
    const gone = Math.max(old === -1 ? times.length : old, times.length + 1 - COUNTED_MAX)
    times.splice(0, gone)
    times.push(now)
    counts.delete(key)
    counts.set(key, times)
    held += 1 - gone
    for (const [oldest, theirs] of counts) {
      const isOver = (theirs.at(-1) ?? now) <= now - LONGEST_WINDOW_MS
      if (oldest === key || (!isOver && held <= timesMax)) break
      forget(oldest, theirs)
    }
  }
  const remove = (key: string, time: number): void => {
    const times = counts.get(key)
    const index = times?.lastIndexOf(time) ?? -1
    if (times === undefined || index < 0) return
    times.splice(index, 1)
    held -= 1
    if (times.length === 0) counts.delete(key)
  }
  const isExceeded = (key: string | undefined, { windowSeconds, max }: Limit, now: number): boolean => {
    const times = key === undefined ? undefined : counts.get(key)
    const last = times?.[times.length - max] // the times are in order
    return last !== undefined && last > now - windowSeconds * 1_000
  }

  const takeBack = (delivery: CountedDelivery, countedAt: number): void => {
    for (const key of namedKeys(keysOf(delivery))) remove(key, countedAt)
  }
  return {
    count: (delivery, { mode, windows }, now) => {
      const keys = keysOf(delivery)
      const exceeded = windows.find(limit => isExceeded(keys[limit.scope], limit, now))
      if (exceeded !== undefined && mode === 'enforce') return { kind: 'limited', limit: exceeded }
      for (const key of namedKeys(keys)) add(key, now)
      return { kind: 'counted', exceeded, takeBack: once(() => takeBack(delivery, now)) }
    },
    takeBack,
  }
}

/** The function, for one call; later calls do nothing. */
export function once(work: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) work()
    isDone = true
  }
}

function namedKeys(keys: ReturnType<typeof keysOf>): readonly string[] {
  return Object.values(keys).filter(key => key !== undefined)
}

function keysOf({
  numberDigest,
  userDigest,
  channel,
}: CountedDelivery): Record<LimitScope, string | undefined> {
  return {
    number: `number ${numberDigest}`,
    user: userDigest === undefined ? undefined : `user ${userDigest}`,
    'number-and-channel': `${channel} ${numberDigest}`,
  }
}

// The largest window and count that `hookline limits set` allows.
const LONGEST_WINDOW_MS = 86_400_000
const COUNTED_MAX = 1_000
