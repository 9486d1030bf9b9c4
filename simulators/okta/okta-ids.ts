import { randomBytes, randomInt } from 'node:crypto'

const ALPHANUMERICS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/**
 * An ID in Okta's format: a prefix for the kind of resource (`0oa` an app, `00u` a user), then 17 letters and digits.
 */
export function oktaId(prefix: string): string {
  let id = prefix
  for (let i = 0; i < 17; i++) id += ALPHANUMERICS[randomInt(ALPHANUMERICS.length)]
  return id
}

/** An event ID in Okta's format: 16 random bytes, written as 22 characters of the base64url alphabet. */
export function eventId(): string {
  return randomBytes(16).toString('base64url')
}

/** A one-time code in Okta's format: six digits, of which the first may be zero. */
export function sixDigits(): string {
  return String(randomInt(1_000_000)).padStart(6, '0')
}
