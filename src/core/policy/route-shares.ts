/**
 * Routing by what works: how many tenths of a route's messages each of its first candidates gets. A candidate whose codes
 * are entered clearly less often than those of another one loses a tenth to it, and again, down to a probe's share; when
 * it is as good again, the shares drift back to the operator's order. Candidates are drawn at random, so anyone who leaves
 * codes unanswered on purpose affects all of them alike; and each phone counts once.
 */
export type RouteShares = {
  /** Tenths by candidate, ten in all: the first candidates of the route (`PARTICIPANTS_MAX`). The others only get fail-overs. */
  readonly tenths: Readonly<Record<string, number>>
  /** When a tenth was last moved; milliseconds since 1970. */
  readonly movedAt?: number
}

/** A code to a phone that answered before, old enough to be judged. A candidate is named by its identity. */
export type RouteSample = {
  readonly candidate: string
  /** The digest of the number. */
  readonly phone: string
  readonly at: number
  /** The code was entered within `GOOD_WITHIN_MS`. */
  readonly isGood: boolean
}

/** Why a tenth moved. The counts are those of the newest codes, at most `WINDOW` of each. */
export type ShareMove = {
  readonly from: string
  readonly to: string
  readonly why: 'fewer answers' | 'fewer answers than before' | 'back to the order of the route'
  readonly ofFrom: SampleCount
  readonly ofTo: SampleCount
}

export type SampleCount = { readonly codes: number; readonly good: number }

export type ShareFacts = {
  /** The route's candidates by name, in the operator's order. */
  readonly candidates: readonly string[]
  readonly shares: RouteShares
  /** In any order. Anything older than `KEPT_MS` is ignored. */
  readonly samples: readonly RouteSample[]
  /** Answers are late or missing: nothing can be judged, and nothing moves. */
  readonly isFrozen: boolean
  /** Candidates that AWS refused when they were tried: they gain no more tenths. */
  readonly refused: ReadonlySet<string>
  /**
   * Each candidate gets the codes of its tenths. False while codes keep the operator's order: hardly any codes show what the
   * others would do, so the first candidate is compared with its own past.
   */
  readonly isFollowed: boolean
}

/** The shares from now on, and the move that led to them: at most one tenth at a time. */
export function nextShares(
  { candidates, shares, samples, isFrozen, refused, isFollowed }: ShareFacts,
  now: number,
): { readonly shares: RouteShares; readonly move?: ShareMove } {
  const current = sharesOf(candidates, shares)
  const resting = restingTenths(candidates)
  const names = participantsOf(candidates)
  if (isFrozen || names.length < 2) return { shares: current }
  const known = onePerPhone(samples.filter(({ at }) => at > now - KEPT_MS))
  const { movedAt = Number.NEGATIVE_INFINITY } = current
  const of: SamplesOf = name => known.filter(({ candidate }) => candidate === name)
  const { tenths } = current
  const open = names.filter(name => !refused.has(name))
  const isEnough = known.length >= SAMPLES_MIN
  const since = known.filter(({ at }) => at > movedAt).length
  if (isEnough && since >= BETWEEN_MOVES) {
    const move =
      worseThanBest(names, open, tenths, of) ?? worseThanBefore(names, open, tenths, of, isFollowed)
    if (move !== undefined) return { shares: moved(current, move, now), move }
  }
  if (now < movedAt + DRIFT_EVERY_MS) return { shares: current }
  const back = driftOf(open, tenths, resting, of)
  return back === undefined ? { shares: current } : { shares: moved(current, back, now), move: back }
}

/** The newest codes of a candidate, as they are compared. */
export function countNewest(samples: readonly RouteSample[], candidate: string, now: number): SampleCount {
  const known = onePerPhone(samples.filter(({ at }) => at > now - KEPT_MS))
  return countOf(known.filter(sample => sample.candidate === candidate).slice(0, WINDOW))
}

