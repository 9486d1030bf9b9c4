import { describeGroup } from '../../core/policy/credit/explain.ts'
import type { GroupKey } from '../../core/policy/credit/records.ts'
import type { Hold } from '../../core/policy/credit/verdict.ts'
import type { FollowedDelivery } from '../../core/records/delivery.ts'
import { minuteOf } from '../../core/values/printable.ts'

/** The time for which one group was held, from the first code to the last. */
export type Episode = {
  /** `Delivery.caller`. */
  readonly org: string
  readonly group: GroupKey
  /** As it was at the last code. */
  readonly hold: Hold
  readonly country: string | undefined
  /** When the group was first held, and for the last time. */
  readonly since: number
  readonly lastAt: number
  /** Two hours passed without a held code, or the group was open in between. */
  readonly isOver: boolean
  /** Codes that were not sent; and those that were sent although the rule would have held them. */
  readonly held: number
  readonly observed: number
  /** Different phones that these codes were for, and how many of them entered a code later: false alarms. */
  readonly phones: number
  readonly answeredLater: number
  /** What the held codes would have cost, at the mean price of their country and channel; undefined if none is known. */
  readonly notSpentUsd: number | undefined
}

/**
 * The episodes among these deliveries, in any order; the newest first. It depends only on the set of deliveries. What held the
 * number or the user itself, or an operator, is no episode.
 */
export function episodesOf(deliveries: readonly FollowedDelivery[], now: number): readonly Episode[] {
  const priceOf = pricesIn(deliveries)
  const answers = lastAnswersIn(deliveries)
  const groups = Map.groupBy(deliveries.filter(isOfGroup), ({ caller, credit: { hold } }) =>
    JSON.stringify([caller, hold.group]),
  )
  const episodes = [...groups.values()].flatMap(ofGroup => {
    const bySince = [...Map.groupBy(ofGroup, ({ credit: { hold } }) => hold.since)].sort(
      ([one], [other]) => one - other,
    )
    return bySince.map(([since, held], index) => {
      const isLast = index === bySince.length - 1
      return episodeOf(since, held, { isLast, now, priceOf, answers })
    })
  })
  return episodes.toSorted((one, other) => other.since - one.since || other.lastAt - one.lastAt)
}

/** For the log: counts and money of one episode. */
export function describeEpisode(episode: Episode): string {
  const { hold, group, since, lastAt, held, observed, phones, answeredLater, notSpentUsd } = episode
  const money = notSpentUsd === undefined ? 'unknown' : `$${notSpentUsd.toFixed(2)}`
  return `${hold.reason}: ${describeGroup(group)}, from ${minuteOf(since)} to ${minuteOf(lastAt)} UTC. ${held} codes not sent, ${observed} sent although held, to ${phones} phones, of which ${answeredLater} answered later. Not spent: ${money}.`
}

/** Deliveries that the rule held or would have held, and how many of their people entered a code later. */
export function countHeld(deliveries: readonly FollowedDelivery[]): {
  readonly people: number
  readonly refused: number
  readonly answeredLater: number
} {
  const answers = lastAnswersIn(deliveries)
  const judged = deliveries.filter(({ credit }) => credit !== undefined)
  const held = judged.filter(isHeld)
  return {
    people: countOf(judged, personOf),
    refused: countOf(held, personOf),
    answeredLater: countOf(
      held.filter(delivery => isAnsweredLater(delivery, answers)),
      personOf,
    ),
  }
}

type HeldDelivery = FollowedDelivery & { readonly credit: { readonly hold: Hold } }
type GroupDelivery = HeldDelivery & { readonly credit: { readonly hold: { readonly group: GroupKey } } }

/** By the rule itself, not by the denial of an operator. What an operator allowed is not held. */
function isHeld(delivery: FollowedDelivery): delivery is HeldDelivery {
  const { credit } = delivery
  return credit?.hold !== undefined && credit.hold.override === undefined
}

function isOfGroup(delivery: FollowedDelivery): delivery is GroupDelivery {
  return isHeld(delivery) && delivery.credit.hold.group !== undefined
}

function episodeOf(
  since: number,
  all: readonly GroupDelivery[],
  {
    isLast,
    now,
    priceOf,
    answers,
  }: {
    readonly isLast: boolean
    readonly now: number
    readonly priceOf: (delivery: FollowedDelivery) => number | undefined
    readonly answers: Answers
  },
): Episode {
  const ordered = all.toSorted((one, other) => one.openedAt - other.openedAt)
  const last = ordered.at(-1) as GroupDelivery // a group of `Map.groupBy` is never empty
  const { hold } = last.credit
  const held = ordered.filter(({ end }) => end.state === 'refused' && end.code === hold.reason)
  const prices = held.map(priceOf).filter(price => price !== undefined)
  return {
    org: last.caller,
    group: hold.group,
    hold,
    country: last.country,
    since,
    lastAt: last.openedAt,
    isOver: !isLast || now - last.openedAt > QUIET_MS,
    held: held.length,
    observed: ordered.length - held.length,
    phones: countOf(ordered, phoneOf),
    answeredLater: countOf(
      ordered.filter(delivery => isAnsweredLater(delivery, answers)),
      phoneOf,
    ),
    notSpentUsd: prices.length === 0 ? undefined : prices.reduce((sum, price) => sum + price, 0),
  }
}

/** When a phone or a user last entered a code. */
type Answers = ReadonlyMap<string, number>

function lastAnswersIn(deliveries: readonly FollowedDelivery[]): Answers {
  const last = new Map<string, number>()
  for (const delivery of deliveries) {
    if (delivery.answered === undefined) continue
    for (const name of [phoneOf(delivery), personOf(delivery)])
      last.set(name, Math.max(delivery.answered.at, last.get(name) ?? 0))
  }
  return last
}

function isAnsweredLater(delivery: FollowedDelivery, answers: Answers): boolean {
  return [phoneOf(delivery), personOf(delivery)].some(name => (answers.get(name) ?? 0) >= delivery.openedAt)
}

/** The mean price of what was sent, by country and channel. */
function pricesIn(
  deliveries: readonly FollowedDelivery[],
): (delivery: FollowedDelivery) => number | undefined {
  const keyOf = ({ country, channel }: FollowedDelivery): string => `${country} ${channel}`
  const sums = new Map<string, { sum: number; count: number }>()
  for (const delivery of deliveries) {
    const price = delivery.progress?.price
    if (price === undefined) continue
    const known = sums.get(keyOf(delivery)) ?? { sum: 0, count: 0 }
    sums.set(keyOf(delivery), { sum: known.sum + price, count: known.count + 1 })
  }
  return delivery => {
    const known = sums.get(keyOf(delivery))
    return known && known.sum / known.count
  }
}

function phoneOf({ caller, numberDigest }: FollowedDelivery): string {
  return `phone ${caller} ${numberDigest}`
}

function personOf({ caller, userDigest, numberDigest }: FollowedDelivery): string {
  return `user ${caller} ${userDigest ?? numberDigest}`
}

function countOf(
  deliveries: readonly FollowedDelivery[],
  nameOf: (delivery: FollowedDelivery) => string,
): number {
  return new Set(deliveries.map(nameOf)).size
}

/** After two hours without a request the rule lets a code through. */
export const QUIET_MS = 7_200_000
