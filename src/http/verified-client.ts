import type { TokenClaims } from '../okta/access-token.ts'
import type { Caller } from '../okta/caller.ts'

/**
 * What the authorizer function passes to the hook function about the caller, through the gateway. API Gateway's
 * authorizer context can only hold flat strings.
 */
export type VerifiedClient = {
  readonly caller: string
  readonly org: string
  readonly validUntil: string
  readonly claims: string
}

export function writeVerifiedClient(caller: Extract<Caller, { kind: 'caller' }>): VerifiedClient {
  const { name, org = '', validUntil = '', claims } = caller
  const written = claims === undefined ? '' : JSON.stringify(claims)
  return { caller: name, org, validUntil: String(validUntil), claims: written }
}

/** Checks expiry again: the gateway caches the authorizer's result for minutes, possibly beyond the token's expiry. */
export function readVerifiedClient(context: unknown, now: number): Caller {
  const { caller, org, validUntil, claims } = (context ?? {}) as Partial<
    Record<keyof VerifiedClient, unknown>
  >
  if (typeof caller !== 'string' || caller === '' || typeof validUntil !== 'string') {
    return { kind: 'unauthenticated', code: 'CLIENT_NOT_VERIFIED' }
  }
  const until = validUntil === '' ? undefined : Number(validUntil)
  if (until !== undefined && !(now < until)) return { kind: 'unauthenticated', code: 'TOKEN_EXPIRED' }
  return {
    kind: 'caller',
    name: caller,
    org: typeof org === 'string' && org !== '' ? org : undefined,
    claims: readClaims(claims),
    validUntil: until,
  }
}

/** Written above, by the same release or the one before. */
function readClaims(text: unknown): TokenClaims | undefined {
  return typeof text === 'string' && text !== '' ? (JSON.parse(text) as TokenClaims) : undefined
}
