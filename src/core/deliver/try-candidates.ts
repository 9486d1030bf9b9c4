import { type CandidateToTry, firstToTry } from '../plan/candidates.ts'
import type { Plan } from '../plan/plan.ts'
import type { AttemptRecord, OwnEnd } from '../records/delivery.ts'
import type { CandidateHealth, Verdict } from './candidate-health.ts'
import { type Deadline, USEFUL_ATTEMPT_MS } from './deadline.ts'
import type { Attempt, Ports, SendResult } from './ports.ts'

/**
 * Tries one candidate after another: the next one only on proof that nothing was sent, and only if there is time for a
 * useful attempt. Each is chosen just before it is tried, because other requests change what is broken or at its pace.
 */
export async function tryCandidates(
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
