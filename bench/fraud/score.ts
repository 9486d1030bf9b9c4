import type { ReplayDecision } from '../../src/advice/fraud/replay.ts'
import type { Labelled, Role } from './traffic.ts'

export type Score = {
  readonly attempts: number
  /** The attacker's codes that were sent and not answered. */
  readonly unanswered: number
  readonly dollars: number
  /** How many of the attacker's codes were sent before the first was held. */
  readonly firstHold: number
  readonly phonesAnswered: number
  /** The attacker's accounts. */
  readonly accounts: number
  readonly personDays: number
  readonly refusedPersonDays: number
  readonly enrolling: number
  readonly refusedEnrolling: number
  readonly owners: Readonly<Record<string, readonly [requests: number, held: number]>>
}

/** Rough prices of a text and of a minute, in dollars: expensive where artificial traffic pays, cheap at home. */
const CHEAP = new Set([
  'US',
  'CA',
  'GB',
  'FR',
  'DE',
  'ES',
  'IT',
  'PL',
  'NL',
  'SE',
  'AU',
  'IN',
  'BR',
  'MX',
  'SG',
  'ZA',
  'JP',
])
const priceOf = ({ country, channel }: Labelled): number =>
  channel === 'voice' ? (CHEAP.has(country) ? 0.03 : 0.35) : CHEAP.has(country) ? 0.04 : 0.2

export function score(
  labels: ReadonlyMap<string, Labelled>,
  decisions: readonly ReplayDecision[],
  from: number,
): Score {
  const of = (decision: ReplayDecision): Labelled => {
    const label = labels.get(decision.id)
    if (label === undefined) throw new Error(`No request ${decision.id}`)
    return label
  }
  const made = decisions.filter(({ decision }) => decision !== 'skipped')
  const attackers = made.filter(decision => of(decision).role === 'attacker' && of(decision).at >= from)
  const lost = attackers.filter(decision => decision.decision === 'sent' && !of(decision).isAnswered)
  const firstHeld = attackers.findIndex(({ decision }) => decision === 'held')
  const accounts = new Set(attackers.map(decision => of(decision).who)).size
  const people = made.filter(
    decision => ['person', 'enrolling'].includes(of(decision).role) && of(decision).at >= from,
  )
  const dayOf = (decision: ReplayDecision): string => `${of(decision).who} ${of(decision).day}`
  const held = people.filter(({ decision }) => decision === 'held')
  const enrolling = new Set(people.filter(d => of(d).role === 'enrolling').map(d => of(d).who))
  const refusedEnrolling = new Set(held.filter(d => of(d).role === 'enrolling').map(d => of(d).who))
  const owners: Record<string, readonly [number, number]> = {}
  for (const role of ['owner-known', 'owner-same', 'owner-travelling'] satisfies Role[]) {
    const theirs = made.filter(d => of(d).role === role)
    owners[role] = [theirs.length, theirs.filter(({ decision }) => decision === 'held').length]
  }
  return {
    attempts: attackers.length,
    unanswered: lost.length,
    dollars: lost.reduce((sum, d) => sum + priceOf(of(d)), 0),
    firstHold: attackers.length === 0 ? 0 : firstHeld < 0 ? attackers.length : firstHeld,
    phonesAnswered: new Set(
      attackers.filter(d => d.decision === 'sent' && of(d).isAnswered).map(d => of(d).who),
    ).size,
    accounts,
    personDays: new Set(people.map(dayOf)).size,
    refusedPersonDays: new Set(held.map(dayOf)).size,
    enrolling: enrolling.size,
    refusedEnrolling: refusedEnrolling.size,
    owners,
  }
}
