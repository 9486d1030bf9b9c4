import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Secret } from '../../core/values/secret.ts'
import { createAwsClient } from '../aws/wire/client.ts'
import { endpointOf } from '../aws/wire/endpoint.ts'
import type { WireRequest } from '../aws/wire/exchange.ts'
import { readAlarms } from './alarms.ts'

/** As CloudWatch's API reference shows the answer; times are seconds in the JSON protocol. */
const alarm = (name: string, StateValue: string): object => ({
  ...{ AlarmName: name, AlarmDescription: `What to do about ${name}.`, StateValue },
  ...{ StateUpdatedTimestamp: 1_795_867_205.5, StateTransitionedTimestamp: 1_795_867_200.25 },
  StateReason: 'Threshold Crossed',
})

describe('the alarms of a deployment', () => {
  it('are those of its prefix, on every page; the open ones with their time', async () => {
    const asked: object[] = []
    const pages = [
      { MetricAlarms: [alarm('a', 'OK'), alarm('b', 'ALARM')], NextToken: 'n1' },
      { MetricAlarms: [alarm('c', 'INSUFFICIENT_DATA')] },
    ]
    const read = await readAlarms(async (operation, input) => {
      asked.push({ operation, ...input })
      return pages[asked.length - 1] ?? assert.fail('one page too many')
    }, 'hookline-Alarm')
    assert.deepEqual(read, {
      open: [{ name: 'b', description: 'What to do about b.', since: 1_795_867_200_250 }],
      ...{ count: 3, isComplete: true },
    })
    const question = { AlarmNamePrefix: 'hookline-Alarm', AlarmTypes: ['MetricAlarm'], MaxRecords: 100 }
    assert.deepEqual(asked, [
      { operation: 'DescribeAlarms', ...question },
      { operation: 'DescribeAlarms', ...question, NextToken: 'n1' },
    ])
  })

  it('are read twenty pages far, and without what AWS leaves out', async () => {
    let calls = 0
    const read = await readAlarms(async () => {
      calls += 1
      return { MetricAlarms: [{ StateValue: 'ALARM' }], NextToken: 'more' }
    }, 'x')
    assert.equal(calls, 20)
    assert.equal(read.isComplete, false)
    assert.deepEqual(read.open[0], { name: '', description: '', since: undefined })
    assert.deepEqual(await readAlarms(async () => ({}), 'x'), { open: [], count: 0, isComplete: true })
  })

  it('are asked for in the JSON protocol of CloudWatch, signed as `monitoring`', async () => {
    const sent: WireRequest[] = []
    const call = createAwsClient({
      ...{ service: 'monitoring', region: 'eu-west-1', environment: {}, now: () => 1_795_867_200_000 },
      credentials: () => ({
        accessKeyId: 'AKID',
        secretAccessKey: new Secret('key'),
        sessionToken: undefined,
      }),
      transport: {
        exchange: async request => {
          sent.push(request)
          return { status: 200, headers: {}, body: Buffer.from('{"MetricAlarms":[]}') }
        },
        close: () => undefined,
      },
    })
    const none = { open: [], count: 0, isComplete: true }
    assert.deepEqual(await readAlarms(call, 'hookline-Alarm'), none)
    const { endpoint, headers, body } = sent[0] ?? assert.fail()
    assert.equal(endpoint.href, 'https://monitoring.eu-west-1.amazonaws.com/')
    assert.equal(headers['x-amz-target'], 'GraniteServiceVersion20100801.DescribeAlarms')
    assert.equal(headers['content-type'], 'application/x-amz-json-1.0')
    assert.match(String(headers.authorization), /\/eu-west-1\/monitoring\/aws4_request/)
    assert.equal(JSON.parse(body).AlarmNamePrefix, 'hookline-Alarm')
  })

  // Source: AWS General Reference, "Amazon CloudWatch endpoints and quotas".
  for (const [region, flags, host] of [
    ['eu-west-1', {}, 'monitoring.eu-west-1.amazonaws.com'],
    ['us-east-1', { AWS_USE_FIPS_ENDPOINT: 'true' }, 'monitoring-fips.us-east-1.amazonaws.com'],
    ['us-gov-west-1', { AWS_USE_FIPS_ENDPOINT: 'true' }, 'monitoring.us-gov-west-1.amazonaws.com'],
    ['cn-north-1', {}, 'monitoring.cn-north-1.amazonaws.com.cn'],
    ['eu-west-1', { AWS_USE_DUALSTACK_ENDPOINT: 'true' }, 'monitoring.eu-west-1.api.aws'],
  ] as const)
    it(`are asked for at ${host}`, () => {
      assert.equal(endpointOf('monitoring', region, flags, undefined).host, host)
    })
})
