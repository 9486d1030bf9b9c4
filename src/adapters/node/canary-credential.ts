import { timingSafeEqual } from 'node:crypto'
import type { Secret } from '../../core/values/secret.ts'
import { derivedKey, keyedDigest } from './hash-key.ts'

/** The credential of a canary: the header Authorization of one request. */
export type CanaryCredential = {
  /** `at`: milliseconds since 1970. */
  readonly write: (at: number) => string
  /** Whether the header was written with one of the keys, at most a minute before or after `now`. */
  readonly isValid: (authorization: string | null, now: number) => boolean
}

/**
 * A program that knows the hash key of a deployment, as its server and its commands do, may send it canaries: `Canary`, the time,
 * and a digest of it with a key that is made of the hash key. The hook accepts nothing else from such a caller
 * (`core/deliver/canary-rules.ts`). While the hash key is rotated, both keys count, and the first one writes.
 */
export function createCanaryCredential(hashKeys: readonly [Secret, ...Secret[]]): CanaryCredential {
  const [first, ...others] = hashKeys
  const digestBy = (key: Secret) => keyedDigest(derivedKey(key, 'hookline canary'))
  const digest = digestBy(first)
  const all = [digest, ...others.map(digestBy)]
  return {
    write: at => `Canary ${at}.${digest(String(at))}`,
    isValid: (authorization, now) => {
      const [, at = '', claimed = ''] = FORM.exec(authorization ?? '') ?? []
      if (at === '' || Math.abs(now - Number(at)) > VALID_MS) return false
      const bytes = Buffer.from(claimed)
      return all.map(each => timingSafeEqual(Buffer.from(each(at)), bytes)).includes(true)
    },
  }
}

/** A digest of SHA-256 in base64url has 43 characters. */
const FORM = /^Canary ([0-9]{13})\.([A-Za-z0-9_-]{43})$/
const VALID_MS = 60_000
