import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { text } from 'node:stream/consumers'

/** The owner of an event hook: answers the challenge, and keeps what is posted. Ends with `await using`. */
export type EventReceiver = AsyncDisposable & {
  readonly url: string
  /** Each request, oldest first. */
  readonly heard: readonly {
    readonly method: string
    readonly headers: IncomingHttpHeaders
    readonly body: Body
  }[]
  /** The events of all posts that were answered with 2xx, in order. */
  readonly events: () => readonly Event[]
  /** The answers to the next requests; after them, everything is right. `hang`: none. */
  readonly answerNext: (...answers: readonly (number | 'hang')[]) => void
}

// biome-ignore lint/suspicious/noExplicitAny: it is what the other side sent
type Body = any
type Event = {
  readonly uuid: string
  readonly published: string
  readonly eventType: string
  readonly actor: { readonly id: string }
  readonly outcome: { readonly result: string; readonly reason?: string }
  readonly debugContext: { readonly debugData: Readonly<Record<string, unknown>> }
}

export async function startEventReceiver(): Promise<EventReceiver> {
  const heard: { method: string; headers: IncomingHttpHeaders; body: Body }[] = []
  const taken: Event[] = []
  const answers: (number | 'hang')[] = []
  const server = createServer(async (request, response) => {
    const body = await text(request)
    const { method = '', headers } = request
    const parsed: Body = body === '' ? undefined : JSON.parse(body)
    heard.push({ method, headers, body: parsed })
    const answer = answers.shift() ?? (method === 'GET' ? 200 : 204)
    if (answer === 'hang') return
    if (method === 'POST' && answer < 300) taken.push(...parsed.data.events)
    const challenge = headers['x-okta-verification-challenge']
    response.writeHead(answer, { 'Content-Type': 'application/json' })
    response.end(method === 'GET' && answer === 200 ? JSON.stringify({ verification: challenge }) : undefined)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    url: `http://127.0.0.1:${port}/events/okta`,
    heard,
    events: () => [...taken],
    answerNext: (...next) => void answers.push(...next),
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
