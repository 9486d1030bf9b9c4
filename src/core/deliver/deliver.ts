import { explainOktasTextFlaw } from '../message/oktas-text.ts'
import { type CandidateToTry, firstToTry, inOrderOfShares } from '../plan/candidates.ts'
import { type Plan, type PlanRules, plan, type RefusedPlan } from '../plan/plan.ts'
import { isFeedbackOn } from '../policy/answer-flow.ts'
import { describeBudget, describeGroup, explainHold, textOfExplanation } from '../policy/credit/explain.ts'
import { denialIn } from '../policy/credit/overrides.ts'
import type { Hold } from '../policy/credit/verdict.ts'
import { describeLimit, type Limit, limitReason, limitsOf } from '../policy/limits.ts'
import type { Policy } from '../policy/policy.ts'
import { nameOfRoute, sharesInForce } from '../policy/routing-policy.ts'
import { isCanary } from '../records/canary.ts'
import { creditedDelivery, judged, termsOf } from '../records/credited-code.ts'
import {
  type AttemptRecord,
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
import type { CandidateHealth, Verdict } from './candidate-health.ts'
import { type Deadline, USEFUL_ATTEMPT_MS, untilAborted } from './deadline.ts'
import { replayFirst, replayOf } from './duplicate.ts'
import type { LimitFloor } from './limit-floor.ts'
import type { Attempt, Ports, SendResult } from './ports.ts'
import type { ProcessState } from './process-state.ts'

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
  const refuse = (judgement: Judgement, code: ReasonCode, detail: string): Promise<Outcome> => {
    const end: OwnEnd = { state: 'refused', at: ports.clock.now(), code, detail, attempts: [] }
    return settle(judged(delivery, judgement), end, ports, deadline)
  }
  switch (admission.kind) {
    case 'duplicate':
      return replayOf(admission.first, ports, deadline)
    case 'held':
      return refuse(admission, admission.hold.reason, describeHold(admission.hold, delivery))
    case 'limited':
      return refuse(admission, limitReason(admission.limit), describeLimit(admission.limit))
    case 'opened': {
      const hasFeedback = isFeedbackOn(policy.answerFlows, delivery.caller, delivery.openedAt)
      const route = nameOfRoute(planned.destination.country, delivery.channel)
      const identities = planned.candidates.map(({ identity }) => identity)
      const shares = sharesInForce(policy.routing, route, identities)
      const candidates = inOrderOfShares(planned.candidates, shares, delivery.id)
      const toTry = { ...planned, candidates, deliveryId: delivery.id, hasFeedback }
      const end = await tryCandidates(toTry, health, ports, deadline)
      if (!mayHaveBeenSent(end)) admission.takeBack()
      return settle(judged(delivery, admission), end, ports, deadline)
    }
  }
}

function describeHold(hold: Hold, { country }: Delivery): string {
  return textOfExplanation(explainHold(hold, country))
}

type Judgement = Pick<DeliveryCredit, 'purse' | 'hold'>

type Admitted =
  | Extract<Admission, { readonly kind: 'duplicate' | 'held' }>
  | ({ readonly kind: 'limited'; readonly limit: Limit } & Judgement)
  | ({ readonly kind: 'opened'; readonly takeBack: () => void } & Judgement)

/**
 * A store that is slow or unavailable does not stop a sign-in (docs/decisions/0005). This server counts too, and a
 * code is sent only if neither count exceeds a limit.
 */
