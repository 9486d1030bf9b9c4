import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto'
import type { Secret } from '../../../core/values/secret.ts'

/** What a request is signed with. */
export type Credentials = {
  readonly accessKeyId: string
  readonly secretAccessKey: Secret
  /** Temporary credentials have one, and are refused without it. */
  readonly sessionToken: Secret | undefined
}

/** Headers by name in lower case. */
export type Headers = Readonly<Record<string, string>>

export type Signer = (headers: Headers, body: string, credentials: Credentials, atMs: number) => Headers

/**
 * Signs requests to one service in one region by AWS's Signature Version 4: `POST /` without a query, which is all that
 * AWS JSON needs. The answer is the headers to send: those that were handed in, which must contain `host`, with
 * time, session token, hash of the body and signature. `atMs`: AWS refuses what is five minutes off its own clock.
 */
export function createSigner(service: string, region: string): Signer {
  // The key of a day is four digests away from the credentials: kept until either changes.
  let cached: { readonly secret: string; readonly day: string; readonly key: KeyObject } | undefined
  const keyOf = (secret: string, day: string): KeyObject => {
    if (cached?.secret !== secret || cached.day !== day)
      cached = { secret, day, key: signingKey(secret, day, region, service) }
    return cached.key
  }
  return (headers, body, { accessKeyId, secretAccessKey, sessionToken }, atMs) => {
    const time = amzDate(atMs)
    const day = time.slice(0, 8)
    const bodyHash = hash('sha256', body)
    const all: Headers = {
      ...headers,
      'x-amz-content-sha256': bodyHash,
      'x-amz-date': time,
      ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken.reveal() }),
    }
    const { request, signedHeaders } = canonicalRequest(all, bodyHash)
    const scope = `${day}/${region}/${service}/aws4_request`
    const key = keyOf(secretAccessKey.reveal(), day)
    const signature = hmac(key, stringToSign(time, scope, request)).toString('hex')
    return {
      ...all,
      authorization: `${ALGORITHM} Credential=${accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
    }
  }
}

/** All of the request that the signature covers, every header included, in AWS's form. @internal */
export function canonicalRequest(headers: Headers, bodyHash: string) {
  const names = Object.keys(headers).sort()
  const lines = names.map(name => `${name}:${headers[name]?.trim().replace(/\s+/g, ' ')}\n`).join('')
  const signedHeaders = names.join(';')
  return { request: `POST\n/\n\n${lines}\n${signedHeaders}\n${bodyHash}`, signedHeaders }
}

/** @internal */
export function stringToSign(time: string, scope: string, request: string): string {
  return `${ALGORITHM}\n${time}\n${scope}\n${hash('sha256', request)}`
}

/** @internal */
export function signingKey(secret: string, day: string, region: string, service: string): KeyObject {
  const parts = [day, region, service, 'aws4_request']
  return parts.reduce(
    (key, part) => createSecretKey(hmac(key, part)),
    createSecretKey(`AWS4${secret}`, 'utf8'),
  )
}

/** `20260101T123456Z`. */
function amzDate(atMs: number): string {
  return new Date(atMs).toISOString().replace(/[-:]|\.\d+/g, '')
}

function hmac(key: KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

const ALGORITHM = 'AWS4-HMAC-SHA256'
