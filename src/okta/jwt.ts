import { type KeyObject, verify } from 'node:crypto'

/** A parsed JSON Web Token in compact form (RFC 7519). Nothing in it is verified. */
export type Jwt = {
  readonly header: Claims
  /** Undefined if the payload is not a JSON object. */
  readonly claims: Claims | undefined
  /** The text that the signature covers. */
  readonly signed: string
  readonly signature: string
}

export type Claims = Readonly<Record<string, unknown>>

/** Undefined if it does not have three parts, or its header is not a JSON object with an algorithm. */
export function parseJwt(token: string): Jwt | undefined {
  const [head = '', body = '', signature, ...more] = token.split('.')
  const header = objectIn(head)
  if (signature === undefined || more.length > 0 || typeof header?.alg !== 'string') return undefined
  return { header, claims: objectIn(body), signed: `${head}.${body}`, signature }
}

/** RSASSA-PKCS1-v1_5 with SHA-256, the only algorithm with which Okta signs access tokens (RFC 7518 §3.3). */
export function isSignedBy({ signed, signature }: Jwt, key: KeyObject): boolean {
  return verify('sha256', Buffer.from(signed), key, Buffer.from(signature, 'base64url'))
}

function objectIn(part: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Claims)
      : undefined
  } catch {
    return undefined
  }
}
