import { hash } from 'node:crypto'
import type { TokenMethod, VerifiedToken } from './access-token.ts'

/**
 * The access tokens that were verified last, so that a token that Okta uses for many calls is verified only once. It
 * keeps a digest of each token and its claims. Refused tokens are never kept.
 */
export type VerifiedTokens = {
  /** Undefined unless the token was verified with a key set that is still in use, and its times are valid now. */
  readonly find: (authorization: string, now: number) => Remembered | undefined
  /** `keySet`: `keys.current()` from before the verification. */
  readonly remember: (authorization: string, verified: Remembered, keySet: object | undefined) => void
}

type Remembered = { readonly method: TokenMethod; readonly token: VerifiedToken }

/** Keeps at most `max` tokens; above that, the one verified first is removed. Default: 1,000. */
export function createVerifiedTokens(max = 1_000): VerifiedTokens {
  const verifiedTokens = new Map<string, Remembered & { readonly keySet: object }>()
  return {
    find: (authorization, now) => {
      const known = verifiedTokens.get(digestOf(authorization))
      if (known === undefined) return undefined
      const isValid = known.method.keys.current() === known.keySet && known.token.isTimely(now)
      return isValid ? known : undefined
    },
    remember: (authorization, verified, keySet) => {
      // If the key set was replaced during the verification, the new one may lack the key.
      if (keySet === undefined || verified.method.keys.current() !== keySet) return
      verifiedTokens.set(digestOf(authorization), { ...verified, keySet })
      const [oldest] = verifiedTokens.keys()
      if (verifiedTokens.size > max && oldest !== undefined) verifiedTokens.delete(oldest)
    },
  }
}

function digestOf(authorization: string): string {
  return hash('sha256', authorization, 'base64url')
}
