import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { untilAborted } from '../core/deliver/deadline.ts'
import { readBoundedText } from '../core/values/bounded-text.ts'

export type SigningKeys = {
  /**
   * The RS256 key with the ID that a token's header names; without an ID the only one that the issuer has. Undefined when
   * there is none, or more than one. Rejects with what fetching failed with.
   */
  readonly find: (keyId: unknown, signal: AbortSignal) => Promise<KeyObject | undefined>
  /**
   * The keys that can be used now, as one object that is another one after each fetch; undefined when there are none.
   * Old ones are fetched anew beside the request, as by `find`.
   */
  readonly current: () => object | undefined
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

  const usable = (): Kept | undefined => {
    const age = kept === undefined ? Number.POSITIVE_INFINITY : source.now() - kept.fetchedAt
    if (kept === undefined || age > USABLE_MS) return undefined
    // Beside the request: this one is served with what is kept, whatever becomes of the fetch.
    if (age > kept.freshMs && mayTry()) fetchOnce().catch(() => undefined)
    return kept
  }
  const current = async (signal: AbortSignal): Promise<Kept> => usable() ?? untilAborted(fetchOnce(), signal)

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

type Kept = {
  readonly find: (keyId: unknown) => KeyObject | 'unknown' | 'several'
  readonly fetchedAt: number
  readonly freshMs: number
}

async function fetchKeys(source: KeySource): Promise<Kept> {
  const { jwks, maxAgeSeconds } = await source.fetchJwks(AbortSignal.timeout(FETCH_MS))
  const freshMs = Math.min(FRESH_MAX_MS, Math.max(FRESH_MIN_MS, (maxAgeSeconds ?? 0) * 1000))
  return { find: readKeySet(jwks), fetchedAt: source.now(), freshMs }
}

/** The keys of a JWKS (RFC 7517) that verify RS256, each read when it is first asked for. Throws when it is no key set. */
function readKeySet(jwks: unknown): Kept['find'] {
  const all: unknown = typeof jwks === 'object' && jwks !== null && 'keys' in jwks ? jwks.keys : undefined
  if (!Array.isArray(all) || !all.every(isObject)) throw new Error('issuer: its keys are no JSON Web Key Set')
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

/** RFC 7517 §4: a key for encryption, or for another algorithm, does not verify. */
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
  if ('d' in jwk) throw new Error('issuer: its key set has a private key')
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