/** What was kept for the route, if it still has the same candidates; at rest otherwise. */
export function sharesOf(candidates: readonly string[], kept?: RouteShares): RouteShares {
  const tenths = restingTenths(candidates)
  const names = Object.keys(tenths)
  const isSameRoute =
    kept !== undefined &&
    names.length === Object.keys(kept.tenths).length &&
    names.every(name => Object.hasOwn(kept.tenths, name))
  return isSameRoute ? kept : { tenths }
}

/** The operator's order, with a tenth for each of the next ones, so that it is known whether they work. @internal */
export function restingTenths(candidates: readonly string[]): Readonly<Record<string, number>> {
  const names = participantsOf(candidates)
  return Object.fromEntries(
    names.map((name, index) => [name, index === 0 ? 10 - PROBE * (names.length - 1) : PROBE]),
  )
}

/**
 * The candidates that have shares, in the operator's order. The properties of an object do not keep it: a short code is a
 * number.
 */
export function participantsOf(candidates: readonly string[]): readonly string[] {
  return [...new Set(candidates)].slice(0, PARTICIPANTS_MAX)
}

/**
 * The candidate of this message: `draw` is from 0 on and below 1, and independent of the recipient. Undefined where the
 * shares say nothing.
 */
export function drawCandidate({ tenths }: RouteShares, draw: number): string | undefined {
  let sum = 0
  for (const [name, share] of Object.entries(tenths)) {
    sum += share / 10
    if (draw < sum) return name
  }
  return undefined
}

/** The draw of a message: from its delivery ID, which no one chooses. */
export function drawOf(deliveryId: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < deliveryId.length; index += 1)
    hash = Math.imul(hash ^ deliveryId.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39)
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32
}

/** Of one candidate, newest first. */
type SamplesOf = (name: string) => readonly RouteSample[]
type Tenths = RouteShares['tenths']

/** From a candidate that works clearly worse than the best one, the worst first. */
function worseThanBest(
  names: readonly string[],
  open: readonly string[],
  tenths: Tenths,
  of: SamplesOf,
): ShareMove | undefined {
  const newest = (name: string): SampleCount => countOf(of(name).slice(0, WINDOW))
  const [best] = open.toSorted((one, other) => shareOf(newest(other)) - shareOf(newest(one)))
  if (best === undefined) return undefined
  const [worst] = names
    .filter(name => (tenths[name] ?? 0) > PROBE && name !== best)
    .filter(name => isWorse(newest(name), newest(best)) && isWorseNow(of(name), of(best)))
    .toSorted((one, other) => shareOf(newest(one)) - shareOf(newest(other)))
  if (worst === undefined) return undefined
  return { from: worst, to: best, why: 'fewer answers', ofFrom: newest(worst), ofTo: newest(best) }
}

/** From the candidate with the most tenths, if it works clearly worse than before and the other one is still hardly known. */
function worseThanBefore(
  names: readonly string[],
  open: readonly string[],
  tenths: Tenths,
  of: SamplesOf,
  isFollowed: boolean,
): ShareMove | undefined {
  const [first] = names.toSorted((one, other) => (tenths[other] ?? 0) - (tenths[one] ?? 0))
  const to = open.find(name => name !== first)
  if (first === undefined || to === undefined || (tenths[first] ?? 0) <= PROBE) return undefined
  if (of(to).length >= COMPARED_MIN) return undefined
  const now = countOf(of(first).slice(0, WINDOW))
  const before = countOf(of(first).slice(WINDOW, WINDOW + BASELINE))
  if (before.codes < WINDOW || !isWorse(now, before)) return undefined
  const late = countOf(of(first).slice(0, LATE_WINDOW))
  const isNow = isFollowed ? isWorseNow(of(first), of(to)) : shareOf(before) - shareOf(late) >= DIFFERENCE_NOW
  if (!isNow) return undefined
  return { from: first, to, why: 'fewer answers than before', ofFrom: now, ofTo: countOf(of(to)) }
}

/**
 * In the same time as well, and not only until a moment ago. When answers are late or a country's carriers are down, the
 * codes of all candidates wait alike.
 */
