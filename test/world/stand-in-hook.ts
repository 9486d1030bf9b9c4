import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer, text } from 'node:stream/consumers'
import { type Listening, listenWith } from '../fixtures/listening.ts'

/** Answers in place of Hookline's hook. Ends with `await using`. */
export type StandInHook = AsyncDisposable & {
  readonly url: string
  /** Sets the answer to a request with a credential. */
  readonly answer: (answer: HookAnswer) => void
  readonly calls: readonly { readonly credential: string; readonly body: unknown }[]
  /** Next to the hook, as in a deployment: answers the challenge of an event hook, and accepts its posts. */
  readonly eventsUrl: string
  /** Sets whether the address of events exists. */
  readonly setEvents: (isPresent: boolean) => void
  readonly eventPosts: readonly { readonly credential: string; readonly body: unknown }[]
}
type HookAnswer = 'sent' | 'failed' | 'unauthenticated' | 'garbage'

/** Refuses unauthenticated callers, and answers every request with a credential that the code is sent. */
export async function startStandInHook(): Promise<StandInHook> {
  let current: HookAnswer = 'sent'
  const calls: { readonly credential: string; readonly body: unknown }[] = []
  const eventPosts: { readonly credential: string; readonly body: unknown }[] = []
  let hasEvents = true
  const answerEvents = (
    { method, headers }: IncomingMessage,
    body: string,
    response: ServerResponse,
  ): void => {
    if (!hasEvents) return void response.writeHead(404).end()
    if (method === 'GET') {
      const verification = headers['x-okta-verification-challenge']
      return void response.end(JSON.stringify({ verification }))
    }
    eventPosts.push({ credential: String(headers.authorization), body: JSON.parse(body) })
    response.writeHead(204).end()
  }
  const server = createServer(async (request, response) => {
    const body = await text(request)
    if (request.url?.startsWith('/events/okta')) return answerEvents(request, body, response)
    const credential = request.headers.authorization ?? request.headers['x-hookline-secret']
    if (credential === undefined || current === 'unauthenticated') return void response.writeHead(401).end()
    calls.push({ credential: String(credential), body: JSON.parse(body) })
    const status = current === 'failed' ? 'FAILED' : 'SUCCESSFUL'
    const value = [
      { status, provider: 'stand-in', transactionId: `t${calls.length}`, transactionMetadata: 'm' },
    ]
    const answer = {
      commands: [{ type: 'com.okta.telephony.action', value }],
      // Like Hookline's own hook: a preview shows the caller, a failure its reason.
      debugContext: {
        ...(body.includes('/generatePreview') && {
          caller: 'stand-in',
          authenticationMethod: 'secret header',
        }),
        ...(current === 'failed' && { code: 'ROUTE_MISSING', meaning: 'No route.' }),
      },
    }
    response.writeHead(200, { 'Content-Type': 'application/json' })
    response.end(current === 'garbage' ? '<html>' : JSON.stringify(answer))
  })
  const { url, ...listening } = await listenWith(server)
  return {
    url: `${url}/mfa`,
    answer: answer => {
      current = answer
    },
    calls,
    eventsUrl: `${url}/events/okta`,
    setEvents(isPresent) {
      hasEvents = isPresent
    },
    eventPosts,
    [Symbol.asyncDispose]: listening[Symbol.asyncDispose],
  }
}

/** A proxy for another server. It sees every request, and forwards those that `answer` does not answer. */
export async function startFront(
  target: () => string,
  answer: (request: FrontRequest) => Promise<Answered | undefined> | Answered | undefined = () => undefined,
): Promise<Listening & { readonly url: string }> {
  return listenWith(
    createServer(async (request, response) => {
      const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers
      const body = await buffer(request)
      const passOn = async (): Promise<Passed> => {
        const answered = await fetch(`${target()}${request.url}`, {
          method: request.method ?? 'POST',
          headers: headers as Record<string, string>,
          ...(request.method === 'POST' && { body }),
        })
        const { status, headers: answeredHeaders } = answered
        return {
          status,
          headers: Object.fromEntries(answeredHeaders),
          body: Buffer.from(await answered.arrayBuffer()),
        }
      }
      const { method = '' } = request
      const answered = (await answer({ method, headers: request.headers, body, passOn })) ?? (await passOn())
      if (answered === 'withheld') return
      response.writeHead(answered.status, answered.headers).end(answered.body)
    }),
  )
}

export type FrontRequest = {
  readonly method: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly passOn: () => Promise<Passed>
}
type Passed = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}
type Answered = Passed | 'withheld'
