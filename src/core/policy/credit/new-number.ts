import { addTo, DAY_MS } from './counts.ts'
import {
  bookAll,
  bookCode,
  countsOf,
  earnedOf,
  endHold,
  groupsOf,
  hasGoodStanding,
  holdGroup,
  kindOf,
  overdraft,
  takeAnswerBack,
} from './groups.ts'
import { type GroupKey, type GroupRecord, newGroup, type Records } from './records.ts'
import type { CreditRules, SpendingKind } from './rules.ts'
import type { CreditRequest, Hold, HoldReason, Verdict } from './verdict.ts'

/** Whether silence proves anything now (`isBlind`). */
type Circumstances = { readonly now: number; readonly blind: boolean }

/** A number that never answered, or a recovery to one that answered once: it spends the credit of its groups. */
export function judgeNewNumber(
  request: CreditRequest,
  records: Records,
  rules: CreditRules,
  circumstances: Circumstances,
): Verdict {
  const { now } = circumstances
  const lastDay = request.sentAt.filter(at => at > now - DAY_MS)
  const lastHour = lastDay.filter(at => at > now - HOUR_MS)
  if (lastHour.length >= rules.unproven.hour || lastDay.length >= rules.unproven.day) {
    const hold: Hold = {
      reason: 'NUMBER_UNPROVEN',
      codes: lastDay.length,
      answers: 0,
      since: lastDay[0] ?? now,
    }
    return { kind: 'hold', records, hold, purse: undefined }
  }
  const { number } = request
  const asked = request.purpose === 'pre-enrollment' ? notedNumber(records, number, now) : records
  const times = Object.values(asked.user.numbers)
  if (times.length > rules.numbersOfUser[asked.user.isKnown ? 'known' : 'unknown']) {
    const hold: Hold = {
      reason: 'USER_MANY_NUMBERS',
      codes: times.length,
      answers: 0,
      since: Math.min(...times),
    }
    return { kind: 'hold', records: asked, hold, purse: undefined }
  }

  const spending = spendingOf(request, asked, rules, circumstances)
  const held = spending.held.map(key => ({
    key,
    ...holdGroup(records.groups[key] ?? newGroup, rules, now),
  }))
  if (held.length === 0 || (held.every(({ isDue }) => isDue) && hasProbes(records, rules, now)))
    return {
      kind: 'send',
      purse: undefined,
      records: afterCode(request, asked, spending, rules, now),
    }
  const [first] = held
  const groups = Object.fromEntries(held.map(({ key, held: group }) => [key, group]))
  const key = first?.key ?? spending.keys[0] ?? 'spared:'
  const [codes, answers] = countsOf(records.groups[key], now)
  return {
    kind: 'hold',
    purse: undefined,
    records: { ...asked, groups: { ...asked.groups, ...groups } },
    hold: {
      reason: REASON_OF[kindOf(key)],
      group: key,
      codes,
      answers,
      since: first?.held.hold?.since ?? now,
      probeAt: Math.max(...held.map(({ held: { hold } }) => hold?.probeAt ?? now)),
    },
  }
}

type Spending = {
  /** The groups that pay. */
  readonly keys: readonly GroupKey[]
  /** Those of them that are out of credit. */
  readonly held: readonly GroupKey[]
  /** Not counted, and not held against anyone later: the rule is blind. */
  readonly isUncounted: boolean
  /** Groups that were held and are in credit again. */
  readonly recovered?: readonly GroupKey[]
}

function spendingOf(
  request: CreditRequest,
  { phone, user, country, org, groups }: Records,
  rules: CreditRules,
  { now, blind }: Circumstances,
): Spending {
  const { network, country: name } = request
  const keys = groupsOf(request, country, rules)
  if (org.answerHeardAt === undefined) return { keys, held: [], isUncounted: true }
  if (blind && country.proven >= ESTABLISHED) {
    const today = Math.floor(now / DAY_MS)
    const isCounted = isNewToday(phone, now) && !isHouse(groups, network)
    const others = Object.entries(country.newNumbers).filter(([day]) => Number(day) < today)
    const most = Math.max(0, ...others.map(([, count]) => count))
    const { factor, atLeast } = rules.blindDay
    const isOver = (country.newNumbers[today] ?? 0) >= Math.max(atLeast, factor * most)
    return { keys, held: isCounted && isOver ? [`country:${name}`] : [], isUncounted: true }
  }
  const earned = earnedOf(org, rules, now)
  const isSpent = (key: GroupKey): boolean => {
    const { slow, fast } = overdraft(kindOf(key), groups[key], earned, rules, now)
    return slow >= 0 || fast >= 0
  }
  const spent = keys.filter(isSpent)
  const recovered = keys.filter(key => groups[key]?.hold !== undefined && !spent.includes(key))
  const judged = { isUncounted: false, recovered } as const
  if (spent.length === 0) return { keys, held: [], ...judged }
  // A known user with a new phone, and a network or a country that answers, spend a pool of their own instead.
  const canBeSpared =
    user.isKnown ||
    (network !== undefined && hasGoodStanding(groups[`ip:${network}`], rules, now)) ||
    hasGoodStanding(groups[`country:${name}`], rules, now)
  const held = canBeSpared ? spent.filter(key => !POOLS.has(kindOf(key))) : spent
  if (held.length > 0) return { keys, held, ...judged }
  return { keys: [...keys, 'spared:'], held: isSpent('spared:') ? ['spared:'] : [], ...judged }
}

