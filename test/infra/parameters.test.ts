import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type ParameterGroup, parameterGroups } from '../../infra/parameters/groups.ts'
import { brokenRules, decide } from '../../simulators/aws/template/decide.ts'
import type { TemplateParameter } from '../../simulators/aws/template/template.ts'
import type { FunctionName } from '../../src/config/setting.ts'
import { allSettings } from '../../src/config/setting-table.ts'
import { readSettings } from '../../src/config/settings.ts'
import {
  byHeader,
  byOrgs,
  byToken,
  deployments,
  everything,
  oneFunction,
  oneFunctionByHeader,
} from '../fixtures/deployments.ts'
import { synthesized } from '../support/synthesized.ts'
import type { ParameterInput } from '../support/template.ts'
import issuers from '../vectors/issuers.json' with { type: 'json' }

const template = await synthesized()
const parameters = Object.entries(template.Parameters)
const FUNCTIONS: Readonly<Record<string, FunctionName>> = {
  HookFunction: 'hook',
  AuthorizerFunction: 'authorizer',
  ReceiptsFunction: 'receipts',
  EventsFunction: 'events',
  FiguresFunction: 'figures',
  CanaryFunction: 'canary',
}

describe('parameters', () => {
  test('have the names that people and their pipelines know, and only the bucket is required', () => {
    assert.deepEqual(parameters.map(([name, { Default }]) => `${name}=${Default ?? ''}`).sort(), [
      'AlarmEmail=',
      'AlarmSet=all',
      'ApiGatewayName=hookline',
      'ApiLogRole=create',
      'ApiResourcePath=mfa',
      'ApiStage=v1',
      'AppHash=',
      'AuthorizerCodeVersion=',
      'BadInputsVersion=',
      'BlockedAnswer=silent',
      'Brand=Okta',
      'BrandLanguage=',
      'BrandSpoken=',
      'BudgetMs=2000',
      'Canary=off',
      'CanaryCodeVersion=',
      'CanaryFunctionName=hookline-canary',
      'CodeBucket=',
      'CommonRulesVersion=',
      'Dashboard=true',
      'DefaultCountry=',
      'DefaultLocale=en',
      'Domain=',
      'EventsCodeVersion=',
      'EventsFunctionName=hookline-events',
      'FallbackVoiceLocale=en',
      'Figures=true',
      'FiguresCodeVersion=',
      'FiguresFunctionName=hookline-figures',
      'Firewall=count',
      'FirstName=off',
      'HookCodeVersion=',
      'LambdaAPITriggerFunctionName=hookline-hook',
      'LambdaAuthorizerFunctionName=hookline-authorizer',
      'LogRetentionDays=30',
      'MaxPricePerMinute=1',
      'MaxPricePerPart=0.5',
      'MessageFeedback=false',
      'Notify=false',
      'OktaAddresses=',
      'OktaAudience=',
      'OktaClientId=',
      'OktaEvents=false',
      'OktaIssuer=',
      'OktaOrgs=',
      'OktaScope=',
      'OktasTextFor=',
      'OneFunction=false',
      'OneFunctionCodeVersion=',
      'OverLimitAnswer=error',
      'OwnKey=true',
      'PartsMax=2',
      'Protect=false',
      'ProvisionedConcurrency=0',
      'ProvisionedConcurrencyMax=0',
      'ReceiptsCodeVersion=',
      'ReceiptsFromEventBridge=false',
      'ReceiptsFunctionName=hookline-receipts',
      'RetentionDays=30',
      'SecondRegion=',
      'SecretHeaderName=',
      'SettingsRevision=1',
      'SpendAlarm=100',
      'ThrottlingBurst=200',
      'ThrottlingRate=100',
      'Tracing=false',
      'TrafficShift=off',
      'UnknownAnswer=failed',
      'UnknownRanges=',
    ])
    const required = parameters.filter(([, { Default }]) => Default === undefined).map(([name]) => name)
    assert.deepEqual(required, ['CodeBucket'])
  })

  test('are in one group each, as in the table of settings', () => {
    const groups: readonly ParameterGroup[] = parameterGroups
    const grouped = groups.flatMap(group => Object.keys(group.parameters))
    assert.deepEqual(grouped.toSorted(), parameters.map(([name]) => name).toSorted())
    for (const { name, deployed } of allSettings)
      if (deployed.kind === 'parameter') assert.ok(grouped.includes(deployed.parameter.name), name)
  })

  for (const [name, parameter] of parameters) {
    test(`${name} describes its purpose and the allowed values, and is in a group with a label`, () => {
      const { ParameterGroups, ParameterLabels } = template.Metadata['AWS::CloudFormation::Interface']
      assert.equal(ParameterGroups.filter(({ Parameters }) => Parameters.includes(name)).length, 1)
      assert.ok(ParameterLabels[name]?.default)
      assert.match(parameter.Description ?? '', /^.{10,}\.$/)
      assert.match(parameter.ConstraintDescription ?? '', /^expected .+\.$/)
      if (parameter.Default !== undefined) assert.ok(isAllowed(parameter, String(parameter.Default)))
      assert.equal(isAllowed(parameter, '<junk> & {more}'), false)
    })
  }

  const spellings: readonly (readonly [name: string, good: readonly string[], bad: readonly string[]])[] = [
    [
      'OktaIssuer',
      issuers.accepted.filter(issuer => !/localhost|127\.0/.test(issuer)),
      issuers.refused.map(({ issuer }) => issuer),
    ],
    ['OktaOrgs', ['{"acme":{"secretHeader":"X"}}'], ['acme', '{}', `{${'x'.repeat(3_001)}}`]],
    ['SecretHeaderName', ['X-Hookline-Secret'], ['Authorization', 'authorization', 'x y', '1x']],
    ['ApiResourcePath', ['mfa', 'otp_2', 'events2'], ['/mfa', 'a/b', '', 'events']],
    ['SecondRegion', ['eu-west-1', 'us-gov-west-1', 'ap-southeast-2'], ['Ireland', 'eu-west']],
    ['DefaultCountry', ['US'], ['us', 'USA']],
    ['UnknownRanges', ['CI', 'BJ, CI'], ['ci', 'BJ,', 'USA']],
    ['AlarmEmail', ['on-call@example.com'], ['on-call', 'a@b']],
    ['Brand', ['Okta', 'M\\u00fcller & S\\u00f6hne'], ['', 'x'.repeat(21), 'a/b', 'Müller', '\\u00FC']],
    ['BrandSpoken', ['Akme', 'M\\u00fcller'], ['x'.repeat(41), 'a/b', '<b>']],
    ['BrandLanguage', ['en-US', 'en', ''], ['English!', 'e']],
    ['OktasTextFor', ['ht', 'ht,hi', 'ht, hi'], ['ht;hi', 'h']],
    ['Domain', ['login.example.com'], ['Login.example.com', 'https://a.b']],
    ['LogRetentionDays', ['7', '365'], ['8']],
    [
      'OktaAddresses',
      ['', '192.0.2.0/24', '192.0.2.0/24,198.51.100.7/32'],
      ['192.0.2.0', '192.0.2.0/24,', 'a/24'],
    ],
    ['CommonRulesVersion', ['', 'Version_1.20'], ['1.20', 'Version_x']],
    ['ThrottlingRate', ['10', '100', '5000'], ['0', '101']],
    ['HookCodeVersion', ['', '3sL4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY', 'null'], ['a b']],
    ['BudgetMs', ['500', '2500'], ['499', '2501']],
  ]
  for (const [name, good, bad] of spellings) {
    test(`${name} takes ${good.join(', ')}, and not ${bad.join(', ')}`, () => {
      const parameter = template.Parameters[name] ?? assert.fail(name)
      for (const value of good) assert.ok(isAllowed(parameter, value), value)
      for (const value of bad) assert.equal(isAllowed(parameter, value), false, value)
    })
  }

  for (const [name, input] of Object.entries(deployments)) {
    test(`the deployment ${name} breaks no rule`, () => {
      assert.deepEqual(brokenRules(template, input), [])
    })
  }

  const refused: readonly (readonly [what: string, input: ParameterInput, rule: string])[] = [
    ['no caller could authenticate', { CodeBucket: 'b' }, 'WhoMayCall'],
    ['the client ID is missing', { ...byToken, OktaClientId: '' }, 'WhoMayCall'],
    ['a secret header and half a token', { ...byHeader, OktaScope: 's' }, 'WhoMayCall'],
    ['an org by name and half a token', { ...byOrgs, OktaScope: 's' }, 'WhoMayCall'],
    [
      'two authentication methods, but API Gateway can only read one',
      { ...byToken, ...byHeader },
      'WhoMayCall',
    ],
    [
      'a rate for Okta without the firewall',
      { ...byToken, ThrottlingRate: '200', Firewall: 'off' },
      'HighRatesBehindTheFirewall',
    ],
    [
      'warm instances behind an alias with two versions',
      { ...byToken, ProvisionedConcurrency: '1', TrafficShift: 'LambdaCanary10Percent5Minutes' },
      'WarmInstancesOrTrafficShift',
    ],
    [
      'message feedback without the events that it is about',
      { ...byToken, MessageFeedback: 'true' },
      'MessageFeedbackFromEvents',
    ],
    [
      'scaling without a warm instance',
      { ...byToken, ProvisionedConcurrencyMax: '5' },
      'WarmInstancesGrowFromSome',
    ],
  ]
  for (const [what, input, rule] of refused) {
    test(`refuses: ${what}`, () => {
      assert.deepEqual(brokenRules(template, input), [rule])
    })
  }
})

