import type { TrafficEvent } from '../../src/advice/fraud/replay.ts'
import type { Random } from './random.ts'

/** Who made a request, and in which role: the replay never sees it. */
export type Role =
  /** A person's request. */
  | 'person'
  /** A person who enrols a phone. */
  | 'enrolling'
  /** An attacker who wants messages sent. */
  | 'attacker'
  /** An outsider who wants to lock an owner out. */
  | 'outsider'
  /** The owner, meanwhile: on a network where the phone answered, on the outsider's network, travelling. */
  | 'owner-known'
  | 'owner-same'
  | 'owner-travelling'

export type Labelled = {
  readonly role: Role
  /** The person, or the attacker's phone. */
  readonly who: string
  readonly day: number
  readonly at: number
  readonly country: string
  readonly channel: 'sms' | 'voice'
  readonly isAnswered: boolean
}

export type Request = Omit<TrafficEvent & { event: 'request' }, 'event' | 'id' | 'org'> & {
  readonly role: Role
  readonly who: string
  readonly country: string
  /** When the code is entered if it is sent: milliseconds after the request. Undefined: never. */
  readonly answerMs: number | undefined
  readonly isDelivered?: boolean
}

/** Requests with what would follow them, as lines in order of time. */
export function createTraffic(random: Random, hearMs: (answeredAt: number) => number | undefined) {
  const events: TrafficEvent[] = []
  const labels = new Map<string, Labelled>()
  let count = 0
  return {
    labels,
    /** Returns the request's ID. */
    add: ({ role, who, country, answerMs, isDelivered = true, ...request }: Request): string => {
      count += 1
      const id = `r${count}`
      const at = Math.round(request.at)
      events.push({ event: 'request', id, org: 'acme', ...request, at })
      const day = Math.floor(at / DAY)
      const { channel } = request
      labels.set(id, { role, who, day, at, country, channel, isAnswered: answerMs !== undefined })
      if (isDelivered)
        events.push({ event: 'delivered', id, at: at + Math.round(random.between(2_000, 9_000)) })
      if (answerMs !== undefined) {
        const answeredAt = at + Math.round(answerMs)
        const delay = hearMs(answeredAt)
        if (delay !== undefined)
          events.push({ event: 'answered', id, answeredAt, at: answeredAt + Math.round(delay) })
      }
      return id
    },
    events: (): readonly TrafficEvent[] =>
      events
        .map((event, index) => ({ event, index }))
        .sort((one, other) => one.event.at - other.event.at || one.index - other.index)
        .map(({ event }) => event),
  }
}
export type Traffic = ReturnType<typeof createTraffic>

export const DAY = 86_400_000
export const HOUR = 3_600_000
export const MINUTE = 60_000
