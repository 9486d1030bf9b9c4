import * as http from 'node:http'
import * as https from 'node:https'

/** The result of one request. Nothing is sent twice, and no redirect is followed. */
export type Posted =
  | { readonly kind: 'answered'; readonly httpStatus: number; readonly body: Buffer }
  | { readonly kind: 'too-large'; readonly httpStatus: number }
  | { readonly kind: 'timed-out' }
  /** No connection was made; `detail` is the system's error code, such as ECONNREFUSED. */
  | { readonly kind: 'unreachable'; readonly detail: string }
  /** The connection broke before the answer was complete. */
  | { readonly kind: 'broken'; readonly detail: string }

type GetRequest = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Ends the attempt; the result is then `timed-out`. */
  readonly signal: AbortSignal
}
type PostRequest = GetRequest & { readonly body: string }

export type Poster = {
  readonly post: (request: PostRequest) => Promise<Posted>
  readonly get: (request: GetRequest) => Promise<Posted>
  /** Closes all connections, in use or not. */
  readonly close: () => void
}

/** An answer must be smaller than this: Okta's "under 256 KB". */
const ANSWER_BYTES_MAX = 256 * 1024

/** Sends requests over connections that stay open. */
export function poster(): Poster {
  const options = { keepAlive: true, scheduling: 'lifo' } as const
  const agents = { http: new http.Agent(options), https: new https.Agent(options) }
  const send = async (request: GetRequest & { readonly body?: string }): Promise<Posted> => {
    try {
      return await exchange(request, agents)
    } catch (error) {
      if (request.signal.aborted) return { kind: 'timed-out' }
      return failure(error)
    }
  }
  return {
    post: send,
    get: send,
    close() {
      agents.http.destroy()
      agents.https.destroy()
    },
  }
}

async function exchange(
  { url, headers, body, signal }: GetRequest & { readonly body?: string },
  agents: { readonly http: http.Agent; readonly https: https.Agent },
): Promise<Posted> {
  const options =
    body === undefined
      ? { method: 'GET', headers, signal }
      : { method: 'POST', headers: { ...headers, 'Content-Length': Buffer.byteLength(body) }, signal }
  const request = url.startsWith('https:')
    ? https.request(url, { ...options, agent: agents.https })
    : http.request(url, { ...options, agent: agents.http })
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    request.on('response', resolve)
    request.on('error', reject)
    request.end(body)
  })
  return await read(response)
}

async function read(response: http.IncomingMessage): Promise<Posted> {
  const httpStatus = response.statusCode ?? 0
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response) {
    bytes += chunk.length
    // Leaving the loop destroys the connection, so that the rest is never read.
    if (bytes >= ANSWER_BYTES_MAX) return { kind: 'too-large', httpStatus }
    chunks.push(chunk)
  }
  return { kind: 'answered', httpStatus, body: Buffer.concat(chunks) }
}

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
])

function failure(error: unknown): Posted {
  const detail = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  return { kind: UNREACHABLE.has(detail) ? 'unreachable' : 'broken', detail }
}
