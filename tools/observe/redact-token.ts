import { createHash } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { type Field, redactFields } from './redact-body.ts'
import { redactUrl } from './redact-names.ts'
import { redactValue } from './redact-value.ts'

/** An access token without anything that identifies it, its client or its org. */
export type RedactedToken = {
  readonly header: readonly Field[]
  readonly claims: readonly Field[]
  readonly lifetimeSeconds: number | undefined
  /** From `iat` to its arrival here. */
  readonly ageSeconds: number | undefined
}

/** Reads a token that was already verified. Undefined if there is no token or it cannot be read. */
export function redactToken(authorization: string | null, arrivedAt: number): RedactedToken | undefined {
  const token = /^Bearer +(\S{1,8192})$/i.exec(authorization ?? '')?.[1]
  if (token === undefined) return undefined
  try {
    const claims = decodeJwt(token)
    const { iat, exp } = claims
    const seconds = Math.floor(arrivedAt / 1_000)
    return {
      header: redactFields(decodeProtectedHeader(token), redactHeader),
      claims: redactFields(claims, (value, path) => redactClaim(value, path, claims.cid)),
      lifetimeSeconds: isNumber(iat) && isNumber(exp) ? exp - iat : undefined,
      ageSeconds: isNumber(iat) ? seconds - iat : undefined,
    }
  } catch {
    return undefined
  }
}

/** Recognizes an equal text without keeping it. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

function redactHeader(value: unknown, path: string): string {
  if (typeof value !== 'string') return redactValue(value)
  if (path === 'alg') return /^[RPEH]S(?:256|384|512)$/.test(value) ? `\`${value}\`` : 'text'
  if (path === 'typ') return /^[A-Za-z+./-]{1,40}$/.test(value) ? `\`${value}\`` : 'text'
  return 'text'
}

function redactClaim(value: unknown, path: string, clientId: unknown): string {
  if (typeof value !== 'string') return redactValue(value)
  if (path === 'iss') return redactUrl(value)
  if (path === 'aud') return /^https?:\/\//.test(value) ? 'text, a web address' : 'text'
  if (path === 'jti') return value.startsWith('AT.') ? 'text that begins with `AT.`' : 'text'
  return path === 'sub' && value === clientId ? 'text, the same as cid' : 'text'
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}
