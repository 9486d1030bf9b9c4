import type { ReasonCode } from '../../src/core/values/reasons.ts'
import { Secret } from '../../src/core/values/secret.ts'
import type { HookAnswer } from '../../src/okta/hook-response.ts'
import { at, type Field, redactBody } from './redact-body.ts'
import { redactHeaders } from './redact-names.ts'
import { digestOf, type RedactedToken, redactToken } from './redact-token.ts'
import type { Step, StepName } from './steps.ts'

/** A call of the hook by Okta itself, before it is answered. @internal */
export type SeenCall = {
  readonly step: Step
  /** Milliseconds since 1970. */
  readonly arrivedAt: number
  readonly headerNames: readonly string[]
  readonly authorization: string | null
  /** Undefined if the body is not a JSON object. */
  readonly json: object | undefined
}

/** What is kept of a call. */
export type RecordedCall = {
  readonly step: StepName
  readonly fields: readonly Field[]
  readonly headers: readonly string[]
  readonly token: RedactedToken | undefined
  /** Whether an earlier call had the same token. */
  readonly hasTokenOfBefore: boolean
  /** Whether an earlier call had the same `eventId`. */
  readonly isRepeated: boolean
  /** From `eventTime` to `otpExpires`. */
  readonly codeLivesSeconds: number | undefined
  /** From `eventTime`, by Okta's clock, to its arrival, by ours. */
  readonly arrivedAfterMs: number | undefined
  /** For the System Log, whose events have it too. Kept only in memory. */
  readonly requestId: Secret | undefined
  /** The hook's answer; undefined before it. */
  answerKind: AnswerKind | undefined
}

export type AnswerKind = 'SUCCESSFUL' | 'PENDING' | 'FAILED' | 'an error object' | 'no content'

/** Everything that is observed of Okta's calls, and their answers. Contains no code, number, name, address or token. */
export type Observation = {
  /** From now on calls belong to this step; between the steps, nothing is observed. */
  readonly begin: (step: Step | undefined) => void
  readonly step: () => Step | undefined
  /** Records a call. The result is called with the answer. */
  readonly arrived: (call: SeenCall) => (answer: HookAnswer) => void
  readonly turnedAway: (code: ReasonCode) => void
  readonly calls: () => readonly RecordedCall[]
  /** Reasons of the calls that were refused since the last `begin`. */
  readonly refusals: () => readonly ReasonCode[]
}

export function createObservation(): Observation {
  let step: Step | undefined
  let refusals: ReasonCode[] = []
  const calls: RecordedCall[] = []
  const known = new Set<string>()
  const isKnown = (what: string, text: unknown): boolean => {
    if (typeof text !== 'string' || text === '') return false
    const digest = digestOf(`${what} ${text}`)
    if (known.has(digest)) return true
    if (known.size < KNOWN_MAX) known.add(digest)
    return false
  }
  return {
    begin: next => {
      step = next
      refusals = []
    },
    step: () => step,
    arrived: ({ step: { name }, arrivedAt, headerNames, authorization, json }) => {
      const eventTime = timeOf(at(json, 'eventTime'))
      const otpExpires = timeOf(at(json, 'data', 'messageProfile', 'otpExpires'))
      const call: RecordedCall = {
        step: name,
        fields: redactBody(json),
        headers: redactHeaders(headerNames),
        token: redactToken(authorization, arrivedAt),
        hasTokenOfBefore: isKnown('token', authorization),
        isRepeated: isKnown('event', at(json, 'eventId')),
        codeLivesSeconds: between(eventTime, otpExpires, 1_000),
        arrivedAfterMs: between(eventTime, arrivedAt, 1),
        requestId: requestIdOf(json),
        answerKind: undefined,
      }
      if (calls.length < CALLS_MAX) calls.push(call)
      return answer => {
        call.answerKind = answerKindOf(answer)
      }
    },
    turnedAway: code => {
      if (refusals.length < CALLS_MAX) refusals.push(code)
    },
    calls: () => calls,
    refusals: () => refusals,
  }
}

function requestIdOf(json: unknown): Secret | undefined {
  const id = at(json, 'data', 'context', 'request', 'id')
  // It becomes part of a filter of the System Log, so it has no quotes or blanks.
  return typeof id === 'string' && /^[\w.@-]{1,100}$/.test(id) ? new Secret(id) : undefined
}

function answerKindOf({ body }: HookAnswer): AnswerKind {
  if (body === undefined) return 'no content'
  const status = at(body, 'commands', '0', 'value', '0', 'status')
  return STATUSES.find(known => known === status) ?? 'an error object'
}

function timeOf(value: unknown): number | undefined {
  const time = typeof value === 'string' && value.length < 40 ? Date.parse(value) : Number.NaN
  return Number.isNaN(time) ? undefined : time
}

function between(from: number | undefined, to: number | undefined, unitMs: number): number | undefined {
  return from === undefined || to === undefined ? undefined : Math.round((to - from) / unitMs)
}

const STATUSES = ['SUCCESSFUL', 'PENDING', 'FAILED'] as const
const CALLS_MAX = 200
const KNOWN_MAX = 2 * CALLS_MAX