function isWorseNow(one: readonly RouteSample[], other: readonly RouteSample[]): boolean {
  const late = one.slice(0, LATE_WINDOW)
  const since = late.at(-1)?.at ?? 0
  const sameTime = countOf(other.filter(({ at }) => at >= since).slice(0, LATE_WINDOW))
  return sameTime.codes >= SAME_TIME_MIN && shareOf(sameTime) - shareOf(countOf(late)) >= DIFFERENCE_NOW
}

/** Towards the operator's order, unless the one that would gain is still worse. */
function driftOf(
  open: readonly string[],
  tenths: Tenths,
  resting: Tenths,
  of: SamplesOf,
): ShareMove | undefined {
  const excess = (name: string): number => (tenths[name] ?? 0) - (resting[name] ?? 0)
  const late = (name: string): SampleCount => countOf(of(name).slice(0, LATE_WINDOW))
  const [from] = Object.keys(tenths)
    .filter(name => excess(name) > 0)
    .toSorted((one, other) => excess(other) - excess(one))
  if (from === undefined) return undefined
  const [to] = open
    .filter(name => excess(name) < 0 && shareOf(late(name)) >= shareOf(late(from)) - ALIKE)
    .toSorted((one, other) => excess(one) - excess(other))
  if (to === undefined) return undefined
  return { from, to, why: 'back to the order of the route', ofFrom: late(from), ofTo: late(to) }
}

function moved({ tenths }: RouteShares, { from, to }: ShareMove, now: number): RouteShares {
  return { tenths: { ...tenths, [from]: (tenths[from] ?? 0) - 1, [to]: (tenths[to] ?? 0) + 1 }, movedAt: now }
}

/**
 * By `DIFFERENCE`, whatever the codes of a few phones show: so one person with several phones moves nothing, and neither
 * does chance.
 */
function isWorse(one: SampleCount, other: SampleCount): boolean {
  if (one.codes === 0 || other.codes === 0) return false
  const atBest = { ...one, good: one.good + PHONES_OF_ONE }
  const atWorst = { ...other, good: other.good - PHONES_OF_ONE }
  return shareOf(atWorst) - shareOf(atBest) >= DIFFERENCE
}

function shareOf({ codes, good }: SampleCount): number {
  return codes === 0 ? 0 : good / codes
}

function countOf(samples: readonly RouteSample[]): SampleCount {
  return { codes: samples.length, good: samples.filter(({ isGood }) => isGood).length }
}

/** The newest code of each phone and candidate, newest first. */
function onePerPhone(samples: readonly RouteSample[]): readonly RouteSample[] {
  const seen = new Map<string, Set<string>>()
  return samples
    .toSorted((one, other) => other.at - one.at)
    .filter(({ candidate, phone }) => {
      const phones = seen.get(candidate) ?? new Set()
      if (phones.has(phone)) return false
      seen.set(candidate, phones.add(phone))
      return true
    })
}

/** A code that is entered later helps a person, but says that the identity is slow. */
export const GOOD_WITHIN_MS = 60_000
/** Codes that are younger may still be entered, and reported. */
export const SETTLED_MS = 240_000
/** How long a code counts. */
export const KEPT_MS = 14 * 86_400_000
const PARTICIPANTS_MAX = 3
/** The least tenths of a candidate: enough to see that it works again. */
const PROBE = 1
const WINDOW = 80
const BASELINE = 200
/** A candidate is compared with the others once it has this many codes. */
const COMPARED_MIN = 40
/** Fewer codes than this, over all candidates, move nothing. */
const SAMPLES_MIN = 200
/** Codes since the last move until the next one. */
const BETWEEN_MOVES = 3
/** Codes of the other candidate in the same time: fewer show nothing. */
const SAME_TIME_MIN = 3
/** A candidate with a probe's share gets few codes: these show that it works again. */
const LATE_WINDOW = 30
const DRIFT_EVERY_MS = 3_600_000
const DIFFERENCE = 0.15
const DIFFERENCE_NOW = 0.4
/** This many phones may belong to one person who answers selectively. */
const PHONES_OF_ONE = 6
const ALIKE = 0.1
