import { addVote, isBlind, markVotes } from './blindness.ts'
import { addTo, DAY_MS } from './counts.ts'
import {
  areFallingSilent,
  bookAll,
  bookAnswer,
  bookCode,
  earnedOf,
  isSilentIn,
  kindOf,
  openGroup,
  silentGroupsOf,
} from './groups.ts'
import { judgeNewNumber, PROBE_DAYS } from './new-number.ts'
import { earn, isKnownNetwork, judgePhone, type OwnRequest, purseOf, spend } from './phone.ts'
import {
  type CountryRecord,
  type GroupKey,
  newGroup,
  type OrgRecord,
  type PhoneRecord,
  type Records,
} from './records.ts'
import type { CreditRules } from './rules.ts'
import { PHONES_OF_HOUSE } from './spending.ts'
import type { CreditRequest, SentCode, Verdict } from './verdict.ts'

/**
 * The fraud rule: what is decided about the next code, and the records after it was sent or held.
 *
 * A new number spends credit of its block, its prefix, its country and its network; each answered code gives its own back
 * and a share of one more. A group without credit is held, except for a probe now and then. A phone that answered before
 * is judged by its own record, whatever others asked for. docs/fraud.md has the reasons.
 */
export function judge(request: CreditRequest, records: Records, rules: CreditRules, now: number): Verdict {
  const { phone, country, org } = records
  const blind = isBlind(org, country, now)
  if (isNewNumber(request, records, rules, now))
    return judgeNewNumber(request, records, rules, { now, blind })
  const isKnown = isKnownNetwork(phone, request.network, rules, now)
  if (org.answerHeardAt === undefined) return judgeUnheard(request, records, now)
  return judgeOwn(request, records, rules, { now, blind, isKnown })
}

/**
 * Whether groups pay for the code, and not the record of the phone: an enrolment of a number that never answered or fell
 * silent, or a recovery of one that answered once, on a network where it did not. Which groups: `groupsOf`.
 */
export function isNewNumber(
  { purpose, network }: Pick<CreditRequest, 'purpose' | 'network'>,
  { phone }: Pick<Records, 'phone'>,
  rules: CreditRules,
  now: number,
): boolean {
  if (purpose === 'mfa-verification' || isKnownNetwork(phone, network, rules, now)) return false
  const isEnrolment = purpose === 'pre-enrollment'
  if (phone.provenAt === undefined) return isEnrolment
  return phone.isRevoked || (phone.answers < 2 && !isEnrolment)
}

type Circumstances = { readonly now: number; readonly blind: boolean }

/** No answer was ever heard: nothing can be judged by silence. The control group begins here. */
function judgeUnheard(request: CreditRequest, records: Records, now: number): Verdict {
  return {
    kind: 'send',
    purse: undefined,
    records: vote(request, { ...records, phone: unheard(records.phone) }, now),
  }
}

function unheard(phone: PhoneRecord): PhoneRecord {
  return { ...phone, unanswered: phone.unanswered + 1 }
}

/** What answers said when a sign-in was requested: that they never came, that they do not come now, or that they do. */
export type Hearing = 'unheard' | 'blind' | 'heard'

export function hearingOf(org: OrgRecord, country: CountryRecord, now: number): Hearing {
  if (org.answerHeardAt === undefined) return 'unheard'
  return isBlind(org, country, now) ? 'blind' : 'heard'
}

/**
 * The record of a phone after a sign-in, as `judge` leaves it of one that it sends without a probe, travel or hold. A store
 * that keeps the sign-in itself books it later, when it needs the record.
 */
export function afterSignIn(
  phone: PhoneRecord,
  {
    network,
    at,
    hearing,
  }: { readonly network: string | undefined; readonly at: number; readonly hearing: Hearing },
  rules: CreditRules,
): PhoneRecord {
  if (hearing === 'unheard') return voted(unheard(phone), at)
  const isKnown = isKnownNetwork(phone, network, rules, at)
  const purse = purseOf('mfa-verification', isKnown)
  const after = spend(phone, { network, purse, isBlind: hearing === 'blind' }, at)
  return isKnown ? voted(after, at) : after
}

function judgeOwn(
  request: CreditRequest,
  records: Records,
  rules: CreditRules,
  { now, blind, isKnown }: Circumstances & { readonly isKnown: boolean },
): Verdict {
  const { phone, groups } = records
  const { network } = request
  const purse = purseOf(request.purpose, isKnown)
  const silentKeys = isKnown ? [] : silentGroupsOf(request).filter(isSilentIn(records.country, rules))
  const own: OwnRequest = {
    network,
    purse,
    sentAt: request.sentAt,
    isBlind: blind,
    isAmongSilent: !blind && silentKeys.some(key => areFallingSilent(key, records, now)),
  }
  const judged = judgePhone(phone, own, rules, now)
  if (judged.isHeld) {
    return {
      kind: 'hold',
      purse,
      records: { ...records, phone: judged.phone },
      hold: {
        reason: isKnown ? 'NUMBER_SILENT' : 'NUMBER_STRANGE_NETWORK',
        codes: phone.unanswered,
        answers: 0,
        since: request.sentAt.at(-1) ?? now,
        ...(judged.probeAt !== undefined && { probeAt: judged.probeAt }),
      },
    }
  }
  const fellSilent = !blind && phone.answers >= 1 && (phone.purses.strange?.inARow ?? 0) === 2
  const after: Records = {
    ...records,
    phone: spend(judged.phone, own, now),
    groups: fellSilent ? bookAll(groups, silentKeys, group => bookCode(group, now)) : groups,
  }
  return {
    kind: 'send',
    purse,
    records: isKnown ? vote(request, after, now) : after,
  }
}

