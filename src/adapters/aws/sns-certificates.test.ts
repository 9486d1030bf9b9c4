import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { describe, it } from 'node:test'
import { generate } from 'selfsigned'
import { createFakeClock } from '../../../test/fixtures/fake-clock.ts'
import { isSnsCertificate } from './sns.ts'
import { keepCertificates } from './sns-certificates.ts'

const signal = new AbortController().signal
const MADE = Date.parse('2026-01-01T00:00:00Z')
const pem = await certificateFor('sns.amazonaws.com')

async function certificateFor(commonName: string, altName?: string): Promise<string> {
  const { cert } = await generate([{ name: 'commonName', value: commonName }], {
    algorithm: 'sha256',
    notBeforeDate: new Date(MADE),
    notAfterDate: new Date(MADE + 1_000),
    ...(altName !== undefined && {
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: altName }] }],
    }),
  })
  return cert
}

function setUp(fetchText: (url: string) => Promise<string> = async () => pem) {
  const clock = createFakeClock()
  const urls: string[] = []
  const certificateAt = keepCertificates(async url => {
    urls.push(url)
    return fetchText(url)
  }, clock)
  return { clock, urls, certificateAt: (url: string) => certificateAt(url, signal) }
}

describe("SNS's certificates", () => {
  it('are fetched once for all waiting requests', async () => {
    const { certificateAt, urls } = setUp()
    await Promise.all(Array.from({ length: 100 }, () => certificateAt('a')))
    await certificateAt('a')
    assert.deepEqual(urls, ['a'])
  })

  it('are fetched at most four at a time', async () => {
    const gate = Promise.withResolvers<string>()
    const { certificateAt, urls } = setUp(() => gate.promise)
    const asked = Array.from({ length: 500 }, (_, index) => certificateAt(`junk-${index}`))
    const settled = Promise.allSettled(asked)
    gate.resolve(pem)
    assert.equal((await settled).filter(({ status }) => status === 'fulfilled').length, 4)
    assert.equal(urls.length, 4)
    await certificateAt('another')
  })

  it('that are invalid cost four fetches a minute, also one after the other, and known ones stay cached', async () => {
    const { certificateAt, urls, clock } = setUp(async url => (url === 'good' ? pem : assert.fail('404')))
    await certificateAt('good')
    for (let index = 0; index < 500; index += 1) await assert.rejects(certificateAt(`junk-${index}`))
    assert.equal(urls.length, 5)
    assert.ok(await certificateAt('good'))
    clock.pass(60_000)
    await assert.rejects(certificateAt('junk-0'), /404/)
  })

  it('are no longer awaited by a request that was aborted, while others continue to wait', async () => {
    const gate = Promise.withResolvers<string>()
    const fetches = keepCertificates(() => gate.promise, createFakeClock())
    const leaving = new AbortController()
    const left = fetches('a', leaving.signal)
    const waits = fetches('a', signal)
    leaving.abort(new Error('left'))
    await assert.rejects(left, /left/)
    gate.resolve(pem)
    assert.ok(await waits)
  })

  it('are abandoned after ten seconds', async () => {
    const clock = createFakeClock()
    const fetches = keepCertificates(
      (_, signal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      clock,
    )
    await assert.rejects(clock.until(fetches('a', signal)), /time is over/)
  })
})

describe('a certificate belongs to SNS', () => {
  const ARNS = {
    'us-east-1': 'arn:aws:sns:us-east-1:123456789012:t',
    'me-south-1': 'arn:aws:sns:me-south-1:123456789012:t',
    'cn-north-1': 'arn:aws-cn:sns:cn-north-1:123456789012:t',
    'us-gov-east-1': 'arn:aws-us-gov:sns:us-gov-east-1:123456789012:t',
  } as const
  for (const [name, region, is] of [
    ['sns.amazonaws.com', 'us-east-1', true],
    ['sns.us-east-1.amazonaws.com', 'us-east-1', true],
    ['sns-signing.me-south-1.amazonaws.com', 'me-south-1', true],
    ['sns-cn-north-1.amazonaws.com.cn', 'cn-north-1', true],
    ['sns-us-gov-west-1.amazonaws.com', 'us-gov-east-1', true],
    ['sns-us-gov-west-1.amazonaws.com', 'us-east-1', false],
    ['sns.eu-west-1.amazonaws.com', 'us-east-1', false],
    ['*.amazonaws.com', 'us-east-1', false],
    ['s3.amazonaws.com', 'us-east-1', false],
    ['sns.amazonaws.com.evil.example', 'us-east-1', false],
    ['evil.example', 'us-east-1', false],
  ] as const) {
    it(`${is ? 'with' : 'not with'} the name ${name} for ${region}`, async () => {
      const certificate = new X509Certificate(await certificateFor(name))
      assert.equal(isSnsCertificate(certificate, ARNS[region], MADE), is)
    })
  }

  it('while it is valid', async () => {
    const certificate = new X509Certificate(pem)
    for (const [at, is] of [
      [MADE - 1, false],
      [MADE, true],
      [MADE + 1_000, true],
      [MADE + 1_001, false],
    ] as const)
      assert.equal(isSnsCertificate(certificate, ARNS['us-east-1'], at), is, String(at - MADE))
  })

  it('by its alternative name before its common name', async () => {
    const certificate = new X509Certificate(await certificateFor('sns.amazonaws.com', 'evil.example'))
    assert.equal(isSnsCertificate(certificate, ARNS['us-east-1'], MADE), false)
  })
})
