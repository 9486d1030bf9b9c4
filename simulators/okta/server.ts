import { once } from 'node:events'
import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { accessTokens } from './access-tokens.ts'
import { authorizationServer } from './authorization-server.ts'
import { controlApi } from './control-api.ts'
import { hookCaller } from './hook-caller.ts'
import { newOrg } from './hook-request.ts'
import type { Okta, OktaOptions } from './okta.ts'
import { poster } from './post.ts'
import { newServiceClient } from './service-client.ts'
import { newKeyRing } from './signing-keys.ts'

const OKTA_LIMIT_MS = 3000

/** Starts the stand-in for Okta: an authorization server, a caller of the hook, and an HTTP surface to drive them. */
export async function startOkta(options: OktaOptions): Promise<Okta> {
  const [client, keys] = await Promise.all([newServiceClient(), newKeyRing()])
  const server = createServer()
  const url = await listen(server, options)

  const ending = new AbortController()
  const connections = poster()
  const limitMs = options.limitMs ?? OKTA_LIMIT_MS
  const authorization = authorizationServer({ url, client, keys, signal: ending.signal })
  const { issuer, audience, scope, tokenUrl, faults } = authorization
  const tokens = accessTokens({ tokenUrl, scope, client, poster: connections, limitMs, now: Date.now })
  const caller = hookCaller({
    org: newOrg(url),
    tokens,
    poster: connections,
    limitMs,
    ...(options.secretHeader && { secretHeader: options.secretHeader }),
  })
  let hookUrl = options.hookUrl

  const okta: Okta = {
    url,
    issuer,
    audience,
    clientId: client.clientId,
    scope,
    hookUrl: () => hookUrl,
    setHookUrl(newUrl) {
      hookUrl = newUrl
    },
    async call(order) {
      if (!hookUrl) throw new Error("The hook's address is not set.")
      return caller.call(hookUrl, order)
    },
    calls: caller.calls,
    fetchToken: tokens.fetch,
    signAssertion: client.signAssertion,
    rotateKeys: authorization.rotateKeys,
    setKeysFault(fault) {
      faults.keys = fault
    },
    setTokenFault(fault) {
      faults.token = fault
      tokens.forget()
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
    if (authorization.serves(req.url ?? '')) authorization.handle(req, res)
    else control(req, res)
  })
  return okta
}

/** Answers with the address once the server listens; rejects if it cannot. */
async function listen(server: ReturnType<typeof createServer>, { port, host = '127.0.0.1' }: OktaOptions) {
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port.')
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${address.port}`
}
