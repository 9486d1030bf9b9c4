import assert from 'node:assert/strict'
import { createPrivateKey, sign, X509Certificate } from 'node:crypto'
import { describe, it } from 'node:test'
import { generate } from 'selfsigned'
import { createFakeClock } from '../../../test/fixtures/fake-clock.ts'
import { NOW } from '../../../test/fixtures/planning.ts'
import { isSignedBy, readSnsMessage } from './sns.ts'
import { createSnsReader } from './sns-receipts.ts'

const { cert, private: key } = await generate([{ name: 'commonName', value: 'sns.amazonaws.com' }], {
  algorithm: 'sha256',
  notBeforeDate: new Date(NOW - 1_000),
})
const certificate = new X509Certificate(cert)

/** Signed by hand from the names that AWS's guide lists, in their order. */
function signed(fields: Readonly<Record<string, string>>, names: readonly string[]) {
  const text = names.map(name => `${name}\n${fields[name]}\n`).join('')
  const Signature = sign('RSA-SHA256', Buffer.from(text), createPrivateKey(key)).toString('base64')
  const url =
    'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem'
  return { ...fields, SignatureVersion: '2', Signature, SigningCertURL: url }
}
const notification = {
  Type: 'Notification',
  MessageId: 'id',
  TopicArn: 'arn:aws:sns:us-east-1:123456789012:topic',
  Timestamp: '2026-03-01T12:00:00.000Z',
}

describe('the signature of a notification', () => {
  it('covers its subject, if it has one', () => {
    const fields = { ...notification, Message: 'Hi', Subject: 'News' }
    const message = readSnsMessage(
      signed(fields, ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']),
    )
    assert.ok(message)
    assert.equal(isSignedBy(message, certificate), true)
    assert.equal(isSignedBy({ ...message, Subject: 'Other' }, certificate), false)
  })
})

describe('a signed notification', () => {
  for (const Message of ['not JSON', '"text"', '{}', '{"Records":[]}', 'null']) {
    it(`that is not about a message is acknowledged and not kept: ${Message}`, async () => {
      const body = signed({ ...notification, Message }, [
        'Message',
        'MessageId',
        'Timestamp',
        'TopicArn',
        'Type',
      ])
      const rules = { topicArns: [notification.TopicArn], standIn: undefined }
      const read = createSnsReader(rules, async () => cert, createFakeClock())
      const post = await read(body, new AbortController().signal)
      assert.deepEqual(post, { kind: 'heard', detail: 'not about a message' })
    })
  }
})

describe('the end of a subscription', () => {
  const names = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']
  const read = (body: unknown) => {
    const urls: string[] = []
    const reader = createSnsReader(
      { topicArns: [notification.TopicArn], standIn: undefined },
      async url => {
        urls.push(url)
        return cert
      },
      createFakeClock(),
    )
    return { urls, post: reader(body, new AbortController().signal) }
  }
  const ended = {
    ...notification,
    Message: 'Bye',
    SubscribeURL: 'https://sns.us-east-1.amazonaws.com/',
    Token: 't',
  }

  it('is acknowledged, and not undone', async () => {
    const { post, urls } = read(signed({ ...ended, Type: 'UnsubscribeConfirmation' }, names))
    assert.deepEqual(await post, { kind: 'heard', detail: 'subscription ended' })
    assert.equal(urls.length, 1)
  })

  it('and a signed confirmation with an address outside SNS is denied', async () => {
    const elsewhere = { ...ended, Type: 'SubscriptionConfirmation', SubscribeURL: 'https://evil.example/' }
    const { post, urls } = read(signed(elsewhere, names))
    assert.deepEqual(await post, { kind: 'denied', detail: 'The SubscribeURL is not an SNS address.' })
    assert.equal(urls.length, 1)
  })
})
