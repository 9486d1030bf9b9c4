import type { Delivery, Settlement, Status } from './delivery.ts'
import { type Plan, type PlanRules, plan, type Refusal } from './plan.ts'
import type { Ports, SendResult } from './ports.ts'
import type { OtpRequest } from './request.ts'

/** How a request ended, before it is put into Okta's words. */
export type Outcome = (
  | { readonly kind: 'accepted'; readonly messageId: string }
  | Refusal
  | Exclude<SendResult, { kind: 'accepted' }>
) & { readonly deliveryId: string }

/**
 * START HERE. One request becomes one delivery: plan it, open its record, hand it to the carrier, write down
 * how that went. The steps are pure or one call deep; everything that can happen is an `Outcome`.
 */
export async function deliver(
  request: OtpRequest,
  asker: string,
  rules: PlanRules,
  ports: Ports,
  signal: AbortSignal,
): Promise<Outcome> {
  const deliveryId = ports.newId()
  const planned = plan(request, await ports.policy(signal), rules, ports.now())
  const delivery = newDelivery(deliveryId, request, asker, planned, ports)
  ports.record({ step: 'plan', outcome: planned.kind === 'plan' ? 'plan' : planned.code, deliveryId })

  await ports.open(delivery, signal)
  if (planned.kind === 'refusal') return { ...planned, deliveryId }

  const { destination, message, rungs, timeToLiveSeconds } = planned
  const [rung] = rungs
  const result = await ports.send({ deliveryId, destination, message, rung, timeToLiveSeconds }, signal)
  ports.record({
    step: 'send',
    outcome: result.kind,
    deliveryId,
    ...('detail' in result && { detail: result.detail }),
  })

  await ports.settle(settlement(deliveryId, result, rung.identity, ports.now()), signal)
  return { ...result, deliveryId }
}

function newDelivery(
  id: string,
  request: OtpRequest,
  asker: string,
  planned: Plan | Refusal,
  ports: Pick<Ports, 'now' | 'digest'>,
): Delivery {
  const destination = planned.kind === 'plan' ? planned.destination : undefined
  const user = request.user.id ?? request.user.login
  return {
    id,
    openedAt: ports.now(),
    asker,
    eventId: request.eventId,
    oktaRequestId: request.oktaRequestId,
    numberDigest: ports.digest((destination?.e164 ?? request.phoneNumber).reveal()),
    userDigest: user === undefined ? undefined : ports.digest(user),
    country: destination?.country,
    lastDigits: destination?.lastDigits,
    channel: request.channel,
    purpose: request.purpose,
    wording: planned.kind === 'plan' ? planned.wording : undefined,
    parts: planned.kind === 'plan' && planned.message.channel === 'sms' ? planned.message.parts : undefined,
    status: planned.kind === 'plan' ? 'sending' : 'refused',
    code: planned.kind === 'plan' ? undefined : planned.code,
    detail: planned.kind === 'plan' ? undefined : planned.detail,
    identity: undefined,
    messageId: undefined,
    settledAt: planned.kind === 'plan' ? undefined : ports.now(),
  }
}

function settlement(id: string, result: SendResult, identity: string, settledAt: number): Settlement {
  const ended = { id, identity, settledAt }
  return result.kind === 'accepted'
    ? { ...ended, status: 'accepted', code: undefined, detail: undefined, messageId: result.messageId }
    : {
        ...ended,
        status: STATUS_OF[result.kind],
        code: result.code,
        detail: result.detail,
        messageId: undefined,
      }
}

const STATUS_OF = { failure: 'failed', unknown: 'unknown' } as const satisfies Record<string, Status>
