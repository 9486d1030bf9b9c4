import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createFakeClock } from '../../../test/fixtures/fake-clock.ts'
import { capturePosts, type SnsBody, type SnsPosts, TOPIC } from '../../../test/fixtures/sns-posts.ts'
import { createSnsReader, type SnsPost } from './sns-receipts.ts'

const signal = new AbortController().signal
let posts: SnsPosts
let second: SnsPosts
before(async () => {
  posts = await capturePosts('1')
  second = await capturePosts('2')
})
after(async () => {
  await posts[Symbol.asyncDispose]()
  await second[Symbol.asyncDispose]()
})

/** A reader that remembers what it fetched. */
function setUp({ topicArns = [TOPIC] as readonly string[], from = posts, fetched = fetchText } = {}) {
  const urls: string[] = []
  const fetching = async (url: string): Promise<string> => {
    urls.push(url)
    return fetched(url)
  }
  // When both certificates are in force: the second one was made later.
  const clock = createFakeClock(Date.parse(notification(second).Timestamp ?? ''))
  const read = createSnsReader({ topicArns, standIn: from.bench.standIn.url }, fetching, clock)
  return { urls, clock, read: (json: unknown): Promise<SnsPost> => read(json, signal) }
}
async function fetchText(url: string): Promise<string> {
  const response = await fetch(url)
  assert.ok(response.ok)
  return response.text()
}
const notification = (from = posts): SnsBody => from.notifications[0] ?? assert.fail()
const other = (body: SnsBody, changed: Record<string, unknown>): unknown => ({ ...body, ...changed })

describe('a notification of a topic on the list', () => {
  for (const version of ['1', '2'] as const) {
    it(`is a receipt if it is signed, version ${version}`, async () => {
      const from = version === '1' ? posts : second
      assert.equal(notification(from).SignatureVersion, version)
      const { read } = setUp({ from })
      const post = await read(notification(from))
      assert.ok(post.kind === 'receipt')
      assert.deepEqual([post.receipt.messageId, post.receipt.deliveryId], [from.messageId, 'delivery-1'])
    })
  }

  it('needs one certificate fetch, however many there are', async () => {
    const { read, urls } = setUp()
    for (const body of posts.notifications) assert.equal((await read(body)).kind, 'receipt')
    assert.deepEqual(urls, [notification().SigningCertURL])
  })

  for (const [what, changed] of [
    ['its message', { Message: '{"messageId":"m","eventType":"TEXT_DELIVERED"}' }],
    ['its time', { Timestamp: '2026-01-01T00:00:00.000Z' }],
    ['its ID', { MessageId: 'another' }],
    ['a subject that is not signed', { Subject: 'x' }],
    ['its signature', { Signature: 'AAAA' }],
    ['an empty signature', { Signature: '' }],
    ['a version of the signature that does not fit', { SignatureVersion: '2' }],
    ['a version of the signature that does not exist', { SignatureVersion: '3' }],
    ['a version called constructor', { SignatureVersion: 'constructor' }],
    ['its type', { Type: 'UnsubscribeConfirmation' }],
  ] as const) {
    it(`is denied if the signed content was changed: ${what}`, async () => {
      const { read } = setUp()
      const post = await read(other(notification(), changed))
      assert.deepEqual(post, { kind: 'denied', detail: 'The signature is invalid.' })
    })
  }

  it('is denied if another key signed it', async () => {
    const { read } = setUp({ fetched: () => fetchText(second.confirmation.SigningCertURL ?? '') })
    assert.deepEqual(await read(notification()), { kind: 'denied', detail: 'The signature is invalid.' })
  })
})

describe('a topic that is not on the list', () => {
  for (const topicArns of [
    [],
    [`${TOPIC}-of-somebody-else`],
    ['arn:aws:sns:us-east-1:999999999999:hookline-receipts'],
  ]) {
    it(`is denied before anything is fetched: ${topicArns}`, async () => {
      const { read, urls } = setUp({ topicArns })
      for (const body of [notification(), posts.confirmation]) {
        assert.deepEqual(await read(body), { kind: 'denied', detail: 'The topic is not on the list.' })
      }
      assert.deepEqual(urls, [])
    })
  }
})

