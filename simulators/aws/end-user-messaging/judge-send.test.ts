import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  DeleteOptedOutNumberCommand,
  DescribeOptedOutNumbersCommand,
  DescribeOptOutListsCommand,
  SendTextMessageCommand,
  SendVoiceMessageCommand,
} from '@aws-sdk/client-pinpoint-sms-voice-v2'
import { failureOf, startBench, type TestBench } from '../../../test/stand-ins/carrier-bench.ts'

const ACCOUNT = {
  numbers: [
    { number: '+12065550100', country: 'US' },
    { number: '+12065550101', country: 'US', status: 'PENDING' },
    { number: '+12065550102', country: 'US', sendsAbroad: true },
    { number: '+447700900100', country: 'GB', capabilities: ['SMS'], messageType: 'PROMOTIONAL' },
    { number: '+12065550103', country: 'US', pool: 'pool-us' },
  ],
  pools: [{ id: 'pool-us' }, { id: 'pool-shared', hasSharedRoutes: true }],
  senderIds: [{ name: 'ACME', country: 'GB', isRegistered: true }],
  rcsAgents: [
    { id: 'rcs-gb', status: 'PARTIAL', countries: ['GB'], pool: 'pool-us' },
    { id: 'rcs-test', status: 'TESTING', countries: ['GB'] },
  ],
  judgesSends: true,
}
const US = '+14155550142'
const PR = '+17875550123'
const GB = '+447400123456'

async function benchWith(account: object, now = () => new Date()): Promise<TestBench> {
  const bench = await startBench({ now })
  assert.equal((await bench.call('/account', 'PUT', account)).status, 200)
  return bench
}

/** The reason, or the error's name if it has none; undefined if the message was accepted. */
async function judged(call: Promise<unknown>): Promise<string | undefined> {
  return call.then(
    () => undefined,
    async () => {
      const error = await failureOf(call)
      return error.Reason ?? error.name
    },
  )
}

describe('an account that checks what is sent', () => {
  const cases: readonly (readonly [from: string, to: string, reason: string | undefined])[] = [
    ['+12065550100', US, undefined],
    ['+12065550100', PR, 'INVALID_IDENTITY_FOR_DESTINATION_COUNTRY'],
    ['+12065550102', PR, undefined],
    ['+12065550101', US, 'RESOURCE_NOT_ACTIVE'],
    ['+12065550199', US, 'ResourceNotFoundException'],
    ['+447700900100', GB, 'MESSAGE_TYPE_MISMATCH'],
    ['pool-us', US, undefined],
    ['pool-us', PR, 'NO_ORIGINATION_IDENTITIES_FOUND'],
    ['pool-shared', PR, undefined],
    ['ACME', GB, undefined],
    ['ACME', US, 'SENDER_ID_NOT_SUPPORTED'],
    ['ACME', '+33755512501', 'SENDER_ID_NOT_REGISTERED'],
    ['NOBODY', GB, 'ResourceNotFoundException'],
    ['rcs-gb', GB, undefined],
    ['rcs-gb', US, 'INVALID_IDENTITY_FOR_DESTINATION_COUNTRY'],
    ['rcs-test', GB, 'RESOURCE_NOT_ACTIVE'],
    ['rcs-nobody', GB, 'ResourceNotFoundException'],
    ['pool-us', GB, undefined],
  ]

  test('gives the same answer to a dry run and a send', async () => {
    let time = 0
    await using bench = await benchWith(ACCOUNT, () => new Date(time))
    for (const [OriginationIdentity, DestinationPhoneNumber, reason] of cases) {
      const input = { OriginationIdentity, DestinationPhoneNumber, MessageBody: 'Hello' }
      time += 1_000
      for (const DryRun of [true, false]) {
        const judgement = await judged(bench.client.send(new SendTextMessageCommand({ ...input, DryRun })))
        assert.equal(
          judgement,
          reason,
          `${OriginationIdentity} to ${DestinationPhoneNumber}, DryRun ${DryRun}`,
        )
      }
    }
    const sent = cases.filter(([, , reason]) => reason === undefined).length
    assert.equal(((await bench.call('/messages')).body as readonly unknown[]).length, sent)
  })

  test('checks a call by the rules of calls', async () => {
    await using bench = await benchWith(ACCOUNT)
    const call = { DestinationPhoneNumber: GB, MessageBody: 'Hello' }
    const from = (OriginationIdentity: string) =>
      judged(bench.client.send(new SendVoiceMessageCommand({ ...call, OriginationIdentity })))
    assert.equal(await from('+447700900100'), 'NUMBER_CAPABILITIES_MISMATCH')
    assert.equal(await from('+12065550100'), undefined, 'numbers call abroad')
  })

  test('in the sandbox sends to verified numbers only', async () => {
    await using bench = await benchWith({ ...ACCOUNT, tier: 'SANDBOX' })
    const to = (DestinationPhoneNumber: string) =>
      judged(
        bench.client.send(
          new SendTextMessageCommand({
            DestinationPhoneNumber,
            OriginationIdentity: '+12065550100',
            MessageBody: 'Hello',
          }),
        ),
      )
    assert.equal(await to(US), 'DESTINATION_PHONE_NUMBER_NOT_VERIFIED')
    assert.equal(await to('+14254147755'), undefined)
  })
})

