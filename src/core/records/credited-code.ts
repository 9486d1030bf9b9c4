import type { Plan, RefusedPlan } from '../plan/plan.ts'
import { DAY_MS } from '../policy/credit/counts.ts'
import { afterAnswer, afterReceipt } from '../policy/credit/credit.ts'
import { type CreditTerms, type Decision, decide, groupKeysToDecide } from '../policy/credit/decide.ts'
import { afterNotSent } from '../policy/credit/not-sent.ts'
import { effectOf } from '../policy/credit/overrides.ts'
import type { GroupKey, PhoneRecord, Records } from '../policy/credit/records.ts'
import { changeRecords, groupKeysAfter, type RecordTable } from '../policy/credit/records-by-key.ts'
import { creditRules } from '../policy/credit/rules.ts'
import type { RequestedCode, SentCode } from '../policy/credit/verdict.ts'
import { dollarsOf, type FraudPolicy, fraudModeOf } from '../policy/fraud-policy.ts'
import { exceededLimit, longestWindowMs, type SendHistory } from '../policy/limits.ts'
import type { OtpRequest } from '../values/request.ts'
import type { Delivery, Digests } from './delivery.ts'
import type { Admission, Opening } from './delivery-store.ts'

/** The delivery as the fraud rule judges it; undefined if no rule does. Its org is `Delivery.caller`. */
export function requestedCodeOf(delivery: Delivery, otherDigests?: Digests): RequestedCode | undefined {
  const { id, country, purpose, credit } = delivery
  if (credit === undefined || country === undefined) return undefined
  const { block, network } = credit
  const other = otherDigests && { other: namesIn(otherDigests) }
  return { id, ...namesIn(delivery), block, purpose, country, network, ...other }
}

function namesIn({ numberDigest, userDigest }: Digests): Pick<RequestedCode, 'number' | 'user'> {
  // Requests without a user are not all of one user.
  return { number: numberDigest, user: userDigest ?? numberDigest }
}

/** The same after it was sent, to book what becomes of it. */
export function sentCodeOf(delivery: Delivery): SentCode | undefined {
  const code = requestedCodeOf(delivery)
  return code && { ...code, at: delivery.openedAt, purse: delivery.credit?.purse }
}

/**
 * A new delivery with what the fraud rule keeps. A preview has none: an administrator sees its code and enters it nowhere.
 */
export function creditedDelivery(
  delivery: Delivery,
  { network, preview }: Pick<OtpRequest, 'network' | 'preview'>,
  planned: Plan | RefusedPlan,
  fraud: FraudPolicy,
): Delivery {
  if (preview || planned.kind === 'refusal' || fraudModeOf(fraud, delivery.caller) === 'off') return delivery
  const block = planned.destination.e164.reveal().slice(1, -4)
  return { ...delivery, credit: { block, ...(network !== undefined && { network }) } }
}

/** How the policy wants the delivery judged; undefined if not at all. */
export function termsOf(
  delivery: Delivery,
  fraud: FraudPolicy,
  otherDigests?: Digests,
): CreditTerms | undefined {
  const { caller, openedAt, country, credit } = delivery
  const mode = fraudModeOf(fraud, caller)
  if (credit === undefined || mode === 'off') return undefined
  const { block, network } = credit
  const all = otherDigests === undefined ? [delivery] : [delivery, otherDigests]
  const numberDigests = all.map(({ numberDigest }) => numberDigest)
  const userDigests = all
    .flatMap(({ userDigest, loginDigest }) => [userDigest, loginDigest])
    .filter(digest => digest !== undefined)
  const target = { numberDigests, block, country, network, userDigests }
  const { budgets: plan } = fraud
  return {
    mode,
    overrides: effectOf(fraud.overrides, target, openedAt),
    ...(plan !== undefined &&
      country !== undefined && {
        budget: { budgets: plan.budgets, dollars: dollarsOf(plan, country, delivery.channel) },
      }),
  }
}

/** Whether the rule counted the code as sent. A code that it only would have held was not counted. */
export function isCredited({ credit }: Delivery): boolean {
  return credit !== undefined && credit.hold === undefined
}

/** How far back a store must look for the codes that count. */
export function historyMs({ limits, credit }: Opening): number {
  return Math.max(longestWindowMs(limits.windows), credit === undefined ? 0 : DAY_MS)
}

/** Admits a delivery that is no duplicate, or refuses it, and changes the records of the fraud rule. */
export function admitIn(
  table: RecordTable,
  { delivery, otherDigests, limits, credit }: Opening,
  history: SendHistory,
): Exclude<Admission, { readonly kind: 'duplicate' }> {
  const code = requestedCodeOf(delivery, otherDigests)
  const now = delivery.openedAt
  if (code !== undefined && credit !== undefined)
    return admissionOf(
      changeRecords(
        table,
        code,
        own => groupKeysToDecide(code, own, credit, now),
        records => decide(code, records, credit, { limits, history }, now),
      ),
    )
  const exceeded = exceededLimit(limits.windows, history, now)
  if (exceeded === undefined) return { kind: 'opened' }
  return limits.mode === 'enforce' ? { kind: 'limited', limit: exceeded } : { kind: 'opened', exceeded }
}

/** What a store answers to a decision. */
export function admissionOf(decision: Decision): Exclude<Admission, { readonly kind: 'duplicate' }> {
  switch (decision.kind) {
    case 'limited':
      return { kind: 'limited', limit: decision.limit }
    case 'held': {
      const { records: _, ...held } = decision
      return held
    }
    case 'send': {
      const { purse, hold, exceeded, isBlind, alarms } = decision
      return {
        kind: 'opened',
        purse,
        hold,
        ...(exceeded !== undefined && { exceeded }),
        ...(isBlind && { isBlind }),
        ...(alarms !== undefined && { alarms }),
      }
    }
  }
}

/** The delivery with what was decided about it. */
export function judged(
  delivery: Delivery,
  { purse, hold }: Pick<NonNullable<Delivery['credit']>, 'purse' | 'hold'>,
): Delivery {
  const { credit } = delivery
  return credit === undefined ? delivery : { ...delivery, credit: { ...credit, purse, hold } }
}

/** Books the first answer to a delivery. `heardAt` is when we learnt of it. */
export function bookAnswered(
  table: RecordTable,
  delivery: Delivery,
  times: { readonly heardAt: number; readonly answeredAt: number },
): void {
  book(table, delivery, groupKeysAfter, (code, records) => afterAnswer(code, records, creditRules, times))
}

/** Books that a delivery reached the phone. Repeats change nothing. */
export function bookDelivered(table: RecordTable, delivery: Delivery): void {
  book(table, delivery, () => [], afterReceipt)
}

/** Books that a delivery that was opened ended without a code. */
export function bookNotSent(table: RecordTable, delivery: Delivery): void {
  if (isCredited(delivery)) book(table, delivery, groupKeysAfter, afterNotSent)
}

function book(
  table: RecordTable,
  delivery: Delivery,
  groups: (code: SentCode, phone: PhoneRecord) => readonly GroupKey[],
  work: (code: SentCode, records: Records) => Records,
): void {
  const code = sentCodeOf(delivery)
  if (code === undefined) return
  changeRecords(
    table,
    code,
    ({ phone }) => groups(code, phone),
    records => ({ records: work(code, records) }),
  )
}
