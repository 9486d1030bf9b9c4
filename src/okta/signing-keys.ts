import { type CryptoKey, createLocalJWKSet, errors, type JSONWebKeySet, type JWSHeaderParameters } from 'jose'
import { untilAborted } from '../core/deliver/deadline.ts'
import { readBoundedText } from '../core/values/bounded-text.ts'

export type SigningKeys = {
  /** The key of a token's header. Rejects with jose's `JWKSNoMatchingKey`, or with what fetching failed with. */
  readonly find: (header: JWSHeaderParameters, signal: AbortSignal) => Promise<CryptoKey>
  /** Fetches the keys ahead of the first token. */
  readonly warm: (signal: AbortSignal) => Promise<void>
  /** Resolves when no fetch is under way: a function that is frozen in the middle of one would lose it. */
  readonly idle: () => Promise<void>
}

export type KeySource = {
  /** GETs the JWKS: the parsed body, and `max-age` in seconds where the issuer gave one. */
  readonly fetchJwks: (
    signal: AbortSignal,
  ) => Promise<{ readonly jwks: unknown; readonly maxAgeSeconds?: number }>
  /** Milliseconds on a clock that is never set back, and goes on while a function is frozen. */
  readonly now: () => number
}

/**
 * The issuer's keys, kept. Fresh ones are used as they are; old ones are used while new ones are fetched
 * beside the request; when fetching fails they serve up to 24 hours. An unknown `kid` causes one fetch, at
 * most every 10 seconds however many tokens ask for it.
 */
export function keepSigningKeys(source: KeySource): SigningKeys {
  let kept: Kept | undefined
  let fetching: Promise<Kept> | undefined
  let triedAt = Number.NEGATIVE_INFINITY

  // The fetch is shared by all who wait for it, so it has a time limit of its own.
  const fetchOnce = (): Promise<Kept> => {
    if (fetching !== undefined) return fetching
    triedAt = source.now()
    fetching = fetchKeys(source)
      .then(fresh => {
        kept = fresh
        return fresh
      })
      .finally(() => {
        fetching = undefined
      })
    return fetching
  }
  const mayTry = (): boolean => fetching !== undefined || source.now() - triedAt >= RETRY_MS

  const current = async (signal: AbortSignal): Promise<Kept> => {
    const age = kept === undefined ? Number.POSITIVE_INFINITY : source.now() - kept.fetchedAt
    if (kept === undefined || age > USABLE_MS) return untilAborted(fetchOnce(), signal)
    // Beside the request: this one is served with what is kept, whatever becomes of the fetch.
    if (age > kept.freshMs && mayTry()) fetchOnce().catch(() => undefined)
    return kept
  }

  return {
    find: async (header, signal) => {
      const keys = await current(signal)
      try {
        return await keys.find(header)
      } catch (error) {
        const isUnknown = error instanceof errors.JWKSNoMatchingKey
        if (!isUnknown || !mayTry()) throw error
        return (await untilAborted(fetchOnce(), signal)).find(header)
      }
    },
    warm: async signal => void (await current(signal)),
    idle: async () => void (await fetching?.catch(() => undefined)),
  }
}

type Kept = {
  readonly find: (header: JWSHeaderParameters) => Promise<CryptoKey>
  readonly fetchedAt: number
  readonly freshMs: number
}

async function fetchKeys(source: KeySource): Promise<Kept> {
  const { jwks, maxAgeSeconds } = await source.fetchJwks(AbortSignal.timeout(FETCH_MS))
  const freshMs = Math.min(FRESH_MAX_MS, Math.max(FRESH_MIN_MS, (maxAgeSeconds ?? 0) * 1000))
  // Throws JWKSInvalid when it is no key set.
  return { find: createLocalJWKSet(jwks as JSONWebKeySet), fetchedAt: source.now(), freshMs }
}

const RETRY_MS = 10_000
const FETCH_MS = 5_000
const FRESH_MIN_MS = 60_000
const FRESH_MAX_MS = 3_600_000
const USABLE_MS = 24 * 3_600_000

/**
 * GETs a document over HTTP(S), without following redirects. Rejects when there is no answer, and as soon as it is longer
 * than `maxBytes`.
 */
export type Get = (
  url: string,
  maxBytes: number,
  signal: AbortSignal,
) => Promise<{ readonly status: number; readonly cacheControl: string; readonly text: string }>

/** GETs an authorization server's keys. At most 100 KB. */
export function jwksFetcher(issuer: string, get: Get = getByFetch): KeySource['fetchJwks'] {
  const url = `${issuer.replace(/\/$/, '')}/v1/keys`
  return async signal => {
    const { status, cacheControl, text } = await get(url, JWKS_MAX_BYTES, signal)
    if (status !== 200) throw new Error(`${url} answered HTTP ${status}; expected 200`)
    const maxAge = /max-age=(\d+)/.exec(cacheControl)?.[1]
    return { jwks: JSON.parse(text), ...(maxAge !== undefined && { maxAgeSeconds: Number(maxAge) }) }
  }
}

const JWKS_MAX_BYTES = 100_000

async function getByFetch(url: string, maxBytes: number, signal: AbortSignal): ReturnType<Get> {
  const response = await fetch(url, { signal, redirect: 'manual', headers: { accept: 'application/json' } })
  const cacheControl = response.headers.get('cache-control') ?? ''
  return { status: response.status, cacheControl, text: await readBoundedText(response.body, maxBytes) }
}
