import { addTo, type Count, DAY_MS, HALF_HOUR_MS, sumOf, withoutAnswer } from './counts.ts'
import {
  type CountryRecord,
  type GroupKey,
  type GroupRecord,
  newGroup,
  type OrgRecord,
  type Records,
} from './records.ts'
import type { CreditRules, SpendingKind } from './rules.ts'
import type { CreditRequest } from './verdict.ts'

/**
 * The groups whose credit a new number spends: its block, its prefix, its country, its network, and pools of countries. A
 * recovery spends that of its block, its network, and one that all recoveries share: people who enrol do not pay for it.
 */
export function groupsOf(
  { block, country, network, purpose }: Pick<CreditRequest, 'block' | 'country' | 'network' | 'purpose'>,
  { proven }: CountryRecord,
  rules: CreditRules,
): readonly GroupKey[] {
  const ofNetwork = network === undefined ? [] : [`ip:${network}` as const]
  if (purpose !== 'pre-enrollment') return [`p4:${block}`, ...ofNetwork, 'recoveries:']
  return [
    `p4:${block}`,
    `p6:${block.slice(0, -2)}`,
    `country:${country}`,
    ...ofNetwork,
    ...(proven < rules.smallCountry ? ['small:' as const] : []),
    ...(proven < rules.newCountry ? ['new:' as const] : []),
  ]
}

/** Groups that it may spend in addition; which ones depends on the records of the others (`spendingOf`). */
export function poolsOf({ purpose }: Pick<CreditRequest, 'purpose'>): readonly GroupKey[] {
  if (purpose !== 'pre-enrollment') return ['spared:']
  return ['prefixes:', 'blocks:', 'spared:', 'reserve:', 'reserve:others']
}

export function isEstablishedCountry(
  { proven }: CountryRecord,
  { smallCountry }: Pick<CreditRules, 'smallCountry'>,
): boolean {
  return proven >= smallCountry
}

export function kindOf(key: GroupKey): SpendingKind {
  return key.slice(0, key.indexOf(':')) as SpendingKind
}

export function bookCode(group: GroupRecord | undefined, at: number): GroupRecord {
  return book(group, 'code', at)
}

/** An answer, booked where its code was. */
export function bookAnswer(group: GroupRecord | undefined, codeAt: number): GroupRecord {
  return book(group, 'answer', codeAt)
}

function book(group: GroupRecord = newGroup, what: 'code' | 'answer', at: number): GroupRecord {
  return {
    ...group,
    days: addTo(group.days, what, { at, bucketMs: DAY_MS, kept: DAYS + 2 }),
    halfHours: addTo(group.halfHours, what, { at, bucketMs: HALF_HOUR_MS, kept: HALF_HOURS + 2 }),
  }
}

export function takeAnswerBack(group: GroupRecord | undefined, codeAt: number): GroupRecord {
  return { ...(group ?? newGroup), days: withoutAnswer(group?.days ?? {}, codeAt) }
}

/** The counts of 14 days. */
export function countsOf(group: GroupRecord | undefined, now: number): Count {
  return group === undefined ? [0, 0] : sumOf(group.days, now, DAY_MS, DAYS)
}

/** How far the group is beyond its credit: held from 0 on. `earned` is what an answer earns in addition to its own. */
export function overdraft(
  kind: SpendingKind,
  group: GroupRecord | undefined,
  earned: Earned,
  rules: CreditRules,
  now: number,
  credit = rules.credit[kind],
): { readonly slow: number; readonly fast: number } {
  if (group === undefined) return { slow: Number.NEGATIVE_INFINITY, fast: Number.NEGATIVE_INFINITY }
  const { forgiven } = group
  const slowForgiven = forgiven !== undefined && now < forgiven.slowUntil ? forgiven.slow : 0
  const isCountry = kind === 'country'
  const beyond = (credit: number, days: number): number => {
    const [codes, answers] = sumOf(group.days, now, DAY_MS, days)
    const chance = answers >= 10 ? Math.sqrt(answers) : 0
    const earns = (isCountry ? earned.country : earned.others) * answers
    return codes - answers - (credit + earns + chance + slowForgiven)
  }
  const [fastCodes, fastAnswers] = sumOf(group.halfHours, now, HALF_HOUR_MS, HALF_HOURS)
  const fastForgiven = forgiven !== undefined && now < forgiven.fastUntil ? forgiven.fast : 0
  return {
    slow: isCountry ? Math.max(beyond(credit, DAYS), beyond(rules.dayCredit, 2)) : beyond(credit, DAYS),
    fast:
      kind === 'p4'
        ? Number.NEGATIVE_INFINITY
        : fastCodes - fastAnswers - (rules.fastCredit[kind] + rules.fastEarned * fastAnswers + fastForgiven),
  }
}

/**
 * What an answer earns in 14 days, from the median day of the days 14 to 2 ago: an attack of less than a week teaches it
 * nothing. Without two days of 15 codes, from the sum of those days, if they have 30 codes.
 */
