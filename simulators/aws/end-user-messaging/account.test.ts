import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  DescribeAccountAttributesCommand,
  DescribePhoneNumbersCommand,
  DescribePoolsCommand,
  DescribeRcsAgentCountryLaunchStatusCommand,
  DescribeRcsAgentsCommand,
  DescribeSenderIdsCommand,
  DescribeSpendLimitsCommand,
  ListPoolOriginationIdentitiesCommand,
  PinpointSMSVoiceV2Client,
  paginateDescribePhoneNumbers,
  SendTextMessageCommand,
} from '@aws-sdk/client-pinpoint-sms-voice-v2'
import { failureOf, startBench } from '../../../test/stand-ins/carrier-bench.ts'

describe('the account', () => {
  test('can text and call by default, and every pool has a member', async () => {
    await using bench = await startBench()
    const { PhoneNumbers = [] } = await bench.client.send(new DescribePhoneNumbersCommand({}))
    const us = PhoneNumbers.find(({ PhoneNumber }) => PhoneNumber === '+12065550100')
    assert.deepEqual(
      [us?.Status, us?.IsoCountryCode, us?.NumberType, us?.NumberCapabilities, us?.CreatedTimestamp],
      ['ACTIVE', 'US', 'TEN_DLC', ['SMS', 'VOICE'], new Date(1_760_000_000_000)],
    )
    const { Pools = [] } = await bench.client.send(new DescribePoolsCommand({}))
    assert.equal(Pools.length, 6)
    for (const { PoolId } of Pools) {
      const { OriginationIdentities = [] } = await bench.client.send(
        new ListPoolOriginationIdentitiesCommand({ PoolId }),
      )
      assert.equal(OriginationIdentities.length, 1)
      assert.ok(
        PhoneNumbers.some(({ PhoneNumberId: id }) => id === OriginationIdentities[0]?.OriginationIdentity),
      )
    }
    const { SenderIds = [] } = await bench.client.send(new DescribeSenderIdsCommand({}))
    assert.deepEqual([SenderIds[0]?.SenderId, SenderIds[0]?.Registered], ['HOOKLINE', true])
  })

  test('a list is paged; a token is valid for its own operation only', async () => {
    await using bench = await startBench()
    const numbers = ['100', '101', '102', '103', '104'].map(end => ({
      number: `+12065550${end}`,
      country: 'US',
    }))
    await bench.call('/account', 'PUT', { numbers, pageSize: 2 })
    const pages: number[] = []
    const seen = new Set<string | undefined>()
    for await (const { PhoneNumbers = [] } of paginateDescribePhoneNumbers({ client: bench.client }, {})) {
      pages.push(PhoneNumbers.length)
      for (const { PhoneNumber } of PhoneNumbers) seen.add(PhoneNumber)
    }
    assert.deepEqual([pages, seen.size], [[2, 2, 1], 5])
    const { NextToken } = await bench.client.send(new DescribePhoneNumbersCommand({ MaxResults: 1 }))
    const wrong = await failureOf(bench.client.send(new DescribePoolsCommand({ NextToken })))
    assert.deepEqual([wrong.name, wrong.Reason], ['ValidationException', 'INVALID_NEXT_TOKEN'])
  })

  test('requests that AWS would refuse are refused', async () => {
    await using bench = await startBench()
    const { client } = bench
    const reasons = [
      new DescribePhoneNumbersCommand({ MaxResults: 101 }),
      new DescribePhoneNumbersCommand({ PhoneNumberIds: ['phone-a'], Owner: 'SELF' }),
      new DescribePoolsCommand({ PoolIds: ['pool 1'] }),
      new DescribePhoneNumbersCommand({ PhoneNumberIds: Array.from({ length: 6 }, () => 'phone-a') }),
      new DescribePhoneNumbersCommand({ Filters: [{ Name: 'status', Values: ['ACTIVE'] }] }),
    ].map(async command => (await failureOf(client.send(command as DescribePoolsCommand))).Reason)
    assert.deepEqual(await Promise.all(reasons), [
      'INVALID_PARAMETER',
      'PARAMETERS_CANNOT_BE_USED_TOGETHER',
      'INVALID_PARAMETER',
      'INVALID_PARAMETER',
      'INVALID_PARAMETER',
    ])
    const lost = new ListPoolOriginationIdentitiesCommand({ PoolId: 'pool-nobody' })
    assert.equal((await failureOf(client.send(lost))).name, 'ResourceNotFoundException')
    const unnamed = new ListPoolOriginationIdentitiesCommand({ PoolId: undefined })
    assert.equal((await failureOf(client.send(unnamed))).Reason, 'MISSING_PARAMETER')
  })

  test('an identity exists in its region, or in every region by default', async () => {
    await using bench = await startBench()
    await bench.call('/account', 'PUT', {
      numbers: [
        { number: '+12065550100', country: 'US' },
        { number: '+447700900100', country: 'GB', region: 'eu-west-1' },
        { number: '+447700900101', country: 'GB', owner: 'SHARED' },
      ],
    })
    const listed = async (region: string, Owner?: 'SHARED') => {
      const client = new PinpointSMSVoiceV2Client({
        endpoint: bench.standIn.url,
        region,
        credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'not-a-secret' },
      })
      const { PhoneNumbers = [] } = await client.send(new DescribePhoneNumbersCommand({ Owner }))
      client.destroy()
      return PhoneNumbers.map(({ PhoneNumber }) => PhoneNumber)
    }
    assert.deepEqual(await listed('us-east-1'), ['+12065550100'])
    assert.deepEqual(await listed('eu-west-1'), ['+12065550100', '+447700900100'])
    assert.deepEqual(await listed('eu-west-1', 'SHARED'), ['+447700900101'])
  })

  test('an RCS agent is listed with its countries, and as a member of its pool without a country', async () => {
    await using bench = await startBench()
    await bench.call('/account', 'PUT', {
      pools: [{ id: 'pool-a1' }],
      rcsAgents: [{ id: 'rcs-a1', status: 'PARTIAL', countries: ['US', 'CA'], pool: 'pool-a1' }],
    })
    const { RcsAgents = [] } = await bench.client.send(new DescribeRcsAgentsCommand({}))
    assert.deepEqual(
      RcsAgents.map(({ RcsAgentId, Status, PoolId }) => [RcsAgentId, Status, PoolId]),
      [['rcs-a1', 'PARTIAL', 'pool-a1']],
    )
    const command = new DescribeRcsAgentCountryLaunchStatusCommand({ RcsAgentId: RcsAgents[0]?.RcsAgentArn })
    const { CountryLaunchStatus = [] } = await bench.client.send(command)
    assert.deepEqual(
      CountryLaunchStatus.map(({ IsoCountryCode, Status }) => [IsoCountryCode, Status]),
      [
        ['US', 'ACTIVE'],
        ['CA', 'ACTIVE'],
      ],
    )
    const { OriginationIdentities } = await bench.client.send(
      new ListPoolOriginationIdentitiesCommand({ PoolId: 'pool-a1' }),
    )
    assert.deepEqual(OriginationIdentities, [
      {
        OriginationIdentityArn: 'arn:aws:sms-voice:us-east-1:123456789012:rcs-agent/rcs-a1',
        OriginationIdentity: 'rcs-a1',
        NumberCapabilities: ['RCS'],
      },
    ])
    const lost = new DescribeRcsAgentCountryLaunchStatusCommand({ RcsAgentId: 'rcs-nobody' })
    assert.equal((await failureOf(bench.client.send(lost))).name, 'ResourceNotFoundException')
  })

  test('tier and monthly limits are as set', async () => {
    await using bench = await startBench()
    await bench.call('/account', 'PUT', { tier: 'SANDBOX', limits: { text: 1, voice: 0 } })
    const { AccountAttributes } = await bench.client.send(new DescribeAccountAttributesCommand({}))
    assert.deepEqual(AccountAttributes, [{ Name: 'ACCOUNT_TIER', Value: 'SANDBOX' }])
    const { SpendLimits = [] } = await bench.client.send(new DescribeSpendLimitsCommand({}))
    assert.deepEqual(
      SpendLimits.map(({ Name, EnforcedLimit }) => [Name, EnforcedLimit]),
      [
        ['TEXT_MESSAGE_MONTHLY_SPEND_LIMIT', 1],
        ['VOICE_MESSAGE_MONTHLY_SPEND_LIMIT', 0],
      ],
    )
  })

  test('an invalid account changes nothing, and DELETE restores the default one', async () => {
    await using bench = await startBench()
    const first = (await bench.call('/account')).body
    const wrong = await bench.call('/account', 'PUT', { numbers: [{ number: 'home', country: 'US' }] })
    assert.deepEqual(wrong, {
      status: 400,
      body: {
        message: 'Not set: numbers[0].number is "home"; expected a number such as +12065550100',
      },
    })
    assert.equal((await bench.call('/account', 'PUT', { colour: 'red' })).status, 400)
    assert.deepEqual((await bench.call('/account')).body, first)
    assert.equal((await bench.call('/account', 'PUT', {})).status, 200)
    assert.notDeepEqual((await bench.call('/account')).body, first)
    assert.equal((await bench.call('/account', 'DELETE')).status, 204)
    assert.deepEqual((await bench.call('/account')).body, first)
    assert.equal((await bench.call('/account', 'POST', {})).status, 405)
  })

  test('a fault applies to a describe operation only if it names the operation', async () => {
    await using bench = await startBench()
    await bench.call('/faults', 'POST', [
      { kind: 'error', name: 'ThrottlingException', match: { operation: 'DescribePools' }, times: 1 },
      { kind: 'error', name: 'ConflictException' },
    ])
    assert.equal((await bench.client.send(new DescribePhoneNumbersCommand({}))).PhoneNumbers?.length, 13)
    const throttled = await failureOf(bench.client.send(new DescribePoolsCommand({})))
    assert.equal(throttled.name, 'ThrottlingException')
    assert.equal((await bench.client.send(new DescribePoolsCommand({}))).Pools?.length, 6)
    const text = { DestinationPhoneNumber: '+14254147755', MessageBody: '1' }
    const refused = await failureOf(bench.client.send(new SendTextMessageCommand(text)))
    assert.equal(refused.name, 'ConflictException')
  })
})
