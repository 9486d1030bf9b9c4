import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { PinpointSMSVoiceV2Client } from '@aws-sdk/client-pinpoint-sms-voice-v2'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { describeClosedList } from '../../../../test/fixtures/closed-list.ts'
import { endpointOf } from './endpoint.ts'

type Partitions = {
  readonly partitionsInfo: {
    readonly partitions: readonly {
      readonly id: string
      readonly regions: Readonly<Record<string, unknown>>
    }[]
  }
}
const file = '@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js'
const { partitionsInfo } = (await import(
  String(new URL(`../../../../node_modules/${file}`, import.meta.url))
)) as Partitions
const { partitions } = partitionsInfo

const region = 'us-east-1'
const clients = {
  'sms-voice': new PinpointSMSVoiceV2Client({ region }),
  dynamodb: new DynamoDBClient({ region }),
  secretsmanager: new SecretsManagerClient({ region }),
} as const
const services = ['sms-voice', 'dynamodb', 'secretsmanager'] as const
const SUPPORTED = ['aws', 'aws-cn', 'aws-us-gov']

describeClosedList('partitions', {
  values: partitions.map(({ id }) => id),
  isDecided: id => SUPPORTED.includes(id),
  impossible: {
    'aws-eusc': 'AWS End User Messaging has no endpoint there that was ever tried.',
    'aws-iso': 'No connection to the internet, and so none to Okta.',
    'aws-iso-b': 'No connection to the internet, and so none to Okta.',
    'aws-iso-e': 'No connection to the internet, and so none to Okta.',
    'aws-iso-f': 'No connection to the internet, and so none to Okta.',
  },
})

describe("AWS's own addresses", () => {
  for (const { id, regions } of partitions.filter(each => SUPPORTED.includes(each.id))) {
    it(`are those of the SDK in every region of ${id}, with FIPS and dual stack as well`, () => {
      // `aws-global` and the like are no regions that a client can be in.
      for (const Region of Object.keys(regions).filter(name => /\d$/.test(name)))
        for (const service of services)
          for (const UseFIPS of [true, false])
            for (const UseDualStack of [true, false]) {
              if (id === 'aws-cn' && UseFIPS) continue // China has no FIPS endpoints, whatever rules make of them
              const { url } = clients[service].config.endpointProvider({ Region, UseFIPS, UseDualStack })
              const environment = {
                AWS_USE_FIPS_ENDPOINT: String(UseFIPS),
                AWS_USE_DUALSTACK_ENDPOINT: String(UseDualStack),
              }
              assert.equal(endpointOf(service, Region, environment, undefined).href, url.href)
            }
    })
  }

  for (const name of ['eusc-de-east-1', 'us-iso-east-1', 'eu-isoe-west-1', 'moon-east-1', 'aws-global']) {
    it(`are not invented for an unknown region: ${name}`, () => {
      assert.throws(() => endpointOf('dynamodb', name, {}, undefined), new RegExp(`region ${name} are not`))
      assert.equal(endpointOf('dynamodb', name, {}, 'http://127.0.0.1:8000').port, '8000')
    })
  }

  for (const name of [
    '',
    'us east',
    'evil.example/',
    'us-east-1.evil.example',
    'US-EAST-1',
    'x'.repeat(64),
  ]) {
    it(`never contain an invalid region: "${name}"`, () => {
      for (const endpoint of [undefined, 'http://127.0.0.1:8000'])
        assert.throws(() => endpointOf('dynamodb', name, {}, endpoint), /is not a region of AWS/)
    })
  }
})

describe('a configured address', () => {
  const all = 'http://127.0.0.1:1'
  const own = 'http://127.0.0.1:2'
  const handedIn = 'http://127.0.0.1:3'
  for (const [what, environment, endpoint, expected] of [
    ['for all services', { AWS_ENDPOINT_URL: all }, undefined, all],
    ['for this one before that', { AWS_ENDPOINT_URL: all, AWS_ENDPOINT_URL_DYNAMODB: own }, undefined, own],
    ['for this one alone', { AWS_ENDPOINT_URL_DYNAMODB: own }, undefined, own],
    ['by an option before any', { AWS_ENDPOINT_URL_DYNAMODB: own }, handedIn, handedIn],
    ['and empty is none', { AWS_ENDPOINT_URL: all, AWS_ENDPOINT_URL_DYNAMODB: '' }, undefined, all],
    ['for another service', { AWS_ENDPOINT_URL_SECRETS_MANAGER: own }, undefined, 'aws'],
    [
      'and ignored',
      { AWS_ENDPOINT_URL_DYNAMODB: own, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
      undefined,
      'aws',
    ],
    [
      'by an option, whatever is ignored',
      { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
      handedIn,
      handedIn,
    ],
  ] as const) {
    it(`is used: ${what}`, () => {
      const aws = 'https://dynamodb.us-east-1.amazonaws.com'
      const { origin } = endpointOf('dynamodb', region, environment, endpoint)
      assert.equal(origin, expected === 'aws' ? aws : expected)
    })
  }

  it('is refused with FIPS or dual stack, which it may lack', () => {
    for (const name of ['AWS_USE_FIPS_ENDPOINT', 'AWS_USE_DUALSTACK_ENDPOINT'])
      assert.throws(
        () => endpointOf('dynamodb', region, { [name]: 'true' }, own),
        new RegExp(`^Error: ${name}`),
      )
  })

  for (const address of [
    'no address',
    'ftp://127.0.0.1',
    'https://user:secret@host',
    'https://host/path',
    'https://host?query',
    'https://host/#part',
  ]) {
    it(`is refused if it is more than an origin, without repeating it: ${address}`, () => {
      assert.throws(
        () => endpointOf('dynamodb', region, {}, address),
        error => /^Error: An address of AWS/.test(String(error)) && !String(error).includes('secret'),
      )
    })
  }
})

it('a setting that is neither true nor false is refused', () => {
  for (const name of [
    'AWS_USE_FIPS_ENDPOINT',
    'AWS_USE_DUALSTACK_ENDPOINT',
    'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
  ])
    for (const value of ['', 'TRUE', 'yes', '1'])
      assert.throws(
        () => endpointOf('dynamodb', region, { [name]: value }, undefined),
        new RegExp(`^Error: ${name} is`),
      )
})
