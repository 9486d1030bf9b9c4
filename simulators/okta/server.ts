import { once } from 'node:events'
import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { authorizationServer } from './authorization-server.ts'
import { controlApi } from './control-api.ts'
import { orgTenant } from './management/org-tenant.ts'
import type { Okta, OktaOptions } from './okta.ts'
import { poster } from './post.ts'
import { newKeyRing } from './signing-keys.ts'
import { readyMade } from './tenant.ts'

const OKTA_LIMIT_MS = 3000

/**
 * Starts the stand-in for Okta: an authorization server, a caller of the hook, and an HTTP API to control them. With
 * `org`, it also starts Okta's management API, and the first two use its set-up.
 */
export async function startOkta(options: OktaOptions): Promise<Okta> {
  const keys = await newKeyRing()
  const server = createServer()
  const url = await listen(server, options)

  const ending = new AbortController()
  const connections = poster()
  const { signal } = ending
  const tenantOptions = { url, limitMs: options.limitMs ?? OKTA_LIMIT_MS, signal }
  const tenant = await (options.org ? orgTenant : readyMade)(options, tenantOptions, connections)
  const { policy, onToken } = tenant
  const clockOffsetSeconds = () => Math.round(tenant.clockOffsetMs() / 1000)
  const authorization = authorizationServer({ url, policy, keys, signal, clockOffsetSeconds, onToken })
  const { issuer, faults } = authorization

  const okta: Okta = {
    url,
    issuer,
    get audience() {
      return policy.audience()
    },
    get clientId() {
      return tenant.clientId()
    },
    get scope() {
      return tenant.scope()
    },
    ...(tenant.org && { org: tenant.org }),
    hookUrl: tenant.hookUrl,
    setHookUrl: tenant.setHookUrl,
    cannotCall: tenant.cannotCall,
    call: tenant.call,
    calls: tenant.calls,
    enterCode: tenant.users.enterCode,
    signIn: tenant.users.signIn,
    setEventHook: tenant.setEventHook,
    setEventDelivery: tenant.events.setDelivery,
    releaseEvents: tenant.events.release,
    eventPosts: tenant.events.posts,
    eventsSettled: tenant.events.settled,
    fetchToken: tenant.fetchToken,
    signAssertion: tenant.signAssertion,
    rotateKeys: authorization.rotateKeys,
    setKeysFault(fault) {
      faults.keys = fault
    },
    setTokenFault(fault) {
      faults.token = fault
      tenant.forget()
    },
    stats: authorization.stats,
    async close() {
      ending.abort()
      connections.close()
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }

  const control = getRequestListener(controlApi(okta).fetch)
  server.on('request', (req, res) => {
    const path = req.url ?? ''
    if (tenant.clockOffsetMs() !== 0) {
      res.setHeader('Date', new Date(Date.now() + tenant.clockOffsetMs()).toUTCString())
    }
    if (authorization.serves(path)) authorization.handle(req, res)
    else if (tenant.surface?.serves(path)) tenant.surface.listener(req, res)
    else control(req, res)
  })
  return okta
}

/** Resolves with the address once the server listens; rejects if it cannot. */
async function listen(server: ReturnType<typeof createServer>, { port, host = '127.0.0.1' }: OktaOptions) {
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port.')
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${address.port}`
}
