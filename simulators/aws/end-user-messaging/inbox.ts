import type { Message } from './message.ts'

/**
 * The messages that arrived, oldest first, with notifications. Holds at most `max` messages; the oldest is dropped
 * first.
 */
export type Inbox = {
  /** Constant time, however full the inbox is. */
  add(message: Message): void
  get(messageId: string): Message | undefined
  /** The newest `limit` messages (default: all), oldest first. */
  list(limit?: number): readonly Message[]
  /** Sets the final event of a message, if it is still in the inbox. */
  end(messageId: string, finalEvent: string): void
  clear(): void
  /** Calls back for each arrival, change and clearing, until the returned function is called. */
  subscribe(subscriber: Subscriber): () => void
}

/** A subscriber of an inbox. */
type Subscriber = {
  arrived(message: Message): void
  changed(message: Message): void
  cleared(): void
}

type Entry = { message: Message }

/** An empty inbox. */
export function createInbox(max = 10_000): Inbox {
  // A ring: `oldest` is where the next message goes once all places are taken.
  let ring: Entry[] = []
  let oldest = 0
  const byId = new Map<string, Entry>()
  const subscribers = new Set<Subscriber>()

  return {
    add(message) {
      const replaced = ring[oldest]
      const entry = { message }
      if (ring.length < max) {
        ring.push(entry)
      } else {
        if (replaced) byId.delete(replaced.message.messageId)
        ring[oldest] = entry
        oldest = (oldest + 1) % max
      }
      byId.set(message.messageId, entry)
      for (const subscriber of subscribers) subscriber.arrived(message)
    },
    get: messageId => byId.get(messageId)?.message,
    list(limit = max) {
      const ordered = [...ring.slice(oldest), ...ring.slice(0, oldest)]
      return ordered.slice(Math.max(0, ordered.length - limit)).map(({ message }) => message)
    },
    end(messageId, finalEvent) {
      const entry = byId.get(messageId)
      if (!entry) return
      entry.message = { ...entry.message, finalEvent }
      for (const subscriber of subscribers) subscriber.changed(entry.message)
    },
    clear() {
      ring = []
      oldest = 0
      byId.clear()
      for (const subscriber of subscribers) subscriber.cleared()
    },
    subscribe(subscriber) {
      subscribers.add(subscriber)
      return () => subscribers.delete(subscriber)
    },
  }
}
