import { courseOf, type Step } from './event-course.ts'
import { createEventPost, type EventRequest, eventBridgeRequest } from './event-post.ts'
import type { EventsSetting } from './events-setting.ts'
import type { Message } from './message.ts'
import { eventWriter, type MessageEvent } from './message-event.ts'
import type { SnsSubscription } from './sns-subscription.ts'
import { createTimers } from './timers.ts'

/** Where the events of messages go, for as long as one setting holds. */
export type EventDestination = {
  readonly setting: EventsSetting
  /** Absent for EventBridge, which needs none. */
  readonly subscription: SnsSubscription | undefined
  /** Asks the subscriber to confirm; resolves when that was tried once. */
  subscribe(): Promise<void>
  /** Begins the events of a message; resolves when the send call may be answered. */
  accepted(message: Message): Promise<void>
  counts(): EventCounts
  /** Ends everything: what is still to be told is forgotten. */
  close(): void
}

export type EventCounts = {
  /** Events that wait for their time, their turn or their answer. */
  readonly queued: number
  /** Events that were posted; those that come twice count twice. */
  readonly emitted: number
  /** Those that were answered with a 2xx. */
  readonly acknowledged: number
  /** Those that were given up. */
  readonly failed: number
  /** Events that were never posted: nobody had confirmed, or too many were queued. */
  readonly dropped: number
}

/** What a destination is made of. */
export type EventDestinationParts = {
  readonly setting: EventsSetting
  readonly subscription: SnsSubscription | undefined
  readonly now: () => Date
  readonly random: () => number
  /** Hears how a message ended. */
  readonly ended: (messageId: string, eventType: string) => void
}

const QUEUED_MAX = 100_000

export function createEventDestination(parts: EventDestinationParts): EventDestination {
  const { setting, subscription, now, random, ended } = parts
  const timers = createTimers()
  const post = createEventPost(setting.url, timers)
  const counts = { queued: 0, emitted: 0, acknowledged: 0, failed: 0, dropped: 0 }

  /** The events of a message, one after the other, so that they arrive in the order of their course. */
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
        // A defect of the stand-in: the program must not end by it, nor the call wait for ever.
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
