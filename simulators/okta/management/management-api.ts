import { setTimeout as wait } from 'node:timers/promises'
import type { HttpBindings } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { isObject } from '../call-order.ts'
import { oktaId } from '../okta-ids.ts'
import { refusal } from './authorize.ts'
import type { ManagementFault, ManagementFaults } from './management-fault.ts'
import { organization } from './org-pages.ts'
import { now, type OrgState } from './org-state.ts'
import { type Answer, type Json, oktaError, type Route } from './route.ts'

/** A request to the management API, and the answer to it. */
export type Exchange = {
  readonly method: string
  readonly path: string
  /** The names of the query parameters. */
  readonly query: readonly string[]
  /** Undefined without a body. */
  readonly request: unknown
  readonly status: number
  /** Undefined without a body. */
  readonly answer: unknown
}

export type ManagementApiOptions = {
  readonly org: OrgState
  readonly routes: readonly Route[]
  readonly faults: ManagementFaults
  readonly limit: RateLimit
  readonly scopesOf: (token: string) => Promise<readonly string[] | undefined>
  /** Called after each request that may have changed the org. */
  readonly onChange: () => void
  /** Called with each request and its answer. */
  readonly onExchange: (exchange: Exchange) => void
  /** Ends the delay of a fault. */
  readonly signal: AbortSignal
}

type Env = { readonly Bindings: HttpBindings; readonly Variables: { requestId: string } }

/** Okta's management API over HTTP: faults, rate limit, authorization, then the route. */
export function managementApi(options: ManagementApiOptions): Hono<Env> {
  const { org, faults, limit } = options
  const app = new Hono<Env>()
  app.get('/.well-known/okta-organization', c => c.json(organization(org)))
  app.use('/api/*', async (c, next) => {
    await next()
    const url = new URL(c.req.url)
    options.onExchange({
      method: c.req.method,
      path: url.pathname,
      query: [...url.searchParams.keys()],
      request: parsed(await c.req.text()),
      status: c.res.status,
      answer: parsed(await c.res.clone().text()),
    })
  })
  app.use('/api/*', async (c, next) => {
    const fault = faults.next()
    const { isExceeded, headers: remaining } = limit.take()
    c.set('requestId', oktaId('req'))
    const headers = { ...remaining, 'X-Okta-Request-Id': c.get('requestId') }
    const refused = isExceeded ? { ...rateLimited(), headers } : await refusalBy(fault)
    if (refused) return write(refused, { ...headers, ...refused.headers })
    const { method, path } = c.req
    const header = c.req.header('authorization')
    const unauthenticated = await refusal(org, { header, method, path }, options.scopesOf)
    if (unauthenticated) return write(unauthenticated, headers)
    await next()
    if (c.res.ok && method !== 'GET') options.onChange()
    for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value)
    if (fault?.kind === 'cut') c.env.outgoing.destroy()
  })
  for (const { method, path, handle } of options.routes) {
    app.on(method, path, async c => {
      const body = await readBody(c)
      if (!body) return write(oktaError(400, 'E0000003', 'The request body was not well-formed.'))
      const url = new URL(c.req.url)
      const here = new URL(`${url.pathname}${url.search}`, org.url)
      const requestId = c.get('requestId')
      return write(
        await handle({ params: c.req.param(), query: url.searchParams, url: here, requestId, body }),
      )
    })
  }
  app.notFound(() => write(oktaError(404, 'E0000008', 'The requested path was not found')))
  return app

  async function refusalBy(fault: ManagementFault | undefined): Promise<Answer | undefined> {
    switch (fault?.kind) {
      case 'rate-limit':
        return { ...rateLimited(), headers: limit.exhausted(fault.resetSeconds ?? 0) }
      case 'error':
        return oktaError(500, 'E0000009', 'Internal Server Error')
      case 'slow':
        await wait(fault.ms ?? 5000, undefined, { signal: options.signal }).catch(() => undefined)
        return undefined
      default:
        return undefined
    }
  }
}

function rateLimited(): Answer {
  return oktaError(429, 'E0000047', 'API call exceeded rate limit due to too many requests.')
}

/** An empty body is an empty object; undefined if it is not a JSON object. */
async function readBody(c: Context): Promise<Json | undefined> {
  const text = await c.req.text()
  try {
    const body: unknown = JSON.parse(text === '' ? '{}' : text)
    return isObject(body) ? body : undefined
  } catch {
    return undefined
  }
}

/** The text itself if it is not JSON. */
function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return text
  }
}

function write({ status, body, headers }: Answer, more: Readonly<Record<string, string>> = {}): Response {
  const text = body === undefined ? null : JSON.stringify(body)
  const type = text === null ? {} : { 'Content-Type': 'application/json' }
  return new Response(text, { status, headers: { ...type, ...headers, ...more } })
}

export type RateLimit = {
  /** Counts one request. */
  readonly take: () => { readonly isExceeded: boolean; readonly headers: Readonly<Record<string, string>> }
  /** The headers of a refusal: no requests remaining, and the second at which the limit resets. */
  readonly exhausted: (resetSeconds: number) => Readonly<Record<string, string>>
}

const WINDOW_MS = 60_000

/** Okta's limit on requests per minute, in windows that begin with the first request. */
export function rateLimit(org: OrgState, limit: number): RateLimit {
  let windowStartMs = 0
  let used = 0
  return {
    take() {
      const nowMs = now(org).getTime()
      // A clock that is set back also begins a new window.
      if (nowMs - windowStartMs >= WINDOW_MS || nowMs < windowStartMs) {
        windowStartMs = nowMs
        used = 0
      }
      used++
      return {
        isExceeded: used > limit,
        headers: headers(limit, Math.max(0, limit - used), windowStartMs + WINDOW_MS),
      }
    },
    exhausted: resetSeconds => headers(limit, 0, now(org).getTime() + resetSeconds * 1000),
  }
}

function headers(limit: number, remaining: number, resetMs: number): Readonly<Record<string, string>> {
  return {
    'X-Rate-Limit-Limit': String(limit),
    'X-Rate-Limit-Remaining': String(remaining),
    'X-Rate-Limit-Reset': String(Math.ceil(resetMs / 1000)),
  }
}
