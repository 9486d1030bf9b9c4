/** Random choices that a seed repeats. */
export type Random = {
  /** 0 <= x < 1. */
  readonly next: () => number
  readonly chance: (probability: number) => boolean
  readonly between: (from: number, to: number) => number
  readonly whole: (from: number, toIncluded: number) => number
  readonly pick: <T>(items: readonly T[]) => T
  /** Times of a Poisson process, in order. */
  readonly times: (from: number, to: number, count: number) => readonly number[]
  /** Milliseconds from a code to its entry: half within 20 s, one in twenty after a minute. */
  readonly answerMs: () => number
}

export function createRandom(seed: number): Random {
  let state = (seed * 2_654_435_761 + 12_345) >>> 0
  // Mulberry32, by Tommy Ettinger (public domain).
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let x = state
    x = Math.imul(x ^ (x >>> 15), x | 1)
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61)
    return ((x ^ (x >>> 14)) >>> 0) / 4_294_967_296
  }
  const between = (from: number, to: number): number => from + next() * (to - from)
  const whole = (from: number, toIncluded: number): number => Math.floor(between(from, toIncluded + 1))
  return {
    next,
    chance: probability => next() < probability,
    between,
    whole,
    pick: items => {
      const item = items[whole(0, items.length - 1)]
      if (item === undefined) throw new Error('Nothing to pick from')
      return item
    },
    times: (from, to, count) =>
      Array.from({ length: count }, () => between(from, to)).sort((one, other) => one - other),
    answerMs: () => Math.round(Math.exp(Math.log(20_000) + 0.65 * normal(next))),
  }
}

function normal(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
}
