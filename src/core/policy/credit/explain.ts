import type { Override, Whom } from '../fraud-policy.ts'
import type { BudgetAlarm } from './budget.ts'
import type { Count } from './counts.ts'
import { kindOf } from './groups.ts'
import type { Hold, HoldReason } from './verdict.ts'

/** Why a code is held, or what an operator decided: always these five parts, for people. Nothing personal. */
export type FraudExplanation = {
  readonly reason: HoldReason | 'FRAUD_ALLOWED' | 'FRAUD_EXPECTED'
  /** Whom it is about: `new numbers that begin with +58412771`. */
  readonly group: string
  /** How many got a code, and how many of them answered. */
  readonly counts: string
  readonly since: string
  /** When a code is sent again, and who can change it with which command. */
  readonly next: string
}

/** `country`: of the number; the command names it where all countries of a kind are held. */
export function explainHold(hold: Hold, country: string | undefined): FraudExplanation {
  const { reason, since, override, codes, answers } = hold
  if (override !== undefined)
    return {
      ...explainOverride(override, [codes, answers]),
      counts: countsOf(hold),
      ...(override.what === 'allow' && {
        group: `${describeWhom(override.whom)}, which ${reason} would hold: ${groupOf(hold, country)}`,
      }),
    }
  return {
    reason,
    group: groupOf(hold, country),
    counts: countsOf(hold),
    since: `Held since ${timeOf(since)}.`,
    next: `${nextOf(hold)} ${MAY_ALLOW}: ${commandOf(hold, country)}`,
  }
}

/** `counts`: codes that were requested under it, and how many were answered. */
export function explainOverride(override: Override, [codes, answers]: Count): FraudExplanation {
  const { what, whom, at, until, author, because } = override
  const end = `Until ${timeOf(until)}. ${MAY_END}: hookline fraud remove ${argumentOf(whom)}`
  const by = `by ${author}: ${because}`
  const requested = `${counted(codes, 'code')} requested, ${answers} answered.`
  switch (what) {
    case 'allow':
      return {
        reason: 'FRAUD_ALLOWED',
        group: describeWhom(whom),
        counts: requested,
        since: `Allowed since ${timeOf(at)} ${by}.`,
        next: end,
      }
    case 'deny':
      return {
        reason: 'FRAUD_DENIED',
        group: describeWhom(whom),
        counts: requested,
        since: `Denied since ${timeOf(at)} ${by}.`,
        next: end,
      }
    case 'expect':
      return {
        reason: 'FRAUD_EXPECTED',
        group: `${counted(override.count, 'new phone')} in ${whom.country}`,
        counts: requested,
        since: `Expected since ${timeOf(at)} ${by}.`,
        next: end,
      }
  }
}

/** The five parts as one text: for the log, and as the detail of a refusal, which begins after its reason. */
export function textOfExplanation({ group, counts, since, next }: Omit<FraudExplanation, 'reason'>): string {
  return `${group.slice(0, 1).toUpperCase()}${group.slice(1)}. ${counts} ${since} ${next}`
}

export function describeWhom(whom: Whom): string {
  switch (whom.kind) {
    case 'number':
      return `the phone …${whom.lastDigits}`
    case 'user':
      return 'one user'
    case 'prefix':
      return `numbers that begin with +${whom.digits}`
    case 'network':
      return `requests from ${whom.cidr}`
    case 'country':
      return `numbers in ${whom.country}`
  }
}

function groupOf({ reason, group }: Hold, country: string | undefined): string {
  switch (reason) {
    case 'NUMBER_SILENT':
      return 'this phone, on networks where it answered before'
    case 'NUMBER_STRANGE_NETWORK':
      return 'this phone, on networks where it never answered'
    case 'NUMBER_UNPROVEN':
      return 'this phone, which has never answered'
    case 'USER_MANY_NUMBERS':
      return 'this user, for new numbers'
    case 'FRAUD_BUDGET':
      return group === undefined ? 'new numbers in all countries' : describeGroup(group)
    default:
      return describeGroup(group ?? `country:${country ?? '?'}`)
  }
}

/** The numbers that a group is about. */
export function describeGroup(group: NonNullable<Hold['group']>): string {
  const name = group.slice(group.indexOf(':') + 1)
  switch (kindOf(group)) {
    case 'p4':
    case 'p6':
      return `new numbers that begin with +${name}`
    case 'country':
      return `new numbers in ${name}`
    case 'ip':
      return `new numbers requested from ${cidrOf(name)}`
    case 'new':
      return 'new numbers in all countries where almost no phone has answered yet'
    case 'small':
      return 'new numbers in all countries where few phones have answered yet'
    case 'prefixes':
      return 'new numbers in established countries, with prefixes where few phones have answered lately'
    case 'blocks':
      return 'new numbers in blocks where a number did not answer'
    case 'recoveries':
      return 'resets and unlocks of phones that answered once, requested from other networks'
    case 'reserve':
      return 'new numbers in countries and with prefixes that answer, while those are out of credit'
    case 'spared':
      return 'new numbers of known users, and those on networks and in countries that answer'
  }
}

