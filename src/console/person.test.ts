import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { accepted, delivery } from '../../test/contracts/stores.ts'
import { consoleWith, digestOf, NOON } from '../../test/fixtures/console.ts'
import { receipt } from '../../test/fixtures/receipts.ts'
import type { Delivery } from '../core/records/delivery.ts'

const NUMBER = '+34683783440'
const LOGIN = 'Ada@Example.com'
const USER_ID = '00uyyxxSknGtK8022w0g3'

const ofAda = (changed: Partial<Delivery> = {}): Delivery =>
  delivery({
    ...{ openedAt: NOON - 60_000, expiresAt: NOON + 240_000, numberDigest: digestOf(NUMBER) },
    ...{ userDigest: digestOf(USER_ID), loginDigest: digestOf('ada@example.com'), end: accepted() },
    ...changed,
  })

const held = (changed: Partial<Delivery> = {}): Delivery =>
  ofAda({
    end: { state: 'refused', at: NOON, code: 'FRAUD_PREFIX', detail: 'as it was', attempts: [] },
    ...changed,
  })

describe('the screen of a person', () => {
  const search = async (console: ReturnType<typeof consoleWith>, q: string) => {
    const { status, headers } = await console.post('/person/search', { q })
    assert.equal(status, 303)
    return headers.location ?? ''
  }

  for (const [what, q] of [
    ['a number', NUMBER],
    ['a number as people write it', '+34 683 78-34 40'],
    ['a login', LOGIN],
    ['a user ID', USER_ID],
    ['an event of Okta', 'uS5871kJThSMU8qlA1LTcg'],
    ['a request of Okta', 'reqv66CbCaCStGEFc8AdfS0ng'],
  ] as const) {
    it(`finds the codes of ${what}, at an address without a number or a login`, async () => {
      const console = consoleWith()
      await console.store.settle(
        ofAda({ eventId: 'uS5871kJThSMU8qlA1LTcg', oktaRequestId: 'reqv66CbCaCStGEFc8AdfS0ng' }),
      )
      const address = await search(console, q)
      assert.doesNotMatch(decodeURIComponent(address), /683|78|ada|@/i)
      const { status, text } = await console.get(address)
      assert.equal(status, 200)
      assert.match(text, /What to say to the caller/)
      assert.match(text, /Your code is on its way/)
    })
  }

  it('says what it can mean that there is no code', async () => {
    const console = consoleWith()
    const { text } = await console.get(await search(console, 'nobody@example.com'))
    assert.match(text, /No code was found/)
    assert.match(text, /Okta did not request one/)
  })

  it('logs each page of a list as a look-up', async () => {
    const console = consoleWith()
    const path = `/person/number/${digestOf(NUMBER)}`
    assert.match((await console.get(path)).text, /This look-up is in the log of changes/)
    assert.equal((await console.get(`${path}?before=1`)).status, 200)
    assert.equal((await console.store.listChanges({ limit: 10 })).length, 2)
  })

  it('does not say that there is no code before everything was read', async () => {
    const { store } = consoleWith()
    const pageDeliveries = async () => ({ deliveries: [], readTo: NOON - 60_000, next: 'next' })
    const { text } = await consoleWith({ store: { ...store, pageDeliveries } }).get('/person/request/req-1')
    assert.match(text, /No code was found in what was read so far/)
    assert.match(text, /Read back to 11:59:00\..*Read on/s)
    assert.doesNotMatch(text, /Okta did not request one/)
  })

  it('teaches what to search for, and has no page for another way', async () => {
    const console = consoleWith()
    assert.match((await console.get('/person')).text, /request ID, from Okta/)
    assert.equal((await console.get('/person/shoe-size/42')).status, 404)
    for (const path of ['/person/number/+34683783440', '/person/user/ada@example.com', '/person/user/a.b'])
      assert.equal((await console.get(path)).status, 404, path)
    assert.deepEqual(
      await console.store.listChanges({ limit: 10 }),
      [],
      'no address puts a number in the log',
    )
    assert.equal((await console.get('/delivery/unknown')).status, 404)
  })

  it('tells what happened to a code, step by step', async () => {
    const console = consoleWith()
    const attempts = [{ identity: 'ACME', result: 'accepted', detail: undefined, durationMs: 120 }] as const
    await console.store.settle(
      ofAda({ end: { ...accepted(), at: NOON - 59_000, attempts } as Delivery['end'] }),
    )
    await console.store.addReceipt(
      receipt({ type: 'TEXT_DELIVERED', at: NOON - 50_000, carrierName: 'Telefónica', price: 0.04 }),
    )
    await console.store.addAnswer({
      ...{
        callers: [delivery().caller],
        userDigests: [digestOf(USER_ID)],
        channel: 'sms',
        at: NOON - 46_000,
      },
    })
    const { text } = await console.get('/delivery/delivery-1')
    const steps = /<ol class="steps">(.*?)<\/ol>/s
      .exec(text)?.[1]
      ?.replaceAll('</li>', ' ')
      .replaceAll(/<[^>]+>/g, '')
      .replaceAll('\n', ' ')
      .replaceAll(/ +/g, ' ')
    assert.match(
      steps ?? '',
      /11:59:00 Asked: example\.okta\.com requested a code .*Planned: template sms\/es\/any, version 3, 1 part .*Sent from ACME: accepted, 120 ms .*11:59:01 AWS accepted it, as message message-1 .*11:59:10 Carrier Telefónica: It was delivered\. TEXT_DELIVERED \$0\.04 .*11:59:14 The person entered the code, 14 s after/,
    )
    assert.match(text, /A code was entered, so it arrived/)
  })

  it('goes on page by page, and says how far it has read', async () => {
    const console = consoleWith()
    for (let index = 0; index < 25; index += 1)
      await console.store.settle(ofAda({ id: `d${index}`, openedAt: NOON - (25 - index) * 60_000 }))
    const first = await console.get(`/person/number/${digestOf(NUMBER)}`)
    assert.equal(first.text.match(/class="steps"/g)?.length, 20)
    assert.match(first.text, /Read back to 11:40:00\./)
    const next = /href="([^"]+)">Read on/.exec(first.text)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const second = await console.get(next)
    assert.equal(second.text.match(/class="steps"/g)?.length, 5)
    assert.match(second.text, /That is all that is kept/)
  })

  it('allows a number that the fraud rule held, for a day, with author and reason', async () => {
    const console = consoleWith()
    await console.store.settle(held())
    const { text } = await console.get('/delivery/delivery-1')
    assert.match(text, /hookline fraud allow \+NUMBER --for 1d/)
    const { status, headers } = await console.post('/person/allow/delivery-1', { because: 'HELP-7' })
    assert.equal(status, 303)
    assert.match(
      (await console.get(headers.location ?? '')).text,
      /role="status">The number is allowed for a day/,
    )
    const { fraud } = (await console.store.readPolicy()) ?? {}
    assert.deepEqual(fraud?.overrides, [
      {
        ...{ what: 'allow', whom: { kind: 'number', digest: digestOf(NUMBER), lastDigits: '40' } },
        ...{ author: 'casey', because: 'HELP-7', at: NOON, until: NOON + 86_400_000 },
      },
    ])
  })

  it('allows nothing without a reason', async () => {
    const console = consoleWith()
    await console.store.settle(held())
    for (const because of ['', '   ', 'x'.repeat(201)])
      assert.match(
        (await console.post('/person/allow/delivery-1', { because })).text,
        /A reason .* is needed/,
      )
    assert.deepEqual((await console.store.readPolicy())?.fraud.overrides, [])
  })

  it('does not end what an operator denied since the code was held', async () => {
    const console = consoleWith()
    await console.store.settle(held())
    const whom = { kind: 'number', digest: digestOf(NUMBER), lastDigits: '40' } as const
    const times = { at: NOON - 1, until: NOON + 9_000 }
    const denial = { what: 'deny', whom, author: 'lee', because: 'incident 4711', ...times } as const
    await console.store.saveFraudPolicy(
      { mode: 'enforce', modes: {}, overrides: [denial] },
      { author: 'lee', at: NOON },
    )
    const { text } = await console.post('/person/allow/delivery-1', { because: 'HELP-7' })
    assert.match(text, /an operator denied this number/)
    assert.deepEqual((await console.store.readPolicy())?.fraud.overrides, [denial])
  })

  it('lets a person allow 20 numbers a day', async () => {
    const console = consoleWith()
    const allow = async (index: number) => {
      await console.store.settle(held({ id: `d${index}`, numberDigest: `number-${index}` }))
      return (await console.post(`/person/allow/d${index}`, { because: 'HELP-7' })).status
    }
    for (let index = 0; index < 20; index += 1) assert.equal(await allow(index), 303)
    assert.equal(await allow(20), 200)
    assert.equal((await console.store.readPolicy())?.fraud.overrides.length, 20)
    console.pass(86_400_000 - 60_000)
    assert.equal(await allow(21), 403, 'the session has ended')
  })

  for (const code of [
    'NUMBER_PREMIUM',
    'RECIPIENT_BLOCKED',
    'LIMIT_USER',
    'FRAUD_DENIED',
    'NO_ROUTE',
  ] as const) {
    it(`cannot allow what ${code} refused`, async () => {
      const console = consoleWith()
      const end = { state: 'refused', at: NOON, code, detail: 'as it was', attempts: [] } as const
      await console.store.settle(held({ end }))
      assert.doesNotMatch((await console.get('/delivery/delivery-1')).text, /fraud allow/)
      assert.equal((await console.post('/person/allow/delivery-1', { because: 'HELP-7' })).status, 404)
      assert.deepEqual((await console.store.readPolicy())?.fraud.overrides, [])
    })
  }

  it('has no button to press in a read-only console', async () => {
    const console = consoleWith({ isReadOnly: true })
    await console.store.settle(held())
    assert.match((await console.get('/delivery/delivery-1')).text, /<button type="submit" disabled>Allow/)
    assert.equal((await console.post('/person/allow/delivery-1', { because: 'HELP-7' })).status, 403)
  })
})

