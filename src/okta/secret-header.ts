import { createHash, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../core/values/secret.ts'

/** The authentication method for orgs without API Access Management: a header of the hook with a shared secret. */
export type SecretHeaderRules = {
  readonly name: string
  /** One, or two while rotating; each at least 32 characters. */
  readonly secrets: readonly Secret[]
}

/** Constant time: digests of equal length are compared, and all of them. */
export function isKnownSecret(given: string, rules: SecretHeaderRules): boolean {
  const digest = sha256(given)
  return rules.secrets.map(secret => timingSafeEqual(digest, sha256(secret.reveal()))).includes(true)
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
