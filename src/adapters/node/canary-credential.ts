import { timingSafeEqual } from 'node:crypto'
import type { Secret } from '../../core/values/secret.ts'
import { derivedKey, keyedDigest } from './hash-key.ts'

/** The credential of a canary: the header Authorization of one request. */
export type CanaryCredential = {
  /** `at`: milliseconds since 1970. */
  readonly write: (at: number) => string
  /** Whether the header was written with the same key, at most a minute before or after `now`. */
  readonly isValid: (authorization: string | null, now: number) => boolean
}

/**
 * A program that knows the hash key of a deployment, as its server and its commands do, may send it canaries: `Canary`, the time,
 * and a digest of it with a key that is made of the hash key. The hook accepts nothing else from such a caller
 * (`isCanaryRequest`).
 */
export function createCanaryCredential(hashKey: Secret): CanaryCredential {
  const digest = keyedDigest(derivedKey(hashKey, 'hookline canary'))
  return {
    write: at => `Canary ${at}.${digest(String(at))}`,
    isValid: (authorization, now) => {
      const [, at = '', claimed = ''] = FORM.exec(authorization ?? '') ?? []
      if (at === '' || Math.abs(now - Number(at)) > VALID_MS) return false
      return timingSafeEqual(Buffer.from(digest(at)), Buffer.from(claimed))
    },
  }
}

/** A digest of SHA-256 in base64url has 43 characters. */
const FORM = /^Canary ([0-9]{13})\.([A-Za-z0-9_-]{43})$/
const VALID_MS = 60_000