/** The records after the code was sent. A number is counted once a day, however many codes it gets. */
function afterCode(
  { network }: CreditRequest,
  records: Records,
  { keys, held, isUncounted, recovered = [] }: Spending,
  rules: CreditRules,
  now: number,
): Records {
  const phone = { ...records.phone, unanswered: records.phone.unanswered + 1 }
  const probed = Object.fromEntries(
    held.map(key => [key, holdGroup(records.groups[key] ?? newGroup, rules, now).probed]),
  )
  const groups = bookAll({ ...records.groups, ...probed }, recovered, endHold)
  if (!isNewToday(phone, now)) return withoutProof({ ...records, phone, groups }, now)
  const { org, country } = records
  const today = Math.floor(now / DAY_MS)
  const paying = isUncounted ? [] : keys
  const isProbe = held.length > 0
  return withoutProof(
    {
      ...records,
      phone: { ...phone, countedAt: now, countedIn: paying, wasProbe: isProbe },
      groups: bookAll(groups, paying, group => bookCode(group, now)),
      country: isHouse(groups, network)
        ? country
        : { ...country, newNumbers: oneMore(country.newNumbers, today) },
      org: {
        ...org,
        ...(paying.length > 0 && {
          enrolments: addTo(org.enrolments, 'code', { at: now, bucketMs: DAY_MS, kept: 17 }),
        }),
        ...(isProbe && { probes: addTo(org.probes, 'code', { at: now, bucketMs: DAY_MS, kept: 2 }) }),
      },
    },
    now,
  )
}

/** A proven phone that leaves four codes unanswered takes its answer back from its groups, and counts as new again. */
function withoutProof(records: Records, now: number): Records {
  const { phone, groups } = records
  if (phone.provenAt === undefined || phone.unanswered !== 4 || phone.isRevoked) return records
  const { countedAt = now, countedIn } = phone
  return {
    ...records,
    phone: { ...phone, isRevoked: true },
    groups: bookAll(groups, countedIn, group => takeAnswerBack(group, countedAt)),
  }
}

function hasProbes({ org }: Records, { probesADay }: CreditRules, now: number): boolean {
  const [codes, answers] = org.probes[Math.floor(now / DAY_MS)] ?? [0, 0]
  return codes - answers < probesADay
}

function isNewToday({ countedAt }: Records['phone'], now: number): boolean {
  return countedAt === undefined || countedAt <= now - DAY_MS
}

/** A network from which ten phones answered: an office, or a carrier. */
export function isHouse(groups: Records['groups'], network: string | undefined): boolean {
  const group: GroupRecord | undefined = network === undefined ? undefined : groups[`ip:${network}`]
  return (group?.phones?.length ?? 0) >= PHONES_OF_HOUSE
}

function notedNumber(records: Records, number: string, now: number): Records {
  const late = Object.entries(records.user.numbers).filter(([, at]) => at > now - DAY_MS)
  const numbers = Object.fromEntries([...late.slice(-NUMBERS_MAX), [number, now]])
  return { ...records, user: { ...records.user, numbers } }
}

function oneMore(days: Readonly<Record<number, number>>, today: number): Readonly<Record<number, number>> {
  const late = Object.entries(days).filter(([day]) => Number(day) > today - 14)
  return { ...Object.fromEntries(late), [today]: (days[today] ?? 0) + 1 }
}

const REASON_OF: Readonly<Record<SpendingKind, HoldReason>> = {
  p4: 'FRAUD_BLOCK',
  p6: 'FRAUD_PREFIX',
  country: 'FRAUD_COUNTRY',
  ip: 'FRAUD_NETWORK',
  new: 'FRAUD_NEW_COUNTRIES',
  small: 'FRAUD_SMALL_COUNTRIES',
  spared: 'FRAUD_KNOWN_USERS',
}
const POOLS: ReadonlySet<string> = new Set<SpendingKind>(['country', 'new', 'small'])
const HOUR_MS = 3_600_000
/** How many phones of a network are kept. */
export const PHONES_OF_HOUSE = 10
const NUMBERS_MAX = 8
/** A country with at least this many proven phones is not judged while the rule is blind. */
const ESTABLISHED = 10
