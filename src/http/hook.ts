import { type Clock, createDeadline } from '../core/deadline.ts'
import { deliver } from '../core/deliver.ts'
import type { PlanRules } from '../core/plan.ts'
import type { Ports } from '../core/ports.ts'
import type { ReasonCode } from '../core/reason.ts'
import { untilAborted } from '../core/until-aborted.ts'
import { identifyAsker, type WaysIn } from '../okta/asker.ts'
import { readHookRequest } from '../okta/hook-request.ts'
import { type AnswerRules, answerError, answerOutcome, type HookAnswer } from '../okta/hook-response.ts'
import { readJsonBody } from './read-json-body.ts'

/**
 * `arrivedAt`: the gateway's own request time, where there is one; milliseconds since 1970. A gateway whose clock
 * is ahead of ours makes the budget no longer.
 */
export type Hook = (request: Request, arrivedAt?: number) => Promise<Response>

export type HookParts = {
  readonly waysIn: WaysIn
  readonly planRules: PlanRules
  readonly answerRules: AnswerRules
  /** Milliseconds from arrival to answer, 500 to 2,500. */
  readonly budgetMs: number
  readonly clock: Clock
  readonly ports: Ports
}

/** The whole request on one screen: who is asking, what is asked, deliver, answer. */
export function createHook({ waysIn, planRules, answerRules, budgetMs, clock, ports }: HookParts): Hook {
  return async (request, gatewayTime) => {
    const now = clock.now()
    const arrivedAt = Math.min(gatewayTime ?? now, now)
    const deadline = createDeadline(arrivedAt, budgetMs, clock)
    const answered = (answer: HookAnswer, outcome: string, deliveryId?: string): Response => {
      ports.record({ step: 'hook-response', outcome, deliveryId, durationMs: clock.now() - arrivedAt })
      return Response.json(answer.body, { status: answer.httpStatus })
    }
    const refuse = (code: ReasonCode): Response => answered(answerError(code), code)

    try {
      const asker = await identifyAsker(request.headers, waysIn, clock.now(), deadline.signal('identify'))
      if (asker.kind === 'stranger') {
        ports.record({ step: 'access-token', outcome: asker.code, durationMs: clock.now() - arrivedAt })
        return new Response(null, { status: 401, headers: { 'www-authenticate': 'Bearer' } })
      }

      const body = await untilAborted(readJsonBody(request, BODY_MAX_BYTES), deadline.signal('read')).catch(
        () => ({ kind: 'unreadable', code: 'BODY_INCOMPLETE' }) as const,
      )
      if (body.kind === 'unreadable') return refuse(body.code)
      const asked = readHookRequest(body.json)
      if ('kind' in asked) return refuse(asked.code)

      const outcome = await deliver(asked, asker.name, planRules, ports, deadline)
      const name = outcome.kind === 'accepted' ? 'accepted' : outcome.code
      return answered(answerOutcome(outcome, answerRules), name, outcome.deliveryId)
    } catch (error) {
      const deliveryId = ports.newId()
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
      ports.record({ step: 'accident', outcome: 'ACCIDENT', deliveryId, detail })
      const accident = { kind: 'unknown', code: 'ACCIDENT', detail, deliveryId } as const
      return answered(answerOutcome(accident, answerRules), accident.code, deliveryId)
    }
  }
}

const BODY_MAX_BYTES = 64 * 1024
