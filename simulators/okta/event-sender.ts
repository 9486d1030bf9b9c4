import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { LogEvent } from './log-event.ts'
import type { Posted, Poster } from './post.ts'

/** The endpoint of an event hook. */
export type EventEndpoint = {
  readonly url: string
  /** With the secret, where the hook has one. */
  readonly headers: Readonly<Record<string, string>>
}

/** How events are delivered: Okta promises at least once, in any order, at any time, and only as best effort. */
export type EventDelivery = {
  /** `prompt`: at once. `late`: after `ms`. `held`: when they are released. `lost`: never. Default `prompt`. */
  readonly when: (typeof WHEN)[number]
  /** For `late`. Default 5,000. */
  readonly ms?: number
  /** How often each post is sent, as a post of its own. Default 1. */
  readonly copies?: number
  /** The newest event first. Default false. */
  readonly isReversed?: boolean
  /** Each event in a post of its own. Default false: those of a moment are sent together, up to 100. */
  readonly isApart?: boolean
}

/** One post of events, with what became of it. */
export type EventPost = {
  readonly eventHookId: string
  readonly eventId: string
  /** Of its events. */
  readonly uuids: readonly string[]
  /** One, or two after a timeout or a 5xx. */
  readonly attempts: number
  readonly isDelivered: boolean
  /** Missing if there was no answer. */
  readonly httpStatus?: number
  /** Why it was not delivered. */
  readonly problem?: string
}

export type EventSender = {
  /** Sends the event to the endpoint that this hook has at that time; to none if it has none by then. */
  readonly send: (eventHookId: string, event: LogEvent) => void
  /** Has Okta verify that the endpoint is the owner's: the sentence says why it is not. */
  readonly verify: (endpoint: EventEndpoint) => Promise<string | undefined>
  readonly setDelivery: (delivery: EventDelivery) => void
  /** Sends what is held, and resolves when all of it was answered or given up. */
  readonly release: () => Promise<void>
  /** The last 200 posts, in the order in which they ended. */
  readonly posts: () => readonly EventPost[]
  /** Resolves when no post is on its way. */
  readonly settled: () => Promise<void>
}

export type EventSenderOptions = {
  /** The org's address. */
  readonly orgUrl: string
  readonly poster: Poster
  /** Okta's 3,000. */
  readonly limitMs: number
  readonly now: () => Date
  /** Undefined if the hook may get no events now. */
  readonly endpointOf: (eventHookId: string) => EventEndpoint | undefined
  /** Called with each post that Okta gave up. */
  readonly onFailed: (post: EventPost) => void
  /** Called once a day, when 70 % of the day's events have been sent. */
  readonly onNearLimit: () => void
  /** Events of 24 hours from the first one; the others are never sent. Okta's: 400,000. */
  readonly eventsMax: number
  /** Ends all delays. */
  readonly signal: AbortSignal
}

/** Okta's page about limits: "max 100 events per event hook payload". */
const EVENTS_PER_POST_MAX = 100
const POSTS_KEPT_MAX = 200

