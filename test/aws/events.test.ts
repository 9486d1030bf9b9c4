import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { matchesPattern } from '../../simulators/aws/events/event-pattern.ts'
import type { DeployedWorld } from '../world/deployed.ts'
import { startWorld } from '../world/world.ts'
import { fixtureArchives } from './fixtures/bundles.ts'
import { fixtureTemplate, hookRole, TABLE_ACTIONS } from './fixtures/template.ts'

describe('an event pattern', () => {
  const event = {
    source: 'aws.sms-voice',
    detail: { eventType: 'TEXT_DELIVERED', isFinal: true, parts: 2, tags: ['a', 'b'] },
  }
  const cases: readonly (readonly [pattern: object, fits: boolean])[] = [
    [{ source: ['aws.sms-voice'] }, true],
    [{ source: ['aws.other', 'aws.sms-voice'] }, true],
    [{ source: ['aws.other'] }, false],
    [{ source: ['aws.sms-voice'], detail: { eventType: ['TEXT_SENT'] } }, false],
    [{ detail: { eventType: [{ prefix: 'TEXT_' }] } }, true],
    [{ detail: { eventType: [{ suffix: '_SENT' }] } }, false],
    [{ detail: { eventType: [{ 'anything-but': ['TEXT_SENT', 'TEXT_QUEUED'] }] } }, true],
    [{ detail: { eventType: [{ 'anything-but': { prefix: 'TEXT_' } }] } }, false],
    [{ detail: { isFinal: [true], parts: [2] } }, true],
    [{ detail: { isFinal: ['true'] } }, false],
    [{ detail: { tags: ['b'] } }, true],
    [{ detail: { context: [{ exists: false }] } }, true],
    [{ detail: { parts: [{ exists: false }] } }, false],
    [{ detail: { nothing: { deeper: ['x'] } } }, false],
  ]
  for (const [pattern, fits] of cases) {
    test(`${JSON.stringify(pattern)} ${fits ? 'fits' : 'does not match'}`, () => {
      assert.equal(matchesPattern(pattern, event), fits)
    })
  }
  test('with an unknown matcher is an error', () => {
    assert.throws(
      () => matchesPattern({ source: [{ numeric: ['>', 1] }] }, event),
      /does not know the matcher/,
    )
    assert.throws(() => matchesPattern({ $or: [] }, event), /does not know \$or/)
  })
})

/** The fixture's topic receives the events of delivered and blocked texts; its rule receives those of calls. */
describe('events of the carrier', () => {
  let world: DeployedWorld
  before(async () => {
    using archives = await fixtureArchives()
    const pools = { Effect: 'Allow', Action: 'sms-voice:*', Resource: '*' }
    world = await startWorld({
      hook: 'deployed',
      release: {
        template: fixtureTemplate({ HookRole: hookRole(TABLE_ACTIONS, [pools]) }),
        archives: archives.path,
      },
      routes: 'none',
    })
    await world.callCarrier('PUT', '/events', { url: world.events.url, delayMs: 0 })
  })
  after(() => world?.[Symbol.asyncDispose]())

  const tell = async (event: object): Promise<void> => {
    // As posted by the stand-in's SNS.
    const Message = JSON.stringify(event)
    await fetch(world.events.url, {
      method: 'POST',
      body: JSON.stringify({ Type: 'Notification', Message }),
    })
    await world.events.settled()
  }
  const statuses = (): readonly string[] =>
    world.functions
      .named('receipts')
      .logs()
      .filter(line => line.includes('\tINFO\t'))
      .map(line => line.split('\tINFO\t')[1] ?? '')
  const send = async (): Promise<string> => {
    const response = await fetch(world.hookUrl, {
      method: 'POST',
      body: JSON.stringify({ does: 'send', identity: 'pool-tests' }),
      headers: { authorization: 'Bearer good' },
    })
    return JSON.parse(await response.text()).MessageId
  }

  test('go to the topic of the configuration set, and on as an event of SNS', async () => {
    const messageId = await send()
    await world.allDelivered()
    const records = statuses().map(line => JSON.parse(line))
    assert.ok(records.length > 0)
    for (const { Records, ...rest } of records) {
      assert.deepEqual([Object.keys(rest), Records.length, Records[0].EventSource], [[], 1, 'aws:sns'])
      const message = JSON.parse(Records[0].Sns.Message)
      assert.equal(message.messageId, messageId)
      assert.match(message.eventType, /^TEXT_(SUCCESSFUL|DELIVERED)$/)
    }
  })

  test('of an unlisted type are not delivered', async () => {
    const messageId = await send()
    await world.allDelivered()
    const before = statuses().length
    await tell({ messageId, eventType: 'TEXT_QUEUED' })
    assert.equal(statuses().length, before)
  })

  test('of a message without a configuration set do not reach the topic', async () => {
    const before = statuses().length
    await tell({ messageId: 'nobody-knows-it', eventType: 'TEXT_DELIVERED' })
    assert.equal(statuses().length, before)
  })

  test('that match a rule are delivered as the event itself, without destination and context', async () => {
    const event = { messageId: 'x', eventType: 'VOICE_COMPLETED', destinationPhoneNumber: '+1', context: {} }
    await tell(event)
    const { source, detail, account, 'detail-type': type } = JSON.parse(statuses().at(-1) ?? '')
    assert.deepEqual([source, account], ['aws.sms-voice', '123456789012'])
    assert.deepEqual(detail, { messageId: 'x', eventType: 'VOICE_COMPLETED' })
    assert.equal(type, 'Voice Message Delivery Status Updated')
  })

  test('that the function cannot handle are tried three times, and kept in its queue', async () => {
    const messageId = await send()
    await world.allDelivered()
    const before = statuses().length
    await tell({ messageId, eventType: 'TEXT_BLOCKED' })
    assert.equal(statuses().length - before, 3)
    const [letter, ...more] = world.deadLetters()
    assert.deepEqual([letter?.queue, more.length], ['Queue', 0])
    assert.match(letter?.error ?? '', /this one I cannot take/)
    const asked = world.calls().filter(({ action }) => action === 'sqs:SendMessage')
    assert.deepEqual(
      asked.map(({ function: name, granted }) => [name, granted]),
      [['receipts', true]],
    )
    assert.deepEqual(world.lost(), [])
  })
})
