import { addTo, DAY_MS, sumOf } from './counts.ts'
import { bookAll, bookCode, countsOf, endHold, holdGroup, kindOf, takeAnswerBack } from './groups.ts'
import { newGroup, type Records } from './records.ts'
import type { CreditRules, SpendingKind } from './rules.ts'
import { isHouse, isNewToday, type Spending, spendingOf } from './spending.ts'
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
        ...(isProbe && {
          probes: addTo(org.probes, 'code', { at: now, bucketMs: DAY_MS, kept: PROBE_DAYS }),
        }),
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

function hasProbes({ org }: Records, { probes }: CreditRules, now: number): boolean {
  const vainOf = (days: number): number => {
    const [codes, answers] = sumOf(org.probes, now, DAY_MS, days)
    return codes - answers
  }
  return vainOf(1) < (vainOf(PROBE_DAYS) < probes.week ? probes.day : probes.later)
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
  prefixes: 'FRAUD_RARE_PREFIXES',
  blocks: 'FRAUD_SILENT_BLOCKS',
  recoveries: 'FRAUD_RECOVERIES',
  spared: 'FRAUD_KNOWN_USERS',
  reserve: 'FRAUD_RESERVE',
}
const HOUR_MS = 3_600_000
/** For how many days probes are counted. */
export const PROBE_DAYS = 7
const NUMBERS_MAX = 8
