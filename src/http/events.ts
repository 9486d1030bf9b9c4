import type { Clock } from '../core/deliver/clock.ts'
import { untilAborted } from '../core/deliver/deadline.ts'
import type { Ports } from '../core/deliver/ports.ts'
import { userNames } from '../core/records/delivery.ts'
import type { DeliveryStore } from '../core/records/delivery-store.ts'
import { messageOf } from '../core/values/printable.ts'
import type { ReasonCode } from '../core/values/reasons.ts'
import type { Secret } from '../core/values/secret.ts'
import { isKnownSecret } from '../okta/caller.ts'
import { type OktaEvent, readEvents, type UnjoinedReason } from '../okta/events.ts'
import type { Answered, MessageFeedback } from './message-feedback.ts'
import type { JsonBody } from './read-json-body.ts'

/** An org whose event hook may call: its secret says whose user IDs the events contain. */
export type EventOrg = {
  /** Its name, for the records; undefined for the org without a name. */
  readonly org: string | undefined
  /** The callers of its deliveries (`Delivery.caller`). */
  readonly callers: readonly string[]
  /** One, or two during a rotation. */
  readonly secrets: readonly Secret[]
}

/** A request of an event hook, as received from a server or a gateway. */
type EventsCall = {
  readonly method: string
  /** A header by its name, which is not case-sensitive; null if it is missing. */
  readonly header: (name: string) => string | null
  /** Reads at most `EVENTS_MAX_BYTES`. */
  readonly readBody: () => Promise<JsonBody>
}

type EventsAnswer = {
  readonly httpStatus: 200 | 204 | 400 | 401 | 404 | 413 | 503
  readonly body?: { readonly verification: string }
}

export type EventsParts = {
  /** Without any, the address does not exist: 404. */
  readonly orgs: readonly EventOrg[]
  /** The keyed digests under which a user may be stored: two while the hash key is rotated. */
  readonly digests: (text: string) => readonly string[]
  readonly store: Pick<DeliveryStore, 'addAnswer' | 'findReplaced'>
  /** Undefined where message feedback is off. */
  readonly feedback?: MessageFeedback | undefined
  readonly clock: Pick<Clock, 'now' | 'abortAfter'>
  readonly record: Ports['record']
}

export type Events = (call: EventsCall) => Promise<EventsAnswer>

/**
 * `/events/okta`: `GET` answers Okta's one-time verification; `POST` stores events and answers 204. If they could not be
 * stored within a second, it answers 503, and Okta sends them a second time.
 */
export function createEvents({ orgs, digests, store, feedback, clock, record }: EventsParts): Events {
  const keep = async (
    event: OktaEvent,
    { org, callers }: EventOrg,
    answered: Answered[],
  ): Promise<EventLine> => {
    const { type, publishedAt } = event
    const delayMs = publishedAt === undefined ? undefined : Math.max(0, clock.now() - publishedAt)
    const facts = { step: 'event', type, delayMs, org } as const
    if (event.kind === 'ignored') return { ...facts, outcome: 'ignored' }
    if (event.kind === 'not-joined') return { ...facts, outcome: 'not-joined', reason: event.reason }
    const { channel, publishedAt: at } = event
    const userDigests = userNames(event.userId, event.login).flatMap(digests)
    if (event.kind === 'sent-by-okta') {
      const replaced = await store.findReplaced({ callers, userDigests, channel, at })
      if (replaced?.end.state !== 'refused') return { ...facts, outcome: 'okta-sent', channel }
      const { id: deliveryId, end } = replaced
      return { ...facts, outcome: 'okta-sent-refused', channel, deliveryId, reason: end.code }
    }
    const { network } = event
    const joined = await store.addAnswer({ callers, userDigests, channel, at, network })
    if (joined.heldAs !== undefined && (joined.kind === 'not-joined' || joined.isFirst))
      record({ step: 'fraud', outcome: 'held-wrongly', org, reason: joined.heldAs, detail: HELD_WRONGLY })
    if (joined.kind === 'not-joined')
      return { ...facts, outcome: 'not-joined', channel, reason: joined.reason }
    const { deliveryId, afterMs, isFirst } = joined
    if (!isFirst) return { ...facts, outcome: 'repeated', channel, deliveryId }
    // Recorded now: if another event fails, Okta sends this one again, and it is not the first one then.
    record({ ...facts, outcome: 'answered', channel, deliveryId, afterMs })
    answered.push({ ...joined, at })
    return undefined
  }

  const post = async (call: EventsCall): Promise<EventsAnswer> => {
    const authorization = call.header('authorization') ?? ''
    // All are compared, so that the time does not reveal which one is right.
    const [org] = orgs.filter(each => isKnownSecret(authorization, each))
    if (org === undefined) {
      record({ step: 'event', outcome: 'denied', detail: 'no secret, or a wrong one' })
      return { httpStatus: 401 }
    }
    const signal = clock.abortAfter(TIME_MAX_MS)
    const body = await untilAborted(call.readBody(), signal).catch(() => INCOMPLETE)
    const events = body.kind === 'json' ? readEvents(body.json) : undefined
    const isTooMany = events !== undefined && events.length > EVENTS_MAX
    if (body.kind === 'refusal' || events === undefined || isTooMany) {
      const detail = body.kind === 'refusal' ? body.code : isTooMany ? TOO_MANY : 'no data.events'
      record({ step: 'event', outcome: 'malformed', detail, org: org.org })
      return { httpStatus: detail === 'BODY_TOO_LARGE' || isTooMany ? 413 : 400 }
    }
    const answered: Answered[] = []
    try {
      const lines: EventLine[] = []
      for (let from = 0; from < events.length; from += AT_ONCE) {
        const some = events.slice(from, from + AT_ONCE).map(event => keep(event, org, answered))
        lines.push(...(await untilAborted(Promise.all(some), signal)))
      }
      for (const line of lines) if (line !== undefined) record(line)
      return { httpStatus: 204 }
    } catch (error) {
      record({ step: 'event', outcome: 'not-stored', detail: messageOf(error), org: org.org })
      return { httpStatus: 503 }
    } finally {
      await feedback?.(answered, org.callers, signal) // none of these is the first answer when Okta tries again
    }
  }

  return async call => {
    if (orgs.length === 0) return { httpStatus: 404 }
    if (call.method !== 'GET') return post(call)
    const challenge = call.header(CHALLENGE) ?? ''
    if (!CHALLENGES.test(challenge)) return { httpStatus: 400 }
    record({ step: 'event', outcome: 'verified' })
    return { httpStatus: 200, body: { verification: challenge } }
  }
}

/** A line of the log, written once all events are stored; undefined if it is written already. */
type EventLine =
  | (Parameters<Ports['record']>[0] & { readonly reason?: UnjoinedReason | ReasonCode })
  | undefined

/** Okta sends several events in one post, of a few kilobytes each. */
export const EVENTS_MAX_BYTES = 256 * 1024
/** More do not fit into the bytes as Okta writes them: each would have fewer than 262. */
const EVENTS_MAX = 1_000
const TOO_MANY = `more than ${EVENTS_MAX} events`
const INCOMPLETE = { kind: 'refusal', code: 'BODY_INCOMPLETE' } as const
const TIME_MAX_MS = 1_000 // Okta waits 3 s, and tries twice
const AT_ONCE = 50
const HELD_WRONGLY = 'A person entered a code that the fraud rule held or would have held.'
const CHALLENGE = 'x-okta-verification-challenge'
const CHALLENGES = /^[\x20-\x7e]{1,512}$/
