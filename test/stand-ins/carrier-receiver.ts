import { createPublicKey, verify, X509Certificate } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** For tests: a server that receives events. Ends with `await using`. */
export type TestReceiver = AsyncDisposable & {
  readonly url: string
  /** All posts so far. */
  readonly posts: readonly Post[]
  /** Waits until `count` posts of a type have arrived: of SNS's message types, or `event` for EventBridge's. */
  arrivals(type: PostType, count: number): Promise<readonly Post[]>
}

export type Post = { readonly type: PostType; readonly headers: IncomingHttpHeaders; readonly body: Body }
type PostType = 'SubscriptionConfirmation' | 'Notification' | 'event'
type Body = Readonly<Record<string, string>>

/** Called with a post before it is answered; returns the status if it is not 200. */
export type OnPost = (post: Post) => Promise<number | undefined> | number | undefined

/** Starts a receiver. It confirms subscriptions before it answers, unless `onPost` is set. */
export async function startReceiver(onPost: OnPost = confirm): Promise<TestReceiver> {
  const posts: Post[] = []
  const waiting = new Set<() => void>()
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await text(request)) as Body
    const type = (request.headers['x-amz-sns-message-type'] ?? 'event') as PostType
    const post = { type, headers: request.headers, body }
    posts.push(post)
    for (const look of waiting) look()
    response.writeHead((await onPost(post)) ?? 200).end()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/receipts`,
    posts,
    arrivals: (type, count) =>
      new Promise(resolve => {
        const look = () => {
          const found = posts.filter(post => post.type === type)
          if (found.length < count) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** Confirms a subscription, as every subscriber must. */
export async function confirm({ type, body }: Post): Promise<undefined> {
  if (type === 'SubscriptionConfirmation') await fetch(body.SubscribeURL ?? '')
}

/** The event in a notification or an EventBridge event. */
export function eventOf({ type, body }: Post): Readonly<Record<string, unknown>> {
  return type === 'event'
    ? (body.detail as unknown as Record<string, unknown>)
    : JSON.parse(body.Message ?? '')
}

/** Verifies the signature of an SNS envelope with the certificate that it names. `fields` are the signed ones. */
export async function isSigned(body: Body, algorithm: string, fields: readonly string[]): Promise<boolean> {
  const certificate = await fetch(body.SigningCertURL ?? '')
  const key = createPublicKey(
    new X509Certificate(await certificate.text()).publicKey.export({ format: 'pem', type: 'spki' }),
  )
  const signed = fields.map(field => `${field}\n${body[field]}\n`).join('')
  return verify(algorithm, Buffer.from(signed), key, Buffer.from(body.Signature ?? '', 'base64'))
}
