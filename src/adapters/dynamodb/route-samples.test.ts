import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import { DAY_MS, thirtyDays } from '../../../test/contracts/stores.ts'
import { type Dynamo, rawItemsOf, startDynamo, tableClients } from '../../../test/fixtures/dynamo.ts'
import type { RouteSample } from '../../core/policy/route-shares.ts'
import { type FigureStore, openFigureStore } from './figures.ts'
import { openDynamoStore } from './store.ts'

const dynamo: Dynamo = await startDynamo()
const client = tableClients['our client over node:https']?.(dynamo.endpoint) ?? assert.fail()
after(async () => {
  client.close?.()
  await dynamo.close()
})

const START = 20_000 * DAY_MS
let now = START
let table: string
let options: Parameters<typeof openFigureStore>[0]
let figures: FigureStore
beforeEach(async () => {
  now = START
  dynamo.door = undefined
  table = await dynamo.createTable()
  options = { table, call: client.call, now: () => now, retention: thirtyDays }
  figures = openFigureStore(options)
})

const sample = (index: number, changed: Partial<RouteSample> = {}): RouteSample => ({
  ...{ candidate: 'pool-1', phone: `phone${index}`.slice(0, 8), at: START - index * 1_000, isGood: true },
  ...changed,
})
const keep = (samples: readonly RouteSample[], route = 'ES/sms', store = figures) =>
  store.keepRouteSamples(new Map([[route, samples]]))
const ofSpain = async () => (await figures.keepRouteSamples(new Map())).get('ES/sms') ?? []

describe('the samples of routes in the table', () => {
  it('outlive the function that found them, and are read with those of all routes', async () => {
    const pool = sample(1, {
      candidate: 'arn:aws:sms-voice:eu-west-1:123456789012:pool/pool-2',
      isGood: false,
    })
    await keep([sample(0), pool])
    await keep([sample(2)], 'FR/sms')
    const all = await openFigureStore(options).keepRouteSamples(new Map())
    assert.deepEqual(Object.fromEntries(all), { 'ES/sms': [sample(0), pool], 'FR/sms': [sample(2)] })
  })

  it('take a later answer to a code that they know, and are not written again without news', async () => {
    await keep([sample(0, { isGood: false }), sample(1)])
    await keep([sample(0)])
    assert.deepEqual(await ofSpain(), [sample(0), sample(1)])
    dynamo.calls.length = 0
    await keep([sample(1), sample(0)])
    assert.deepEqual(dynamo.calls, ['Query'])
  })

  it('are the newest 600 of two weeks, in an item of at most 14 KB', async () => {
    await keep(Array.from({ length: 700 }, (_, index) => sample(index, { phone: 'abcdefgh' })))
    const samples = await ofSpain()
    assert.equal(samples.length, 600)
    assert.equal(samples.at(-1)?.at, START - 599_000)
    const [item] = (await rawItemsOf(dynamo, table)).filter(({ pk }) => pk?.S === 'samples')
    assert.ok(JSON.stringify(item).length < 14_336, String(JSON.stringify(item).length))
    now += 14 * DAY_MS - 300_000
    assert.equal((await ofSpain()).length, 300)
  })

  it('lose nothing when two runs write at once', async () => {
    await keep([sample(0)])
    let held = false
    dynamo.door = async call => {
      if (!held && call.startsWith('UpdateItem samples')) {
        held = true
        await keep([sample(2)], 'ES/sms', openFigureStore(options))
      }
      return 'in'
    }
    assert.deepEqual(await keep([sample(1)]), new Map([['ES/sms', [sample(0), sample(1), sample(2)]]]))
    assert.deepEqual(await ofSpain(), [sample(0), sample(1), sample(2)])
  })

  it('are erased with a person, and only theirs', async () => {
    const own = sample(1, { phone: 'DIGEST-o' })
    await keep([sample(0), own, sample(2)])
    await keep([own], 'FR/sms')
    const store = openDynamoStore({ ...options, claimsMessages: true })
    await store.erasePerson({ numberDigests: ['DIGEST-own'], userDigests: [] })
    assert.deepEqual(await ofSpain(), [sample(0), sample(2)])
    assert.doesNotMatch(JSON.stringify(await rawItemsOf(dynamo, table)), /DIGEST-o/)
  })
})