async function admit(
  opening: Opening,
  floor: LimitFloor,
  ports: Ports,
  deadline: Deadline,
): Promise<Admitted> {
  const { delivery, limits } = opening
  const record = (outcome: string, detail?: string, facts?: FraudFacts): void =>
    ports.record({ step: 'admit', outcome, deliveryId: delivery.id, detail, ...facts })
  const admission = await untilAborted(ports.admit(opening), deadline.signal('admit')).catch(
    error => ({ ...NO_STORE, cause: messageOf(error) }) as const,
  )
  if (admission.kind === 'duplicate' || admission.kind === 'limited') {
    record(admission.kind)
    return admission
  }
  if (admission.kind === 'store-unavailable') {
    // An operator's denial is part of the policy.
    const hold = denialIn(opening.credit?.overrides ?? {})
    if (hold !== undefined) {
      record('store-unavailable', admission.cause)
      record('held', detailOf(hold))
      return { kind: 'held', hold }
    }
  }
  if (isFirstOfEpisode(admission.hold, delivery))
    ports.record({
      step: 'fraud',
      outcome: 'began',
      deliveryId: delivery.id,
      detail: detailOf(admission.hold),
    })
  if (admission.kind === 'held') {
    record('held', detailOf(admission.hold), fraudFactsOf(admission))
    return admission
  }
  const cause = admission.kind === 'store-unavailable' ? admission.cause : undefined
  const { purse, hold, alarms = [] } = admission
  for (const alarm of alarms)
    ports.record({ step: 'fraud', outcome: 'budget', deliveryId: delivery.id, detail: describeBudget(alarm) })
  if (admission.unjudged !== undefined)
    record('store-unavailable', `Sent without the fraud rule: ${admission.unjudged}`)
  const counted = await floor.count(delivery, limits, ports.clock.steadyNow())
  if (counted.kind === 'limited') {
    if (cause !== undefined) record('store-unavailable', cause)
    record('limited', `Counted by this process: ${describeLimit(counted.limit)}`)
    return { ...counted, purse, hold }
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

  function detailOf(held: Hold): string {
    return `${held.reason}: ${describeHold(held, delivery)}`
  }
}

/** What metrics count: only what the rule itself holds, and no operator. */
type FraudFacts = { readonly heldAs?: string; readonly heldGroup?: string; readonly isBlind?: true }

function fraudFactsOf({
  hold,
  isBlind,
}: {
  readonly hold?: Hold | undefined
  readonly isBlind?: true
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

/**
 * Tries one candidate after another: the next one only on proof that nothing was sent, and only if there is time for a
 * useful attempt. Each is chosen just before it is tried, because other requests change what is broken or at its pace.
 */
async function tryCandidates(
  planned: Plan & Pick<Attempt, 'deliveryId' | 'hasFeedback'>,
  health: CandidateHealth,
  ports: Ports,
  deadline: Deadline,
): Promise<OwnEnd> {
  const { clock, record } = ports
  const { destination, message, code, timeToLiveSeconds, deliveryId, hasFeedback } = planned
  const attempts: AttemptRecord[] = []
  const attempt = async (
    { candidate, state: estimate }: CandidateToTry,
    startedAt: number,
  ): Promise<SendResult> => {
    const startedMs = deadline.elapsedMs()
    health.started(candidate, message.channel === 'sms' ? message.parts : 1, startedAt)
    const result = await ports.send(
      { deliveryId, destination, message, code, candidate, timeToLiveSeconds, hasFeedback },
      deadline.signal('send'),
    )
    health.ended(candidate, verdictOf(result), clock.steadyNow())
    const detail = result.kind === 'accepted' ? undefined : result.detail
    const durationMs = deadline.elapsedMs() - startedMs
    const tried = { identity: candidate.identity, result: result.kind, detail, durationMs }
    attempts.push(tried)
    record({
      step: 'send',
      outcome: result.kind,
      deliveryId,
      attempt: attempts.length,
      ...tried,
      country: destination.country,
      channel: message.channel,
      estimate,
      ...(result.kind === 'failure' && { about: result.about }),
    })
    return result
  }

  const left = new Set(planned.candidates)
  let result: SendResult = NO_TIME
  while (
    provesNextMayTry(result) &&
    deadline.leftMs('send') >= (attempts.length === 0 ? 1 : USEFUL_ATTEMPT_MS)
  ) {
    const at = clock.steadyNow()
    const next = firstToTry([...left], candidate => health.stateOf(candidate, at))
    if (next === undefined) break
    left.delete(next.candidate)
    result = await attempt(next, at)
  }
  const at = clock.now()
  if (result.kind === 'accepted') {
    const { kind: state, ...accepted } = result
    return { state, at, ...accepted, attempts }
  }
  const { code: reason, detail } = result
  return { state: result.kind === 'failure' ? 'failed' : 'unknown', at, code: reason, detail, attempts }
}

/** Okta has waited so long that it may have sent with its own provider: a message now could be a second one. */
const NO_TIME: SendResult = {
  kind: 'failure',
  code: 'CARRIER_UNREACHABLE',
  detail: 'No time was left to send.',
  about: 'account',
}

/** Nothing was sent, and another candidate may succeed. */
function provesNextMayTry(result: SendResult): boolean {
  return result.kind === 'failure' && result.about !== 'recipient' && result.about !== 'message'
}

/** A failure that depends on the recipient or the message says nothing about the identity. */
function verdictOf(result: SendResult): Verdict {
  if (result.kind === 'accepted') return 'healthy'
  return result.kind === 'unknown' || provesNextMayTry(result) ? 'failing' : 'none'
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

const NO_STORE = {
  kind: 'store-unavailable',
  exceeded: undefined,
  purse: undefined,
  hold: undefined,
  unjudged: undefined,
  alarms: undefined,
} as const

const NO_POLICY: RefusedPlan = {
  kind: 'refusal',
  code: 'STORE_UNAVAILABLE',
  detail: 'No policy has been read yet.',
  decisions: [],
}
