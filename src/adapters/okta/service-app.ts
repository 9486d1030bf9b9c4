import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  randomUUID,
} from 'node:crypto'
import { SignJWT } from 'jose'
import { Secret } from '../../core/values/secret.ts'
import type { OktaRequest, Send } from './exchange.ts'
import { OktaHttpError, readObject } from './okta-http-error.ts'

/** A service app of the org, which signs in with its private key. */
export type ServiceApp = {
  readonly kind: 'app'
  readonly clientId: string
  /** PEM (PKCS #8, PKCS #1, SEC 1) or JWK; RSA or EC. */
  readonly privateKey: Secret
  /** ID of the key, if the key does not contain it. */
  readonly keyId: string | undefined
  readonly scopes: readonly string[]
}

/** Adds an app's credential to a request. Call `forget` after a 401, so that the next request fetches a new token. */
export type AppCredential = {
  readonly sign: (request: OktaRequest) => Promise<OktaRequest>
  readonly forget: () => void
}

/**
 * An access token by private_key_jwt (RFC 7523 §2.2), fetched at the first request and then kept. Every token request
 * contains a proof of possession (RFC 9449), as in Okta's SDK. An app that requires DPoP gets a nonce, and then a token
 * that is bound to a key of this object; any other app gets a bearer token. Rejects with `OktaHttpError` if Okta
 * refuses.
 */
export function createAppCredential(orgUrl: string, app: ServiceApp, send: Send): AppCredential {
  const tokenUrl = `${orgUrl}/oauth2/v1/token`
  const own = readPrivateKey(app)
  const proofKey = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  let token: Promise<AccessToken> | undefined

  const askForToken = async (nonce?: string): Promise<AccessToken> => {
    const assertion = await new SignJWT()
      .setProtectedHeader({ alg: own.algorithm, ...(own.keyId && { kid: own.keyId }) })
      .setIssuer(app.clientId)
      .setSubject(app.clientId)
      .setAudience(tokenUrl)
      .setIssuedAt()
      .setExpirationTime('5 minutes')
      .setJti(randomUUID())
      .sign(own.key)
    const answer = await send({
      method: 'POST',
      url: tokenUrl,
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        dpop: await proofOf({ method: 'POST', url: tokenUrl, nonce }),
      },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        scope: app.scopes.join(' '),
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      }).toString(),
    })
    const { access_token, token_type, error, error_description } = readObject(answer.text)
    if (error === 'use_dpop_nonce' && nonce === undefined) {
      const challenge = answer.header('dpop-nonce')
      if (challenge !== undefined) return askForToken(challenge)
    }
    if (answer.status === 200 && typeof access_token === 'string' && access_token !== '') {
      return { value: new Secret(access_token), isBound: /^dpop$/i.test(String(token_type)) }
    }
    const summary = typeof error_description === 'string' ? error_description : answer.text.slice(0, 500)
    throw new OktaHttpError(`Okta refused the service app: ${summary}`, {
      status: answer.status,
      errorCode: typeof error === 'string' ? error : '',
      errorSummary: summary,
    })
  }

  const proofOf = ({ method, url, nonce, ath }: Proof): Promise<string> =>
    new SignJWT({ htm: method, htu: url.split(/[?#]/)[0], ...(nonce && { nonce }), ...(ath && { ath }) })
      .setProtectedHeader({
        alg: 'ES256',
        typ: 'dpop+jwt',
        jwk: proofKey.publicKey.export({ format: 'jwk' }) as { kty: string },
      })
      .setIssuedAt()
      .setJti(randomUUID())
      .sign(proofKey.privateKey)

  return {
    sign: async request => {
      token ??= askForToken()
      const { value, isBound } = await token.catch(error => {
        token = undefined
        throw error
      })
      if (!isBound) return { ...request, authorization: { scheme: 'Bearer', value } }
      const ath = createHash('sha256').update(value.reveal()).digest('base64url')
      const dpop = await proofOf({ method: request.method, url: request.url, ath })
      return {
        ...request,
        headers: { ...request.headers, dpop },
        authorization: { scheme: 'DPoP', value },
      }
    },
    forget: () => {
      token = undefined
    },
  }
}

type AccessToken = { readonly value: Secret; readonly isBound: boolean }

type Proof = {
  readonly method: string
  readonly url: string
  readonly nonce?: string | undefined
  /** Hash of the access token. */
  readonly ath?: string
}

function readPrivateKey({ privateKey, keyId }: ServiceApp): {
  readonly key: KeyObject
  readonly keyId: string | undefined
  readonly algorithm: string
} {
  const text = privateKey.reveal()
  const jwk = readObject(text)
  try {
    const key =
      jwk.kty === undefined
        ? createPrivateKey(text)
        : createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' })
    const own = typeof jwk.kid === 'string' ? jwk.kid : keyId
    const algorithm = typeof jwk.alg === 'string' ? jwk.alg : algorithmOf(key)
    return { key, keyId: own, algorithm }
  } catch {
    // Node's own error may quote the key.
    throw new Error('The private key of the service app cannot be read; expected RSA or EC, as PEM or JWK.')
  }
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string {
  if (asymmetricKeyType === 'rsa') return 'RS256'
  const found = ALGORITHMS[asymmetricKeyDetails?.namedCurve ?? '']
  if (found === undefined) throw new Error('unknown kind of key')
  return found
}

const ALGORITHMS: Readonly<Record<string, string | undefined>> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
}
