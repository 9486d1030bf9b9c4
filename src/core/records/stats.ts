import { isCanary } from './canary.ts'
import { type AttemptRecord, type FollowedDelivery, type OwnEnd, statusOf } from './delivery.ts'
import type { Progress } from './receipt.ts'

/**
 * Figures of a set of deliveries, in total and by each dimension on its own. Plain data: it is the same for the same set,
 * in whatever order the deliveries, their receipts and their answers came.
 */
export type Stats = {
  readonly total: Figures
  readonly by: Readonly<Record<Dimension, ReadonlyMap<string, Figures>>>
}

export const dimensions = ['country', 'channel', 'purpose', 'identity', 'language', 'org'] as const
export type Dimension = (typeof dimensions)[number]

export type Figures = {
  /** Requests of Okta. The same request a second time is not counted. */
  readonly asked: number
  /** Those that the carrier is known to have accepted: it said so, sent a receipt, or the person entered the code. */
  readonly sent: number
  /** Those that receipts report as delivered. A code can be answered without a receipt. */
  readonly delivered: number
  /** Those whose code the person entered. */
  readonly answered: number
  /** Those whose receipts say a price. */
  readonly priced: number
  /** The sum of these prices, each rounded to a millionth of a US dollar: sums of integers do not depend on the order. */
  readonly costMicroUsd: number
  /** How many answers took how long: by the index of `bucketOf`. A missing index is 0. */
  readonly answers: ReadonlyMap<number, number>
}

/** What is counted of a delivery. */
export type CountedDelivery = AlikeDelivery & Pick<FollowedDelivery, 'answered'>

/** What deliveries have in common that are counted alike, however long their answers took. */
export type AlikeDelivery = Pick<
  FollowedDelivery,
  'caller' | 'country' | 'channel' | 'purpose' | 'templateUsed'
> & {
  readonly end: Pick<OwnEnd, 'state'> & {
    readonly attempts?: readonly Pick<AttemptRecord, 'identity' | 'result'>[]
  }
  readonly progress: Pick<Progress, 'stage' | 'price'> | undefined
}

/** Without canaries, which no person requested. */
export function countDeliveries(deliveries: Iterable<CountedDelivery>): Stats {
  const stats = noStats()
  for (const delivery of deliveries) addAlike(stats, delivery, [delivery.answered?.afterMs])
  return stats
}

/** The same. `afterMs`: of each delivery that is like this one, after how long it was answered; undefined if it was not. */
export function countAlike(
  groups: Iterable<{ readonly like: AlikeDelivery; readonly afterMs: readonly (number | undefined)[] }>,
): Stats {
  const stats = noStats()
  for (const { like, afterMs } of groups) addAlike(stats, like, afterMs)
  return stats
}

function addAlike(stats: CountingStats, like: AlikeDelivery, afterMs: readonly (number | undefined)[]): void {
  if (isCanary(like)) return
  const figures = figuresOf(like, afterMs)
  const labels = labelsOf(like)
  add(stats.total, figures)
  for (const dimension of dimensions) add(figuresIn(stats, dimension, labels[dimension]), figures)
}

/** The figures of several sets together. No delivery may be in two of them. */
export function mergeStats(parts: Iterable<Stats>): Stats {
  const stats = noStats()
  for (const part of parts) {
    add(stats.total, part.total)
    for (const dimension of dimensions)
      for (const [label, figures] of part.by[dimension]) add(figuresIn(stats, dimension, label), figures)
  }
  return stats
}

type Counting = { -readonly [Name in keyof Figures]: Figures[Name] } & {
  readonly answers: Map<number, number>
}
type CountingStats = {
  readonly total: Counting
  readonly by: Readonly<Record<Dimension, Map<string, Counting>>>
}

function noStats(): CountingStats {
  const none = (): Map<string, Counting> => new Map()
  return {
    total: noFigures(),
    by: {
      country: none(),
      channel: none(),
      purpose: none(),
      identity: none(),
      language: none(),
      org: none(),
    },
  }
}

