import type { FollowedDelivery } from '../core/records/delivery.ts'
import { healthKey, identityHealth } from './identity-health.ts'

/** Something that somebody should look at, as the newest deliveries show it. */
export type OpenFinding =
  /** More than a tenth of the codes could not be sent, and at least five. */
  | { readonly kind: 'failures'; readonly count: number; readonly of: number }
  /** It is unknown of three codes or more whether the carrier accepted them. */
  | { readonly kind: 'unknown'; readonly count: number }
  /** The newest attempts of an identity all failed. */
  | {
      readonly kind: 'identity'
      readonly identity: string
      readonly country: string | undefined
      readonly channel: FollowedDelivery['channel']
    }
  /** People entered codes that the fraud rule held or would have held. */
  | { readonly kind: 'held-wrongly'; readonly count: number }

/** From deliveries of the last minutes, newest first, with the thresholds of the alarms of a deployment. */
export function openFindings(newestFirst: readonly FollowedDelivery[]): readonly OpenFinding[] {
  const failed = countOf(newestFirst, ({ end }) => end.state === 'failed')
  const unknown = countOf(newestFirst, ({ end }) => end.state === 'unknown')
  const wrongly = countOf(
    newestFirst,
    ({ credit, answered }) =>
      credit?.hold !== undefined && credit.hold.override === undefined && answered !== undefined,
  )
  const found: OpenFinding[] = []
  if (failed >= FAILED_MIN && failed > newestFirst.length * FAILED_SHARE)
    found.push({ kind: 'failures', count: failed, of: newestFirst.length })
  if (unknown >= UNKNOWN_MIN) found.push({ kind: 'unknown', count: unknown })
  if (wrongly > 0) found.push({ kind: 'held-wrongly', count: wrongly })
  return [...found, ...failingIdentities(newestFirst)]
}

function failingIdentities(newestFirst: readonly FollowedDelivery[]): readonly OpenFinding[] {
  const health = identityHealth(newestFirst)
  const failing = new Map<string, OpenFinding>()
  for (const { country, channel, end } of newestFirst)
    for (const { identity } of end.state === 'sending' ? [] : end.attempts) {
      const key = healthKey(country ?? '', channel, identity)
      if (health.get(key)?.isFailing === true)
        failing.set(key, { kind: 'identity', identity, country, channel })
    }
  return [...failing.values()]
}

function countOf(
  deliveries: readonly FollowedDelivery[],
  matches: (delivery: FollowedDelivery) => boolean,
): number {
  return deliveries.filter(matches).length
}

const FAILED_MIN = 5
const FAILED_SHARE = 0.1
const UNKNOWN_MIN = 3
