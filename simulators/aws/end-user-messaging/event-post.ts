import { randomUUID } from 'node:crypto'
import { Agent, type OutgoingHttpHeaders, request as requestHttp } from 'node:http'
import { request as requestHttps, Agent as SecureAgent } from 'node:https'
import type { EventsSetting } from './events-setting.ts'
import type { MessageEvent } from './message-event.ts'
import type { Timers } from './timers.ts'

/** A request with an event. It is the same in all attempts. */
export type EventRequest = { readonly headers: OutgoingHttpHeaders; readonly body: string }

/** Posts events to one URL. */
export type EventPost = {
  /**
   * Posts until the answer is a 2xx: SNS's immediate retry phase, three more attempts. Resolves to whether it was
   * acknowledged. `tried` is called once, after the first attempt.
   */
  send(request: EventRequest, tried?: () => void): Promise<boolean>
  /** Ends posts in progress; later ones are not acknowledged. */
  close(): void
}

const POSTS_MAX = 64
const ATTEMPTS_MAX = 4
const RETRY_AFTER_MS = 250
/** SNS gives an endpoint 15 seconds to answer. */
const ANSWER_MS_MAX = 15_000

export function createEventPost(url: string, timers: Timers): EventPost {
  const isSecure = url.startsWith('https:')
  const agent = isSecure ? new SecureAgent({ keepAlive: true }) : new Agent({ keepAlive: true })
  const request = isSecure ? requestHttps : requestHttp
  const gate = createGate(POSTS_MAX)
  let isClosed = false

  /** Resolves to the answer's status, or 0 without an answer. */
  function post({ headers, body }: EventRequest): Promise<number> {
    return new Promise(resolve => {
      let status = 0
      const length = Buffer.byteLength(body)
      const outgoing = request(url, {
        agent,
        method: 'POST',
        headers: { ...headers, 'content-length': length },
      })
      const timer = setTimeout(() => outgoing.destroy(), ANSWER_MS_MAX)
      outgoing.on('response', answer => {
        status = answer.statusCode ?? 0
        answer.on('error', () => {}) // 'close' follows
        answer.resume()
      })
      outgoing.on('error', () => {}) // 'close' follows
      outgoing.on('close', () => {
        clearTimeout(timer)
        resolve(status)
      })
      outgoing.end(body)
    })
  }

  return {
    async send(event, tried = () => {}) {
      for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
        const status = await gate.run(async () => (isClosed ? 0 : post(event)))
        if (attempt === 1) tried()
        if (status >= 200 && status <= 299) return true
        if (isClosed) return false
        if (attempt < ATTEMPTS_MAX) await timers.pause(RETRY_AFTER_MS)
      }
      return false
    },
    close() {
      isClosed = true
      agent.destroy()
    },
  }
}

/** Limits how much runs at once; the rest waits in a queue. */
type Gate = {
  /** Runs the work as soon as the limit allows. */
  run<Result>(work: () => Promise<Result>): Promise<Result>
}

/**
 * At most `max` at a time; the rest waits in order.
 * @internal
 */
export function createGate(max: number): Gate {
  let inside = 0
  // `next` is the head of the queue, so that a long queue is not shifted at each step.
  let line: (() => void)[] = []
  let next = 0

  function leave(): void {
    const first = line[next]
    if (!first) {
      inside -= 1
      return
    }
    next += 1
    if (next >= 1000 && next * 2 > line.length) {
      line = line.slice(next)
      next = 0
    }
    first()
  }

  return {
    async run(work) {
      if (inside < max) inside += 1
      else await new Promise<void>(resolve => line.push(resolve))
      try {
        return await work()
      } finally {
        leave()
      }
    },
  }
}

/**
 * An event as published on the account's default bus: the user guide, "Monitoring with EventBridge". AWS's samples have
 * no destination and no context; a consumer only has the message ID.
 */
export function eventBridgeRequest(
  event: MessageEvent,
  setting: Pick<EventsSetting, 'topicArn'>,
  now: Date,
): EventRequest {
  const { destinationPhoneNumber: _to, context: _context, ...detail } = event
  // arn:aws:sns:region:account:topic
  const [, , , region, account] = setting.topicArn.split(':')
  const channel = event.eventType.startsWith('TEXT_') ? 'Text' : 'Voice'
  return {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Amazon/EventBridge/ApiDestinations',
    },
    body: JSON.stringify({
      version: '0',
      id: randomUUID(),
      'detail-type': `${channel} Message Delivery Status Updated`,
      source: 'aws.sms-voice',
      account,
      time: now.toISOString().replace(/\.\d+/, ''),
      region,
      resources: [],
      detail,
    }),
  }
}
