import { courseOf, type Step } from './event-course.ts'
import { createEventPost, type EventRequest, eventBridgeRequest } from './event-post.ts'
import type { EventsSetting } from './events-setting.ts'
import type { Message } from './message.ts'
import { eventWriter, type MessageEvent } from './message-event.ts'
import type { SnsSubscription } from './sns-subscription.ts'
import { createTimers } from './timers.ts'

/** The destination of message events while one setting is in force. */
export type EventDestination = {
  readonly setting: EventsSetting
  /** Absent for EventBridge, which needs none. */
  readonly subscription: SnsSubscription | undefined
  /** Asks the subscriber to confirm; resolves after the first attempt. */
  subscribe(): Promise<void>
  /** Starts the events of a message; resolves when the send call may be answered. */
  accepted(message: Message): Promise<void>
  counts(): EventCounts
  /** Stops everything; events not yet sent are dropped. */
  close(): void
}

export type EventCounts = {
  /** Events that are waiting for their time, their turn or an answer. */
  readonly queued: number
  /** Events that were posted; one that is sent twice counts twice. */
  readonly emitted: number
  /** Events that were answered with a 2xx. */
  readonly acknowledged: number
  /** Events that were given up after all attempts. */
  readonly failed: number
  /** Events that were never posted: the subscription was not confirmed, or the queue was full. */
  readonly dropped: number
}

/** The dependencies of a destination. */
export type EventDestinationParts = {
  readonly setting: EventsSetting
  readonly subscription: SnsSubscription | undefined
  readonly now: () => Date
  readonly random: () => number
  /** Called with the final event of a message. */
  readonly ended: (messageId: string, eventType: string) => void
}

const QUEUED_MAX = 100_000

export function createEventDestination(parts: EventDestinationParts): EventDestination {
  const { setting, subscription, now, random, ended } = parts
  const timers = createTimers()
  const post = createEventPost(setting.url, timers)
  const counts = { queued: 0, emitted: 0, acknowledged: 0, failed: 0, dropped: 0 }

  /** The events of a message, one after the other, so that they arrive in order. */
  async function tell(message: Message, course: readonly Step[], tried: () => void): Promise<void> {
    const write = eventWriter(message)
    for (const [index, step] of course.entries()) {
      if (index > 0 || !setting.beforeAnswer) await timers.pause(step.delayMs)
      if (step.isFinal) ended(message.messageId, step.eventType)
      await emit(write(step), step.repeatedAfterMs, tried)
      counts.queued -= 1
    }
  }

  async function emit(event: MessageEvent, repeatedAfterMs: number | undefined, tried: () => void) {
    if (subscription && subscription.state() !== 'confirmed') {
      counts.dropped += 1
      tried()
      return
    }
    // AWS publishes no RCS events on EventBridge: the user guide, "Monitoring with EventBridge".
    if (!subscription && event.eventType.startsWith('RCS_')) {
      tried()
      return
    }
    const request = await (subscription?.notification(event) ?? eventBridgeRequest(event, setting, now()))
    await send(request, tried)
    if (repeatedAfterMs === undefined) return
    await timers.pause(repeatedAfterMs)
    await send(request, tried)
  }

  async function send(request: EventRequest, tried: () => void): Promise<void> {
    counts.emitted += 1
    const isAcknowledged = await post.send(request, tried)
    counts[isAcknowledged ? 'acknowledged' : 'failed'] += 1
  }

  return {
    setting,
    subscription,
    async subscribe() {
      if (!subscription) return
      const request = await subscription.confirmation()
      await new Promise<void>(tried => post.send(request, tried))
    },
    async accepted(message) {
      const course = courseOf(message, setting, random)
      if (counts.queued + course.length > QUEUED_MAX) {
        counts.dropped += course.length
        return
      }
      counts.queued += course.length
      const tried = new Promise<void>(resolve => {
        // A defect of the stand-in must not end the program or leave the call waiting.
        tell(message, course, resolve).catch(() => resolve())
      })
      if (setting.beforeAnswer) await tried
    },
    counts: () => ({ ...counts }),
    close() {
      timers.end()
      post.close()
    },
  }
}
