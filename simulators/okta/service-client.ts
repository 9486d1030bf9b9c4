import { randomUUID } from 'node:crypto'
import { importJWK, type JWK, SignJWT } from 'jose'
import { oktaId } from './okta-ids.ts'
import { newSigningKey, type SigningKey } from './signing-keys.ts'

/**
 * The service app whose credentials Okta's hook uses: an ID, the public half of its key (registered with the
 * authorization server) and a function that signs assertions. The private half stays inside this closure.
 */
export type ServiceClient = {
  readonly clientId: string
  readonly publicKey: JWK & { readonly kty: string }
  /** A client assertion (RFC 7523 §2.2) for one token request: valid for a minute, usable once. */
  readonly signAssertion: (tokenUrl: string) => Promise<string>
}

const ASSERTION_LIFETIME_SECONDS = 60

/** A service client with a new ID and a new key. */
export async function newServiceClient(): Promise<ServiceClient> {
  return serviceClient(oktaId('0oa'), await newSigningKey())
}

/** The client with this ID, which signs with this key. */
export async function serviceClient(clientId: string, key: SigningKey): Promise<ServiceClient> {
  const privateKey = await importJWK(key, 'RS256')
  return {
    clientId,
    publicKey: publicHalf(key),
    async signAssertion(tokenUrl) {
      const issuedAt = Math.floor(Date.now() / 1000)
      return new SignJWT({})
        .setProtectedHeader({ alg: 'RS256', kid: key.kid })
        .setIssuer(clientId)
        .setSubject(clientId)
        .setAudience(tokenUrl)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + ASSERTION_LIFETIME_SECONDS)
        .setJti(randomUUID())
        .sign(privateKey)
    },
  }
}

function publicHalf({ kty, kid, n, e }: JWK & { readonly kty: string }): JWK & { readonly kty: string } {
  return { kty, alg: 'RS256', use: 'sig', ...(kid && { kid }), ...(n && { n }), ...(e && { e }) }
}
