import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import * as sdk from '@aws-sdk/client-pinpoint-sms-voice-v2'
import {
  type EndUserMessaging,
  startEndUserMessaging,
} from '../../../simulators/aws/end-user-messaging/server.ts'
import { CREDENTIALS } from '../../../test/fixtures/aws-credentials.ts'
import { describeClosedList, ruledOut } from '../../../test/fixtures/closed-list.ts'
import { isLaunchedAtAll } from '../../advice/account/account-identities.ts'
import { CHANNELS, LIMITED_CHANNELS, readAccountIdentities } from './account-identities.ts'

/** AWS's SDK against the stand-in's account. */
describe('the identities of an account, read from AWS', { timeout: 60_000 }, () => {
  let carrier: EndUserMessaging
  before(async () => {
    carrier = await startEndUserMessaging({ port: 0 })
    Object.assign(process.env, CREDENTIALS, { AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: carrier.url })
  })
  after(() => carrier.close())
  const account = async (setting: object): Promise<void> => {
    const init = { method: 'PUT', body: JSON.stringify(setting) }
    const response = await fetch(`${carrier.url}/account`, init)
    assert.equal(response.status, 200, await response.text())
  }
  const read = (hasNotify = false) => readAccountIdentities({ region: 'us-east-1', hasNotify })

  test('a number with all its properties', async () => {
    await account({
      numbers: [
        {
          number: '+12065550100',
          country: 'US',
          type: 'TEN_DLC',
          status: 'PENDING',
          capabilities: ['MMS', 'SMS', 'VOICE'],
          registrationId: 'registration-1',
          sendsAbroad: true,
          textsPerSecond: 25,
        },
      ],
    })
    const [number] = (await read()).numbers
    const { id, arn, ...rest } = number ?? { id: '', arn: '' }
    assert.match(id, /^phone-[0-9a-f]{32}$/)
    assert.equal(arn, `arn:aws:sms-voice:us-east-1:123456789012:phone-number/${id}`)
    assert.deepEqual(rest, {
      number: '+12065550100',
      country: 'US',
      type: 'TEN_DLC',
      status: 'PENDING',
      messageType: 'TRANSACTIONAL',
      channels: ['sms', 'voice'],
      registrationId: 'registration-1',
      sendsAbroad: true,
      textsPerSecond: 25,
      isShared: false,
    })
  })

  test('RCS agents with the countries where they are launched, and as members of their pool', async () => {
    await account({
      pools: [{ id: 'pool-a1' }],
      rcsAgents: [{ id: 'rcs-a1', status: 'PARTIAL', countries: ['US', 'CA'], pool: 'pool-a1' }],
    })
    const { rcsAgents, pools } = await read()
    const arn = 'arn:aws:sms-voice:us-east-1:123456789012:rcs-agent/rcs-a1'
    const agent = { id: 'rcs-a1', arn, status: 'PARTIAL', countries: ['US', 'CA'], isShared: false }
    assert.deepEqual(rcsAgents, [agent])
    assert.deepEqual(pools[0]?.members, [{ id: 'rcs-a1', arn, country: undefined, channels: ['sms'] }])
  })

  test('RCS agents are unknown if AWS does not allow reading them', async () => {
    await account({ numbers: [{ number: '+12065550100', country: 'US' }] })
    const fault = { kind: 'error', name: 'AccessDeniedException', match: { operation: 'DescribeRcsAgents' } }
    const armed = await fetch(`${carrier.url}/faults`, { method: 'POST', body: JSON.stringify(fault) })
    assert.equal(armed.status, 201, await armed.text())
    const { rcsAgents, numbers } = await read()
    await fetch(`${carrier.url}/faults`, { method: 'DELETE' })
    assert.deepEqual([rcsAgents, numbers.length], [undefined, 1])
  })

  test('the members of a pool, over several pages, including sender IDs', async () => {
    const numbers = ['100', '101', '102', '103'].map(end => ({
      number: `+12065550${end}`,
      country: 'US',
      pool: 'pool-a1',
    }))
    const senderIds = [{ name: 'ACME', country: 'GB', pool: 'pool-a1' }]
    await account({ numbers, pools: [{ id: 'pool-a1', hasSharedRoutes: true }], senderIds, pageSize: 2 })
    const { pools } = await read()
    assert.deepEqual([pools.length, pools[0]?.hasSharedRoutes, pools[0]?.members.length], [1, true, 5])
    assert.deepEqual(pools[0]?.members.at(-1), {
      id: 'ACME',
      arn: 'arn:aws:sms-voice:us-east-1:123456789012:sender-id/ACME/GB',
      country: 'GB',
      channels: ['sms'],
    })
  })

  test('identities that other accounts share are marked', async () => {
    await account({
      numbers: [
        { number: '+12065550100', country: 'US' },
        { number: '+12065550101', country: 'US', owner: 'SHARED' },
      ],
      pools: [{ id: 'pool-a1', owner: 'SHARED' }],
      senderIds: [{ name: 'ACME', country: 'GB', owner: 'SHARED' }],
    })
    const { numbers, pools, senderIds } = await read()
    assert.deepEqual(
      numbers.map(({ number, isShared }) => [number, isShared]),
      [
        ['+12065550100', false],
        ['+12065550101', true],
      ],
    )
    assert.deepEqual([pools[0]?.isShared, senderIds[0]?.isShared], [true, true])
  })

  test('tier, limits, and, on request, notify configurations', async () => {
    const notifyConfigurations = [{ id: 'notify-a1', countries: ['US'], channels: ['SMS'] }]
    await account({ tier: 'SANDBOX', limits: { text: 1, voice: 0 }, notifyConfigurations })
    const without = await read()
    assert.deepEqual([without.isInSandbox, without.notifyConfigurations], [true, undefined])
    assert.deepEqual(without.spendLimits, [
      { channel: 'sms', limit: 1 },
      { channel: 'voice', limit: 0 },
    ])
    assert.deepEqual((await read(true)).notifyConfigurations, [
      {
        id: 'notify-a1',
        arn: 'arn:aws:sms-voice:us-east-1:123456789012:notify-configuration/notify-a1',
        status: 'ACTIVE',
        countries: ['US'],
        channels: ['sms'],
      },
    ])
  })

  test('the region is the one that AWS’s SDK finds, unless one is set', async () => {
    await account({ numbers: [{ number: '+447700900100', country: 'GB', region: 'eu-west-1' }] })
    process.env.AWS_REGION = 'eu-west-1'
    const { region, numbers } = await readAccountIdentities({ region: undefined, hasNotify: false })
    assert.deepEqual([region, numbers.length], ['eu-west-1', 1])
    assert.deepEqual((await read()).numbers, [])
  })
})

