import { createPublicKey } from 'node:crypto'
import { generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import type { Okta } from '../../simulators/okta/okta.ts'

/** Forged access tokens, each with correct claims. */
export type Forger = {
  readonly withUnknownKey: () => Promise<string>
  readonly withKnownKeyId: (algorithm: 'RS256' | 'RS384' | 'PS256') => Promise<string>
  /** HS256 with the issuer's public key as the shared secret: RFC 8725 §2.1. */
  readonly withPublicKeyAsSecret: () => Promise<string>
  /** `alg` none: RFC 8725 §2.1. */
  readonly unsigned: () => string
}

export async function createForger(okta: Okta): Promise<Forger> {
  const jwks = (await (await fetch(`${okta.issuer}/v1/keys`)).json()) as {
    readonly keys: readonly { readonly kid: string }[]
  }
  const [known] = jwks.keys
  if (known === undefined) throw new Error('The issuer publishes no key')
  const now = Math.floor(Date.now() / 1000)
  const claims: JWTPayload = {
    iss: okta.issuer,
    aud: okta.audience,
    iat: now,
    exp: now + 3600,
    cid: okta.clientId,
    scp: [okta.scope],
    sub: okta.clientId,
  }
  const sign = async (alg: string, kid: string): Promise<string> => {
    const { privateKey } = await generateKeyPair(alg)
    return new SignJWT(claims).setProtectedHeader({ alg, kid }).sign(privateKey)
  }
  return {
    withUnknownKey: () => sign('RS256', 'nobody-knows-this-key'),
    withKnownKeyId: algorithm => sign(algorithm, known.kid),
    withPublicKeyAsSecret: () => {
      const pem = createPublicKey({ key: known, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
      return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: known.kid }).sign(Buffer.from(pem))
    },
    unsigned: () => `${part({ alg: 'none', kid: known.kid })}.${part(claims)}.`,
  }
}

function part(json: object): string {
  return Buffer.from(JSON.stringify(json)).toString('base64url')
}