export function eventSender(options: EventSenderOptions): EventSender {
  const { poster, limitMs, signal } = options
  let delivery: EventDelivery = { when: 'prompt' }
  let waiting: Waiting[] = []
  let isPlanned = false
  const allowance = dailyAllowance(options)
  const underWay = new Set<Promise<void>>()
  const ended: EventPost[] = []

  return {
    send(eventHookId, event) {
      if (!allowance() || delivery.when === 'lost') return
      waiting.push({ eventHookId, event })
      if (delivery.when === 'held' || isPlanned) return
      isPlanned = true
      const ms = delivery.when === 'late' ? (delivery.ms ?? LATE_MS) : 0
      // Also `prompt` waits for the end of this moment: Okta sends the events of a short time together.
      track(wait(ms, undefined, { signal }).then(sendWaiting, () => undefined))
    },
    async verify(endpoint) {
      const challenge = randomUUID()
      const headers = { ...endpoint.headers, 'x-okta-verification-challenge': challenge }
      const ask = () =>
        poster.get({
          url: endpoint.url,
          headers: { ...headers, Accept: 'application/json' },
          signal: limit(),
        })
      const first = await ask()
      // "One retry is attempted after a timeout or error response."
      const isError = first.kind !== 'answered' || first.httpStatus >= 400
      const answered = isError ? await ask() : first
      if (answered.kind !== 'answered') return sayWhy(answered)
      if (answered.httpStatus !== 200) return `it answered ${answered.httpStatus}`
      return verificationIn(answered.body) === challenge
        ? undefined
        : 'its answer is not {"verification": "<the challenge>"}'
    },
    setDelivery(next) {
      delivery = next
    },
    async release() {
      await sendWaiting()
    },
    posts: () => [...ended],
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }

  function track(work: Promise<void>): void {
    underWay.add(work)
    void work.finally(() => underWay.delete(work))
  }

  function limit(): AbortSignal {
    return AbortSignal.any([AbortSignal.timeout(limitMs), signal])
  }

  async function sendWaiting(): Promise<void> {
    isPlanned = false
    const all = delivery.isReversed ? waiting.toReversed() : waiting
    waiting = []
    const size = delivery.isApart ? 1 : EVENTS_PER_POST_MAX
    for (const [eventHookId, ofHook] of Map.groupBy(all, one => one.eventHookId)) {
      for (let start = 0; start < ofHook.length; start += size) {
        const events = ofHook.slice(start, start + size).map(({ event }) => event)
        for (let copy = 0; copy < (delivery.copies ?? 1); copy++) await post(eventHookId, events)
      }
    }
  }

  async function post(eventHookId: string, events: readonly LogEvent[]): Promise<void> {
    const endpoint = options.endpointOf(eventHookId)
    if (endpoint === undefined) return
    const eventId = randomUUID()
    const body = JSON.stringify({
      eventType: 'com.okta.event_hook',
      eventTypeVersion: '1.0',
      cloudEventsVersion: '0.1',
      source: `${options.orgUrl}/api/v1/eventHooks/${eventHookId}`,
      eventId,
      data: { events },
      eventTime: options.now().toISOString(),
      contentType: 'application/json',
    })
    const headers = { ...endpoint.headers, Accept: 'application/json', 'Content-Type': 'application/json' }
    const attempt = () => poster.post({ url: endpoint.url, headers, body, signal: limit() })
    const first = await attempt()
    const last = isRetried(first) ? await attempt() : first
    if (signal.aborted) return
    const isDelivered = last.kind === 'answered' && last.httpStatus >= 200 && last.httpStatus < 300
    const ending: EventPost = {
      eventHookId,
      eventId,
      uuids: events.map(({ uuid }) => uuid),
      attempts: last === first ? 1 : 2,
      isDelivered,
      ...('httpStatus' in last && { httpStatus: last.httpStatus }),
      ...(!isDelivered && { problem: sayWhy(last) }),
    }
    ended.push(ending)
    if (ended.length > POSTS_KEPT_MAX) ended.shift()
    if (!isDelivered) options.onFailed(ending)
  }
}

/** "The event limit resets 24 hours after the first event is sent." */
function dailyAllowance({ now, eventsMax, onNearLimit }: EventSenderOptions): () => boolean {
  let firstMs = Number.NEGATIVE_INFINITY
  let sent = 0
  return () => {
    if (now().getTime() - firstMs >= DAY_MS) {
      firstMs = now().getTime()
      sent = 0
    }
    sent++
    if (sent === Math.ceil(eventsMax * NEAR)) onNearLimit()
    return sent <= eventsMax
  }
}

const DAY_MS = 86_400_000
/** 280,000 of 400,000. */
const NEAR = 0.7

type Waiting = { readonly eventHookId: string; readonly event: LogEvent }

/** "Responses with a 4xx status code aren't retried. Responses with a 5xx status code are retried." Redirects are not followed. */
function isRetried(posted: Posted): boolean {
  return posted.kind === 'answered' ? posted.httpStatus >= 500 : true
}

function sayWhy(posted: Posted): string {
  switch (posted.kind) {
    case 'answered':
      return `it answered ${posted.httpStatus}`
    case 'too-large':
      return 'its answer is too large'
    case 'timed-out':
      return 'it did not answer in time'
    case 'unreachable':
      return `it cannot be reached (${posted.detail})`
    case 'broken':
      return `the connection broke (${posted.detail})`
  }
}

function verificationIn(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')).verification
  } catch {
    return undefined
  }
}

const WHEN = ['prompt', 'late', 'held', 'lost'] as const
const LATE_MS = 5_000
const COPIES_MAX = 5

/** Reads a delivery from JSON; undefined if it is invalid. */
export function parseEventDelivery(body: Readonly<Record<string, unknown>>): EventDelivery | undefined {
  const { when = 'prompt', ms, copies, isReversed, isApart, ...unknown } = body
  const known = WHEN.find(one => one === when)
  const isCount = (value: unknown, max: number): boolean =>
    value === undefined || (Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= max)
  const isFlag = (value: unknown): boolean => value === undefined || typeof value === 'boolean'
  const isRight =
    isCount(ms, 3_600_000) && isCount(copies, COPIES_MAX) && isFlag(isReversed) && isFlag(isApart)
  if (known === undefined || !isRight || Object.keys(unknown).length > 0) return undefined
  return { ...(body as Partial<EventDelivery>), when: known }
}
