import type { Purpose } from '../../values/request.ts'
import { addTo, DAY_MS, daysAnswered, sumOf } from './counts.ts'
import { newPurse, type PhoneRecord, type PurseName, type PurseRecord, purseNames } from './records.ts'
import type { CreditRules } from './rules.ts'

/** A request for a code to a phone that is judged by its own record. */
export type OwnRequest = {
  readonly network: string | undefined
  readonly purse: PurseName
  /** When codes were sent to this number in the last day, oldest first. */
  readonly sentAt: readonly number[]
  readonly isBlind: boolean
  /** On a strange network: whether proven phones of its prefix or country fall silent there. */
  readonly isAmongSilent: boolean
}

/** The networks that answered are known for a month: `isKnownNetwork` says so of one. */
export function isKnownNetwork(
  { answeredFrom }: PhoneRecord,
  network: string | undefined,
  { networkKnownMs }: CreditRules,
  now: number,
): boolean {
  const at = network === undefined ? undefined : answeredFrom[network]
  return at !== undefined && at > now - networkKnownMs
}

export function purseOf(purpose: Purpose, isKnown: boolean): PurseName {
  if (!isKnown) return 'strange'
  return purpose === 'mfa-verification' ? 'sign-in' : 'recovery'
}

/** Whether the phone may have one more code; and the record as it is after the code, or after the hold. */
export function judgePhone(
  phone: PhoneRecord,
  request: OwnRequest,
  rules: CreditRules,
  now: number,
): { readonly isHeld: boolean; readonly phone: PhoneRecord; readonly probeAt?: number } {
  const { purse: name, sentAt, isBlind, isAmongSilent } = request
  const isStrange = name === 'strange'
  const purse = phone.purses[name] ?? newPurse
  const lastHour = phone.knownAt.filter(at => at > now - HOUR_MS)
  if (!isStrange && phone.unansweredKnown === 0 && lastHour.length < 3) return { isHeld: false, phone }
  const isGood = hasGoodRecord(phone, now)
  const inner = purseNames.slice(0, purseNames.indexOf(name)).flatMap(other => phone.purses[other] ?? [])
  const inARow = purse.inARow + inner.reduce((sum, other) => sum + other.inARow, 0)
  if (inARow < allowedInARow() && (isBlind || hasCredit(purse, rules, now))) return { isHeld: false, phone }
  if (isStrange && (isGood || !isAmongSilent || phone.provenAt === undefined || isRoaming(phone, now))) {
    const travel = travelOn(phone, request.network, now)
    if (travel !== undefined) return { isHeld: false, phone: { ...phone, travel } }
  }
  const { phoneProbe } = rules
  const isSpared = isGood && !isStrange
  const first = isSpared
    ? phoneProbe.goodRecord
    : isAmongSilent && !isBlind
      ? phoneProbe.amongSilent
      : phoneProbe.usual
  const probeAt = purse.probeAt ?? (sentAt.at(-1) ?? now) + first
  const probeStepMs = purse.probeAt === undefined ? first : purse.probeStepMs
  const due = Math.max(probeAt, ...inner.map(other => other.probeAt ?? 0))
  if (now < due)
    return {
      isHeld: true,
      phone: withPurse(phone, name, { ...purse, probeAt, probeStepMs }),
      probeAt: due,
    }
  const nextStep = isSpared ? first : Math.min(probeStepMs * 2, phoneProbe.max)
  return {
    isHeld: false,
    phone: withPurse(phone, name, { ...purse, probeStepMs: nextStep, probeAt: now + nextStep }),
  }

  function allowedInARow(): number {
    if (isBlind || (isGood && !isStrange)) return rules.inARow.blind
    return isAmongSilent ? rules.inARow.amongSilent : rules.inARow.usual
  }
}

/** After a code was sent from the purse. What is sent while the rule is blind is not held against anybody later. */
export function spend(
  phone: PhoneRecord,
  { network, purse: name, isBlind }: Pick<OwnRequest, 'network' | 'purse' | 'isBlind'>,
  now: number,
): PhoneRecord {
  const purse = phone.purses[name] ?? newPurse
  const spent = {
    ...purse,
    inARow: purse.inARow + 1,
    days: isBlind ? purse.days : addTo(purse.days, 'code', { at: now, bucketMs: DAY_MS, kept: DAYS }),
  }
  const isStrange = name === 'strange'
  return {
    ...withPurse(phone, name, spent),
    unanswered: phone.unanswered + 1,
    unansweredKnown: phone.unansweredKnown + (isStrange ? 0 : 1),
    knownAt: isStrange ? phone.knownAt : [...phone.knownAt.slice(-2), now],
    vainFrom: isStrange && network !== undefined ? noted(phone.vainFrom, network, now) : phone.vainFrom,
  }
}

