/**
 * Codes and answers by bucket of time (days, half-hours), by the number of the bucket since 1970. An answer is booked in
 * the bucket of its code, so that a bucket never has more answers than codes.
 */
export type Counts = Readonly<Record<number, Count>>
export type Count = readonly [codes: number, answers: number]

export const DAY_MS = 86_400_000
export const HALF_HOUR_MS = 1_800_000

/** The counts with one code or answer more in the bucket of `at`, and without buckets that are older than `kept`. */
export function addTo(
  counts: Counts,
  what: 'code' | 'answer',
  { at, bucketMs, kept }: { readonly at: number; readonly bucketMs: number; readonly kept: number },
): Counts {
  const bucket = Math.floor(at / bucketMs)
  const [codes, answers] = counts[bucket] ?? NONE
  const next: Record<number, Count> = {}
  for (const [key, count] of Object.entries(counts))
    if (Number(key) > bucket - kept) next[Number(key)] = count
  next[bucket] = what === 'code' ? [codes + 1, answers] : [codes, answers + 1]
  return next
}

/** The same with one answer less: the phone that gave it does not count as proven any more. */
export function withoutAnswer(counts: Counts, at: number): Counts {
  const bucket = Math.floor(at / DAY_MS)
  const [codes, answers] = counts[bucket] ?? NONE
  return { ...counts, [bucket]: [codes, answers - 1] }
}

/** The same with one code less, which provably was not sent; never fewer codes than answers. */
export function withoutCode(counts: Counts, at: number, bucketMs: number): Counts {
  const bucket = Math.floor(at / bucketMs)
  const count = counts[bucket]
  return count === undefined ? counts : { ...counts, [bucket]: [Math.max(count[1], count[0] - 1), count[1]] }
}

/** The sum of the last `buckets` buckets, that of `now` included. */
export function sumOf(counts: Counts, now: number, bucketMs: number, buckets: number): Count {
  const first = Math.floor(now / bucketMs) - buckets
  let codes = 0
  let answers = 0
  for (const key in counts) {
    if (Number(key) <= first) continue
    const count = counts[key] ?? NONE
    codes += count[0]
    answers += count[1]
  }
  return [codes, answers]
}

/** In how many of the last `days` days something was answered. */
export function daysAnswered(counts: Counts, now: number, days: number): number {
  const first = Math.floor(now / DAY_MS) - days
  return Object.entries(counts).filter(([day, [, answers]]) => Number(day) > first && answers > 0).length
}

const NONE: Count = [0, 0]
