import { explainOktasTextFlaw } from '../message/oktas-text.ts'
import { inOrderOfShares } from '../plan/candidates.ts'
import { type Plan, type PlanRules, plan, type RefusedPlan } from '../plan/plan.ts'
import { isFeedbackOn } from '../policy/answer-flow.ts'
import { describeBudget, describeGroup, explainHold, textOfExplanation } from '../policy/credit/explain.ts'
import { denialIn } from '../policy/credit/overrides.ts'
import type { PurseName } from '../policy/credit/records.ts'
import type { Hold } from '../policy/credit/verdict.ts'
import { describeLimit, type Limit, limitReason, limitsOf } from '../policy/limits.ts'
import type { Policy } from '../policy/policy.ts'
import { nameOfRoute, sharesInForce } from '../policy/routing-policy.ts'
import { isCanary } from '../records/canary.ts'
import { creditedDelivery, judged, termsOf } from '../records/credited-code.ts'
import {
  type Delivery,
  type DeliveryCredit,
  type Digests,
  digestsOf,
  mayHaveBeenSent,
  newDelivery,
  type Outcome,
  type OwnEnd,
  outcomeOf,
} from '../records/delivery.ts'
import type { Admission, Opening } from '../records/delivery-store.ts'
import { messageOf } from '../values/printable.ts'
import type { ReasonCode } from '../values/reasons.ts'
import type { OtpRequest } from '../values/request.ts'
import { canaryLimits } from './canary-rules.ts'
import { type Deadline, untilAborted } from './deadline.ts'
import { replayFirst, replayOf } from './duplicates.ts'
import type { LimitFloor } from './limit-floor.ts'
import type { Attempt, Ports } from './ports.ts'
import type { ProcessState } from './process-state.ts'
import { tryCandidates } from './try-candidates.ts'

/**
 * START HERE. One request becomes at most one message: plan it, admit it, try its candidates until a carrier takes it,
 * settle. Whatever hangs or fails, each step ends on time, and the outcome says what is known.
 */
export async function deliver(
  request: OtpRequest,
  caller: string,
  rules: PlanRules,
  ports: Ports,
  state: ProcessState,
  deadline: Deadline,
): Promise<Outcome> {
  const policy = await ports.policy(deadline.signal('policy')).catch(() => undefined)
  const now = ports.clock.now()
  const planned = policy === undefined ? NO_POLICY : plan(request, policy, rules, now)
  const opened = newDelivery(ports.newId(), request, caller, planned, ports.digest, now)
  const delivery = policy === undefined ? opened : creditedDelivery(opened, request, planned, policy.fraud)
  const outcome = planned.kind === 'plan' ? 'plan' : planned.code
  ports.record({ step: 'plan', outcome, deliveryId: delivery.id, detail: oktasTextFlawOf(planned) })
  if (policy === undefined || planned.kind === 'refusal')
    return settle(delivery, delivery.end, ports, deadline)
  const { otherDigest } = ports
  const otherDigests = otherDigest && digestsOf(request, caller, planned, otherDigest)
  const opening = openingOf(delivery, policy, otherDigests)

  // This process recognises its own duplicates even while the store is unavailable.
  const { duplicateKey } = delivery
  const steadyNow = ports.clock.steadyNow()
  if (duplicateKey === undefined) return admitAndSend(opening, planned, policy, ports, state, deadline)
  const first = state.recent.find(duplicateKey, steadyNow)
  if (first !== undefined) return replayFirst(first, delivery, ports, deadline)
  const own = admitAndSend(opening, planned, policy, ports, state, deadline)
  state.recent.remember(duplicateKey, own, steadyNow)
  return own
}

function openingOf(delivery: Delivery, policy: Policy, otherDigests: Digests | undefined): Opening {
  return {
    delivery,
    otherDigests,
    limits: isCanary(delivery) ? canaryLimits : limitsOf(delivery.channel, policy.limits),
    credit: termsOf(delivery, policy.fraud, otherDigests),
  }
}

