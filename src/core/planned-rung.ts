import type { Message } from './message.ts'
import type { CountryCode } from './phone-number.ts'
import type { Channel } from './request.ts'
import { identityKind, type Rung } from './route.ts'

/** One rung of a plan, with what it may cost and how fast it may be used. */
export type PlannedRung = {
  /** Names the rung for its circuit breaker. */
  readonly key: string
  readonly identity: string
  /** Undefined: the region of the settings. */
  readonly region: string | undefined
  /** USD, for the whole text (price of a part times the parts) or for a minute of a call. */
  readonly maxPrice: number
  /** What AWS allows of it; empty where that is not known. */
  readonly paces: readonly Pace[]
  readonly notifyTemplateId: string | undefined
  /** What India's operators ask for. */
  readonly indiaEntityId: string | undefined
  readonly indiaTemplateId: string | undefined
}

/** At most `max` message parts or calls in any window of so many seconds, for all rungs that share the key. */
export type Pace = { readonly key: string; readonly max: number; readonly windowSeconds: number }

/** What is known about a rung before it is tried. */
export type RungState = 'ready' | 'broken' | 'at its pace'

export type PriceRules = { readonly maxPricePerPart: number; readonly maxPricePerMinute: number }

export function planRung(
  rung: Rung,
  message: Message,
  country: CountryCode,
  indiaTemplateId: string | undefined,
  rules: PriceRules,
): PlannedRung {
  const { identity, region } = rung
  const key = `${message.channel}/${region ?? ''}/${identity}`
  const isIndianText = country === 'IN' && message.channel === 'sms'
  return {
    key,
    identity,
    region,
    maxPrice:
      message.channel === 'sms'
        ? roundPrice((rung.maxPricePerPart ?? rules.maxPricePerPart) * message.parts)
        : (rung.maxPricePerMinute ?? rules.maxPricePerMinute),
    paces: pacesOf(rung, message.channel, key),
    notifyTemplateId: rung.notifyTemplateId,
    indiaEntityId: isIndianText ? rung.indiaEntityId : undefined,
    indiaTemplateId: isIndianText ? indiaTemplateId : undefined,
  }
}

/**
 * Rungs that are ready, in their order; when none is, all: a doubtful rung is better than none. One at its pace
 * goes before a broken one: AWS would say so, which leaves the next to try; a broken one may leave an unknown.
 */
export function orderByHealth(
  all: readonly [PlannedRung, ...PlannedRung[]],
  stateOf: (rung: PlannedRung) => RungState,
): { readonly rungs: readonly [PlannedRung, ...PlannedRung[]]; readonly note: string } {
  const states = all.map(rung => ({ rung, state: stateOf(rung) }))
  const [first, ...others] = states.filter(({ state }) => state === 'ready').map(({ rung }) => rung)
  const skipped = states.filter(({ state }) => state !== 'ready')
  const said = skipped.map(({ rung, state }) => `${rung.identity} is ${state}`).join('; ')
  if (first === undefined) {
    const [best = all[0], ...rest] = [...states]
      .sort((one, other) => Number(one.state === 'broken') - Number(other.state === 'broken'))
      .map(({ rung }) => rung)
    return { rungs: [best, ...rest], note: `None is ready (${said}): tried all the same.` }
  }
  return { rungs: [first, ...others], note: said === '' ? `${all.length} ready.` : `Skipped: ${said}.` }
}

/** AWS's limits by kind of identity, where nothing else is said. Source: AWS End User Messaging quotas. */
function pacesOf(rung: Rung, channel: Channel, key: string): readonly Pace[] {
  if (channel === 'voice') {
    const account = { key: `voice/${rung.region ?? ''}`, max: 20, windowSeconds: 60 }
    return identityKind(rung.identity) === 'phone number'
      ? [{ key, max: 1, windowSeconds: 1 }, account]
      : [account]
  }
  const max = rung.partsPerSecond ?? partsPerSecond(rung.identity)
  return max === undefined ? [] : [{ key, max, windowSeconds: 1 }]
}

function partsPerSecond(identity: string): number | undefined {
  if (/^\+18(00|33|44|55|66|77|88)/.test(identity)) return 3 // toll-free
  if (/^\+1/.test(identity)) return 1 // 10DLC
  if (/^\+/.test(identity)) return 10 // other long codes
  const kind = identityKind(identity)
  return kind === 'short code' ? 100 : kind === 'sender ID' ? 10 : undefined
}

/** AWS takes five decimals; 0.1 * 3 has seventeen. */
function roundPrice(usd: number): number {
  return Number(usd.toFixed(5))
}
