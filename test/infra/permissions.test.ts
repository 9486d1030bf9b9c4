import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { decide } from '../../simulators/aws/template/decide.ts'
import { byHeader, byToken, everything, oneFunction, oneFunctionByHeader } from '../fixtures/deployments.ts'
import { synthesized } from '../support/synthesized.ts'
import { objectsIn, type ParameterInput, textOf } from '../support/template.ts'

const template = await synthesized()
const withEvents = { ...byToken, OktaEvents: 'true' }

describe('permissions', () => {
  test('of the hook: its table, its secret and sending; with default parameters, nothing else', () => {
    assert.deepEqual(granted('HookRole', byToken), {
      'dynamodb:BatchGetItem': ['<Table.Arn>'],
      'dynamodb:GetItem': ['<Table.Arn>'],
      'dynamodb:Query': ['<Table.Arn>'],
      'dynamodb:UpdateItem': ['<Table.Arn>'],
      'logs:CreateLogStream': ['<HookLog.Arn>'],
      'logs:PutLogEvents': ['<HookLog.Arn>'],
      'secretsmanager:GetSecretValue': ['<HashKeySecret>'],
      'sms-voice:SendTextMessage': identities('<AWS::Region>'),
      'sms-voice:SendVoiceMessage': ['*'],
    })
  })

  test('of the hook: a second region, Notify and traces add exactly theirs', () => {
    const all = granted('HookRole', everything)
    const added = Object.keys(all).filter(action => !(action in granted('HookRole', byToken)))
    assert.deepEqual(added, [
      'sms-voice:SendNotifyTextMessage',
      'sms-voice:SendNotifyVoiceMessage',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ])
    assert.deepEqual(all['sms-voice:SendTextMessage'], [
      ...identities('<AWS::Region>'),
      ...identities('<SecondRegion>'),
    ])
    assert.deepEqual(
      all['sms-voice:SendNotifyTextMessage'],
      ['<AWS::Region>', '<SecondRegion>'].flatMap(region => [
        smsVoice('notify-configuration/*', region),
        smsVoice('configuration-set/<ConfigurationSet>', region),
      ]),
    )
  })

  test('of the hook: voice, which has no resources, is limited to the regions in use', () => {
    const regions = (input: ParameterInput) =>
      statements('HookRole', input)
        .filter(({ Action }) => listOf(Action).includes('sms-voice:SendVoiceMessage'))
        .map(({ Condition }) => Condition)
    const onlyIn = (...names: readonly string[]) => [
      { StringEquals: { 'aws:RequestedRegion': names.map(Ref => ({ Ref })) } },
    ]
    assert.deepEqual(regions(byToken), onlyIn('AWS::Region'))
    assert.deepEqual(regions(everything), onlyIn('AWS::Region', 'SecondRegion'))
  })

  test('of the authorizer: none with tokens, its secret with a header', () => {
    assert.deepEqual(Object.keys(granted('AuthorizerRole', byToken)), [
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ])
    assert.deepEqual(granted('AuthorizerRole', byHeader)['secretsmanager:GetSecretValue'], ['<HookSecret>'])
  })

  test('of the hook that also authenticates callers: with tokens nothing more, with a header also that secret', () => {
    assert.deepEqual(granted('HookRole', oneFunction), granted('HookRole', everything))
    const { 'secretsmanager:GetSecretValue': secrets, ...rest } = granted('HookRole', oneFunctionByHeader)
    const { 'secretsmanager:GetSecretValue': before, ...others } = granted('HookRole', byHeader)
    assert.deepEqual([before, secrets], [['<HashKeySecret>'], ['<HashKeySecret>', '<HookSecret>']])
    assert.deepEqual(rest, others)
  })

  test('of receipts: to store them, and to queue those that could not be stored', () => {
    assert.deepEqual(granted('ReceiptsRole', byToken), {
      'dynamodb:BatchGetItem': ['<Table.Arn>'],
      'dynamodb:GetItem': ['<Table.Arn>'],
      'dynamodb:UpdateItem': ['<Table.Arn>'],
      'logs:CreateLogStream': ['<ReceiptsLog.Arn>'],
      'logs:PutLogEvents': ['<ReceiptsLog.Arn>'],
      'sqs:SendMessage': ['<DeadLetters.Arn>'],
    })
  })

  test('of receipts: in the table, only receipts, and what they tell the fraud rule', () => {
    const keys = statements('ReceiptsRole', byToken).flatMap(({ Condition }) => Condition ?? [])
    assert.deepEqual(keys, [
      inTable('delivery#*', 'message#*', 'credit#*'),
      inTable('delivery#*', 'credit#*'),
      inTable('credit#*'),
    ])
  })

  test('of events: to read users, numbers and deliveries, to write deliveries, the records of the fraud rule, and two secrets', () => {
    assert.deepEqual(granted('EventsRole', withEvents), {
      'dynamodb:BatchGetItem': ['<Table.Arn>'],
      'dynamodb:GetItem': ['<Table.Arn>'],
      'dynamodb:Query': ['<Table.Arn>/index/by-day'],
      'dynamodb:UpdateItem': ['<Table.Arn>'],
      'logs:CreateLogStream': ['<EventsLog.Arn>'],
      'logs:PutLogEvents': ['<EventsLog.Arn>'],
      'secretsmanager:GetSecretValue': ['<HashKeySecret>', '<EventSecret>'],
    })
    const keys = statements('EventsRole', withEvents).flatMap(({ Condition }) => Condition ?? [])
    assert.deepEqual(keys, [
      inTable('user#*', 'number#*', 'delivery#*', 'credit#*'),
      inTable('credit#*'),
      inTable('delivery#*', 'credit#*'),
    ])
  })

  test('of events: message feedback adds the report, and of the policy only what says that answers come', () => {
    const withFeedback = { ...withEvents, MessageFeedback: 'true' }
    const messages = (region: string) => smsVoice('message/*', region)
    assert.deepEqual(granted('EventsRole', withFeedback)['sms-voice:PutMessageFeedback'], [
      messages('<AWS::Region>'),
    ])
    assert.deepEqual(granted('EventsRole', everything)['sms-voice:PutMessageFeedback'], [
      messages('<AWS::Region>'),
      messages('<SecondRegion>'),
    ])
    const before = statements('EventsRole', withEvents).map(statement => JSON.stringify(statement))
    const added = statements('EventsRole', withFeedback).filter(one => !before.includes(JSON.stringify(one)))
    const head = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['policy'] } }
    assert.deepEqual(
      added.map(({ Action, Condition }) => [listOf(Action), Condition]),
      [
        [['sms-voice:PutMessageFeedback'], undefined],
        [['dynamodb:GetItem'], { ...head, Null: { 'dynamodb:LeadingKeys': 'false' } }],
        [
          ['dynamodb:UpdateItem'],
          {
            ...head,
            'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['pk', 'sk', 'version', 'answerFlows'] },
            Null: { 'dynamodb:LeadingKeys': 'false', 'dynamodb:Attributes': 'false' },
          },
        ],
      ],
    )
  })

  test('of figures: to read deliveries, numbers and the policy, and to write deliveries, figures and the policy', () => {
    assert.deepEqual(granted('FiguresRole', byToken), {
      'dynamodb:BatchGetItem': ['<Table.Arn>'],
      'dynamodb:GetItem': ['<Table.Arn>'],
      'dynamodb:Query': ['<Table.Arn>', '<Table.Arn>/index/by-day'],
      'dynamodb:UpdateItem': ['<Table.Arn>', '<Table.Arn>'],
      'logs:CreateLogStream': ['<FiguresLog.Arn>'],
      'logs:PutLogEvents': ['<FiguresLog.Arn>'],
    })
    const keys = statements('FiguresRole', byToken).flatMap(({ Action, Condition }) =>
      Condition === undefined
        ? []
        : [[listOf(Action), Object(Condition)['ForAllValues:StringLike']['dynamodb:LeadingKeys']]],
    )
    assert.deepEqual(keys, [
      [['dynamodb:GetItem'], ['number#*', 'delivery#*', 'figures', 'policy']],
      [['dynamodb:BatchGetItem'], ['delivery#*', 'message#*']],
      [['dynamodb:Query'], ['figures#*', 'samples', 'policy#*']],
      [['dynamodb:UpdateItem'], ['delivery#*', 'figures', 'figures#*', 'samples']],
      [['dynamodb:UpdateItem'], ['policy', 'policy#*', 'changes']],
    ])
  })

  test('of the canary: to read what became of it, and neither to run the hook nor to send', () => {
    assert.deepEqual(granted('CanaryRole', everything), {
      'dynamodb:BatchGetItem': ['<Table.Arn>'],
      'dynamodb:Query': ['<Table.Arn>/index/by-event'],
      'logs:CreateLogStream': ['<CanaryLog.Arn>'],
      'logs:PutLogEvents': ['<CanaryLog.Arn>'],
      'xray:PutTelemetryRecords': ['*'],
      'xray:PutTraceSegments': ['*'],
    })
    const keys = statements('CanaryRole', everything).flatMap(({ Action, Condition }) =>
      Condition === undefined
        ? []
        : [[listOf(Action), Object(Condition)['ForAllValues:StringLike']['dynamodb:LeadingKeys']]],
    )
    assert.deepEqual(keys, [[['dynamodb:BatchGetItem'], ['delivery#*', 'message#*']]])
  })

  test('let only the events function read its secret', () => {
    const readers = ['HookRole', 'AuthorizerRole', 'ReceiptsRole', 'EventsRole'].filter(role =>
      granted(role, { ...byHeader, OktaEvents: 'true' })['secretsmanager:GetSecretValue']?.includes(
        '<EventSecret>',
      ),
    )
    assert.deepEqual(readers, ['EventsRole'])
  })

  test('come from statements here, except one managed policy, which API Gateway requires', () => {
    const managed = objectsIn(template.Resources).flatMap(({ ManagedPolicyArns }) =>
      listOf(ManagedPolicyArns ?? []),
    )
    assert.deepEqual(managed.map(textOf), [
      'arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs',
    ])
  })

  test('have a wildcard only with a reason', () => {
    const found = Object.entries(template.Resources).flatMap(([id, resource]) =>
      objectsIn(resource)
        .filter(({ Effect }) => Effect !== undefined)
        .flatMap(({ Effect, Action, Resource = [], Principal }) =>
          [...listOf(Action), ...listOf(Resource), ...principals(Principal)]
            .map(textOf)
            .filter(text => text.includes('*'))
            .map(text => `${id} ${Effect} ${text}`),
        ),
    )
    assert.deepEqual([...new Set(found)].sort(), Object.keys(REASONS).sort())
  })
})