async function admitAndSend(
  opening: Opening,
  planned: Plan,
  policy: Policy,
  ports: Ports,
  { floor, health }: ProcessState,
  deadline: Deadline,
): Promise<Outcome> {
  const { delivery } = opening
  const admission = await admit(opening, floor, ports, deadline)
  switch (admission.kind) {
    case 'duplicate':
      return replayOf(admission.first, ports, deadline)
    case 'refused': {
      const { code, detail } = admission
      const end: OwnEnd = { state: 'refused', at: ports.clock.now(), code, detail, attempts: [] }
      return settle(judged(delivery, admission), end, ports, deadline)
    }
    case 'opened': {
      const end = await tryCandidates(attemptOf(planned, policy, delivery), health, ports, deadline)
      if (!mayHaveBeenSent(end)) admission.takeBack()
      return settle(judged(delivery, admission), end, ports, deadline)
    }
  }
}

/**
 * Asks the store whether the request may be sent: no duplicate, not held by the fraud rule, not over a limit. A store that is
 * slow or unavailable does not stop a sign-in (docs/decisions/0005): this process counts too, and a code is sent only if
 * neither count exceeds a limit.
 */
async function admit(
  opening: Opening,
  floor: LimitFloor,
  ports: Ports,
  deadline: Deadline,
): Promise<Admitted> {
  const { delivery, limits } = opening
  const record = (outcome: string, detail?: string, facts?: FraudFacts | typeof FRAUD): void =>
    ports.record({ step: 'admit', outcome, deliveryId: delivery.id, detail, ...facts })
  const describe = (hold: Hold): string => textOfExplanation(explainHold(hold, delivery.country))
  const detailOf = (hold: Hold): string => `${hold.reason}: ${describe(hold)}`
  const held = (hold: Hold, purse?: PurseName, facts?: FraudFacts): Admitted => {
    record('held', detailOf(hold), facts)
    return { kind: 'refused', code: hold.reason, detail: describe(hold), purse, hold }
  }
  const limited = (limit: Limit, judgement?: Judgement): Admitted => ({
    kind: 'refused',
    code: limitReason(limit),
    detail: describeLimit(limit),
    ...judgement,
  })

  const admission: Admission | StoreUnavailable = await untilAborted(
    ports.admit(opening),
    deadline.signal('admit'),
  ).catch(error => ({ kind: 'store-unavailable', cause: messageOf(error) }))
  if (admission.kind === 'duplicate' || admission.kind === 'limited') {
    record(admission.kind)
    return admission.kind === 'limited' ? limited(admission.limit) : admission
  }
  if (admission.kind === 'store-unavailable') {
    // An operator's denial is part of the policy.
    const denial = denialIn(opening.credit?.overrides ?? {})
    if (denial !== undefined) {
      record('store-unavailable', admission.cause)
      return held(denial)
    }
  }
  if (isFirstOfEpisode(admission.hold, delivery)) record('began', detailOf(admission.hold), FRAUD)
  if (admission.kind === 'held') return held(admission.hold, admission.purse, fraudFactsOf(admission))

  const cause = admission.kind === 'store-unavailable' ? admission.cause : undefined
  const { purse, hold, alarms = [] } = admission
  for (const alarm of alarms) record('budget', describeBudget(alarm), FRAUD)
  if (admission.unjudged !== undefined)
    record('store-unavailable', `Sent without the fraud rule: ${admission.unjudged}`)
  const counted = await floor.count(delivery, limits, ports.clock.steadyNow())
  if (counted.kind === 'limited') {
    if (cause !== undefined) record('store-unavailable', cause)
    record('limited', `Counted by this process: ${describeLimit(counted.limit)}`)
    return limited(counted.limit, { purse, hold })
  }
  const exceeded = admission.exceeded ?? counted.exceeded
  const details = [
    cause,
    hold && `Sent although held: ${detailOf(hold)}`,
    exceeded && `Observed, not enforced: ${describeLimit(exceeded)}`,
  ]
  const text = details.filter(detail => detail !== undefined).join('; ') || undefined
  record(admission.kind, text, fraudFactsOf(admission))
  return { kind: 'opened', takeBack: counted.takeBack, purse, hold }
}

