import type { ReasonCode } from '../core/reason.ts'
import { type TokenRules, verifyAccessToken } from './access-token.ts'
import { isKnownSecret, type SecretHeaderRules } from './secret-header.ts'
import type { SigningKeys } from './signing-keys.ts'

/** The ways in; at least one. Each is complete in itself. */
export type WaysIn = {
  readonly token: { readonly rules: TokenRules; readonly keys: SigningKeys } | undefined
  readonly secretHeader: SecretHeaderRules | undefined
}

/** Who asks: an asker with a name for the records, or a stranger and why. */
export type Asker =
  | {
      readonly kind: 'asker'
      readonly name: string
      /** When the access token expires, leeway included; milliseconds since 1970. A secret does not expire. */
      readonly validUntil: number | undefined
    }
  | { readonly kind: 'stranger'; readonly code: ReasonCode }

export async function identifyAsker(
  header: (name: string) => string | null,
  ways: WaysIn,
  now: number,
  signal: AbortSignal,
): Promise<Asker> {
  const secret = ways.secretHeader === undefined ? null : header(ways.secretHeader.name)
  if (ways.secretHeader !== undefined && secret !== null) {
    return isKnownSecret(secret, ways.secretHeader)
      ? { kind: 'asker', name: 'secret header', validUntil: undefined }
      : { kind: 'stranger', code: 'SECRET_WRONG' }
  }
  const authorization = header('authorization')
  if (ways.token === undefined || authorization === null)
    return { kind: 'stranger', code: 'CREDENTIALS_MISSING' }
  const { rules, keys } = ways.token
  const token = await verifyAccessToken(authorization, rules, keys, now, signal)
  return token.kind === 'verified'
    ? { kind: 'asker', name: rules.issuer, validUntil: token.validUntil }
    : { kind: 'stranger', code: token.code }
}
