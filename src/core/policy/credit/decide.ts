import type { Budgets, FraudMode } from '../fraud-policy.ts'
import { exceededLimit, type Limit, type Limits, type SendHistory } from '../limits.ts'
import { isBlind } from './blindness.ts'
import { type BudgetAlarm, budgetAlarms, budgetHold, spendBudgets } from './budget.ts'
import { DAY_MS } from './counts.ts'
import { isNewNumber } from './credit.ts'
import { groupsOf, isSilentIn, poolsOf, silentGroupsOf } from './groups.ts'
import { isEnforced, judgeUnder, type OverrideEffect, rulesUnder } from './overrides.ts'
import { isKnownNetwork } from './phone.ts'
import type { GroupKey, PurseName, Records } from './records.ts'
import type { OwnRecords } from './records-by-key.ts'
import { type CreditRules, creditRules } from './rules.ts'
import type { Hold, RequestedCode, Verdict } from './verdict.ts'

/** How an org wants its codes judged. In mode off there are no terms: nothing is judged and no record is kept. */
export type CreditTerms = {
  /** `observe` sends what `enforce` would have held. The records are the same in both. */
  readonly mode: Exclude<FraudMode, 'off'>
  readonly overrides: OverrideEffect
  /** Default: `creditRules`. */
  readonly rules?: CreditRules
  /** Daily budgets, with the price of this code in dollars. Default: none. */
  readonly budget?: { readonly budgets: Budgets; readonly dollars: number }
}

/** `records`: as they are after the decision. */
export type Decision = {
  readonly records: Records
  /** Answers came before, and it is not known whether they still come. */
  readonly isBlind?: true
} & (
  | {
      readonly kind: 'send'
      readonly purse: PurseName | undefined
      /** What would have held it, but the mode only observes, or an operator allowed it (`Hold.override`). */
      readonly hold?: Hold
      /** A limit that is exceeded, but only observed. */
      readonly exceeded?: Limit
      /** Budgets of which this code spent the half, or the rest. */
      readonly alarms?: readonly BudgetAlarm[]
    }
  | { readonly kind: 'held'; readonly purse: PurseName | undefined; readonly hold: Hold }
  | { readonly kind: 'limited'; readonly limit: Limit }
)

/**
 * What happens to a request that is no duplicate: the fraud rule decides first, then the limits, and only codes that are
 * sent are counted. Every store and the replay decide with this function.
 */
export function decide(
  code: RequestedCode,
  records: Records,
  { mode, overrides, rules: plainRules = creditRules, budget }: CreditTerms,
  { limits, history }: { readonly limits: Limits; readonly history: SendHistory },
  now: number,
): Decision {
  const sentAt = history.number.filter(at => at > now - DAY_MS).toSorted((one, other) => one - other)
  const rules = rulesUnder(overrides, plainRules)
  const verdict = judgeUnder(overrides, { ...code, sentAt }, records, rules, now)
  const { purse } = verdict
  const blind =
    wasHeard(records) && isBlind(records.org, records.country, now) ? ({ isBlind: true } as const) : {}
  // An operator's decision goes before budgets.
  const budgeted = isNewNumber(code, records, rules, now) ? budget : undefined
  const overBudget =
    budgeted !== undefined && overrides.decision === undefined
      ? budgetHold(budgeted.budgets, records, { country: code.country, dollars: budgeted.dollars }, now)
      : undefined
  const stop = verdict.kind === 'hold' ? verdict.hold : overBudget
  const unsent = verdict.kind === 'hold' ? verdict.records : records
  if (stop !== undefined && isEnforced(stop, mode))
    return { kind: 'held', purse, hold: stop, records: unsent, ...blind }
  const hold = stop ?? (verdict.kind === 'send' ? allowedHold(verdict) : undefined)
  const windows = windowsFor(code, records, limits, rules, now)
  const exceeded = exceededLimit(windows, history, now)
  if (exceeded !== undefined && limits.mode === 'enforce')
    return { kind: 'limited', limit: exceeded, records: unsent }
  const spent = budgeted ? spendBudgets(verdict.records, budgeted.dollars, now) : verdict.records
  const alarms = budgeted ? budgetAlarms(budgeted.budgets, records, spent, code.country, now) : []
  return {
    kind: 'send',
    purse,
    records: spent,
    ...blind,
    ...(hold !== undefined && { hold }),
    ...(exceeded !== undefined && { exceeded }),
    ...(alarms.length > 0 && { alarms }),
  }
}

/**
 * The groups that `decide` reads or changes for this code. Most sign-ins need none: they are judged by the record of their
 * phone.
 */
export function groupKeysToDecide(
  code: RequestedCode,
  own: OwnRecords,
  { overrides, rules: plainRules = creditRules }: Pick<CreditTerms, 'overrides' | 'rules'>,
  now: number,
): readonly GroupKey[] {
  const rules = rulesUnder(overrides, plainRules)
  if (isNewNumber(code, own, rules, now))
    return [...groupsOf(code, own.country, rules), ...poolsOf(code), ...own.phone.countedIn]
  const isKnown = isKnownNetwork(own.phone, code.network, rules, now)
  return isKnown || own.org.answerHeardAt === undefined
    ? []
    : silentGroupsOf(code).filter(isSilentIn(own.country, rules))
}

/** Without any answer ever, the rule is not blind: it has never seen. */
function wasHeard({ org }: Records): boolean {
  return org.answerHeardAt !== undefined
}

function allowedHold({ allowed }: Extract<Verdict, { readonly kind: 'send' }>): Hold | undefined {
  return allowed && { ...allowed.hold, override: allowed.by }
}

/**
 * The limits for this request. Where the phone has networks on which it answered, the last of each limit are kept for
 * those: an outsider cannot use them up.
 */
function windowsFor(
  { network }: Pick<RequestedCode, 'network'>,
  { phone }: Pick<Records, 'phone'>,
  { windows }: Limits,
  rules: CreditRules,
  now: number,
): readonly Limit[] {
  const isKnown = (of: string | undefined): boolean => isKnownNetwork(phone, of, rules, now)
  return isKnown(network) || !Object.keys(phone.answeredFrom).some(isKnown)
    ? windows
    : windows.map(limit => ({ ...limit, kept: KEPT_FOR_KNOWN }))
}

const KEPT_FOR_KNOWN = 2
