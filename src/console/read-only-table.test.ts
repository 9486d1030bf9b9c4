import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { accepted, delivery, thirtyDays } from '../../test/contracts/stores.ts'
import { consoleWith, digestOf, NOON } from '../../test/fixtures/console.ts'
import { consoleVisits } from '../../test/fixtures/console-visits.ts'
import { type Dynamo, openOn, startDynamo, tableClients } from '../../test/fixtures/dynamo.ts'
import type { TableCall } from '../adapters/dynamodb/table.ts'
import type { Store } from '../core/records/store.ts'

const NUMBER = digestOf('+34683783440')
const READS = ['GetItem', 'BatchGetItem', 'Query']

describe("the console on a deployment's table, with rights to read only", () => {
  let dynamo: Dynamo
  let store: Store
  before(async () => {
    dynamo = await startDynamo()
    const table = await dynamo.createTable()
    const options = { table, now: () => NOON, retention: thirtyDays }
    const writer = await openOn(dynamo, options)
    const codes = ['FRAUD_PREFIX', 'RECIPIENT_OPTED_OUT'] as const
    for (const [index, code] of codes.entries())
      await writer.settle(
        delivery({
          ...{
            id: `d${index}`,
            openedAt: NOON - (index + 2) * 60_000,
            numberDigest: NUMBER,
            duplicateKey: code,
          },
          end: { state: 'refused', at: NOON, code, detail: 'as it was', attempts: [] },
        }),
      )
    await writer.settle(delivery({ openedAt: NOON - 60_000, numberDigest: NUMBER, end: accepted() }))
    await writer.close()
    const client = tableClients['our client over node:https']?.(dynamo.endpoint)
    assert.ok(client)
    const call: TableCall = async (operation, input) => {
      if (READS.includes(operation)) return client.call(operation, input)
      const denied = new Error(
        `User: arn:aws:iam::123456789012:user/desk is not authorized to perform: dynamodb:${operation} on resource: table`,
      )
      denied.name = 'AccessDeniedException'
      throw denied
    }
    store = await openOn(dynamo, { ...options, ...client, call })
  })
  after(async () => {
    await store.close()
    await dynamo.close()
  })

  it('shows every page', async () => {
    const console = consoleWith({ store })
    const visits = consoleVisits({
      ...{ held: 'd0', optedOut: 'd1', optedOutNumber: '+34683783440', version: 1, override: '' },
      ...{ numberDigest: NUMBER, userDigest: 'user-1', eventId: 'event-1' },
    })
    for (const { method, path } of visits) {
      if (method !== 'GET') continue
      const { status, text } = await console.get(path)
      assert.ok(status < 500, `${path}: ${text}`)
    }
  })

  it('says that a look-up is not logged', async () => {
    const { text } = await consoleWith({ store }).get(`/person/number/${NUMBER}`)
    assert.match(text, /What to say to the caller/)
    assert.match(text, /This look-up is not in the log of changes/)
  })

  it('finds a person in at most five reads', async () => {
    const console = consoleWith({ store })
    await console.cookie()
    const { headers } = await console.post('/person/search', { q: '+34683783440' })
    dynamo.calls.length = 0
    await console.get(headers.location ?? '')
    assert.ok(dynamo.calls.length <= 5, dynamo.calls.join(', '))
    dynamo.calls.length = 0
    await console.get('/deliveries')
    assert.ok(dynamo.calls.length <= 5, dynamo.calls.join(', '))
  })

  for (const [path, form] of [
    ['/person/allow/d0', {}],
    ['/fraud/mode', { mode: 'enforce', confirmed: 'yes' }],
    ['/fraud/allow', { kind: 'prefix', whom: '+584127*', for: '7d' }],
    ['/fraud/limit', { scope: 'user', window: '60', max: '9', confirmed: 'yes' }],
  ] as const) {
    it(`names the right that ${path} lacks`, async () => {
      const { status, text } = await consoleWith({ store }).post(path, { because: 'HELP-7', ...form })
      assert.equal(status, 500)
      assert.match(text, /lack a right: ask an administrator of the account for dynamodb:\w+\./)
    })
  }
})
