import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { text as readText } from 'node:stream/consumers'
import { eventBridgeRequest } from '../end-user-messaging/event-post.ts'
import { type CarrierEvent, type SourceOptions, tellRules, tellTopics } from './sources.ts'

/** Delivers the carrier stand-in's message events to the functions of the template. */
export type CarrierEvents = AsyncDisposable & {
  /** The `url` to which the stand-in posts. */
  readonly url: string
  /** Resolves when all events so far are delivered, with every retry. */
  readonly settled: () => Promise<void>
}

export type CarrierEventsOptions = SourceOptions & {
  /** The stand-in's address, from which the configuration set of a message is read. */
  readonly carrierUrl: string
  /** Which of AWS's two ways a receipt takes. Default: both. */
  readonly ways?: readonly ('topic' | 'rule')[]
}

export async function startCarrierEvents(options: CarrierEventsOptions): Promise<CarrierEvents> {
  const { carrierUrl, stack, now, lost, ways = ['topic', 'rule'] } = options
  const deliveries = new Set<Promise<void>>()

  const tell = async (event: Readonly<Record<string, unknown>>): Promise<void> => {
    const found = await fetch(`${carrierUrl}/messages`)
    const messages = (await found.json()) as readonly { messageId: string; configurationSetName?: string }[]
    const message = messages.find(({ messageId }) => messageId === event.messageId)
    const topicArn = `arn:aws:sns:${stack.region}:${stack.account}:unused`
    const bridged = eventBridgeRequest(event as EventBridgeEvent, { topicArn }, new Date(now()))
    const envelope = JSON.parse(bridged.body)
    const carrierEvent: CarrierEvent = { event, configurationSet: message?.configurationSetName, envelope }
    await Promise.all([
      ways.includes('topic') && tellTopics(carrierEvent, options),
      ways.includes('rule') && tellRules(carrierEvent, options),
    ])
  }
  const take = async (request: IncomingMessage): Promise<void> => {
    const posted = JSON.parse(await readText(request)) as Readonly<Record<string, string>>
    if (posted.Type === 'SubscriptionConfirmation') {
      await fetch(posted.SubscribeURL ?? '')
      return
    }
    const work = tell(JSON.parse(posted.Message ?? '')).catch(error => lost(String(error)))
    deliveries.add(work)
    work.finally(() => deliveries.delete(work))
  }

  const server = createServer((request, response) => {
    take(request).then(
      () => response.writeHead(200).end(),
      error => {
        lost(`The harness could not read an event: ${error}`)
        response.writeHead(500).end()
      },
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The events have no port')
  return {
    url: `http://127.0.0.1:${address.port}/`,
    settled: async () => {
      while (deliveries.size > 0) await Promise.all(deliveries)
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(deliveries)
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

type EventBridgeEvent = Parameters<typeof eventBridgeRequest>[0]
