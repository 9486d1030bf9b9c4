import { DAY_MS } from './counts.ts'
import {
  countsOf,
  earnedOf,
  groupsOf,
  hasGoodStanding,
  isEstablishedCountry,
  kindOf,
  overdraft,
} from './groups.ts'
import type { GroupKey, GroupRecord, Records } from './records.ts'
import type { CreditRules } from './rules.ts'
import type { CreditRequest } from './verdict.ts'

/** Which groups pay for a code to a new number, and which of them hold it. */
export type Spending = {
  /** The groups that pay. */
  readonly keys: readonly GroupKey[]
  /** Those of them that are out of credit. */
  readonly held: readonly GroupKey[]
  /** Not counted, and not held against anyone later: the rule is blind. */
  readonly isUncounted: boolean
  /** Groups that were held and are in credit again. */
  readonly recovered?: readonly GroupKey[]
}

export function spendingOf(
  request: Pick<CreditRequest, 'block' | 'country' | 'network' | 'purpose'>,
  records: Records,
  rules: CreditRules,
  { now, blind }: { readonly now: number; readonly blind: boolean },
): Spending {
  const { phone, user, country, org, groups } = records
  const { network } = request
  const own = groupsOf(request, country, rules)
  if (org.answerHeardAt === undefined) return { keys: own, held: [], isUncounted: true }
  if (blind && country.proven >= ESTABLISHED)
    return {
      keys: own,
      // A recovery names no country (`groupsOf`).
      held: isBlindDayOver(request, records, rules, now)
        ? own.filter(key => key.startsWith('country:') || key === 'recoveries:')
        : [],
      isUncounted: true,
    }

  const earned = earnedOf(org, rules, now)
  const isSpent = (key: GroupKey): boolean => {
    const { slow, fast } = overdraft(kindOf(key), groups[key], earned, rules, now)
    return slow >= 0 || fast >= 0
  }
  const isEstablished = (key: GroupKey): boolean =>
    kindOf(key) === 'p6'
      ? countsOf(groups[key], now)[1] >= rules.establishedPrefix
      : kindOf(key) === 'country' && isEstablishedCountry(country, rules)
  // A known user with a new phone, and somebody on a network that answers.
  const isVouched =
    user.isKnown || (network !== undefined && hasGoodStanding(groups[`ip:${network}`], rules, now))
  const counted = isNewToday(phone, now) ? 0 : 1 // its own code of today is not held against it
  const isSuspect = (key: GroupKey): boolean => {
    const kind = kindOf(key)
    if ((kind !== 'p4' && kind !== 'p6') || isEstablished(key)) return false
    return overdraft(kind, groups[key], earned, rules, now, rules.strictCredit[kind] + counted).slow >= 0
  }
  const prefix = own.find(key => kindOf(key) === 'p6')
  const isRarePrefix = prefix !== undefined && !isEstablished(prefix)
  const isCountrySpent = own.some(key => kindOf(key) === 'country' && isSpent(key))
  const isSilentBlock = own.some(key => kindOf(key) === 'p4' && isSuspect(key))
  const pools = isEstablishedCountry(country, rules)
    ? [
        ...(isRarePrefix && !isCountrySpent ? (['prefixes:'] as const) : []),
        ...(isSilentBlock && prefix !== undefined ? (['blocks:'] as const) : []),
      ]
    : []
  const keys = [...own, ...pools]

  const spent = keys.filter(isSpent)
  const judged = (paying: readonly GroupKey[], held: readonly GroupKey[]): Spending => ({
    keys: paying,
    held,
    isUncounted: false,
    recovered: paying.filter(key => groups[key]?.hold !== undefined && !held.includes(key) && !isSpent(key)),
  })
  if (spent.length === 0) return judged(keys, [])
  const isReserved = !isVouched && spent.some(isEstablished)
  const isInGoodCountry = hasGoodStanding(groups[`country:${request.country}`], rules, now)
  const isSpared = (key: GroupKey): boolean =>
    isEstablished(key) ||
    (isVouched && SPARES_VOUCHED.has(kindOf(key))) ||
    (isInGoodCountry && SPARES_COUNTRIES.has(kindOf(key)))
  const held = keys.filter(key => (isReserved && isSuspect(key)) || (spent.includes(key) && !isSpared(key)))
  if (held.length > 0) return judged(keys, held)
  const pool = isReserved ? (isRarePrefix ? 'reserve:others' : 'reserve:') : 'spared:'
  return judged([...keys, pool], isSpent(pool) ? [pool] : [])
}

/** Whether the country has had as many new numbers today as it may have while the rule is blind. */
function isBlindDayOver(
  { network }: Pick<CreditRequest, 'network'>,
  { phone, country, groups }: Records,
  { blindDay }: CreditRules,
  now: number,
): boolean {
  if (!isNewToday(phone, now) || isHouse(groups, network)) return false
  const today = Math.floor(now / DAY_MS)
  const others = Object.entries(country.newNumbers).filter(([day]) => Number(day) < today)
  const most = Math.max(0, ...others.map(([, count]) => count))
  return (country.newNumbers[today] ?? 0) >= Math.max(blindDay.atLeast, blindDay.factor * most)
}

/** A number is counted once a day, however many codes it gets. */
export function isNewToday({ countedAt }: Records['phone'], now: number): boolean {
  return countedAt === undefined || countedAt <= now - DAY_MS
}

/** A network from which ten phones answered: an office, or a carrier. */
export function isHouse(groups: Records['groups'], network: string | undefined): boolean {
  const group: GroupRecord | undefined = network === undefined ? undefined : groups[`ip:${network}`]
  return (group?.phones?.length ?? 0) >= PHONES_OF_HOUSE
}

/** Groups that do not hold somebody in a country that answers; and, of those that many people share, a known user. */
const SPARES_COUNTRIES: ReadonlySet<string> = new Set(['country', 'new', 'small'])
const SPARES_VOUCHED: ReadonlySet<string> = new Set([...SPARES_COUNTRIES, 'prefixes', 'blocks'])
/** How many phones of a network are kept. */
export const PHONES_OF_HOUSE = 10
/** A country with at least this many proven phones is not judged while the rule is blind. */
const ESTABLISHED = 10
