import assert from 'node:assert/strict'
import { createHmac, hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { Secret } from '../../../core/values/secret.ts'
import { canonicalRequest, createSigner, signingKey, stringToSign } from './sigv4.ts'

type Vectors = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly region: string
  readonly service: string
  readonly time: string
  readonly cases: readonly {
    readonly names: readonly string[]
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
    readonly creq: string
    readonly sts: string
    readonly signature: string
  }[]
  readonly notPossible: Readonly<Record<string, string>>
}
const path = new URL('../../../../test/vectors/sigv4.json', import.meta.url)
const vectors = JSON.parse(readFileSync(path, 'utf8')) as Vectors

describe("AWS's published vectors", () => {
  const { region, service, time, secretAccessKey } = vectors
  const day = time.slice(0, 8)
  for (const { names, headers, body, creq, sts, signature } of vectors.cases) {
    it(`have the same request, string to sign and signature: ${names.join(', ')}`, () => {
      const { request, signedHeaders } = canonicalRequest(headers, hash('sha256', body))
      assert.equal(request, creq)
      assert.equal(signedHeaders, Object.keys(headers).sort().join(';'))
      const text = stringToSign(time, `${day}/${region}/${service}/aws4_request`, request)
      assert.equal(text, sts)
      const key = signingKey(secretAccessKey, day, region, service)
      assert.equal(createHmac('sha256', key).update(text).digest('hex'), signature)
    })
  }

  it('are complete: each is checked, or is of a kind that the signer does not accept', () => {
    const names = [
      ...vectors.cases.flatMap(({ names }) => names),
      ...Object.values(vectors.notPossible).flatMap(names => names.split(' ')),
    ]
    assert.equal(names.length, 31)
    assert.equal(new Set(names).size, 31)
  })
})

describe('a signer', () => {
  const body = '{}'
  const headers = { host: 'dynamodb.us-east-1.amazonaws.com' }
  const of = (secret: string, token?: string) => ({
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: new Secret(secret),
    sessionToken: token === undefined ? undefined : new Secret(token),
  })
  const noon = Date.UTC(2026, 0, 1, 12)
  const signed = (secret: string, atMs: number) =>
    createSigner('dynamodb', 'us-east-1')(headers, body, of(secret), atMs).authorization

  it('signs with the key of the day and of the credentials, also after using others', () => {
    const sign = createSigner('dynamodb', 'us-east-1')
    for (const [secret, atMs] of [
      ['one', noon],
      ['one', noon + 86_400_000],
      ['one', noon],
      ['two', noon],
      ['one', noon],
    ] as const)
      assert.equal(sign(headers, body, of(secret), atMs).authorization, signed(secret, atMs))
    assert.notEqual(signed('one', noon), signed('two', noon))
  })

  it('sends what it signed: the time, the hash of the body, and the token of temporary credentials', () => {
    const sent = createSigner('dynamodb', 'us-east-1')(headers, body, of('one', 'token'), noon)
    assert.equal(sent['x-amz-date'], '20260101T120000Z')
    assert.equal(sent['x-amz-content-sha256'], hash('sha256', body))
    assert.equal(sent['x-amz-security-token'], 'token')
    assert.match(
      sent.authorization ?? '',
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20260101\/us-east-1\/dynamodb\/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature=[0-9a-f]{64}$/,
    )
  })
})
