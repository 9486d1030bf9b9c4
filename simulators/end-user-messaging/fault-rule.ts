import { type AwsErrorName, awsError, ERROR_STATUS } from './aws-error.ts'
import type { Fault, When } from './fault.ts'
import { OPERATIONS, type Operation } from './model.ts'
import { REASONS } from './reasons.ts'

/** One failure on demand: what goes wrong, for which requests, how often. */
export type FaultRule = {
  /** The rule as it was given. */
  readonly given: Readonly<Record<string, unknown>>
  /** Only requests that are alike in all that is named here. */
  readonly match: { readonly operation?: Operation; readonly to?: string; readonly from?: string }
  /** How often it strikes at most; infinite unless given. */
  readonly times: number
  /** How likely it strikes, from 0 to 1. */
  readonly probability: number
  readonly fault: Fault
}

/** Why a rule was not taken: what was given, and what is allowed. */
export type RuleProblem = { readonly problem: string }

/** Reads a rule from JSON. Names that are not known are refused: a rule that silently never strikes proves nothing. */
export function readFaultRule(given: unknown): FaultRule | RuleProblem {
  try {
    const rule = object('the rule', given)
    const kind = choice('kind', rule.kind, Object.keys(READERS))
    const reader = READERS[kind as Fault['kind']]
    allowOnly('the rule', rule, ['kind', 'match', 'times', 'probability', ...reader.fields])
    return {
      given: rule,
      match: readMatch(rule.match),
      times:
        rule.times === undefined ? Number.POSITIVE_INFINITY : wholeNumber('times', rule.times, 1, 1_000_000),
      probability: rule.probability === undefined ? 1 : share('probability', rule.probability),
      fault: reader.read(rule),
    }
  } catch (error) {
    if (error instanceof Unfit) return { problem: error.message }
    throw error
  }
}

type Given = Readonly<Record<string, unknown>>
type Reader = { readonly fields: readonly string[]; readonly read: (rule: Given) => Fault }

const READERS: Readonly<Record<Fault['kind'], Reader>> = {
  error: { fields: ['name', 'reason', 'status', 'message'], read: readError },
  latency: { fields: ['ms'], read: rule => ({ kind: 'latency', ms: milliseconds(rule.ms) }) },
  hang: { fields: ['when'], read: rule => ({ kind: 'hang', when: when(rule.when) }) },
  reset: { fields: ['when'], read: rule => ({ kind: 'reset', when: when(rule.when) }) },
  'server-error': { fields: ['when'], read: rule => ({ kind: 'server-error', when: when(rule.when) }) },
  'slow-body': { fields: ['ms'], read: rule => ({ kind: 'slow-body', ms: milliseconds(rule.ms) }) },
  'garbage-body': { fields: [], read: () => ({ kind: 'garbage-body' }) },
  'empty-answer': { fields: [], read: () => ({ kind: 'empty-answer' }) },
}

function readError(rule: Given): Fault {
  const name = choice('name', rule.name, Object.keys(ERROR_STATUS)) as AwsErrorName
  const message =
    rule.message === undefined ? `The stand-in was told to answer ${name}` : text('message', rule.message)
  const reasons = REASONS[name]
  if (rule.reason !== undefined && !reasons) throw new Unfit(`reason is not allowed: ${name} has none`)
  const reason = rule.reason === undefined ? {} : { reason: choice('reason', rule.reason, reasons ?? []) }
  const status = rule.status === undefined ? {} : { status: wholeNumber('status', rule.status, 400, 599) }
  return { kind: 'error', error: awsError(name, message, { ...reason, ...status }) }
}

function readMatch(given: unknown): FaultRule['match'] {
  if (given === undefined) return {}
  const match = object('match', given)
  allowOnly('match', match, ['operation', 'to', 'from'])
  const { operation, to, from } = match
  return {
    ...(operation !== undefined && {
      operation: choice('match.operation', operation, Object.keys(OPERATIONS)) as Operation,
    }),
    ...(to !== undefined && { to: text('match.to', to) }),
    ...(from !== undefined && { from: text('match.from', from) }),
  }
}

/** Thrown and caught in this file only: the first thing wrong with a rule. */
class Unfit extends Error {}

function unfit(name: string, given: unknown, allowed: string): Unfit {
  const shown = given === undefined ? 'missing' : (JSON.stringify(given) ?? 'unreadable').slice(0, 100)
  return new Unfit(`${name} is ${shown}; expected ${allowed}`)
}

function object(name: string, given: unknown): Given {
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given as Given
  throw unfit(name, given, 'an object')
}

function allowOnly(name: string, given: Given, allowed: readonly string[]): void {
  const unknown = Object.keys(given).find(key => !allowed.includes(key))
  if (unknown !== undefined) throw new Unfit(`${name} has "${unknown}"; allowed are ${allowed.join(', ')}`)
}

function choice(name: string, given: unknown, allowed: readonly string[]): string {
  if (typeof given === 'string' && allowed.includes(given)) return given
  throw unfit(name, given, `one of ${allowed.join(', ')}`)
}

function when(given: unknown): When {
  return choice('when', given, ['before', 'after']) as When
}

function text(name: string, given: unknown): string {
  if (typeof given === 'string' && given !== '' && given.length <= 1000) return given
  throw unfit(name, given, 'a text of 1 to 1000 characters')
}

function wholeNumber(name: string, given: unknown, min: number, max: number): number {
  if (Number.isInteger(given) && Number(given) >= min && Number(given) <= max) return Number(given)
  throw unfit(name, given, `a whole number from ${min} to ${max}`)
}

function milliseconds(given: unknown): number {
  return wholeNumber('ms', given, 0, 600_000)
}

function share(name: string, given: unknown): number {
  if (typeof given === 'number' && given >= 0 && given <= 1) return given
  throw unfit(name, given, 'a number from 0 to 1')
}
