import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { it } from 'node:test'
import { SignatureV4 } from '@smithy/signature-v4'
import type { SourceData } from '@smithy/types'
import fc from 'fast-check'
import { createSigner } from '../../src/adapters/aws/wire/sigv4.ts'
import { Secret } from '../../src/core/values/secret.ts'

/** SHA-256 with the interface of AWS's signer. */
class Sha256 {
  readonly #hash
  constructor(secret?: SourceData) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret))
  }
  update(data: SourceData): void {
    this.#hash.update(bytesOf(data))
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }
}

function bytesOf(data: SourceData): string | Buffer {
  return typeof data === 'string' ? data : Buffer.from(data as Uint8Array)
}

const printable = fc.string({ unit: fc.constantFrom(...'abcXYZ019-._~/+=:; "\'()*,@é'), maxLength: 40 })
const cases = fc.record({
  service: fc.constantFrom('sms-voice', 'dynamodb', 'secretsmanager'),
  region: fc.constantFrom('us-east-1', 'eu-west-1', 'ap-southeast-2', 'us-gov-west-1', 'cn-north-1'),
  accessKeyId: fc.string({ unit: fc.constantFrom(...'AKIDEXMPL0123456789'), minLength: 16, maxLength: 20 }),
  secret: fc.string({ minLength: 1, maxLength: 60 }),
  token: fc.option(fc.base64String({ minLength: 4, maxLength: 600 }), { nil: undefined }),
  atMs: fc.date({ min: new Date('2020-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
  body: fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.json()),
  headers: fc.record({
    'content-type': fc.constantFrom('application/x-amz-json-1.0', 'application/x-amz-json-1.1'),
    'x-amz-target': fc.string({ unit: fc.constantFrom(...'AZaz_09.'), minLength: 1, maxLength: 60 }),
    'x-other': printable,
  }),
})

it("2,000 random requests have the same signature as from AWS's own signer", async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ({ service, region, accessKeyId, secret, token, atMs, body, headers }) => {
      const host = `${service}.${region}.amazonaws.com`
      const all = { ...headers, host, 'content-length': String(Buffer.byteLength(body)) }
      const aws = new SignatureV4({
        service,
        region,
        sha256: Sha256,
        credentials: {
          accessKeyId,
          secretAccessKey: secret,
          ...(token !== undefined && { sessionToken: token }),
        },
      })
      const request = {
        method: 'POST',
        protocol: 'https:',
        hostname: host,
        path: '/',
        query: {},
        headers: { ...all },
        body,
      }
      const expected = await aws.sign(request, { signingDate: atMs })
      const credentials = {
        accessKeyId,
        secretAccessKey: new Secret(secret),
        sessionToken: token === undefined ? undefined : new Secret(token),
      }
      const signed = createSigner(service, region)(all, body, credentials, atMs.getTime())
      assert.deepEqual({ ...signed }, { ...expected.headers })
    }),
    { numRuns: 2_000 },
  )
})