/** Every wildcard of every policy in the template. */
const REASONS: Readonly<Record<string, string>> = {
  'Key Allow *':
    'In a key policy, the resource is the key; the principals are held to this account by a condition.',
  'Key Allow kms:*': 'Administrators, through IAM: without it, the key could not be changed or deleted.',
  'Key Allow kms:GenerateDataKey*': "Its two forms, as AWS's documentation of each service says.",
  'Key Allow kms:ReEncrypt*': 'From and to, which only make sense together.',
  ...Object.fromEntries(
    [...identities('<AWS::Region>'), ...identities('<SecondRegion>')]
      .filter(resource => resource.endsWith('*'))
      .map(resource => [`HookRole Allow ${resource}`, 'Routes name identities as live data.']),
  ),
  [`HookRole Allow ${smsVoice('notify-configuration/*', '<AWS::Region>')}`]: 'An identity, too.',
  [`HookRole Allow ${smsVoice('notify-configuration/*', '<SecondRegion>')}`]: 'An identity, too.',
  'HookRole Allow *': 'SendVoiceMessage and X-Ray have no resources in IAM.',
  'AuthorizerRole Allow *': 'X-Ray has no resources in IAM.',
  'ReceiptsRole Allow *': 'X-Ray has no resources in IAM.',
  ...Object.fromEntries(
    ['<AWS::Region>', '<SecondRegion>'].map(region => [
      `EventsRole Allow ${smsVoice('message/*', region)}`,
      'AWS gives each message its ID.',
    ]),
  ),
  'EventsRole Allow *': 'X-Ray has no resources in IAM.',
  'FiguresRole Allow *': 'X-Ray has no resources in IAM.',
  'CanaryRole Allow *': 'X-Ray has no resources in IAM.',
  'RolloutRole Allow arn:<AWS::Partition>:cloudwatch:<AWS::Region>:<AWS::AccountId>:alarm:*':
    'CodeDeploy reads the alarms that a rollout waits for; their names are made by CloudFormation.',
  'ReceiptsTopicPolicy Deny *': 'Publishing requires TLS.',
  'AlarmTopicPolicy Deny *': 'Publishing requires TLS.',
  'DeadLettersPolicy Deny *': 'Its use requires TLS.',
  'DeadLettersPolicy Deny sqs:*': 'Every action requires TLS.',
}

