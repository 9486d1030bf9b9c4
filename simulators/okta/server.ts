import { once } from 'node:events'
import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { accessTokens, type TokenAnswer } from './access-tokens.ts'
import { type AuthorizationServerStats, authorizationServer } from './authorization-server.ts'
import type { CallOrder } from './call-order.ts'
import { controlApi } from './control-api.ts'
import type { KeysFault, TokenFault } from './faults.ts'
import { type CallResult, hookCaller, type SecretHeader } from './hook-caller.ts'
import { newOrg } from './hook-request.ts'
import { poster } from './post.ts'
import { newServiceClient } from './service-client.ts'
import { newKeyRing, type Rotation } from './signing-keys.ts'

export type OktaOptions = {
  /** 0 for any free port. */
  readonly port: number
  /** The address to listen on. Default 127.0.0.1. */
  readonly host?: string
  /** Where the hook is, such as `http://127.0.0.1:8080/mfa`. Can be set later. */
  readonly hookUrl?: string
  /** Sent instead of an access token. */
  readonly secretHeader?: SecretHeader
  /** How long a call may take, token request included. Default 3,000, as Okta's. */
  readonly limitMs?: number
}

/** The stand-in as it runs. */
export type Okta = {
  /** Without a slash at its end. */
  readonly url: string
  readonly issuer: string
  readonly audience: string
  readonly clientId: string
  readonly scope: string
  readonly hookUrl: () => string | undefined
  readonly setHookUrl: (url: string) => void
  /** Acts as Okta when somebody asks for a code. Throws if the hook's address is not set. */
  readonly call: (order: CallOrder) => Promise<CallResult>
  /** The last 200 calls, newest last. */
  readonly calls: () => readonly CallResult[]
  /** A new access token, fetched over the wire. */
  readonly fetchToken: (scope?: string) => Promise<TokenAnswer>
  /** A client assertion for one token request, to send by hand. */
  readonly signAssertion: (tokenUrl: string) => Promise<string>
  /** Answers with the IDs of the key that signs now and of all published ones. The caller keeps the token that it has. */
  readonly rotateKeys: (
    rotation?: Rotation,
  ) => Promise<{ readonly activeKid: string; readonly kids: string[] }>
  readonly setKeysFault: (fault: KeysFault) => void
  /** Holds for tokens issued from now on; the caller's next call fetches one. */
  readonly setTokenFault: (fault: TokenFault) => void
  readonly stats: () => AuthorizationServerStats
  /** Cuts every connection and call, and frees the port. */
  readonly close: () => Promise<void>
}

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
