import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { type Faults, noFaults } from './faults.ts'
import { oauthProvider, type TokenOutcome } from './oauth-provider.ts'
import { usedAssertions } from './oauth-storage.ts'
import { type KeyRing, published, type Rotation, rotate } from './signing-keys.ts'
import type { TokenPolicy } from './token-policy.ts'

/** The server's path on its host: Okta's custom authorization server named `default`. */
const PREFIX = '/oauth2/default'

export type AuthorizationServerStats = { readonly jwksFetches: number; readonly tokenRequests: number }

export type AuthorizationServer = {
  readonly issuer: string
  /** The current faults; assign to change them. */
  readonly faults: Faults
  /** Whether the path belongs to this server. */
  readonly serves: (path: string) => boolean
  readonly handle: (req: IncomingMessage, res: ServerResponse) => Promise<void>
  /** Starts to sign with a new key. Issued tokens stay valid unless their key is dropped. */
  readonly rotateKeys: (
    rotation?: Rotation,
  ) => Promise<{ readonly activeKid: string; readonly kids: string[] }>
  /** How many times keys were fetched and tokens requested since the start, including failures. */
  readonly stats: () => AuthorizationServerStats
}

export type AuthorizationServerOptions = {
  /** The address that clients use, without a trailing slash. */
  readonly url: string
  readonly policy: TokenPolicy
  readonly keys: KeyRing
  /** How far the org's clock is ahead of the real one. Default 0. */
  readonly clockOffsetSeconds?: () => number
  readonly onToken?: (outcome: TokenOutcome) => void
  /** Ends all delays of faults. */
  readonly signal: AbortSignal
}

/** Okta's custom authorization server `default`, with faults on demand. */
export function authorizationServer(options: AuthorizationServerOptions): AuthorizationServer {
  const { issuer, tokenUrl } = defaultServer(options.url)
  const faults = noFaults()
  const memory = usedAssertions()
  const stats = { jwksFetches: 0, tokenRequests: 0 }

  let keys = options.keys
  let answer = providerFor(keys)

  return {
    issuer,
    faults,
    serves: path => path.startsWith(`${PREFIX}/`),
    async handle(req, res) {
      const path = (req.url ?? '').slice(PREFIX.length).split('?')[0]
      if (path === '/v1/keys' && (await keysFail(res))) return
      if (path === '/v1/token') {
        stats.tokenRequests++
        await pause(faults.token.delayMs ?? 0)
      }
      mount(req)
      await answer(req, res)
    },
    async rotateKeys(rotation) {
      keys = await rotate(keys, rotation)
      answer = providerFor(keys)
      return { activeKid: keys.active.kid, kids: published(keys).map(key => key.kid) }
    },
    stats: () => ({ ...stats }),
  }

  function providerFor(ring: KeyRing) {
    return oauthProvider({
      issuer,
      paths: { token: '/v1/token', keys: '/v1/keys' },
      tokenUrl,
      policy: options.policy,
      keys: ring,
      memory,
      tokenFault: () => faults.token,
      clockOffsetSeconds: options.clockOffsetSeconds ?? (() => 0),
      onToken: options.onToken ?? (() => {}),
    }).callback()
  }

  /** Counts the request and applies the fault; true if the answer is already written. */
  async function keysFail(res: ServerResponse): Promise<boolean> {
    stats.jwksFetches++
    const { mode, ms } = faults.keys
    switch (mode) {
      case 'up':
        return false
      case 'slow':
        await pause(ms ?? 5000)
        return false
      case 'down':
        res.writeHead(503, { 'Content-Type': 'text/plain' }).end('Service unavailable')
        return true
      case 'garbage':
        res
          .writeHead(200, { 'Content-Type': 'text/html' })
          .end('<html><body>Sign in to continue</body></html>')
        return true
      case 'endless': {
        const more = (): void => {
          while (!res.destroyed && res.write(ENDLESS));
        }
        res.writeHead(200, { 'Content-Type': 'application/json' }).on('drain', more).write('{"keys":[')
        more()
        return true
      }
    }
  }

  async function pause(ms: number): Promise<void> {
    if (ms > 0) await wait(ms, undefined, { signal: options.signal }).catch(() => undefined)
  }
}

/** The addresses of the server `default` of an org. */
export function defaultServer(url: string): { readonly issuer: string; readonly tokenUrl: string } {
  return { issuer: `${url}${PREFIX}`, tokenUrl: `${url}${PREFIX}/v1/token` }
}

/** The library finds its mount point by comparing the two addresses. */
function mount(req: IncomingMessage & { originalUrl?: string }): void {
  req.originalUrl = req.url ?? ''
  req.url = req.originalUrl.slice(PREFIX.length)
}

const ENDLESS = '{},'.repeat(20_000)