describe('the environment of the functions', () => {
  for (const [name, input] of Object.entries(deployments)) {
    for (const id of Object.keys(FUNCTIONS).filter(one => one in decide(template, input).Resources)) {
      test(`of ${id} holds settings that Hookline knows, with values that it takes (${name})`, () => {
        const values = Object.entries(environmentOf(id, input)).map(([setting, value]) => [
          setting,
          valueIn(value, input),
        ])
        assert.ok(values.length > 0)
        const read = readSettings(Object.fromEntries(values))
        assert.deepEqual(read.kind === 'problems' ? read.problems : [], [])
      })
    }
  }

  test('has every setting of Hookline, except those of a server and secrets', () => {
    const input = Object.keys(FUNCTIONS).flatMap(id => Object.keys(environmentOf(id, everything)))
    const missing = allSettings.map(({ name }) => name).filter(name => !input.includes(name))
    assert.deepEqual(missing, [
      'PORT',
      'HOOKLINE_HOST',
      'HOOKLINE_PATH',
      'HOOKLINE_METRICS_PORT',
      'HOOKLINE_CONSOLE_PORT',
      'HOOKLINE_WORKERS',
      'HOOKLINE_SECRETS',
      'HOOKLINE_ORG_SECRETS',
      'HOOKLINE_EVENT_SECRETS',
      'HOOKLINE_ORG_EVENT_SECRETS',
      'HOOKLINE_HASH_KEY',
      'HOOKLINE_OTHER_HASH_KEY',
      'HOOKLINE_DATA_DIR',
      'AWS_REGION',
      'AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2',
      'HOOKLINE_RECEIPT_TOPICS',
    ])
  })

  for (const [id, functionName] of Object.entries(FUNCTIONS)) {
    test(`of ${id} has its settings from the table of settings, and its own release and revision`, () => {
      const expected = allSettings.flatMap(({ name, deployed }) => {
        const isSet =
          (deployed.kind === 'parameter' && deployed.functions.includes(functionName)) ||
          (deployed.kind === 'resource' && functionName in deployed.resources)
        return isSet ? [name] : []
      })
      const own = functionName === 'hook' ? ['RELEASE', 'REVISION'] : []
      assert.deepEqual(Object.keys(environmentOf(id, everything)).sort(), [...own, ...expected].sort())
    })
  }

  test('names the protect configuration and the second secret only if they exist', () => {
    assert.equal(environmentOf('HookFunction', byToken).HOOKLINE_PROTECT_CONFIGURATION, '')
    assert.deepEqual(environmentOf('HookFunction', everything).HOOKLINE_PROTECT_CONFIGURATION, {
      Ref: 'ProtectConfiguration',
    })
    assert.equal(environmentOf('AuthorizerFunction', byToken).HOOKLINE_HOOK_SECRET_ID, '')
    assert.deepEqual(environmentOf('AuthorizerFunction', byHeader).HOOKLINE_HOOK_SECRET_ID, {
      Ref: 'HookSecret',
    })
  })

  test('of the hook has the settings of the authorizer only with OneFunction', () => {
    const added = (input: ParameterInput, other: ParameterInput) =>
      Object.keys(environmentOf('HookFunction', other))
        .filter(name => !(name in environmentOf('HookFunction', input)))
        .toSorted()
    for (const [one, input] of [
      [oneFunction, everything],
      [oneFunctionByHeader, byHeader],
    ] as const) {
      const ofAuthorizer = Object.keys(environmentOf('AuthorizerFunction', input)).toSorted()
      assert.deepEqual([added(input, one), added(one, input)], [ofAuthorizer, []])
    }
    const { HOOKLINE_HOOK_SECRET_ID, HOOKLINE_SECRET_ID } = environmentOf('HookFunction', oneFunctionByHeader)
    assert.deepEqual(
      [HOOKLINE_HOOK_SECRET_ID, HOOKLINE_SECRET_ID],
      [{ Ref: 'HookSecret' }, { Ref: 'HashKeySecret' }],
    )
    assert.equal(environmentOf('HookFunction', oneFunction).HOOKLINE_HOOK_SECRET_ID, '')
  })
})