/** The condition of a statement that is about these keys only. */
function inTable(...patterns: readonly string[]): object {
  return {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': patterns },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  }
}

/** A protect configuration is only used in its own region. */
function identities(region: string): readonly string[] {
  const others = region === '<SecondRegion>' ? [] : ['protect-configuration/*']
  const kinds = ['phone-number/*', 'pool/*', 'sender-id/*', 'rcs-agent/*', ...others]
  return [...kinds, 'configuration-set/<ConfigurationSet>'].map(kind => smsVoice(kind, region))
}

function smsVoice(resource: string, region: string): string {
  return `arn:<AWS::Partition>:sms-voice:${region}:<AWS::AccountId>:${resource}`
}

/** Resources by action. */
function granted(role: string, input: ParameterInput): Readonly<Record<string, readonly string[]>> {
  const grants: Record<string, string[]> = {}
  for (const { Action, Resource } of statements(role, input)) {
    for (const action of listOf(Action))
      grants[String(action)] = [...(grants[String(action)] ?? []), ...listOf(Resource).map(textOf)]
  }
  return Object.fromEntries(Object.entries(grants).sort(([one], [other]) => (one < other ? -1 : 1)))
}

function statements(role: string, input: ParameterInput): readonly Readonly<Record<string, unknown>>[] {
  const { Properties } = decide(template, input).Resources[role] ?? {}
  const found = objectsIn(Properties?.Policies).filter(({ Effect }) => Effect !== undefined)
  assert.ok(found.length > 0 && found.every(({ Effect }) => Effect === 'Allow'), role)
  return found
}

function principals(principal: unknown): readonly unknown[] {
  return typeof principal === 'object' && principal !== null
    ? Object.values(principal).flatMap(listOf)
    : listOf(principal ?? [])
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value]
}