/** What the fraud rule decided about the delivery, if it judged it. */
type Judgement = Pick<DeliveryCredit, 'purse' | 'hold'>

type Admitted =
  | Extract<Admission, { readonly kind: 'duplicate' }>
  | ({ readonly kind: 'refused'; readonly code: ReasonCode; readonly detail: string } & Judgement)
  /** `takeBack`: if nothing was sent, it counts for no limit of this process. */
  | ({ readonly kind: 'opened'; readonly takeBack: () => void } & Judgement)

type StoreUnavailable = {
  readonly kind: 'store-unavailable'
  readonly cause: string
} & Partial<Record<Exclude<keyof Extract<Admission, { readonly kind: 'opened' }>, 'kind'>, undefined>>

/** What metrics count: only what the rule itself holds, and no operator. */
type FraudFacts = { readonly heldAs?: string; readonly heldGroup?: string; readonly isBlind?: true }

function fraudFactsOf({
  hold,
  isBlind,
}: {
  readonly hold?: Hold | undefined
  readonly isBlind?: true | undefined
}): FraudFacts {
  const isRules = hold !== undefined && hold.override === undefined
  return {
    ...(isRules && { heldAs: hold.reason }),
    ...(isRules && hold.group !== undefined && { heldGroup: describeGroup(hold.group) }),
    ...(isBlind && { isBlind }),
  }
}

/** This code is the first one that its group holds. */
function isFirstOfEpisode(hold: Hold | undefined, { openedAt }: Delivery): hold is Hold {
  return hold?.group !== undefined && hold.override === undefined && hold.since === openedAt
}

const FRAUD = { step: 'fraud' } as const

/** The candidates in the order of the route's shares, and whether AWS may expect feedback. */
function attemptOf(
  planned: Plan,
  { answerFlows, routing }: Policy,
  { id: deliveryId, caller, openedAt, channel }: Delivery,
): Plan & Pick<Attempt, 'deliveryId' | 'hasFeedback'> {
  const route = nameOfRoute(planned.destination.country, channel)
  const identities = planned.candidates.map(({ identity }) => identity)
  const shares = sharesInForce(routing, route, identities)
  const candidates = inOrderOfShares(planned.candidates, shares, deliveryId)
  return { ...planned, candidates, deliveryId, hasFeedback: isFeedbackOn(answerFlows, caller, openedAt) }
}

/** Records how the delivery ended, if the store answers in time, and returns the outcome. */
async function settle(delivery: Delivery, end: OwnEnd, ports: Ports, deadline: Deadline): Promise<Outcome> {
  const { id: deliveryId } = delivery
  try {
    await untilAborted(ports.settle({ ...delivery, end }), deadline.signal('settle'))
    ports.record({ step: 'settle', outcome: end.state, deliveryId })
  } catch (error) {
    ports.record({ step: 'settle', outcome: 'store-unavailable', deliveryId, detail: messageOf(error) })
  }
  return outcomeOf(deliveryId, end)
}

function oktasTextFlawOf(planned: Plan | RefusedPlan): string | undefined {
  if (planned.kind === 'refusal' || planned.templateUsed.source !== 'template') return undefined
  const { oktasTextFlaw } = planned.templateUsed
  return oktasTextFlaw && explainOktasTextFlaw(oktasTextFlaw)
}

const NO_POLICY: RefusedPlan = {
  kind: 'refusal',
  code: 'STORE_UNAVAILABLE',
  detail: 'No policy has been read yet.',
  decisions: [],
}
