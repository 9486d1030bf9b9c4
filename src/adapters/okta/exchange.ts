import { Agent as PlainAgent, request as requestOverHttp } from 'node:http'
import { Agent, request as requestOverHttps } from 'node:https'
import type { Secret } from '../../core/values/secret.ts'

export type OktaRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Values that appear only on the wire. `scheme` precedes the value: `SSWS <token>`. */
  readonly authorization?: { readonly scheme: string; readonly value: Secret }
  readonly body?: string
}

export type OktaAnswer = {
  readonly status: number
  readonly url: string
  /** A header by its name in lower case; undefined if the answer does not have it. */
  readonly header: (name: string) => string | undefined
  readonly text: string
}

export type Send = (request: OktaRequest) => Promise<OktaAnswer>

export type Patience = {
  readonly pause: (ms: number) => Promise<void>
  /** Called before each wait, to report progress. */
  readonly onWait: (seconds: number) => void
}

/** `HTTPS_PROXY` and `NO_PROXY`, in upper or lower case. Requires Node 22.21 or later, or 24.5 or later. */
export type ProxyVariables = Readonly<Record<string, string | undefined>>

/**
 * Sends requests to one org. After too many requests it waits as long as Okta says, and sends the request again.
 * Nothing else is sent again, because a request without an answer may have been carried out. The credential is sent
 * only to the org, whatever a link to the next page or a redirect points to. Rejects with Node's network errors if
 * there is no answer.
 */
export function createSend(orgUrl: string, patience: Patience, proxy: ProxyVariables): Send {
  const { origin, protocol } = new URL(orgUrl)
  const isPlain = protocol === 'http:' // loopback only: never through a proxy
  const agent = isPlain ? new PlainAgent() : new Agent({ proxyEnv: proxyEnvironment(proxy) })
  const open = isPlain ? requestOverHttp : requestOverHttps
  return async request => {
    if (URL.parse(request.url)?.origin !== origin) {
      throw new Error(`Okta's answer points to another place than the org: ${request.url}`)
    }
    for (let waits = 0; ; waits += 1) {
      const answer = await exchange(open, agent, request)
      if (answer.status !== 429 || waits === WAITS_MAX) return answer
      const ms = untilReset(answer, waits)
      if (ms > WAIT_MAX_MS) return answer
      patience.onWait(Math.ceil(ms / 1000))
      await patience.pause(ms)
    }
  }
}

function exchange(
  open: typeof requestOverHttp,
  agent: PlainAgent,
  { method, url, headers, authorization, body }: OktaRequest,
): Promise<OktaAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<OktaAnswer>()
  const credential = authorization && {
    authorization: `${authorization.scheme} ${authorization.value.reveal()}`,
  }
  const request = open(url, { method, agent, headers: { ...headers, ...credential } }, response => {
    const { statusCode: status = 0, headers: answered } = response
    response.on('error', reject)
    if (status >= 300 && status < 400) {
      reject(new Error(`${url} answered with a redirect (HTTP ${status}), which is not followed`))
      request.destroy()
      return
    }
    const chunks: Buffer[] = []
    let bytes = 0
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= ANSWER_BYTES_MAX) chunks.push(chunk)
      else {
        reject(new Error(`${url} answered with more than 16 MB`))
        request.destroy()
      }
    })
    response.on('end', () => {
      const header = (name: string): string | undefined => answered[name]?.toString()
      resolve({ status, url, header, text: Buffer.concat(chunks).toString() })
    })
  })
  const limit = setTimeout(() => {
    const error = new Error(`${url}: no answer within ${REQUEST_LIMIT_MS / 1000} s (network timeout)`)
    request.destroy(Object.assign(error, { code: 'ETIMEDOUT' }))
  }, REQUEST_LIMIT_MS)
  request.on('error', reject)
  request.end(body)
  return promise.finally(() => clearTimeout(limit))
}

/**
 * Both times are Okta's, so a wrong clock here does not matter. One second is added, because they are whole seconds.
 */
function untilReset({ header }: OktaAnswer, waits: number): number {
  const reset = Number(header('x-rate-limit-reset') ?? Number.NaN) * 1000
  const now = Date.parse(header('date') ?? '')
  const ms = reset - now + 1_000
  // The limit on concurrent requests has no such header.
  return Number.isFinite(ms) ? Math.max(1_000, ms) : 1_000 * 2 ** waits
}

function proxyEnvironment(variables: ProxyVariables): Record<string, string> {
  const found = ['https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY'].map(name => [name, variables[name]])
  return Object.fromEntries(found.filter(([, value]) => value !== undefined && value !== ''))
}

/** Maximum time from the first byte sent to the last byte read. */
const REQUEST_LIMIT_MS = 30_000
const ANSWER_BYTES_MAX = 16 * 1024 * 1024
const WAITS_MAX = 5
/** Okta's windows are a minute. After two minutes, the cause is not a rate limit. */
const WAIT_MAX_MS = 120_000
