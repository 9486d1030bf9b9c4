import { createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto'
import { Agent, request } from 'node:http'
import type { CarrierRequest } from './carrier-request.ts'
import { handleLoads } from './load.ts'

/**
 * The floor: what cannot be left out. One RS256 verification by `node:crypto`, and one bare keep-alive HTTP call
 * by `node:http`, with the same bytes that Hookline sent: `BENCH_CARRIER_REQUEST`, to `BENCH_CARRIER`.
 * `BENCH_TOKEN` is verified with a key of `BENCH_ISSUER`.
 */
const { BENCH_TOKEN: token = '', BENCH_ISSUER: issuer = '', BENCH_CARRIER: carrier = '' } = process.env
const { headers, body } = JSON.parse(process.env.BENCH_CARRIER_REQUEST ?? '') as CarrierRequest
const key = await signingKeyOf(token)
const agent = new Agent({ keepAlive: true })

handleLoads(
  () => undefined,
  async () => {
    if (!isVerified(token, key)) throw new Error('The token is not verified')
    const answer = await post()
    if (!answer.includes('"MessageId"')) throw new Error(`The carrier answered ${answer}`)
  },
)

/** RFC 7515 §5.2: the signature is over the first two parts as they are. */
function isVerified(jws: string, publicKey: KeyObject): boolean {
  const end = jws.lastIndexOf('.')
  const signature = Buffer.from(jws.slice(end + 1), 'base64url')
  return verify('RSA-SHA256', Buffer.from(jws.slice(0, end)), publicKey, signature)
}

function post(): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(carrier, { method: 'POST', agent, headers }, response => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
      response.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

async function signingKeyOf(jws: string): Promise<KeyObject> {
  const { kid } = JSON.parse(Buffer.from(jws.split('.')[0] ?? '', 'base64url').toString('utf8'))
  const response = await fetch(`${issuer}/v1/keys`)
  const { keys } = (await response.json()) as { keys: (JsonWebKey & { kid: string })[] }
  const jwk = keys.find(candidate => candidate.kid === kid)
  if (jwk === undefined) throw new Error('The issuer has no key of this token')
  return createPublicKey({ key: jwk, format: 'jwk' })
}