/** After a code from the purse was answered, or one that no purse paid for. */
export function earn(
  phone: PhoneRecord,
  { network, purse: name }: { readonly network: string | undefined; readonly purse: PurseName | undefined },
  rules: CreditRules,
  now: number,
): PhoneRecord {
  const purse = name === undefined ? undefined : (phone.purses[name] ?? newPurse)
  const answered = purse && {
    ...purse,
    inARow: 0,
    days: addTo(purse.days, 'answer', { at: now, bucketMs: DAY_MS, kept: DAYS }),
  }
  const { [network ?? '']: _, ...vainFrom } = phone.vainFrom
  const { travel, ...rest } = phone
  return {
    ...rest,
    ...(travel !== undefined && travel.network !== network && { travel }),
    ...(name !== undefined &&
      answered && {
        purses: {
          ...phone.purses,
          [name]: hasCredit(answered, rules, now) ? open(answered) : answered,
        },
      }),
    answers: phone.answers + 1,
    provenAt: now,
    isRevoked: false,
    unanswered: 0,
    unansweredKnown: name === 'sign-in' || name === 'recovery' ? 0 : phone.unansweredKnown,
    answeredFrom: network === undefined ? phone.answeredFrom : noted(phone.answeredFrom, network, now),
    vainFrom,
  }
}

const open = ({ days, inARow }: PurseRecord): PurseRecord => ({ days, inARow, probeStepMs: 0 })

function hasCredit({ days }: PurseRecord, { ofPhone }: CreditRules, now: number): boolean {
  const [codes, answers] = sumOf(days, now, DAY_MS, DAYS)
  return codes - answers < ofPhone.credit + ofPhone.earned * answers
}

/** Sign-ins answered on known networks on two days of the last 14, and two of five of all codes there. */
function hasGoodRecord({ purses }: PhoneRecord, now: number): boolean {
  const purse = purses['sign-in']
  if (purse === undefined) return false
  const [codes, answers] = sumOf(purse.days, now, DAY_MS, DAYS)
  return daysAnswered(purse.days, now, DAYS) >= 2 && answers >= 0.4 * codes
}

/** A phone that answers from ever other networks: on two days of 14, and from two of five networks that asked. */
function isRoaming({ purses, answeredFrom, vainFrom }: PhoneRecord, now: number): boolean {
  if (purses.strange === undefined || daysAnswered(purses.strange.days, now, DAYS) < 2) return false
  const isLate = (at: number): boolean => at > now - DAYS * DAY_MS
  const answered = Object.values(answeredFrom).filter(isLate).length
  const vain = Object.values(vainFrom).filter(isLate).length
  return answered >= 0.4 * (answered + vain)
}

/**
 * Somebody who travels gets three codes within an hour on a network where nothing was requested in vain: once a day, and
 * more rarely while none of them is answered.
 */
function travelOn(
  { travel, vainFrom }: PhoneRecord,
  network: string | undefined,
  now: number,
): PhoneRecord['travel'] {
  if (network === undefined) return undefined
  if (travel?.network === network && now < travel.since + HOUR_MS && travel.codes < 3)
    return { ...travel, codes: travel.codes + 1 }
  if (vainFrom[network] !== undefined) return undefined
  if (travel !== undefined && now < travel.since + travel.pauseMs) return undefined
  const pauseMs = travel === undefined ? DAY_MS : Math.min(7 * DAY_MS, travel.pauseMs * 2)
  return { network, since: now, codes: 1, pauseMs }
}

function withPurse(phone: PhoneRecord, name: PurseName, purse: PurseRecord): PhoneRecord {
  return { ...phone, purses: { ...phone.purses, [name]: purse } }
}

/** The newest thirty-two networks. */
function noted(
  networks: Readonly<Record<string, number>>,
  network: string,
  now: number,
): Readonly<Record<string, number>> {
  const entries = Object.entries({ ...networks, [network]: now })
  if (entries.length <= NETWORKS_MAX) return Object.fromEntries(entries)
  return Object.fromEntries(entries.sort(([, one], [, other]) => other - one).slice(0, NETWORKS_MAX))
}

const HOUR_MS = 3_600_000
const DAYS = 14
const NETWORKS_MAX = 32
