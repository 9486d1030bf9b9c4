import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { accepted, delivery, ended } from '../../test/contracts/stores.ts'
import { consoleWith, NOON } from '../../test/fixtures/console.ts'
import { receipt } from '../../test/fixtures/receipts.ts'
import { CANARY_EVENT_ID } from '../core/records/canary.ts'
import type { Delivery } from '../core/records/delivery.ts'

describe('the first screen', () => {
  it('says that nothing was asked for yet, and how to try', async () => {
    const { text } = await consoleWith().get('/')
    assert.match(text, /No code was asked for since midnight\./)
    assert.match(text, /hookline send --to/)
  })

  it('sums up the day since midnight, each figure with the list behind it', async () => {
    const console = consoleWith()
    await console.store.settle(
      delivery({ id: 'yesterday', openedAt: NOON - 13 * 3_600_000, end: accepted('m0') }),
    )
    for (const index of [1, 2, 3])
      await console.store.settle(
        delivery({
          ...{ id: `d${index}`, openedAt: NOON - index * 3_600_000, expiresAt: undefined },
          ...{ end: index === 3 ? ended('failed') : accepted(`m${index}`), userDigest: `user-${index}` },
        }),
      )
    await console.store.addReceipt(receipt({ messageId: 'm1', type: 'TEXT_DELIVERED', price: 0.02 }))
    const at = NOON - 3_600_000 + 14_000
    await console.store.addAnswer({
      callers: [delivery().caller],
      userDigests: ['user-1'],
      channel: 'sms',
      at,
    })
    const { text } = await console.get('/')
    assert.match(
      text,
      /2 of 3 codes since midnight went out, 1 did not; 50 % were answered, half of them within 14 s\./,
    )
    const list = /href="([^"]*sent=no[^"]*)"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const { text: behind } = await console.get(list)
    assert.deepEqual(
      [...behind.matchAll(/href="\/delivery\/(\w+)"/g)].map(([, id]) => id),
      ['d3'],
    )
    assert.match(text, /<a href="\/deliveries\?from=\d+&amp;to=\d+&amp;country=ES">Spain<\/a>/)
    const cells = [...text.matchAll(/<td class="number">([\s\S]*?)<\/td>/g)].map(([, cell = '']) => cell)
    assert.equal(cells.length, 7)
    for (const cell of cells) assert.match(cell, /^<a href="\/deliveries\?[^"]*country=ES[^"]*">\S/)
    assert.match(text, /answered=yes">14 s<\/a>/)
  })

  it('has a row for each org where several call, and a list behind each figure', async () => {
    const console = consoleWith()
    for (const [index, caller] of ['acme', 'acme', 'globex'].entries())
      await console.store.settle(
        delivery({
          ...{ id: `d${index}`, openedAt: NOON - 60_000, caller, end: accepted(`m${index}`) },
          ...{ numberDigest: `n${index}`, userDigest: `u${index}`, duplicateKey: `k${index}` },
        }),
      )
    const { text } = await console.get('/')
    assert.match(text, /By org, since midnight/)
    const links = [...text.matchAll(/<a href="([^"]*org=acme[^"]*)">/g)].map(([, link = '']) => link)
    assert.ok(links.length >= 4, links.join())
    for (const link of links) {
      const { text: behind } = await console.get(link.replaceAll('&amp;', '&'))
      assert.doesNotMatch(behind, /\/delivery\/d2"/)
    }
    const one = consoleWith()
    await one.store.settle(delivery({ openedAt: NOON - 60_000, end: accepted() }))
    assert.doesNotMatch((await one.get('/')).text, /By org/)
  })

  it('shows open alarms with what to do, also before any code was asked for', async () => {
    const open = [
      { name: 'hookline-AlarmErrors-1', description: 'Run `hookline doctor`.', since: NOON - 60_000 },
    ]
    const { text } = await consoleWith({
      readAlarms: async () => ({ open, count: 10, isComplete: true }),
    }).get('/')
    assert.match(text, /No code was asked for since midnight/)
    assert.match(
      text,
      /<strong>Alarm<\/strong> Since <time[^>]*>11:59:00<\/time>: Run <code>hookline doctor<\/code>\./,
    )
    assert.match(text, /Alarms: 10 of the deployment/)
    const { text: none } = await consoleWith({
      readAlarms: async () => ({ open: [], count: 0, isComplete: true }),
    }).get('/')
    assert.match(none, /No open alarms or findings\./)
    assert.match(none, /The deployment has no alarms in CloudWatch/)
    assert.match((await consoleWith().get('/')).text, /hookline console --stack/)
  })

  it('names the right to read alarms that is missing, and shows everything else', async () => {
    const readAlarms = async () => {
      throw new Error('User: arn:x is not authorized to perform: cloudwatch:DescribeAlarms on resource: y')
    }
    const { status, text } = await consoleWith({ readAlarms }).get('/')
    assert.equal(status, 200)
    assert.match(
      text,
      /could not be read\. Your AWS credentials lack a right: .* for cloudwatch:DescribeAlarms\./,
    )
  })

  describe('with a canary each hour', () => {
    const lineAfter = async (canary?: Partial<Delivery>, type?: string) => {
      const console = consoleWith({ canary: 'GB' })
      const openedAt = NOON - 60_000
      if (canary !== undefined)
        await console.store.settle(delivery({ id: 'c1', openedAt, eventId: CANARY_EVENT_ID, ...canary }))
      if (type !== undefined)
        await console.store.addReceipt(receipt({ messageId: 'm1', type, isFinal: true }))
      const { text } = await console.get('/')
      const [, attention = ''] = /<h2>Alarms and findings<\/h2>([\s\S]*?)<p class="quiet">/.exec(text) ?? []
      return attention.replaceAll(/<time[^>]*>/g, '<time>').trim()
    }
    const link = '<a href="/delivery/c1">The last canary, to the simulator of GB</a> <time>11:59:00</time>: '

    it('says that the last one was delivered or is under way, with its delivery behind it', async () => {
      const passed = (end: string) => `<p>No open alarms or findings.</p>\n<p>${link}${end}</p>`
      const end = accepted('m1')
      assert.equal(await lineAfter({ end }, 'TEXT_DELIVERED'), passed('delivered.'))
      assert.equal(await lineAfter({ end }), passed('sent; its receipt has not come yet.'))
    })

    it('lists one that failed, or that has no receipt, with its delivery behind it', async () => {
      const failed = await lineAfter({ end: ended('failed') })
      assert.ok(failed.startsWith(`<ul><li class="bad">${link}failed: CARRIER_REFUSED. See which`), failed)
      const blocked = await lineAfter({ end: accepted('m1') }, 'TEXT_BLOCKED')
      assert.ok(blocked.includes(`<li class="bad">${link}failed: TEXT_BLOCKED.`), blocked)
      const late = await lineAfter({ openedAt: NOON - 660_000, end: accepted('m1') })
      assert.match(late, /<li class="warn"><a href="\/delivery\/c1">.*no receipt has arrived/)
    })

    it('misses one of the last two hours, and says nothing where none is on', async () => {
      for (const canary of [undefined, { openedAt: NOON - 7_200_001, end: accepted('m1') }])
        assert.match(await lineAfter(canary), /<li class="bad">A canary should go .* <code>hookline canary</)
      assert.doesNotMatch((await consoleWith().get('/')).text, /canary/i)
    })
  })

  it('shows what the newest codes say is wrong, with the list behind it', async () => {
    const console = consoleWith()
    for (let index = 0; index < 6; index += 1)
      await console.store.settle(
        delivery({
          ...{ id: `d${index}`, openedAt: NOON - 60_000, end: ended('failed') },
          ...{ numberDigest: `n${index}`, userDigest: `u${index}`, duplicateKey: `k${index}` },
        }),
      )
    const { text } = await console.get('/')
    assert.match(text, /6 of the newest 6 codes could not be sent/)
    const [, link = ''] = /<a href="([^"]*status=failed[^"]*)">Codes are not sent/.exec(text) ?? []
    assert.match((await console.get(link.replaceAll('&amp;', '&'))).text, /6 codes\./)
  })

  it('says until when codes are counted if the function for figures is late, also with none', async () => {
    const { store } = consoleWith()
    const textAt = async (until: number) => {
      const late = { ...store, readHourlyStats: async () => ({ hours: [], until }) }
      return (await consoleWith({ store: late }).get('/')).text
    }
    assert.match(
      await textAt(NOON - 300_001),
      /Codes are counted until 11:54:59: the function for figures is late/,
    )
    assert.doesNotMatch(await textAt(NOON - 300_000), /is late/)
  })

  it('shows every hour since midnight, also where hours in UTC begin at half past', async () => {
    const labelsIn = async (timeZone: string, openedAt: number) => {
      const console = consoleWith({ timeZone })
      await console.store.settle(delivery({ openedAt, end: accepted() }))
      const { text } = await console.get('/')
      const [, chart = ''] = /<figcaption>Codes by hour<\/figcaption>([\s\S]*?)<\/figure>/.exec(text) ?? []
      return [...chart.matchAll(/<text[^>]*>([^<]*)<|<title>([^<]*)</g)].map(([, label, bar]) => label ?? bar)
    }
    assert.deepEqual(await labelsIn('UTC', NOON - 2.5 * 3_600_000), [
      '00',
      '02',
      '04',
      '06',
      '08',
      '09: 1 sent',
      '10',
    ])
    const kolkata = await labelsIn('Asia/Kolkata', NOON - 60_000)
    assert.deepEqual(kolkata, ['00', '02:30', '05:30', '08:30', '11:30', '14:30', '16:30: 1 sent'])
  })

  it('says that no figures have been counted', async () => {
    const { store } = consoleWith()
    const { text } = await consoleWith({ store: { ...store, readHourlyStats: async () => undefined } }).get(
      '/',
    )
    assert.match(text, /No figures have been counted/)
  })

  it('names the right that AWS says is missing', async () => {
    const { store } = consoleWith()
    const readHourlyStats = async () => {
      throw new Error(
        'store: AccessDeniedException: User: arn:aws:iam::1:user/x is not authorized to perform: dynamodb:Query on resource: y',
      )
    }
    const { status, text } = await consoleWith({ store: { ...store, readHourlyStats } }).get('/')
    assert.equal(status, 500)
    assert.match(text, /lack a right: ask an administrator of the account for dynamodb:Query\./)
  })
})