function noFigures(): Counting {
  return { asked: 0, sent: 0, delivered: 0, answered: 0, priced: 0, costMicroUsd: 0, answers: new Map() }
}

function figuresIn(stats: CountingStats, dimension: Dimension, label: string): Counting {
  const known = stats.by[dimension].get(label)
  if (known !== undefined) return known
  const figures = noFigures()
  stats.by[dimension].set(label, figures)
  return figures
}

function add(sum: Counting, figures: Figures): void {
  for (const name of ['asked', 'sent', 'delivered', 'answered', 'priced', 'costMicroUsd'] as const)
    sum[name] += figures[name]
  for (const [bucket, count] of figures.answers)
    sum.answers.set(bucket, (sum.answers.get(bucket) ?? 0) + count)
}

function figuresOf(like: AlikeDelivery, afterMs: readonly (number | undefined)[]): Figures {
  const asked = afterMs.length
  const answers = new Map<number, number>()
  let answered = 0
  for (const ms of afterMs) {
    if (ms === undefined) continue
    answered += 1
    answers.set(bucketOf(ms), (answers.get(bucketOf(ms)) ?? 0) + 1)
  }
  const price = like.progress?.price
  return {
    asked,
    sent: wasSent({ ...like, answered: undefined }) ? asked : answered,
    delivered: statusOf(like) === 'delivered' ? asked : 0,
    answered,
    priced: price === undefined ? 0 : asked,
    costMicroUsd: price === undefined ? 0 : asked * Math.round(price * 1_000_000),
    answers,
  }
}

/** Whether the carrier is known to have accepted it: an answer proves it too. */
export function wasSent({
  end,
  progress,
  answered,
}: Pick<CountedDelivery, 'end' | 'progress' | 'answered'>): boolean {
  return end.state === 'accepted' || progress !== undefined || answered !== undefined
}

/** The label of each dimension under which a delivery is counted. */
export function labelsOf(delivery: AlikeDelivery): Readonly<Record<Dimension, string>> {
  const { caller, country = 'unknown', channel, purpose, templateUsed, end } = delivery
  const { attempts = [] } = end
  const attempt = attempts.find(({ result }) => result === 'accepted') ?? attempts.at(-1)
  const language = templateUsed?.source === 'template' ? templateUsed.locale : templateUsed && OKTAS_TEXT
  return {
    country,
    channel,
    purpose,
    identity: attempt?.identity ?? 'none',
    language: language ?? 'none',
    org: caller,
  }
}

/** The label of Okta's own text, whose language Hookline does not know. */
export const OKTAS_TEXT = "Okta's text"

/**
 * The time within which this share of the answers came, in milliseconds: the geometric mean of the bounds of the bucket
 * that has the exact value (nearest rank). It is at most 5% off, from a second to an hour; up to a second it is 1,000.
 * Undefined without answers.
 */
export function percentile({ answered, answers }: Figures, share: number): number | undefined {
  if (answered === 0) return undefined
  const rank = Math.ceil(share * answered)
  let count = 0
  for (const bucket of [...answers.keys()].toSorted((one, other) => one - other)) {
    count += answers.get(bucket) ?? 0
    if (count >= rank) return middleOf(bucket)
  }
  return undefined
}

/** The index of the first bound that is not below the time. */
function bucketOf(ms: number): number {
  const index = BOUNDS_MS.findIndex(bound => ms <= bound)
  return index < 0 ? BOUNDS_MS.length : index
}

function middleOf(bucket: number): number {
  const upper = BOUNDS_MS[bucket]
  const lower = BOUNDS_MS[bucket - 1]
  return Math.round(
    upper === undefined || lower === undefined ? (upper ?? lower ?? 0) : Math.sqrt(lower * upper),
  )
}

/** Each a tenth above the one before it. The longest validity of a code is an hour (`CODE_VALID_MAX_MS`). */
const BOUNDS_MS: readonly number[] = Array.from({ length: 87 }, (_, index) => 1_000 * 1.1 ** index)