describeClosedList('number capabilities', {
  values: Object.values(sdk.NumberCapability),
  isDecided: capability => CHANNELS[capability] !== undefined,
  impossible: { MMS: 'Hookline sends no pictures.' },
})

describeClosedList('spend limits', {
  values: Object.values(sdk.SpendLimitName),
  isDecided: name => LIMITED_CHANNELS[name] !== undefined,
  impossible: {
    MEDIA_MESSAGE_MONTHLY_SPEND_LIMIT: 'Hookline sends no pictures.',
    NOTIFY_MESSAGE_MONTHLY_SPEND_LIMIT: 'Of AWS Notify alone; an attempt that meets it goes on to the next.',
    RCS_MESSAGE_MONTHLY_SPEND_LIMIT: 'Of RCS alone; an attempt that meets it goes on to the next.',
  },
})

describeClosedList('statuses of an RCS agent', {
  values: Object.values(sdk.RcsAgentStatus),
  isDecided: isLaunchedAtAll,
  impossible: ruledOut('Not launched: AWS sends nothing from it.', 'CREATED PENDING TESTING DELETED'),
})

describeClosedList("statuses of an RCS agent's launch in a country", {
  values: Object.values(sdk.CountryLaunchStatus),
  isDecided: isLaunchedAtAll,
  impossible: ruledOut('Not launched there: AWS sends nothing from it.', 'CREATED PENDING REJECTED'),
})