describe('an opt-out', () => {
  const optedOut = () =>
    ofAda({ end: { state: 'failed', at: NOON, code: 'RECIPIENT_OPTED_OUT', detail: '', attempts: [] } })
  const withLists = (lists: readonly { readonly list: string; readonly region: string }[]) => {
    const removed: unknown[] = []
    const console = consoleWith({
      removeOptOuts: async (number, by) => {
        removed.push([number.reveal(), by])
        return lists
      },
    })
    return { console, removed }
  }
  const FORM = { number: '+34 683 78 34 40', because: 'HELP-7' }

  it('is lifted for the number of the code, which the person says again', async () => {
    const { console, removed } = withLists([{ list: 'Default', region: 'us-east-1' }])
    await console.store.settle(optedOut())
    assert.match((await console.get('/delivery/delivery-1')).text, /hookline optouts remove --phone \+NUMBER/)
    const { status, headers } = await console.post('/person/opt-in/delivery-1', FORM)
    assert.equal(status, 303)
    assert.deepEqual(removed, [[NUMBER, { author: 'casey', at: NOON, because: 'HELP-7' }]])
    assert.match((await console.get(headers.location ?? '')).text, /removed from the opt-out lists/)
  })

  it('is not lifted for another number, without a reason, or where there is none', async () => {
    const { console, removed } = withLists([])
    await console.store.settle(optedOut())
    for (const number of ['+34683783441', 'x', ''])
      assert.match(
        (await console.post('/person/opt-in/delivery-1', { ...FORM, number })).text,
        /not the number of that code/,
      )
    assert.match(
      (await console.post('/person/opt-in/delivery-1', { ...FORM, because: '' })).text,
      /A reason .* is needed/,
    )
    assert.deepEqual(removed, [])
    assert.match((await console.post('/person/opt-in/delivery-1', FORM)).text, /on no opt-out list/)
  })

  it('names the right that is missing in AWS', async () => {
    const message =
      'AWS does not allow this: User: arn:aws:iam::1:user/x is not authorized to perform: sms-voice:DeleteOptedOutNumber on resource: y'
    const console = consoleWith({ removeOptOuts: () => Promise.reject(new Error(message)) })
    await console.store.settle(optedOut())
    const { status, text } = await console.post('/person/opt-in/delivery-1', FORM)
    assert.equal(status, 500)
    assert.match(text, /for sms-voice:DeleteOptedOutNumber\./)
  })
})