function countsOf({ reason, codes, answers }: Hold): string {
  switch (reason) {
    case 'NUMBER_SILENT':
    case 'NUMBER_STRANGE_NETWORK':
      return `${counted(codes, 'code')} since its last answer, ${answers} answered.`
    case 'FRAUD_DENIED':
      return `${counted(codes, 'code')} to this phone without an answer, ${answers} answered.`
    case 'NUMBER_UNPROVEN':
      return `${counted(codes, 'code')} in 24 hours, ${answers} answered.`
    case 'FRAUD_BUDGET':
      return `${counted(codes, 'code')} spent the budget of that day, ${answers} answered.`
    case 'USER_MANY_NUMBERS':
      return `${counted(codes, 'number')} in 24 hours, ${answers} answered.`
    default:
      return `${counted(codes, 'number')} got a code in the last 14 days, ${answers} answered.`
  }
}

function nextOf({ reason, probeAt }: Hold): string {
  if (reason === 'FRAUD_BUDGET' && probeAt !== undefined)
    return `A code is sent again from ${timeOf(probeAt)} on.`
  if (probeAt !== undefined)
    return `One code is let through from ${timeOf(probeAt)} on, and an answer ends the hold.`
  return reason === 'USER_MANY_NUMBERS'
    ? 'Other numbers get a code when the older requests are a day old.'
    : 'A code is sent again when fewer were sent in the last hour and day.'
}

function commandOf({ reason, group }: Hold, country: string | undefined): string {
  const allow = (whom: string): string => `hookline fraud allow ${whom} --for 7d --because "…"`
  switch (reason) {
    case 'NUMBER_SILENT':
    case 'NUMBER_STRANGE_NETWORK':
    case 'NUMBER_UNPROVEN':
    case 'FRAUD_KNOWN_USERS':
    case 'FRAUD_RESERVE':
    case 'FRAUD_RARE_PREFIXES':
    case 'FRAUD_SILENT_BLOCKS':
    case 'FRAUD_RECOVERIES':
    case 'FRAUD_BUDGET':
      return allow('"+number"')
    case 'USER_MANY_NUMBERS':
      return allow('--user "login"')
    case 'FRAUD_BLOCK':
    case 'FRAUD_PREFIX':
      return allow(`"+${nameOf(group)}*"`)
    case 'FRAUD_NETWORK':
      return allow(cidrOf(nameOf(group)))
    case 'FRAUD_COUNTRY':
    case 'FRAUD_NEW_COUNTRIES':
    case 'FRAUD_SMALL_COUNTRIES':
    case 'FRAUD_DENIED':
      return `hookline fraud expect ${country ?? 'US'} 50 --for 7d --because "…"`
  }
}

/** As `hookline fraud allow` takes it. */
function argumentOf(whom: Whom): string {
  switch (whom.kind) {
    case 'number':
      return '"+number"'
    case 'user':
      return '--user "login"'
    case 'prefix':
      return `"+${whom.digits}*"`
    case 'network':
      return whom.cidr
    case 'country':
      return whom.country
  }
}

const nameOf = (group: string | undefined): string => group?.slice(group.indexOf(':') + 1) ?? ''
const cidrOf = (network: string): string => (network.includes(':') ? `${network}::/48` : `${network}.0/24`)
const counted = (count: number, noun: string): string => `${count} ${count === 1 ? noun : `${noun}s`}`
const timeOf = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
const MAY_ALLOW = 'The security team can allow it'
const MAY_END = 'The security team can end it'

/** One sentence for the log. */
export function describeBudget({ country, share, spent, budget }: BudgetAlarm): string {
  const { messages, dollars } = budget
  const limits = [
    messages === undefined ? '' : `${messages} codes`,
    dollars === undefined ? '' : `$${dollars.toFixed(2)}`,
  ].filter(limit => limit !== '')
  const effect = share === 'all' ? ' Codes to new numbers are held until midnight UTC, in mode enforce.' : ''
  return `${share === 'all' ? 'The whole' : 'Half of the'} daily budget of ${country ?? 'all countries'} (${limits.join(', ')}) is spent: ${spent.messages} codes to new numbers, $${spent.dollars.toFixed(2)}.${effect}`
}
