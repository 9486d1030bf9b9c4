import { requestedCodeOf } from '../../core/records/credited-code.ts'
import { type FollowedDelivery, statusOf } from '../../core/records/delivery.ts'
import { countryOfNumber, type TrafficEvent } from './replay.ts'

/**
 * Deliveries as a traffic file for `replay`, with the same groups: block and prefix are as they are kept, the last four
 * digits are made up, other ones for other numbers, and orgs, users and networks have numbers of this export. `skipped`:
 * deliveries that are not in it, because the fraud rule keeps nothing of them or they were proven not to be sent.
 * `randomBelow`: a whole number from 0, less than its argument.
 */
export function exportTraffic(
  deliveries: readonly FollowedDelivery[],
  randomBelow: (count: number) => number,
): { readonly events: readonly TrafficEvent[]; readonly skipped: number } {
  const orgs = createNames(count => `org${count}`)
  const users = createNames(count => `user${count}`)
  const networks = createNames(
    count => `fd00:${Math.floor(count / 65_536).toString(16)}:${(count % 65_536).toString(16)}::1`,
  )
  const numbers = createNumbers(randomBelow)
  const ordered = deliveries
    .filter(isReplayed)
    .toSorted((one, other) => one.openedAt - other.openedAt || (one.id < other.id ? -1 : 1))
  const events = ordered.flatMap((delivery, index): readonly TrafficEvent[] => {
    const code = requestedCodeOf(delivery)
    if (code === undefined) return []
    const { openedAt: at, caller, channel, purpose, answered, progress } = delivery
    const id = `r${index + 1}`
    const org = orgs(caller)
    const status = statusOf(delivery)
    return [
      {
        event: 'request',
        at,
        id,
        org,
        user: users(`${org} ${code.user}`),
        number: numbers(code.number, code.block, code.country),
        ip: code.network === undefined ? undefined : networks(code.network),
        // An unknown purpose is judged like a recovery: it is no enrolment and no sign-in.
        purpose: purpose === 'other' ? 'password-reset' : purpose,
        channel,
      },
      ...(progress !== undefined && (status === 'delivered' || status === 'undeliverable')
        ? [{ event: status, at: Math.max(at, progress.at), id } as const]
        : []),
      ...(answered === undefined
        ? []
        : [{ event: 'answered', at: answered.at, id, answeredAt: answered.at } as const]),
    ]
  })
  return {
    events: events.toSorted((one, other) => one.at - other.at), // stable: a request stays before what became of it
    skipped: deliveries.length - ordered.length,
  }
}

/** What the replay decides again: the fraud rule and the limits. It cannot know what else stopped a code. */
function isReplayed(delivery: FollowedDelivery): boolean {
  const { end } = delivery
  if (requestedCodeOf(delivery) === undefined || end.state === 'failed') return false
  return end.state !== 'refused' || delivery.credit?.hold !== undefined || end.code.startsWith('LIMIT_')
}

/** The number of a digest: free, in its block, and in its country, which the last four digits change in very few places. */
function createNumbers(randomBelow: (count: number) => number) {
  const numbers = new Map<string, string>()
  const taken = new Set<string>()
  return (digest: string, block: string, country: string): string => {
    const existing = numbers.get(digest)
    if (existing !== undefined) return existing
    const first = randomBelow(NUMBERS_OF_BLOCK)
    const free: string[] = []
    for (let step = 0; step < NUMBERS_OF_BLOCK; step += 1) {
      const number = `+${block}${String((first + step) % NUMBERS_OF_BLOCK).padStart(4, '0')}`
      if (taken.has(number)) continue
      free.push(number)
      if (countryOfNumber(number) === country || free.length === TRIES) break
    }
    const number = free.findLast(one => countryOfNumber(one) === country) ?? free[0]
    if (number === undefined) throw new Error('A block has more than ten thousand numbers')
    numbers.set(digest, number)
    taken.add(number)
    return number
  }
}

/** Names by number, in the order in which they are first needed. */
function createNames(nameOf: (count: number) => string): (key: string) => string {
  const names = new Map<string, string>()
  return key => {
    const name = names.get(key) ?? nameOf(names.size + 1)
    names.set(key, name)
    return name
  }
}

const NUMBERS_OF_BLOCK = 10_000
/** How many numbers are tried for one of the country. */
const TRIES = 500