test('allows five dry runs a second; sends are not counted', async () => {
  let time = 0
  await using bench = await startBench({ now: () => new Date(time) })
  const send = (DryRun: boolean) =>
    judged(
      bench.client.send(
        new SendTextMessageCommand({ DestinationPhoneNumber: US, MessageBody: 'Hi', DryRun }),
      ),
    )
  for (let count = 0; count < 5; count++) assert.equal(await send(true), undefined)
  assert.equal(await send(true), 'ThrottlingException')
  assert.equal(await send(false), undefined)
  time = 1_000
  assert.equal(await send(true), undefined)
})

describe('opt-out lists', () => {
  const OptedOutNumber = US
  const account = {
    optedOut: [
      { number: US, at: 1_795_835_263 },
      { number: US, list: 'Second', byUser: false },
    ],
  }

  test('refuse texts to a number on them, but not calls', async () => {
    await using bench = await benchWith(account)
    const { OptOutLists = [] } = await bench.client.send(new DescribeOptOutListsCommand({}))
    assert.deepEqual(
      OptOutLists.map(({ OptOutListName }) => OptOutListName),
      ['Default', 'Second'],
    )
    const { OptedOutNumbers = [] } = await bench.client.send(
      new DescribeOptedOutNumbersCommand({ OptOutListName: 'Default', OptedOutNumbers: [US] }),
    )
    assert.deepEqual(
      [OptedOutNumbers[0]?.EndUserOptedOut, OptedOutNumbers[0]?.OptedOutTimestamp?.getTime()],
      [true, 1_795_835_263_000],
    )
    const text = { DestinationPhoneNumber: US, MessageBody: 'Hi' }
    for (const DryRun of [true, false])
      assert.equal(
        await judged(bench.client.send(new SendTextMessageCommand({ ...text, DryRun }))),
        'DESTINATION_PHONE_NUMBER_OPTED_OUT',
      )
    const call = { ...text, OriginationIdentity: '+12065550100' }
    assert.equal(await judged(bench.client.send(new SendVoiceMessageCommand(call))), undefined)
  })

  test('allow the removal of a number once in 30 days', async () => {
    let time = 0
    await using bench = await benchWith(account, () => new Date(time))
    const remove = (OptOutListName: string) =>
      judged(bench.client.send(new DeleteOptedOutNumberCommand({ OptOutListName, OptedOutNumber })))
    assert.equal(await remove('Third'), 'ResourceNotFoundException')
    assert.equal(await remove('Default'), undefined)
    assert.equal(await remove('Default'), 'ResourceNotFoundException')
    assert.equal(await remove('Second'), 'PHONE_NUMBER_CANNOT_BE_OPTED_IN')
    time = 30 * 24 * 3_600_000
    assert.equal(await remove('Second'), undefined)
  })
})
