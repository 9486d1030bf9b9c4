import { createHash } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { type Field, fieldsInWords } from './redact-body.ts'
import { urlInWords } from './redact-url.ts'
import { valueInWords } from './redact-value.ts'

/** An access token without anything by which it, its client or its org could be known. */
export type TokenInWords = {
  readonly header: readonly Field[]
  readonly claims: readonly Field[]
  readonly lifetimeSeconds: number | undefined
  /** From `iat` to its arrival here. */
  readonly ageSeconds: number | undefined
}

/** Reads a token that was verified before. Undefined where there is none, or none that can be read. */
export function tokenInWords(authorization: string | null, arrivedAt: number): TokenInWords | undefined {
  const token = /^Bearer +(\S{1,8192})$/i.exec(authorization ?? '')?.[1]
  if (token === undefined) return undefined
  try {
    const claims = decodeJwt(token)
    const { iat, exp } = claims
    const seconds = Math.floor(arrivedAt / 1_000)
    return {
      header: fieldsInWords(decodeProtectedHeader(token), headerInWords),
      claims: fieldsInWords(claims, (value, path) => claimInWords(value, path, claims.cid)),
      lifetimeSeconds: isNumber(iat) && isNumber(exp) ? exp - iat : undefined,
      ageSeconds: isNumber(iat) ? seconds - iat : undefined,
    }
  } catch {
    return undefined
  }
}

/** To know the same text again without keeping it. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

function headerInWords(value: unknown, path: string): string {
  if (typeof value !== 'string') return valueInWords(value)
  if (path === 'alg') return /^[RPEH]S(?:256|384|512)$/.test(value) ? `\`${value}\`` : 'text'
  if (path === 'typ') return /^[A-Za-z+./-]{1,40}$/.test(value) ? `\`${value}\`` : 'text'
  return 'text'
}

function claimInWords(value: unknown, path: string, clientId: unknown): string {
  if (typeof value !== 'string') return valueInWords(value)
  if (path === 'iss') return urlInWords(value)
  if (path === 'aud') return /^https?:\/\//.test(value) ? 'text, a web address' : 'text'
  if (path === 'jti') return value.startsWith('AT.') ? 'text that begins with `AT.`' : 'text'
  return path === 'sub' && value === clientId ? 'text, the same as cid' : 'text'
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}
