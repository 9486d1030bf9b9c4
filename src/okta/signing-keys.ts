import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import type { TimeLimit } from '../core/deliver/clock.ts'
import { untilAborted } from '../core/deliver/deadline.ts'

export type SigningKeys = {
  /**
   * The RS256 key with the ID in the token's header; without an ID the issuer's only key. Undefined if there is none,
   * or more than one. Rejects if the keys cannot be fetched.
   */
  readonly find: (keyId: unknown, signal: TimeLimit) => Promise<KeyObject | undefined>
  /**
   * The keys that can be used now, as an object that changes with each fetch; undefined if there are none. Like `find`,
   * it refreshes old keys in the background.
   */
  readonly current: () => object | undefined
  /** Fetches the keys ahead of the first token. */
  readonly warm: (signal: TimeLimit) => Promise<void>
  /** Resolves when no fetch is running. A function that is frozen during a fetch would lose it. */
  readonly idle: () => Promise<void>
}

export type KeySource = {
  /** GETs the JWKS: the parsed body, and `max-age` in seconds if the issuer sent one. */
  readonly fetchJwks: (
    signal: AbortSignal,
  ) => Promise<{ readonly jwks: unknown; readonly maxAgeSeconds?: number }>
  /** Milliseconds on a clock that is never set back, and does not stop while a function is frozen. */
  readonly now: () => number
}

/**
 * Caches the issuer's keys. Old ones stay in use while new ones are fetched in the background, and for up to 24 hours
 * if fetching fails. An unknown `kid` causes a fetch, at most one every 10 seconds, however many tokens have it.
 */
export function keepSigningKeys(source: KeySource): SigningKeys {
  let cached: CachedKeys | undefined
  let fetching: Promise<CachedKeys> | undefined
  let triedAt = Number.NEGATIVE_INFINITY

  // Several requests may wait for one fetch, so it has its own time limit.
  const fetchOnce = (): Promise<CachedKeys> => {
    if (fetching !== undefined) return fetching
    triedAt = source.now()
    fetching = fetchKeys(source)
      .then(fresh => {
        cached = fresh
        return fresh
      })
      .finally(() => {
        fetching = undefined
      })
    return fetching
  }
  const mayTry = (): boolean => fetching !== undefined || source.now() - triedAt >= RETRY_MS

  const usable = (): CachedKeys | undefined => {
    const age = cached === undefined ? Number.POSITIVE_INFINITY : source.now() - cached.fetchedAt
    if (cached === undefined || age > USABLE_MS) return undefined
    // In the background: this request uses the cached keys, whatever the fetch returns.
    if (age > cached.freshMs && mayTry()) fetchOnce().catch(() => undefined)
    return cached
  }
  const current = async (signal: TimeLimit): Promise<CachedKeys> =>
    usable() ?? untilAborted(fetchOnce(), signal)

  return {
    find: async (keyId, signal) => {
      const found = (await current(signal)).find(keyId)
      if (found !== 'unknown') return found === 'several' ? undefined : found
      if (!mayTry()) return undefined
      const again = (await untilAborted(fetchOnce(), signal)).find(keyId)
      return typeof again === 'string' ? undefined : again
    },
    current: usable,
    warm: async signal => void (await current(signal)),
    idle: async () => void (await fetching?.catch(() => undefined)),
  }
}

type CachedKeys = {
  readonly find: (keyId: unknown) => KeyObject | 'unknown' | 'several'
  readonly fetchedAt: number
  readonly freshMs: number
}

async function fetchKeys(source: KeySource): Promise<CachedKeys> {
  const { jwks, maxAgeSeconds } = await source.fetchJwks(AbortSignal.timeout(FETCH_MS))
  const freshMs = Math.min(FRESH_MAX_MS, Math.max(FRESH_MIN_MS, (maxAgeSeconds ?? 0) * 1000))
  return { find: readKeySet(jwks), fetchedAt: source.now(), freshMs }
}

/** The keys of a JWKS (RFC 7517) that verify RS256, each parsed on first use. Throws if it is not a key set. */
function readKeySet(jwks: unknown): CachedKeys['find'] {
  const all: unknown = typeof jwks === 'object' && jwks !== null && 'keys' in jwks ? jwks.keys : undefined
  if (!Array.isArray(all) || !all.every(isObject))
    throw new Error('issuer: the response is not a JSON Web Key Set')
  const usable = all.filter(isForRs256)
  const read = new Map<object, KeyObject>()
  return keyId => {
    const [jwk, ...others] = usable.filter(({ kid }) => keyId === undefined || keyId === kid)
    if (jwk === undefined) return 'unknown'
    if (others.length > 0) return 'several'
    const key = read.get(jwk) ?? readKey(jwk)
    read.set(jwk, key)
    return key
  }
}

type Jwk = Readonly<Record<string, unknown>>

function isObject(value: unknown): value is Jwk {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** RFC 7517 §4: a key for encryption or for another algorithm cannot verify. */
function isForRs256({ kty, alg, use, key_ops: operations }: Jwk): boolean {
  const mayVerify = operations === undefined || (Array.isArray(operations) && operations.includes('verify'))
  return (
    kty === 'RSA' &&
    (alg === undefined || alg === 'RS256') &&
    (use === undefined || use === 'sig') &&
    mayVerify
  )
}

/** RFC 7518 §3.3: at least 2,048 bits. */
function readKey(jwk: Jwk): KeyObject {
  if ('d' in jwk) throw new Error('issuer: the key set contains a private key')
  const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })
  const { modulusLength = 0 } = key.asymmetricKeyDetails ?? {}
  if (modulusLength < 2_048) throw new Error(`issuer: a key of ${modulusLength} bits; expected 2,048 or more`)
  return key
}

const RETRY_MS = 10_000
const FETCH_MS = 5_000
const FRESH_MIN_MS = 60_000
const FRESH_MAX_MS = 3_600_000
const USABLE_MS = 24 * 3_600_000

/**
 * GETs a document over HTTP(S), without following redirects. Rejects if there is no response, or as soon as it is
 * longer than `maxBytes`.
 */
export type Get = (
  url: string,
  maxBytes: number,
  signal: AbortSignal,
) => Promise<{ readonly status: number; readonly cacheControl: string; readonly text: string }>

/** GETs an authorization server's keys. At most 100 KB. */
export function jwksFetcher(issuer: string, get: Get): KeySource['fetchJwks'] {
  const url = `${issuer.replace(/\/$/, '')}/v1/keys`
  return async signal => {
    const { status, cacheControl, text } = await get(url, JWKS_MAX_BYTES, signal)
    if (status !== 200) throw new Error(`${url} answered HTTP ${status}; expected 200`)
    const maxAge = /max-age=(\d+)/.exec(cacheControl)?.[1]
    return { jwks: JSON.parse(text), ...(maxAge !== undefined && { maxAgeSeconds: Number(maxAge) }) }
  }
}

const JWKS_MAX_BYTES = 100_000