export function earnedOf({ enrolments }: OrgRecord, { earned }: CreditRules, now: number): Earned {
  const today = Math.floor(now / DAY_MS)
  const days = Object.entries(enrolments)
    .filter(([day]) => Number(day) > today - 15 && Number(day) < today - 1)
    .map(([, count]) => count)
  const shares = days
    .filter(([codes]) => codes >= 15)
    .map(shareOf)
    .sort((one, other) => one - other)
  const sum: Count = [
    days.reduce((all, [codes]) => all + codes, 0),
    days.reduce((all, [, answers]) => all + answers, 0),
  ]
  const share =
    shares.length >= 2 ? shares[Math.floor(shares.length / 2)] : sum[0] >= 30 ? shareOf(sum) : undefined
  if (share === undefined) return { country: earned.max, others: earned.max }
  const within = (min: number): number => Math.min(earned.max, Math.max(min, earned.factor * share))
  return { country: within(earned.minOfCountry), others: within(earned.min) }
}

/** What an answer earns in addition to its own. */
export type Earned = { readonly country: number; readonly others: number }

const shareOf = ([codes, answers]: Count): number => (codes - answers) / Math.max(1, answers)

/** A group out of credit: whether this request is its probe, and how it is held from now on. */
export function holdGroup(
  group: GroupRecord,
  { groupProbe }: CreditRules,
  now: number,
): { readonly isDue: boolean; readonly held: GroupRecord; readonly probed: GroupRecord } {
  const today = Math.floor(now / DAY_MS)
  const lastAt = now - (now % MINUTE_MS) // a flood of held requests writes it once a minute
  const existing = group.hold
  const hold = existing ?? {
    since: now,
    lastAt,
    probeAt: now + groupProbe.first,
    probeStepMs: groupProbe.first,
    quietProbes: { day: today, count: 0 },
  }
  const quietCount = hold.quietProbes.day === today ? hold.quietProbes.count : 0
  const isQuiet = existing !== undefined && now > hold.lastAt + QUIET_MS && quietCount < QUIET_PROBES_MAX
  const isTime = now >= hold.probeAt
  const probeStepMs = isTime ? Math.min(hold.probeStepMs * 2, groupProbe.max) : hold.probeStepMs
  return {
    isDue: isTime || isQuiet,
    held: { ...group, hold: { ...hold, lastAt } },
    probed: {
      ...group,
      hold: {
        ...hold,
        lastAt,
        probeStepMs,
        probeAt: isTime ? now + probeStepMs : hold.probeAt,
        quietProbes: { day: today, count: isTime ? quietCount : quietCount + 1 },
      },
    },
  }
}

export function endHold({ hold: _, ...group }: GroupRecord = newGroup): GroupRecord {
  return group
}

/** An answered probe opens the group, with room for three more codes: at most twice a day. */
export function openGroup(
  kind: SpendingKind,
  group: GroupRecord,
  earned: Earned,
  rules: CreditRules,
  now: number,
): GroupRecord {
  const today = Math.floor(now / DAY_MS)
  const { hold, forgiven: _, ...open } = group
  const forgivenOn = (group.forgivenOn ?? []).filter(day => day > today - DAYS)
  if (hold === undefined || forgivenOn.filter(day => day === today).length >= FORGIVEN_MAX) return group
  const bare = overdraft(kind, open, earned, rules, now)
  return {
    ...open,
    forgiven: {
      slow: Math.max(0, bare.slow + ROOM),
      slowUntil: (today + DAYS) * DAY_MS,
      fast: Math.max(0, bare.fast + ROOM),
      fastUntil: now + HALF_HOURS * HALF_HOUR_MS,
    },
    forgivenOn: [...forgivenOn, today],
  }
}

/** Answered codes outweigh the others so clearly that a pool of countries does not hold the group. */
export function hasGoodStanding(
  group: GroupRecord | undefined,
  { earned }: CreditRules,
  now: number,
): boolean {
  const [codes, answers] = countsOf(group, now)
  return answers >= 3 && codes - answers < 3 + earned.min * answers
}

/**
 * Whether phones of this group that had answered fall silent: five of them, and a fifth of all that answered first in the
 * last two weeks; in a country, a fifth of all that ever answered.
 */
export function areFallingSilent(
  key: GroupKey,
  { groups, country }: Pick<Records, 'groups' | 'country'>,
  now: number,
): boolean {
  const [silent, lately] = countsOf(groups[key], now)
  const proven = key.startsWith('silent-country:') ? Math.max(country.proven, lately) : lately
  return silent >= 5 && silent >= 0.2 * proven
}

/**
 * Phones that answered once, with those among them that fell silent on strange networks: by prefix, by country, and of all
 * small countries together (`isSilentIn`).
 */
export function silentGroupsOf({
  block,
  country,
}: Pick<CreditRequest, 'block' | 'country'>): readonly GroupKey[] {
  return [`silent-p6:${block.slice(0, -2)}`, `silent-country:${country}`, 'silent-small:']
}

/** Whether a phone of this country belongs to the group. */
export function isSilentIn(
  { proven }: CountryRecord,
  { smallCountry }: CreditRules,
): (key: GroupKey) => boolean {
  return key => key !== 'silent-small:' || proven < smallCountry
}

/** The groups, with these of them changed. */
export function bookAll(
  groups: Groups,
  keys: readonly GroupKey[],
  work: (group: GroupRecord | undefined) => GroupRecord,
): Groups {
  return { ...groups, ...Object.fromEntries(keys.map(key => [key, work(groups[key])])) }
}

type Groups = Records['groups']
const DAYS = 14
const HALF_HOURS = 6
const ROOM = 3
const FORGIVEN_MAX = 2
const MINUTE_MS = 60_000
const QUIET_MS = 7_200_000
const QUIET_PROBES_MAX = 2
