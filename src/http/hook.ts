import { deliver } from '../core/deliver.ts'
import type { PlanRules } from '../core/plan.ts'
import type { Ports } from '../core/ports.ts'
import type { ReasonCode } from '../core/reason.ts'
import { identifyAsker, type WaysIn } from '../okta/asker.ts'
import { readHookRequest } from '../okta/hook-request.ts'
import { type AnswerRules, answerError, answerOutcome, type HookAnswer } from '../okta/hook-response.ts'
import { readJsonBody } from './read-json-body.ts'

export type Hook = (request: Request) => Promise<Response>

export type HookParts = {
  readonly waysIn: WaysIn
  readonly planRules: PlanRules
  readonly answerRules: AnswerRules
  /** Milliseconds from arrival to answer. */
  readonly budgetMs: number
  readonly ports: Ports
}

/** The whole request on one screen: who is asking, what is asked, deliver, answer. */
export function createHook({ waysIn, planRules, answerRules, budgetMs, ports }: HookParts): Hook {
  return async request => {
    const arrivedAt = ports.now()
    const signal = AbortSignal.timeout(budgetMs)
    const answered = (answer: HookAnswer, outcome: string, deliveryId?: string): Response => {
      const durationMs = ports.now() - arrivedAt
      ports.record({
        step: 'hook-response',
        outcome,
        durationMs,
        ...(deliveryId !== undefined && { deliveryId }),
      })
      return Response.json(answer.body, { status: answer.httpStatus })
    }
    const notRead = (code: ReasonCode): Response => answered(answerError(code), code)

    const asker = await identifyAsker(request.headers, waysIn, arrivedAt, signal)
    if (asker.kind === 'stranger') {
      ports.record({ step: 'access-token', outcome: asker.code, durationMs: ports.now() - arrivedAt })
      return new Response(null, { status: 401, headers: { 'www-authenticate': 'Bearer' } })
    }

    const body = await readJsonBody(request, BODY_MAX_BYTES)
    if (body.kind === 'unreadable') return notRead(body.code)
    const asked = readHookRequest(body.json)
    if ('kind' in asked) return notRead(asked.code)

    const outcome = await deliver(asked, asker.name, planRules, ports, signal)
    const name = outcome.kind === 'accepted' ? 'accepted' : outcome.code
    return answered(answerOutcome(outcome, answerRules), name, outcome.deliveryId)
  }
}

const BODY_MAX_BYTES = 64 * 1024
