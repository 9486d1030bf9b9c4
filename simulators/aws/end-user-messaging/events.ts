import type { Problem } from './control-input.ts'
import { createEventDestination, type EventCounts, type EventDestination } from './event-destination.ts'
import { type EventsSetting, readEventsSetting } from './events-setting.ts'
import type { Message } from './message.ts'
import { createSnsSigner, type SnsSigner } from './sns-signer.ts'
import { createSnsSubscription, type SnsSubscription } from './sns-subscription.ts'

/** Receipts: the events of accepted messages, posted to one URL. */
export type Events = {
  /**
   * Sends events by this setting from now on; events of an earlier setting that are not yet sent are dropped. `confirmationRequested`
   * resolves after the first confirmation request to an SNS subscriber.
   */
  set(input: unknown): Promise<{ readonly confirmationRequested: Promise<void> } | Problem>
  status(): EventsStatus
  /** Stops all events. */
  clear(): void
  /** Starts the events of a message; resolves when the send call may be answered. */
  accepted(message: Message): Promise<void>
  subscription(): SnsSubscription | undefined
  /** The certificate at this path, if there is one. */
  certificateAt(path: string): Promise<string | undefined>
  /** Stops everything permanently. */
  close(): void
}

/** The setting, and counts since it was made. */
type EventsStatus = EventCounts & {
  readonly setting: EventsSetting | null
  /** Only with SNS. */
  readonly subscription?: ReturnType<SnsSubscription['state']>
}

/** The dependencies of events. */
export type EventsParts = {
  /** The stand-in's address. */
  readonly url: string
  readonly now: () => Date
  readonly random: () => number
  /** Called with the final event of a message. */
  readonly ended: (messageId: string, eventType: string) => void
}

/** No setting yet, so no events are sent. */
export function createEvents({ url, now, random, ended }: EventsParts): Events {
  let destination: EventDestination | undefined
  let signer: Promise<SnsSigner> | undefined
  let isClosed = false

  async function subscribe(setting: EventsSetting): Promise<SnsSubscription> {
    signer ??= createSnsSigner()
    return createSnsSubscription({ setting, signer: await signer, url, now })
  }

  function clear(): void {
    destination?.close()
    destination = undefined
  }

  return {
    async set(input) {
      const setting = readEventsSetting(input)
      if ('problem' in setting) return setting
      const subscription = setting.form === 'sns' ? await subscribe(setting) : undefined
      clear()
      if (isClosed) return { problem: 'the stand-in is closing' }
      destination = createEventDestination({ setting, subscription, now, random, ended })
      return { confirmationRequested: destination.subscribe() }
    },
    status() {
      if (!destination) return { setting: null, ...NOTHING_YET }
      const { setting, subscription } = destination
      return { setting, ...(subscription && { subscription: subscription.state() }), ...destination.counts() }
    },
    clear,
    accepted: async message => destination?.accepted(message),
    subscription: () => destination?.subscription,
    async certificateAt(path) {
      const made = await signer
      return made?.certificatePath === path ? made.certificate : undefined
    },
    close() {
      isClosed = true
      clear()
    },
  }
}

const NOTHING_YET: EventCounts = { queued: 0, emitted: 0, acknowledged: 0, failed: 0, dropped: 0 }
