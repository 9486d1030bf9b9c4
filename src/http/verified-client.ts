import type { TokenClaims } from '../okta/access-token.ts'
import type { Asker } from '../okta/caller.ts'

/**
 * What the authorizer function tells the hook function about who is asking, through the gateway: API Gateway's
 * authorizer context holds flat text only.
 */
export type VerifiedClient = {
  readonly asker: string
  readonly org: string
  readonly validUntil: string
  readonly claims: string
}

export function writeVerifiedClient(asker: Extract<Asker, { kind: 'asker' }>): VerifiedClient {
  const { name, org = '', validUntil = '', claims } = asker
  const written = claims === undefined ? '' : JSON.stringify(claims)
  return { asker: name, org, validUntil: String(validUntil), claims: written }
}

/** The gateway keeps the authorizer's word for minutes, and longer than the token: so expiry is judged again. */
export function readVerifiedClient(context: unknown, now: number): Asker {
  const { asker, org, validUntil, claims } = (context ?? {}) as Partial<Record<keyof VerifiedClient, unknown>>
  if (typeof asker !== 'string' || asker === '' || typeof validUntil !== 'string') {
    return { kind: 'stranger', code: 'CLIENT_NOT_VERIFIED' }
  }
  const until = validUntil === '' ? undefined : Number(validUntil)
  if (until !== undefined && !(now < until)) return { kind: 'stranger', code: 'TOKEN_EXPIRED' }
  return {
    kind: 'asker',
    name: asker,
    org: typeof org === 'string' && org !== '' ? org : undefined,
    claims: readClaims(claims),
    validUntil: until,
  }
}

/** Written above by the same release, or by the one before. */
function readClaims(text: unknown): TokenClaims | undefined {
  return typeof text === 'string' && text !== '' ? (JSON.parse(text) as TokenClaims) : undefined
}
