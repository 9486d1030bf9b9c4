import type { FollowedDelivery } from '../core/records/delivery.ts'

/** How the newest attempts of an identity ended, in one country and channel. */
export type IdentityHealth = {
  readonly accepted: number
  readonly attempts: number
  /** Its newest attempts all failed, as many as break a candidate for a hook (docs/decisions/0009). */
  readonly isFailing: boolean
}

type Attempted = Pick<FollowedDelivery, 'country' | 'channel' | 'end'>

/** By `healthKey`, from deliveries in the order newest first. What depended on the recipient counts as well. */
export function identityHealth(newestFirst: readonly Attempted[]): ReadonlyMap<string, IdentityHealth> {
  const results = new Map<string, boolean[]>()
  for (const { country = '', channel, end } of newestFirst) {
    if (end.state === 'sending') continue
    for (const { identity, result } of end.attempts.toReversed()) {
      const key = healthKey(country, channel, identity)
      results.set(key, [...(results.get(key) ?? []), result === 'accepted'])
    }
  }
  return new Map(
    [...results].map(([key, all]) => [
      key,
      {
        accepted: all.filter(Boolean).length,
        attempts: all.length,
        isFailing: all.length >= FAILURES && all.slice(0, FAILURES).every(isAccepted => !isAccepted),
      },
    ]),
  )
}

export function healthKey(country: string, channel: string, identity: string): string {
  return `${country}/${channel}/${identity}`
}

const FAILURES = 5
