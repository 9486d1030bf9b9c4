import { isCanaryRequest } from '../core/deliver/canary-rules.ts'
import type { TimeLimit } from '../core/deliver/clock.ts'
import { createDeadline, untilAborted } from '../core/deliver/deadline.ts'
import { deliver } from '../core/deliver/deliver.ts'
import type { StepEvent } from '../core/deliver/event.ts'
import type { Ports } from '../core/deliver/ports.ts'
import type { ProcessState } from '../core/deliver/process-state.ts'
import type { PlanRules } from '../core/plan/plan.ts'
import { isCanary } from '../core/records/canary.ts'
import type { Outcome } from '../core/records/delivery.ts'
import { isRefusal, type ReasonCode } from '../core/values/reasons.ts'
import type { Caller } from '../okta/caller.ts'
import { readHookRequest } from '../okta/hook-request.ts'
import {
  type AnswerRules,
  answerError,
  answerOutcome,
  type HookAnswer,
  statusIn,
} from '../okta/hook-response.ts'
import type { JsonBody } from './read-json-body.ts'

export type Hook = (call: HookCall) => Promise<HookAnswer>

/** A request from Okta, as received from a server or a gateway. */
export type HookCall = {
  /** A header by its name, which is not case-sensitive; null if it is missing. */
  readonly header: (name: string) => string | null
  /** For `npm run observe`. */
  readonly headerNames: () => readonly string[]
  readonly readBody: () => Promise<JsonBody>
  /** Facts from a gateway in front of the hook. */
  readonly gateway: Gateway | undefined
}

/** @internal */
export type Gateway = {
  /**
   * When the request arrived at the gateway; milliseconds since 1970. A gateway whose clock is ahead of ours does not
   * extend the budget.
   */
  readonly arrivedAt: number
  /** The context from its authorizer. */
  readonly authorizer: unknown
}

export type HookParts = {
  readonly identify: (call: HookCall, now: number, signal: TimeLimit) => Promise<Caller>
  readonly planRules: PlanRules
  readonly answerRules: AnswerRules
  /** Milliseconds from arrival to response, 500 to 2,500. */
  readonly budgetMs: number
  readonly ports: Ports
  readonly state: ProcessState
}

/** The whole request on one screen: identify the caller, read the request, deliver, answer. */
export function createHook({ identify, planRules, answerRules, budgetMs, ports, state }: HookParts): Hook {
  const { clock } = ports
  return async call => {
    const deadline = createDeadline(spentMs(call.gateway, clock.now()), budgetMs, clock)
    let org: string | undefined
    const answered = (answer: HookAnswer, ending: Ending): HookAnswer => {
      const durationMs = deadline.elapsedMs()
      ports.record({ step: 'hook-response', ...ending, answer: statusIn(answer), org, durationMs })
      return answer
    }
    const refuse = (code: ReasonCode): HookAnswer =>
      answered(answerError(code), { outcome: code, kind: 'refused' })

    try {
      const caller = await identify(call, clock.now(), deadline.signal('identify'))
      org = caller.org
      if (caller.kind === 'unauthenticated') {
        ports.record({ step: 'caller', outcome: caller.code, org, durationMs: deadline.elapsedMs() })
        return { httpStatus: 401, body: undefined }
      }

      const body = await untilAborted(call.readBody(), deadline.signal('read')).catch(() => INCOMPLETE)
      if (body.kind === 'refusal') return refuse(body.code)
      const request = readHookRequest(body.json)
      if (isRefusal(request)) return refuse(request.code)
      if (isCanary({ caller: caller.name }) && !isCanaryRequest(request))
        return refuse('CANARY_NOT_SIMULATOR')

      const outcome = await deliver(request, caller.name, planRules, ports, state, deadline)
      const answer = answerOutcome(outcome, answerRules, request.preview ? caller : undefined)
      return answered(answer, endingOf(outcome))
    } catch (error) {
      const deliveryId = ports.newId()
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
      ports.record({ step: 'internal-error', outcome: 'INTERNAL_ERROR', deliveryId, detail })
      const internalError = { kind: 'unknown', code: 'INTERNAL_ERROR', detail, deliveryId } as const
      return answered(answerOutcome(internalError, answerRules), endingOf(internalError))
    }
  }
}

/**
 * The time spent at the gateway, by its clock and ours. If it is longer than a gateway ever waits, one clock is wrong.
 */
function spentMs(gateway: Gateway | undefined, now: number): number {
  const ms = now - (gateway?.arrivedAt ?? now)
  return ms > 0 && ms <= GATEWAY_MAX_MS ? ms : 0
}

/** How the request ended, for the log. */
type Ending = Pick<StepEvent, 'outcome' | 'deliveryId'> & { readonly kind: Outcome['kind'] }

function endingOf(outcome: Outcome): Ending {
  const { kind, deliveryId } = outcome
  return { outcome: kind === 'accepted' ? 'accepted' : outcome.code, kind, deliveryId }
}

const INCOMPLETE = { kind: 'refusal', code: 'BODY_INCOMPLETE' } as const

const GATEWAY_MAX_MS = 29_000 // the longest that API Gateway waits for an integration