function environmentOf(id: string, input: ParameterInput): Readonly<Record<string, unknown>> {
  const { Environment } = decide(template, input).Resources[id]?.Properties ?? assert.fail(id)
  return (Environment as { readonly Variables: Readonly<Record<string, unknown>> }).Variables
}

function valueIn(value: unknown, input: ParameterInput): string {
  const { Ref: name, 'Fn::Join': joined } = value as {
    readonly Ref?: string
    readonly 'Fn::Join'?: readonly [string, readonly unknown[]]
  }
  if (joined !== undefined) return joined[1].map(part => valueIn(part, input)).join(joined[0])
  if (name === undefined) return String(value)
  return String(input[name] ?? template.Parameters[name]?.Default ?? `name-of-${name.replace('AWS::', '')}`)
}

function isAllowed(parameter: TemplateParameter, value: string): boolean {
  if (parameter.AllowedValues !== undefined) return parameter.AllowedValues.includes(value)
  if (parameter.AllowedPattern !== undefined)
    return new RegExp(`^(?:${parameter.AllowedPattern})$`, 'u').test(value)
  const { MinValue, MaxValue } = parameter
  assert.ok(MinValue !== undefined && MaxValue !== undefined, 'a parameter without any limit')
  return Number(value) >= Number(MinValue) && Number(value) <= Number(MaxValue)
}