describe('the address of a certificate', () => {
  const PEM = 'SimpleNotificationService-0123456789abcdef0123456789abcdef.pem'
  for (const url of [
    `https://evil.example/${PEM}`,
    `https://sns.us-east-1.amazonaws.com.evil.example/${PEM}`,
    `https://sns.us-east-1.amazonaws.com@evil.example/${PEM}`,
    `https://evil.s3.amazonaws.com/${PEM}`,
    `http://sns.us-east-1.amazonaws.com/${PEM}`,
    `https://sns.us-east-1.amazonaws.com:8443/${PEM}`,
    // SNS's API answers with texts of its caller, and a text may contain a certificate.
    'https://sns.us-east-1.amazonaws.com/?Action=GetTopicAttributes&TopicArn=x',
    `https://sns.us-east-1.amazonaws.com/?Action=GetTopicAttributes&x=/${PEM}`,
    `https://sns.us-east-1.amazonaws.com/${PEM}?Action=GetTopicAttributes`,
    'https://sns.us-east-1.amazonaws.com/certificate.pem',
    `https://sns.us-east-1.amazonaws.com/${PEM}#x`,
    `https://someone@sns.us-east-1.amazonaws.com/${PEM}`,
    // SNS's own addresses in other regions and partitions, and those of others that look like them.
    `https://sns.eu-west-1.amazonaws.com/${PEM}`,
    `https://sns.cn-north-1.amazonaws.com.cn/${PEM}`,
    `https://sns.s3-us-west-2.amazonaws.com/${PEM}`,
    `https://sns.s3.amazonaws.com/${PEM}`,
    `https://sns.us-east-1.amazonaws.com.cn/${PEM}`,
    `https://sns.us-east-1.elb.amazonaws.com/${PEM}`,
    `https://sns.us-east-1.amazonaws.com./${PEM}`,
    'no address',
    '',
  ]) {
    it(`is not trusted and not fetched: ${url}`, async () => {
      const { read, urls } = setUp()
      const post = await read(other(notification(), { SigningCertURL: url }))
      assert.deepEqual(post, { kind: 'denied', detail: 'The certificate is not from SNS.' })
      assert.deepEqual(urls, [])
    })
  }

  it('of SNS in the region of the topic is fetched', async () => {
    const url = `https://sns.us-east-1.amazonaws.com/${PEM}`
    const { read, urls } = setUp({ fetched: () => fetchText(notification().SigningCertURL ?? '') })
    assert.equal((await read(other(notification(), { SigningCertURL: url }))).kind, 'receipt')
    assert.deepEqual(urls, [url])
  })

  for (const [topic, url] of [
    ['arn:aws-cn:sns:cn-north-1:1:t', `https://sns.cn-north-1.amazonaws.com.cn/${PEM}`],
    ['arn:aws-us-gov:sns:us-gov-west-1:1:t', `https://sns.us-gov-west-1.amazonaws.com/${PEM}`],
    ['arn:aws:sns:ap-southeast-2:1:t', `https://sns.ap-southeast-2.amazonaws.com/sns/${PEM}`],
  ] as const) {
    it(`of SNS is fetched for a topic of its region: ${url}`, async () => {
      const { read, urls } = setUp({
        topicArns: [topic],
        fetched: () => fetchText(notification().SigningCertURL ?? ''),
      })
      const post = await read(other(notification(), { SigningCertURL: url, TopicArn: topic }))
      assert.deepEqual([post, urls], [{ kind: 'denied', detail: 'The signature is invalid.' }, [url]])
    })
  }

  it('that cannot be reached, or has no certificate, is an error, and is fetched again a minute later', async () => {
    let answer = (): Promise<string> => Promise.reject(new Error('out of reach'))
    const { read, urls, clock } = setUp({ fetched: () => answer() })
    await assert.rejects(read(notification()), /out of reach/)
    await assert.rejects(read(notification()), /a moment ago/)
    clock.pass(60_000)
    answer = async () => '<html>a proxy</html>'
    await assert.rejects(read(notification()))
    clock.pass(60_000)
    answer = () => fetchText(notification().SigningCertURL ?? '')
    assert.equal((await read(notification())).kind, 'receipt')
    assert.equal(urls.length, 3)
  })
})

describe('the age of a message', () => {
  for (const [what, ageMs, kind] of [
    ['just under three days', 3 * 86_400_000, 'receipt'],
    ['more than three days', 3 * 86_400_000 + 1, 'denied'],
    ['years', 1_000 * 86_400_000, 'denied'],
    ['three days ahead', -3 * 86_400_000 - 1, 'denied'],
  ] as const) {
    it(`is checked even if its signature is valid: ${what}`, async () => {
      const { read, clock } = setUp()
      const url = notification().SigningCertURL ?? ''
      const certificate = await fetchText(url) // in force for a year from its making
      const at = Date.parse(notification().Timestamp ?? '') + ageMs
      const aged = createSnsReader(
        { topicArns: [TOPIC], standIn: posts.bench.standIn.url },
        async () => certificate,
        { ...clock, now: () => at },
      )
      const post = await aged(notification(), signal)
      const details = { receipt: undefined, denied: /last three days|not valid now/ }
      assert.equal(post.kind, kind)
      if (post.kind === 'denied') assert.match(post.detail, details.denied)
      assert.equal((await read(notification())).kind, 'receipt')
    })
  }
})

describe('a subscription', () => {
  it('is confirmed for a topic on the list', async () => {
    const { read, urls } = setUp()
    assert.deepEqual(await read(posts.confirmation), { kind: 'heard', detail: 'subscription confirmed' })
    assert.equal(urls.at(-1), posts.confirmation.SubscribeURL)
  })

  it('is confirmed only at a signed address, and only at SNS', async () => {
    const { read, urls } = setUp()
    const post = await read(other(posts.confirmation, { SubscribeURL: 'https://evil.example/' }))
    assert.equal(post.kind, 'denied')
    assert.ok(urls.every(url => !url.includes('evil')))
  })
})

describe('a post that is not about a message', () => {
  for (const json of [undefined, null, 'text', 7, [], {}, { Type: 'Notification' }]) {
    it(`is denied if it is not from SNS: ${JSON.stringify(json)}`, async () => {
      const { read } = setUp()
      assert.deepEqual(await read(json), { kind: 'denied', detail: 'Not an SNS message.' })
    })
  }

  it('is denied with an unknown type, or a part that is not text', async () => {
    const { read } = setUp()
    for (const changed of [{ Type: 'Gossip' }, { Message: 7 }, { TopicArn: undefined }]) {
      assert.equal((await read(other(notification(), changed))).kind, 'denied')
    }
  })
})
