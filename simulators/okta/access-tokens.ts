import { isObject } from './call-order.ts'
import type { Posted, Poster } from './post.ts'
import type { ServiceClient } from './service-client.ts'

export type TokenAnswer =
  | { readonly kind: 'token'; readonly accessToken: string; readonly expiresInSeconds: number }
  | { readonly kind: 'no-token'; readonly reason: string }

export type AccessTokens = {
  /** The cached token if it is valid for a while longer, or a new one. Concurrent callers share one request. */
  readonly get: () => Promise<TokenAnswer>
  /** Always a new token; it is cached for `get` if it has the default scope. */
  readonly fetch: (scope?: string) => Promise<TokenAnswer>
  /** Makes the next `get` fetch a new token. */
  readonly forget: () => void
}

export type AccessTokenOptions = {
  readonly tokenUrl: string
  readonly scope: string
  readonly client: ServiceClient
  readonly poster: Poster
  /** Limit of one token request. */
  readonly limitMs: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** A token is renewed this long before it expires, or a tenth of its lifetime if that is shorter. */
const RENEW_BEFORE_EXPIRY_MS = 60_000

/**
 * Access tokens of the service client, fetched over HTTP and cached until shortly before they expire, as Okta does.
 */
export function accessTokens(options: AccessTokenOptions): AccessTokens {
  let cached: { readonly answer: TokenAnswer; readonly untilMs: number } | undefined
  let underway: Promise<TokenAnswer> | undefined
  let timesForgotten = 0

  return {
    get() {
      if (cached && options.now() < cached.untilMs) return Promise.resolve(cached.answer)
      underway ??= fetchAndCache(options.scope)
      return underway
    },
    fetch: (scope = options.scope) => fetchAndCache(scope),
    forget() {
      cached = undefined
      underway = undefined
      timesForgotten++
    },
  }

  function fetchAndCache(scope: string): Promise<TokenAnswer> {
    const startedMs = options.now()
    const forgottenBefore = timesForgotten
    const request = requestToken(options, scope).then(answer => {
      if (underway === request) underway = undefined
      // A token requested before `forget` must not be cached after it.
      const isCurrent = timesForgotten === forgottenBefore
      if (isCurrent && answer.kind === 'token' && scope === options.scope) {
        cached = { answer, untilMs: startedMs + usableMs(answer.expiresInSeconds) }
      }
      return answer
    })
    return request
  }
}

function usableMs(expiresInSeconds: number): number {
  const lifetimeMs = expiresInSeconds * 1000
  return lifetimeMs - Math.min(RENEW_BEFORE_EXPIRY_MS, lifetimeMs / 10)
}

async function requestToken(options: AccessTokenOptions, scope: string): Promise<TokenAnswer> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    scope,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await options.client.signAssertion(options.tokenUrl),
  })
  const headers = { Accept: 'application/json', 'Content-Type': 'application/x-www-form-urlencoded' }
  const signal = AbortSignal.timeout(options.limitMs)
  return tokenAnswer(
    await options.poster.post({ url: options.tokenUrl, headers, body: form.toString(), signal }),
  )
}

function tokenAnswer(posted: Posted): TokenAnswer {
  if (posted.kind !== 'answered') return { kind: 'no-token', reason: `the token endpoint is ${posted.kind}` }
  const answer = parse(posted.body)
  const { access_token: accessToken, expires_in: expiresInSeconds } = answer
  if (posted.httpStatus === 200 && typeof accessToken === 'string' && typeof expiresInSeconds === 'number') {
    return { kind: 'token', accessToken, expiresInSeconds }
  }
  const error = typeof answer.error === 'string' ? ` ${answer.error}` : ''
  const description =
    typeof answer.error_description === 'string' ? `, ${answer.error_description.replace(/\.$/, '')}` : ''
  return {
    kind: 'no-token',
    reason: `the token endpoint answered ${posted.httpStatus}${error}${description}`,
  }
}

function parse(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}
