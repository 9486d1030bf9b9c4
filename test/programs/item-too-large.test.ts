import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { CallResult } from '../../simulators/okta/hook-caller.ts'
import { entryOf } from '../../src/adapters/dynamodb/keys.ts'
import { type Dynamo, itemsOf, startDynamo } from '../fixtures/dynamo.ts'
import { usNumber } from '../support/numbers.ts'
import { isLate, type ServedHook, type ServeWorld, startWorld, warmUp } from '../world/world.ts'

/**
 * A fault of a table: a number's item at DynamoDB's limit of 400 KB, with `hookline serve`. The rows of `npm run chaos`
 * read every delivery from SQLite, so this one is a test.
 */
const THIRTY = 30
const LIMIT_OF_NUMBER = 5
const OTHERS_MAX = 8_715 // of 47 bytes each, in 400 KB
const BUDGET_MS = 2_000

describe('serve with an item of 400 KB', { timeout: 240_000 }, () => {
  let dynamo: Dynamo
  let table: string
  let world: ServeWorld
  let hook: ServedHook
  before(async () => {
    dynamo = await startDynamo()
    table = await dynamo.createTable()
    const settings = {
      AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
      HOOKLINE_TABLE: table,
      HOOKLINE_BUDGET_MS: String(BUDGET_MS),
    }
    world = await startWorld({ hook: 'process', settings })
    hook = await world.serve()
    await warmUp(world, hook)
  })
  after(async () => {
    await world[Symbol.asyncDispose]()
    await dynamo.close()
  })

  let users = 0
  const call = async (to: string): Promise<CallResult> => {
    users += 1
    return world.call(hook, { to, user: { userId: `00u${users}`, login: `user${users}@example.com` } })
  }
  /** As many as the limit allows; on a busy machine, on which a call or the table ran out of time, no more than that. */
  const assertLimit = async (to: string, isExact: boolean): Promise<void> => {
    const { length } = (await world.messages()).filter(message => message.to === to)
    assert.ok(isExact ? length === LIMIT_OF_NUMBER : length <= LIMIT_OF_NUMBER, `${length} to ${to}`)
  }
  /** One after the other: the stand-in of the table takes some hundred milliseconds for an item of 400 KB. */
  const thirtyTo = async (to: string): Promise<readonly CallResult[]> => {
    const results: CallResult[] = []
    for (let count = 0; count < THIRTY; count += 1) results.push(await call(to))
    return results
  }
  /** Waits for it: on a busy machine, a check may run out of time. */
  const storeIsReady = async (): Promise<void> => {
    for (;;) {
      const { checks } = (await (await fetch(`${hook.ready.ready}/readyz`)).json()) as Readiness
      if (checks.store === 'ok') return
    }
  }
  const log = () => readFileSync(world.outputs.stdout, 'utf8')
  /** Fills the item of a number with codes and other entries. */
  const fill = async (to: string): Promise<void> => {
    const before = new Set((await itemsOf(dynamo, table)).map(({ pk }) => pk))
    await call(to)
    const pk = (await itemsOf(dynamo, table))
      .map(item => String(item.pk))
      .find(one => one.startsWith('number#') && !before.has(one))
    assert.ok(pk)
    const yesterday = Date.now() - 100_000_000
    const others = Array.from({ length: OTHERS_MAX }, (_, index) => ({
      S: entryOf({ openedAt: yesterday - index, id: `${index}`.padStart(36, 'x') }),
    }))
    const sent = { L: [{ S: entryOf({ openedAt: Date.now(), id: 'y'.repeat(36) }) }] }
    const put = (count: number) => {
      const Item = {
        pk: { S: pk },
        sk: { S: 'sent' },
        sent,
        sms: sent,
        others: { L: others.slice(0, count) },
      }
      return dynamo.client.send(new PutItemCommand({ TableName: table, Item })).then(
        () => true,
        (error: Error) => {
          assert.match(error.message, /item size/i)
          return false
        },
      )
    }
    let count = OTHERS_MAX // one entry more than fits is one too many
    while (!(await put(count))) count -= 1
    assert.ok(count < OTHERS_MAX)
  }

  it('trims it, and sends as many codes as the limit allows', async () => {
    const number = usNumber(1)
    await fill(number) // contains one code
    const results = await thirtyTo(number)
    assert.doesNotMatch(log(), TOO_LARGE)
    await assertLimit(number, !/store-unavailable/.test(log()) && results.filter(isLate).length <= 1)
    await storeIsReady()
  })

  it('counts in memory while DynamoDB refuses it, reports that, and recovers afterwards', async () => {
    const number = usNumber(2)
    dynamo.door = async called => (called.startsWith('UpdateItem number#') ? 'item too large' : 'in')
    const refused = await thirtyTo(number)
    await assertLimit(number, !refused.some(isLate))
    assert.match(log(), TOO_LARGE)
    await storeIsReady() // the table itself can be written

    dynamo.door = undefined
    await warmUp(world, hook)
    const counted = await thirtyTo(number) // codes sent in the meantime count
    await assertLimit(number, ![...refused, ...counted].some(isLate))
  })
})

const TOO_LARGE = /"step":"admit","outcome":"store-unavailable".*maximum allowed size/
type Readiness = { readonly checks: Readonly<Record<string, string>> }