/** One vote in twelve hours, of a phone that answers three of four codes. */
function vote(request: CreditRequest, records: Records, now: number): Records {
  const { org, country } = records
  const phone = voted(records.phone, now)
  if (phone.votedAt === records.phone.votedAt) return { ...records, phone }
  const ballot = {
    id: request.id,
    at: now,
    country: request.country,
    isAnswered: false,
    isDelivered: false,
  }
  return {
    ...records,
    phone,
    org: withVotes(org, addVote(org.votes, ballot)),
    country: withVotes(country, addVote(country.votes, ballot)),
  }
}

/** The phone with one code more on known networks; `votedAt` is now if this code is its vote. */
function voted(phone: PhoneRecord, now: number): PhoneRecord {
  const [codes, answers] = phone.record
  const isDue = phone.votedAt === undefined || phone.votedAt < now - 12 * HOUR_MS
  const isGood = answers + 2 >= 0.75 * (codes + 2)
  return { ...phone, record: [codes + 1, answers], ...(isDue && isGood && { votedAt: now }) }
}

/** After the person entered the code. `heardAt` is when we learnt of it, `answeredAt` when it was. */
export function afterAnswer(
  code: SentCode,
  records: Records,
  rules: CreditRules,
  { heardAt, answeredAt }: { readonly heardAt: number; readonly answeredAt: number },
): Records {
  const { phone, user, country, org } = records
  const { id, network, number, purse } = code
  const isKnown = purse === 'sign-in' || purse === 'recovery'
  const isEnrolment = code.purpose === 'pre-enrollment'
  const earned = earnedOf(org, rules, heardAt)
  const { countedAt, countedIn } = phone
  const wasCounted = countedAt !== undefined && countedIn.length > 0
  let groups = records.groups
  if (phone.provenAt === undefined)
    groups = bookAll(groups, silentGroupsOf(code).filter(isSilentIn(country, rules)), group =>
      bookAnswer(group, heardAt),
    )
  if (wasCounted)
    groups = Object.fromEntries(
      Object.entries(groups).map(([name, group]) => {
        const key = name as GroupKey
        if (!countedIn.includes(key)) return [key, group]
        return [key, openGroup(kindOf(key), bookAnswer(group, countedAt), earned, rules, heardAt)]
      }),
    )
  if (network !== undefined) {
    const key: GroupKey = `ip:${network}`
    const group = groups[key] ?? newGroup
    const phones = group.phones ?? []
    if (phones.length < PHONES_OF_HOUSE && !phones.includes(number))
      groups = { ...groups, [key]: { ...group, phones: [...phones, number] } }
  }
  const [codes, answers] = phone.record
  // Once in a few seconds is enough to know that answers come, and busy orgs write their record less often.
  const isHeardJustNow = Math.abs(heardAt - (org.answerHeardAt ?? 0)) < BETWEEN_HEARD_MS
  return {
    phone: {
      ...earn(phone, { network, purse }, rules, heardAt),
      countedIn: [],
      record: [codes, answers + (isKnown && !isEnrolment ? 1 : 0)],
    },
    user: isEnrolment ? user : { ...user, isKnown: true },
    country: {
      ...country,
      proven: country.proven + (phone.provenAt === undefined ? 1 : 0),
      votes: markVotes(country.votes, id, { isAnswered: true }),
    },
    org: {
      ...org,
      ...(isHeardJustNow
        ? {}
        : {
            answerHeardAt: heardAt,
            delays: [...org.delays.slice(-4), { at: heardAt, delayMs: heardAt - answeredAt }],
          }),
      votes: markVotes(org.votes, id, { isAnswered: true }),
      ...(wasCounted && {
        enrolments: addTo(org.enrolments, 'answer', { at: countedAt, bucketMs: DAY_MS, kept: 17 }),
        ...(phone.wasProbe && {
          probes: addTo(org.probes, 'answer', { at: countedAt, bucketMs: DAY_MS, kept: PROBE_DAYS }),
        }),
      }),
    },
    groups,
  }
}

/** After the carrier reported that the code reached the phone. */
export function afterReceipt(code: Pick<SentCode, 'id'>, records: Records): Records {
  const delivered = <T extends OrgRecord | CountryRecord>(record: T): T =>
    withVotes(record, markVotes(record.votes, code.id, { isDelivered: true }))
  return { ...records, org: delivered(records.org), country: delivered(records.country) }
}

/** The same record if the votes are the same: most codes add none, and what does not change is not written. */
function withVotes<T extends OrgRecord | CountryRecord>(record: T, votes: T['votes']): T {
  return votes === record.votes ? record : { ...record, votes }
}

const BETWEEN_HEARD_MS = 5_000
const HOUR_MS = 3_600_000
