import { type AwsError, defaultStatus, ERROR_NAMES, REASONS } from './aws-error.ts'
import {
  allowOnly,
  choice,
  flag,
  type InputObject,
  matching,
  object,
  type Problem,
  readOrProblem,
  refused,
  share,
  text,
  wholeNumber,
} from './control-input.ts'
import type { Fault, When } from './fault.ts'
import { FEEDBACK_OPERATIONS, type FeedbackOperation } from './feedback.ts'
import { DESCRIBE_OPERATIONS, type DescribeOperation, OPERATIONS, type Operation } from './model.ts'
import { OPT_OUT_OPERATIONS, type OptOutOperation } from './opt-outs.ts'

/** One failure on demand: what goes wrong, for which requests, how often. */
export type FaultRule = {
  /** The rule as it was sent. */
  readonly input: InputObject
  /** Only requests that match every field named here. */
  readonly match: {
    readonly operation?: Operation | DescribeOperation | OptOutOperation | FeedbackOperation
    readonly to?: string
    readonly from?: string
  }
  /** How many times it applies at most. Default: no limit. */
  readonly times: number
  /** The probability that it applies, from 0 to 1. */
  readonly probability: number
  readonly fault: Fault
}

/** Reads a rule from JSON. Unknown names are refused: a test must not pass because its rule never applied. */
export function readFaultRule(input: unknown): FaultRule | Problem {
  return readOrProblem(() => {
    const rule = object('the rule', input)
    const kind = choice('kind', rule.kind, Object.keys(READERS) as Fault['kind'][])
    const reader = READERS[kind]
    allowOnly('the rule', rule, ['kind', 'match', 'times', 'probability', ...reader.fields])
    return {
      input: rule,
      match: readMatch(rule.match),
      times:
        rule.times === undefined ? Number.POSITIVE_INFINITY : wholeNumber('times', rule.times, 1, 1_000_000),
      probability: rule.probability === undefined ? 1 : share('probability', rule.probability),
      fault: reader.read(rule),
    }
  })
}

type Reader = { readonly fields: readonly string[]; readonly read: (rule: InputObject) => Fault }

const READERS: Readonly<Record<Fault['kind'], Reader>> = {
  error: { fields: ['name', 'reason', 'status', 'message', 'unlisted'], read: readError },
  latency: { fields: ['ms'], read: rule => ({ kind: 'latency', ms: milliseconds(rule.ms) }) },
  hang: { fields: ['when'], read: rule => ({ kind: 'hang', when: when(rule.when) }) },
  reset: { fields: ['when'], read: rule => ({ kind: 'reset', when: when(rule.when) }) },
  'server-error': { fields: ['when'], read: rule => ({ kind: 'server-error', when: when(rule.when) }) },
  'slow-body': { fields: ['ms'], read: rule => ({ kind: 'slow-body', ms: milliseconds(rule.ms) }) },
  'garbage-body': { fields: [], read: () => ({ kind: 'garbage-body' }) },
  'empty-answer': { fields: [], read: () => ({ kind: 'empty-answer' }) },
  'refuse-connections': {
    fields: ['ms'],
    read: rule => ({ kind: 'refuse-connections', ms: milliseconds(rule.ms) }),
  },
}

/** A known error of AWS; with `unlisted`, any other. */
function readError(rule: InputObject): Fault {
  const isUnlisted = rule.unlisted !== undefined && flag('unlisted', rule.unlisted)
  const name = isUnlisted ? identifier('name', rule.name) : choice('name', rule.name, ERROR_NAMES)
  const message =
    rule.message === undefined
      ? `A fault rule of the stand-in asks for ${name}`
      : text('message', rule.message)
  const status =
    rule.status === undefined ? defaultStatus(name) : wholeNumber('status', rule.status, 400, 599)
  const error: AwsError = { kind: 'error', name, message, status }
  if (rule.reason === undefined) return { kind: 'error', error }
  if (isUnlisted) return { kind: 'error', error: { ...error, reason: identifier('reason', rule.reason) } }
  const reasons = REASONS[name as keyof typeof REASONS]
  if (!reasons) throw refused(`reason is not allowed: ${name} has no reasons (or set unlisted: true)`)
  return { kind: 'error', error: { ...error, reason: choice('reason', rule.reason, reasons) } }
}

function identifier(name: string, input: unknown): string {
  return matching(name, input, /^[A-Za-z][A-Za-z0-9_]{0,99}$/, 'up to 100 letters, digits and underscores')
}

function readMatch(input: unknown): FaultRule['match'] {
  if (input === undefined) return {}
  const match = object('match', input)
  allowOnly('match', match, ['operation', 'to', 'from'])
  const { operation, to, from } = match
  return {
    ...(operation !== undefined && {
      operation: choice('match.operation', operation, EVERY_OPERATION),
    }),
    ...(to !== undefined && { to: text('match.to', to) }),
    ...(from !== undefined && { from: text('match.from', from) }),
  }
}

const EVERY_OPERATION = [
  ...(Object.keys(OPERATIONS) as Operation[]),
  ...(Object.keys(DESCRIBE_OPERATIONS) as DescribeOperation[]),
  ...(Object.keys(OPT_OUT_OPERATIONS) as OptOutOperation[]),
  ...(Object.keys(FEEDBACK_OPERATIONS) as FeedbackOperation[]),
]

function when(input: unknown): When {
  return choice('when', input, ['before', 'after'])
}

function milliseconds(input: unknown): number {
  return wholeNumber('ms', input, 0, 600_000)
}
