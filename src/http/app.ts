import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { EVENTS_MAX_BYTES, type Events } from './events.ts'
import type { Hook, HookCall } from './hook.ts'
import { BODY_MAX_BYTES, type JsonBody, parseJsonBody } from './read-json-body.ts'
import type { Readiness } from './readiness.ts'
import { RECEIPT_MAX_BYTES, type Receipts } from './receipts.ts'

export type AppParts = {
  /** Of the hook. */
  readonly path: string
  readonly hook: Hook
  /** `POST /events/carrier`; undefined if no topic is set. */
  readonly receipts: Receipts | undefined
  /** `/events/okta`. */
  readonly events: Events
  readonly readiness: Readiness
}

/**
 * All addresses of the hook server, for Node's own server. Web-standard requests and responses, and a library for them, would
 * be a tenth of each request and of the start.
 */
export function createApp({ path, hook, receipts, events, readiness }: AppParts): RequestListener {
  const answer = async (incoming: IncomingMessage): Promise<Answer> => {
    const target = pathOf(incoming.url)
    const isPost = incoming.method === 'POST'
    const isGet = incoming.method === 'GET' || incoming.method === 'HEAD'
    if (isPost && target === path) {
      const answered = await hook(readNodeRequest(incoming))
      return answered.body === undefined ? { ...answered, headers: CHALLENGE } : answered
    }
    if (isPost && target === '/events/carrier' && receipts !== undefined)
      return receipts(readNodeRequest(incoming, RECEIPT_MAX_BYTES))
    if ((isPost || isGet) && target === '/events/okta')
      return events({ ...readNodeRequest(incoming, EVENTS_MAX_BYTES), method: isPost ? 'POST' : 'GET' })
    if (isGet && target === '/healthz') return { httpStatus: 200, body: { status: 'ok' } }
    if (isGet && target === '/readyz') return readiness()
    return { httpStatus: 404, body: { error: `Not found. The hook is POST ${path}.` } }
  }
  return (incoming, outgoing) => {
    answer(incoming).then(
      ended => {
        outgoing.once('finish', () => readRest(incoming))
        write(outgoing, ended)
      },
      () => outgoing.destroy(), // each part answers and logs its own errors
    )
  }
}

/** `body`: JSON, or plain text; undefined if there is none. */
type Answer = {
  readonly httpStatus: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: object | string | undefined
}

function write(outgoing: ServerResponse, { httpStatus, headers, body }: Answer): void {
  if (body === undefined) {
    outgoing.writeHead(httpStatus, headers).end()
    return
  }
  const isText = typeof body === 'string'
  const text = isText ? body : JSON.stringify(body)
  const type = isText ? 'text/plain; charset=utf-8' : 'application/json'
  outgoing
    .writeHead(httpStatus, { 'content-type': type, 'content-length': Buffer.byteLength(text) })
    .end(text)
}

type Incoming = Readable & Pick<IncomingMessage, 'rawHeaders'>

/** `maxBytes`: of the body. @internal */
export function readNodeRequest(incoming: Incoming, maxBytes = BODY_MAX_BYTES): HookCall {
  const header = (name: string): string | null => headerOf(incoming, name.toLowerCase())
  return {
    header,
    headerNames: () => incoming.rawHeaders.filter((_, index) => index % 2 === 0),
    readBody: () => readBody(incoming, Number(header('content-length') ?? 0), maxBytes),
    gateway: undefined,
  }
}

/**
 * Several headers of one name are joined to one text. To choose one would be unsafe, because a proxy in front may have
 * checked another.
 */
function headerOf({ rawHeaders }: Incoming, name: string): string | null {
  let found: string | null = null
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() !== name) continue
    const value = rawHeaders[index + 1] ?? ''
    found = found === null ? value : `${found}, ${value}`
  }
  return found
}

/** Rejects if the body is incomplete. */
function readBody(incoming: Incoming, announcedBytes: number, maxBytes: number): Promise<JsonBody> {
  if (announcedBytes > maxBytes) return Promise.resolve(TOO_LARGE)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= maxBytes) chunks.push(chunk)
      else resolve(TOO_LARGE) // the rest is discarded
    })
    incoming.on('end', () => resolve(parseJsonBody(Buffer.concat(chunks))))
    incoming.on('error', reject)
    incoming.on('close', () => reject(new Error('The body is incomplete')))
  })
}

/** A caller that is still sending gets a moment to read the answer. If it were cut off at once, it might not see it. */
function readRest(incoming: IncomingMessage): void {
  if (incoming.complete) return
  const timer = setTimeout(() => incoming.destroy(), REST_MS)
  incoming.once('close', () => clearTimeout(timer))
  incoming.resume()
}

/** The path without the query. A proxy may send an absolute address (RFC 9112 §3.2.2). */
export function pathOf(target = ''): string {
  const path = target.startsWith('/') ? target : target.replace(/^https?:\/\/[^/?]*/i, '')
  const end = path.indexOf('?')
  return end === -1 ? path : path.slice(0, end)
}

const CHALLENGE = { 'www-authenticate': 'Bearer' }
const TOO_LARGE: JsonBody = { kind: 'refusal', code: 'BODY_TOO_LARGE' }
const REST_MS = 500
