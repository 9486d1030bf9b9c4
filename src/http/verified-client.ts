import type { Asker } from '../okta/asker.ts'

/**
 * What the authorizer function tells the hook function about who is asking, through the gateway: API Gateway's
 * authorizer context holds flat text only.
 */
export type VerifiedClient = { readonly asker: string; readonly validUntil: string }

export function writeVerifiedClient(asker: Extract<Asker, { kind: 'asker' }>): VerifiedClient {
  return { asker: asker.name, validUntil: String(asker.validUntil ?? '') }
}

/** The gateway keeps the authorizer's word for minutes, and longer than the token: so expiry is judged again. */
export function readVerifiedClient(context: unknown, now: number): Asker {
  const { asker, validUntil } = (context ?? {}) as Partial<Record<keyof VerifiedClient, unknown>>
  if (typeof asker !== 'string' || asker === '' || typeof validUntil !== 'string') {
    return { kind: 'stranger', code: 'CLIENT_NOT_VERIFIED' }
  }
  if (validUntil === '') return { kind: 'asker', name: asker, validUntil: undefined }
  return now < Number(validUntil)
    ? { kind: 'asker', name: asker, validUntil: Number(validUntil) }
    : { kind: 'stranger', code: 'TOKEN_EXPIRED' }
}
