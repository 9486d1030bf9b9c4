import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { firewallOf } from '../../simulators/aws/gateway/firewall.ts'
import { decide } from '../../simulators/aws/template/decide.ts'
import { embeddedMetrics } from '../../src/adapters/cloudwatch/embedded-metrics.ts'
import { EXPIRY_ATTRIBUTE, tableDefinition } from '../../src/adapters/dynamodb/table-definition.ts'
import type { StepEvent } from '../../src/core/deliver/event.ts'
import {
  byHeader,
  byToken,
  deployments,
  everything,
  gradual,
  minimal,
  oneFunction,
  oneFunctionByHeader,
} from '../fixtures/deployments.ts'
import { synthesized } from '../support/synthesized.ts'
import { objectsIn, ofType, type ParameterInput, textOf } from '../support/template.ts'

const template = await synthesized()

describe('the table', () => {
  test('is the one that the store uses, removes expired items, and can be restored to an earlier time', () => {
    const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, BillingMode, ...rest } = properties(
      'Table',
      byToken,
    )
    const { AttributeDefinitions: attributes, ...known } = tableDefinition
    assert.deepEqual({ KeySchema, GlobalSecondaryIndexes, BillingMode }, known)
    assert.deepEqual(new Set(AttributeDefinitions as object[]), new Set(attributes))
    assert.deepEqual(rest, {
      TimeToLiveSpecification: { AttributeName: EXPIRY_ATTRIBUTE, Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: {
        SSEEnabled: true,
        SSEType: 'KMS',
        KMSMasterKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] },
      },
    })
    assert.equal('SSESpecification' in properties('Table', minimal), false, "AWS's own key is free")
  })
})

describe('the functions', () => {
  test('run the bundles of this release on Node 24, within their memory and time', () => {
    const functions = (input: ParameterInput) =>
      Object.values(ofType(decide(template, input).Resources, 'AWS::Lambda::Function'))
    const configured = (input: ParameterInput) =>
      functions(input).map(({ Properties: it = {} }) =>
        [
          textOf((it.Code as { S3Key: string }).S3Key),
          it.Handler,
          it.Runtime,
          it.Architectures,
          it.MemorySize,
          it.Timeout,
        ].join(' '),
      )
    assert.deepEqual(configured(everything), [
      'hookline/0123456789abcdef/hook.zip index.handler nodejs24.x arm64 512 5',
      'hookline/0123456789abcdef/authorizer.zip index.handler nodejs24.x arm64 512 3',
      'hookline/0123456789abcdef/events.zip index.handler nodejs24.x arm64 256 3',
      'hookline/0123456789abcdef/receipts.zip index.handler nodejs24.x arm64 256 10',
      'hookline/0123456789abcdef/figures.zip index.handler nodejs24.x arm64 512 60',
      'hookline/0123456789abcdef/canary.zip index.handler nodejs24.x arm64 256 300',
    ])
    assert.deepEqual(configured(oneFunction), [
      'hookline/0123456789abcdef/one-function.zip index.handler nodejs24.x arm64 512 5',
      'hookline/0123456789abcdef/events.zip index.handler nodejs24.x arm64 256 3',
      'hookline/0123456789abcdef/receipts.zip index.handler nodejs24.x arm64 256 10',
      'hookline/0123456789abcdef/figures.zip index.handler nodejs24.x arm64 512 60',
      'hookline/0123456789abcdef/canary.zip index.handler nodejs24.x arm64 256 300',
    ])
    assert.doesNotMatch(JSON.stringify(functions(everything)), /ReservedConcurrent/, 'a new account has ten')
  })

  for (const [name, input] of Object.entries(deployments)) {
    test(`the alias names a published version of the hook, never $LATEST (${name})`, () => {
      const { FunctionVersion } = properties('HookAlias', input)
      const [version = ''] = Object.keys(ofType(template.Resources, 'AWS::Lambda::Version'))
      assert.deepEqual(FunctionVersion, { 'Fn::GetAtt': [version, 'Version'] })
      assert.equal(textOf(properties(version, input).Description), '<SettingsRevision>')
    })
  }

  test('release and revision are part of the hook, so that there is always a version to publish', () => {
    const { Variables } = properties('HookFunction', byToken).Environment as {
      readonly Variables: Readonly<Record<string, unknown>>
    }
    assert.deepEqual(
      [Variables.RELEASE, Variables.REVISION],
      ['0123456789abcdef', { Ref: 'SettingsRevision' }],
    )
  })

  test('warm instances are those of the alias', () => {
    assert.equal('ProvisionedConcurrencyConfig' in properties('HookAlias', byToken), false)
    assert.deepEqual(properties('HookAlias', everything).ProvisionedConcurrencyConfig, {
      ProvisionedConcurrentExecutions: { Ref: 'ProvisionedConcurrency' },
    })
    assert.equal(textOf(properties('WarmInstances', everything).ResourceId), 'function:<HookFunction>:live')
    assert.equal(
      textOf(properties('WarmInstances', oneFunction).ResourceId),
      'function:<HookFunction>:live-one',
    )
  })

  test('run the named version of their archive, or the newest', () => {
    const code = (input: ParameterInput) =>
      properties('HookFunction', input).Code as Readonly<Record<string, unknown>>
    assert.deepEqual(code(everything).S3ObjectVersion, { Ref: 'HookCodeVersion' })
    assert.equal('S3ObjectVersion' in code(byToken), false)
    const pinned = { ...oneFunction, OneFunctionCodeVersion: 'another' }
    assert.deepEqual(code(pinned).S3ObjectVersion, { Ref: 'OneFunctionCodeVersion' })
    assert.equal('S3ObjectVersion' in code(oneFunction), false, 'that of another archive')
  })

  test('with a traffic shift, a new version first gets a share of the requests, and is rolled back by an alarm', () => {
    assert.equal(decide(template, byToken).Resources.HookAlias?.UpdatePolicy, undefined)
    assert.deepEqual(decide(template, gradual).Resources.HookAlias?.UpdatePolicy, {
      CodeDeployLambdaAliasUpdate: {
        ApplicationName: { Ref: 'Rollout' },
        DeploymentGroupName: { Ref: 'RolloutOfHook' },
      },
    })
    const { AlarmConfiguration, AutoRollbackConfiguration, DeploymentConfigName } = properties(
      'RolloutOfHook',
      gradual,
    )
    assert.deepEqual(AlarmConfiguration, {
      Enabled: true,
      Alarms: ['SlowAnswers', 'Errors', 'Failures', 'InternalErrors'].map(name => ({
        Name: { Ref: `Alarm${name}` },
      })),
    })
    assert.equal((AutoRollbackConfiguration as { readonly Enabled: boolean }).Enabled, true)
    assert.equal(textOf(DeploymentConfigName), 'CodeDeployDefault.<TrafficShift>')
  })
})

describe('the front', () => {
  test('calls the hook by its alias', () => {
    const { Integration } = properties('ApiMethod', byToken)
    assert.match(textOf((Integration as { Uri: unknown }).Uri), /functions\/<HookAlias>\/invocations$/)
    assert.deepEqual(properties('HookMayBeCalledByApi', byToken).FunctionName, { Ref: 'HookAlias' })
  })

  test('reads the token from Authorization, and refuses other text before the authorizer runs', () => {
    const { IdentitySource, IdentityValidationExpression, Type } = properties('ApiAuthorizer', byToken)
    assert.deepEqual([Type, IdentitySource], ['TOKEN', 'method.request.header.Authorization'])
    const isLetIn = (header: string) => new RegExp(`^(?:${IdentityValidationExpression})$`).test(header)
    for (const token of ['Bearer eyJh.eyJp.c2ln', 'bearer  e-y_J.e.s']) assert.ok(isLetIn(token), token)
    for (const junk of ['', 'Bearer', 'Bearer x', 'Basic YTpi', 'x Bearer a.b.c', 'Bearer a.b.c.d', 'a.b.c'])
      assert.equal(isLetIn(junk), false, junk)
  })

  test('reads the secret from its header, and refuses a value that is too short', () => {
    const { IdentitySource, IdentityValidationExpression } = properties('ApiAuthorizer', byHeader)
    assert.equal(textOf(IdentitySource), 'method.request.header.<SecretHeaderName>')
    const expression = new RegExp(`^(?:${IdentityValidationExpression})$`)
    assert.ok(expression.test('s'.repeat(64)))
    assert.equal(expression.test('s'.repeat(31)), false)
  })

  test('has another deployment of the API for each authentication method, with and without events', () => {
    const deployment = (input: ParameterInput) => textOf(properties('ApiStageOfHook', input).DeploymentId)
    assert.match(deployment(byToken), /^<ApiByToken[0-9a-f]{12}>$/)
    assert.match(deployment(byHeader), /^<ApiByHeader[0-9a-f]{12}>$/)
    assert.match(deployment(everything), /^<ApiByTokenAndEvents[0-9a-f]{12}>$/)
    assert.match(deployment({ ...byHeader, OktaEvents: 'true' }), /^<ApiByHeaderAndEvents[0-9a-f]{12}>$/)
    assert.match(deployment(oneFunctionByHeader), /^<ApiOneFunction[0-9a-f]{12}>$/)
    assert.match(deployment(oneFunction), /^<ApiOneFunctionAndEvents[0-9a-f]{12}>$/)
  })

  for (const [name, input] of Object.entries(deployments)) {
    test(`calls a hook only after the authorizer, or one that authenticates callers (${name})`, () => {
      const { AuthorizationType, AuthorizerId } = properties('ApiMethod', input)
      const { Code } = properties('HookFunction', input)
      const authenticates = textOf((Code as { S3Key: unknown }).S3Key).endsWith('/one-function.zip')
      assert.equal(authenticates, input.OneFunction === 'true')
      assert.deepEqual(
        [AuthorizationType, AuthorizerId],
        authenticates ? ['NONE', undefined] : ['CUSTOM', { Ref: 'ApiAuthorizer' }],
      )
    })
  }

  test('with OneFunction, has no authorizer and nothing of it; otherwise both deployments are the same', () => {
    for (const [one, input] of [
      [oneFunction, everything],
      [oneFunctionByHeader, byHeader],
    ] as const) {
      const [ids, others] = [one, input].map(it => {
        const { Resources, Outputs = {} } = decide(template, it)
        return [...Object.keys(Resources), ...Object.keys(Outputs)].filter(id => !/^Api[BO]/.test(id))
      })
      assert.deepEqual(others?.filter(id => !ids?.includes(id)).toSorted(), [
        ...['ApiAuthorizer', 'AuthorizerFunction', 'AuthorizerFunctionArn', 'AuthorizerLog'],
        ...['AuthorizerMayBeCalledByApi', 'AuthorizerRole'],
      ])
      assert.deepEqual(
        ids?.filter(id => !others?.includes(id)),
        [],
      )
    }
  })

  test('while a deploy adds or removes the authorizer, each API calls its own hook: the aliases have different names', () => {
    const name = (input: ParameterInput) => properties('HookAlias', input).Name
    assert.deepEqual([name(everything), name(oneFunction)], ['live', 'live-one'])
  })

  test('logs each call without header, query, body or any text from the caller', () => {
    const { Format } = properties('ApiStageOfHook', byToken).AccessLogSetting as { readonly Format: string }
    assert.deepEqual(
      Object.values(JSON.parse(Format)).sort(),
      [
        'authorizer.latency',
        'authorizer.status',
        'error.responseType',
        'httpMethod',
        'identity.sourceIp',
        'integration.latency',
        'integration.status',
        'path',
        'requestId',
        'requestTimeEpoch',
        'responseLatency',
        'status',
        'tlsVersion',
        'waf.status',
      ].map(name => `$context.${name}`),
    )
  })

  test('has no execution log, which would contain bodies, and throttles as the parameters say', () => {
    const [settings] = properties('ApiStageOfHook', everything).MethodSettings as readonly object[]
    assert.deepEqual(settings, {
      HttpMethod: '*',
      ResourcePath: '/*',
      LoggingLevel: 'OFF',
      DataTraceEnabled: false,
      MetricsEnabled: false,
      ThrottlingRateLimit: { Ref: 'ThrottlingRate' },
      ThrottlingBurstLimit: { Ref: 'ThrottlingBurst' },
    })
  })

  test("answers its own errors with one sentence, without API Gateway's details", () => {
    const responses = Object.values(ofType(template.Resources, 'AWS::ApiGateway::GatewayResponse'))
    const types = responses.map(({ Properties = {} }) => String(Properties.ResponseType))
    for (const type of [
      'UNAUTHORIZED',
      'ACCESS_DENIED',
      'REQUEST_TOO_LARGE',
      'THROTTLED',
      'DEFAULT_4XX',
      'DEFAULT_5XX',
    ])
      assert.ok(types.includes(type), type)
    for (const { Properties = {} } of responses) {
      const body = (Properties.ResponseTemplates as Record<string, string>)['application/json'] ?? ''
      assert.match(JSON.parse(body).error.errorSummary, /^[A-Z][a-z ,.A-Z]+\.$/)
      assert.doesNotMatch(body, /\$context/)
    }
  })

  test('accepts no TLS older than 1.2', () => {
    assert.equal(properties('Api', byToken).SecurityPolicy, 'SecurityPolicy_TLS13_1_2_2021_06')
  })
})

describe("the address of Okta's event hook", () => {
  test('has no authorizer, because its function compares the secret, and limits of its own', () => {
    for (const verb of ['GET', 'POST']) {
      const { AuthorizationType, Integration, ResourceId } = properties(`ApiEvents${verb}`, everything)
      assert.equal(AuthorizationType, 'NONE')
      assert.match(
        textOf((Integration as { Uri: unknown }).Uri),
        /functions\/<EventsFunction.Arn>\/invocations$/,
      )
      assert.deepEqual(ResourceId, { Ref: 'ApiEventsResource2' })
    }
    assert.deepEqual(
      ['ApiEventsResource1', 'ApiEventsResource2'].map(id => properties(id, everything).PathPart),
      ['events', 'okta'],
    )
    const [, ...own] = properties('ApiStageOfHook', everything).MethodSettings as readonly {
      readonly [name: string]: unknown
    }[]
    assert.deepEqual(
      own.map(({ HttpMethod, ResourcePath, ThrottlingRateLimit, DataTraceEnabled, LoggingLevel }) => [
        ...[HttpMethod, ResourcePath, ThrottlingRateLimit, DataTraceEnabled, LoggingLevel],
      ]),
      ['GET', 'POST'].map(verb => [verb, '/~1events~1okta', 50, false, 'OFF']),
    )
  })

  test("is behind the firewall: with a secret of the right form or Okta's challenge, and at most 270 KB", () => {
    for (const [input, own] of [
      [byToken, 'authorization'],
      [byHeader, 'x-hookline-secret'],
    ] as const) {
      const acl = JSON.parse(
        JSON.stringify(properties('WebAcl', { ...input, OktaEvents: 'true' })).replaceAll(
          '{"Ref":"SecretHeaderName"}',
          `"${own}"`,
        ),
      )
      const firewall = firewallOf({ ofType: () => [{ properties: acl }] } as never)
      const at = (path: string, headers: Readonly<Record<string, string>>) =>
        firewall({ url: `/v1${path}`, headers })?.status
      const authorization = 's'.repeat(64)
      const challenge = { 'x-okta-verification-challenge': 'Xj4LkmoBTfMnWL8f' }
      assert.equal(at('/events/okta', { authorization }), undefined)
      assert.equal(at('/events/okta', { authorization, 'content-length': '262144' }), undefined)
      assert.equal(at('/events/okta', challenge), undefined)
      for (const size of ['270000', '300000', '1000000', '99999999'])
        assert.equal(at('/events/okta', { authorization, 'content-length': size }), 401, size)
      assert.equal(at('/events/okta', {}), 401)
      assert.equal(at('/events/okta', { authorization: 'short' }), 401)
      assert.equal(at('/mfa', { authorization }), 401)
      assert.equal(at('/mfa', challenge), 401)
      assert.equal(
        at('/mfa', { [own]: own === 'authorization' ? 'Bearer a.b.c' : 's'.repeat(64) }),
        undefined,
      )
    }
  })

  test('does not exist without the parameter', () => {
    const { Resources, Outputs } = decide(template, byToken)
    const named = [...Object.keys(Resources), ...Object.keys(Outputs ?? {})].filter(id => /Event/.test(id))
    assert.deepEqual(named, [])
    assert.doesNotMatch(JSON.stringify(properties('WebAcl', byToken)), /events/)
    assert.equal((properties('ApiStageOfHook', byToken).MethodSettings as readonly object[]).length, 1)
  })

  test("is not subject to AWS's rules about bodies, which contain what anybody sends to Okta", () => {
    const groups = objectsIn(properties('WebAcl', everything)).filter(
      ({ VendorName }) => VendorName === 'AWS',
    )
    assert.equal(groups.length, 2)
    for (const { ScopeDownStatement } of groups)
      assert.match(JSON.stringify(ScopeDownStatement), /^\{"NotStatement":.*"SearchString":"\/events\/okta"/)
  })
})

describe('the firewall', () => {
  const rules = (input: ParameterInput) =>
    properties('WebAcl', input).Rules as readonly Record<string, unknown>[]
  const what = (input: ParameterInput) =>
    rules(input).map(({ Action, OverrideAction }) => Object.keys((Action ?? OverrideAction) as object)[0])

  test("always blocks requests without a credential; counts the rest, or blocks it on request; by rate only if Okta's addresses are known", () => {
    assert.deepEqual(what(byToken), ['Block', 'Count', 'Count', 'Count'])
    assert.deepEqual(what({ ...byToken, Firewall: 'block' }), ['Block', 'None', 'None', 'Count'])
    assert.deepEqual(what(everything), ['Block', 'None', 'None', 'Block', 'Count'])
    assert.deepEqual(what({ ...everything, Firewall: 'count' }), [
      'Block',
      'Count',
      'Count',
      'Count',
      'Count',
    ])
  })

  for (const [name, input, header] of [
    ['a token', byToken, 'authorization'],
    ['a secret header', byHeader, '<SecretHeaderName>'],
  ] as const) {
    test(`knows the format of ${name} by the expression of the authorizer, and answers as the authorizer does`, () => {
      const [rule = assert.fail('no rule')] = rules(input)
      const [match = assert.fail('no rule')] = objectsIn(rule).filter(object => 'RegexString' in object)
      const { SingleHeader } = match.FieldToMatch as { readonly SingleHeader: { readonly Name: unknown } }
      assert.equal(textOf(SingleHeader.Name), header)
      assert.equal(match.RegexString, properties('ApiAuthorizer', input).IdentityValidationExpression)
      assert.ok(String(match.RegexString).length <= 512, 'the longest that AWS WAF accepts')
      const { Block } = rule.Action as {
        readonly Block: { readonly CustomResponse: { ResponseCode: number } }
      }
      assert.equal(Block.CustomResponse.ResponseCode, 401)
      const { unauthorized } = properties('WebAcl', input).CustomResponseBodies as {
        readonly unauthorized: { readonly Content: string }
      }
      const [configured] = Object.values(
        properties('ApiUNAUTHORIZED', input).ResponseTemplates as Readonly<Record<string, string>>,
      )
      assert.equal(unauthorized.Content, configured)
    })
  }

  test("exempts Okta's addresses from the rate, labels the others, and uses addresses for nothing else", () => {
    const byAddress = (input: ParameterInput) =>
      rules(input).filter(rule => JSON.stringify(rule).includes('IPSetReferenceStatement'))
    assert.deepEqual(byAddress(byToken), [])
    const named = byAddress(everything)
    assert.deepEqual(
      named.map(({ Name, Action }) => [Name, Object.keys(Action as object)[0]]),
      [
        ['Rate', 'Block'],
        ['NotFromOkta', 'Count'],
      ],
    )
    for (const rule of named)
      assert.deepEqual(
        objectsIn(rule).filter(object => 'IPSetReferenceStatement' in object),
        [{ IPSetReferenceStatement: { Arn: { 'Fn::GetAtt': ['OktaAddressSet', 'Arn'] } } }],
      )
    assert.deepEqual(properties('OktaAddressSet', everything).Addresses, {
      'Fn::Split': [',', { Ref: 'OktaAddresses' }],
    })
  })

  test("uses the default versions of AWS's rules, unless one is pinned", () => {
    const versions = (input: ParameterInput) =>
      objectsIn(rules(input)).flatMap(({ VendorName, Name, Version }) =>
        VendorName === 'AWS' ? [`${Name} ${Version === undefined ? '' : textOf(Version)}`.trim()] : [],
      )
    assert.deepEqual(versions(byToken), [
      'AWSManagedRulesCommonRuleSet',
      'AWSManagedRulesKnownBadInputsRuleSet',
    ])
    assert.equal(versions(everything)[0], 'AWSManagedRulesCommonRuleSet <CommonRulesVersion>')
  })

  test('keeps no record of requests without a credential: unauthenticated callers would decide how much is written', () => {
    const [first] = (properties('FirewallLogging', byToken).LoggingFilter as { Filters: object[] }).Filters
    assert.equal((first as { readonly Behavior: string }).Behavior, 'DROP')
    const [label] = objectsIn(first).flatMap(({ LabelName }) => (LabelName === undefined ? [] : [LabelName]))
    assert.match(JSON.stringify(label), /:hookline:no-credential/)
  })

  test('keeps no header with a credential, neither in its log nor in samples', () => {
    const redacted = (input: ParameterInput) =>
      objectsIn(properties('FirewallLogging', input).RedactedFields).flatMap(({ Name }) =>
        Name === undefined ? [] : [textOf(Name)],
      )
    assert.deepEqual(redacted(byToken), ['authorization'])
    assert.deepEqual(redacted(byHeader), ['authorization', '<SecretHeaderName>'])
    const samples = objectsIn(properties('WebAcl', everything)).flatMap(({ SampledRequestsEnabled: on }) =>
      on === undefined ? [] : [on],
    )
    assert.deepEqual(samples, [false, false, false, false, false, false])
  })
})

describe('receipts', () => {
  const bothWays = { ...byToken, ReceiptsFromEventBridge: 'true' }

  test('come only from End User Messaging of this account', () => {
    const [allowed] = objectsIn(properties('ReceiptsTopicPolicy', byToken).PolicyDocument).filter(
      ({ Effect }) => Effect === 'Allow',
    )
    assert.deepEqual(allowed?.Principal, { Service: 'sms-voice.amazonaws.com' })
    assert.deepEqual(allowed?.Condition, { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } })
  })

  test('are the same on both paths, without those that decide nothing', () => {
    const [destination] = properties('ConfigurationSet', byToken).EventDestinations as readonly {
      MatchingEventTypes: readonly string[]
    }[]
    const { detail } = properties('ReceiptsRule', bothWays).EventPattern as {
      readonly detail: { eventType: readonly string[] }
    }
    assert.deepEqual(destination?.MatchingEventTypes, detail.eventType)
    const onTheWay = ['TEXT_QUEUED', 'TEXT_PENDING', 'TEXT_SENT', 'VOICE_INITIATED', 'VOICE_RINGING']
    assert.deepEqual(
      onTheWay.filter(type => detail.eventType.includes(type)),
      [],
    )
    assert.ok(detail.eventType.includes('TEXT_DELIVERED') && detail.eventType.includes('VOICE_COMPLETED'))
  })

  test('that fail stay in the queue for two weeks, whether they failed at the topic, rule or function', () => {
    const queue = 'DeadLetters.Arn'
    const ways = [
      properties('ReceiptsSubscription', byToken).RedrivePolicy,
      objectsIn(properties('ReceiptsRule', bothWays).Targets).find(object => 'DeadLetterConfig' in object)
        ?.DeadLetterConfig,
      properties('ReceiptsFunction', byToken).DeadLetterConfig,
    ]
    for (const way of ways) assert.deepEqual(Object.values(way as object).map(textOf), [`<${queue}>`])
    assert.equal(properties('DeadLetters', byToken).MessageRetentionPeriod, 1_209_600)
  })

  test('come from EventBridge only on request', () => {
    const without = decide(template, byToken).Resources
    assert.deepEqual(Object.keys(ofType(without, 'AWS::Events::Rule')), ['FiguresRule'])
    assert.doesNotMatch(JSON.stringify(without.DeadLettersPolicy), /events\.amazonaws\.com/)
    assert.match(JSON.stringify(properties('DeadLettersPolicy', bothWays)), /events\.amazonaws\.com/)
  })
})

describe('figures', () => {
  const figuresIn = (input: ParameterInput) =>
    Object.keys(decide(template, input).Resources).filter(id => id.includes('Figures'))

  test('are counted each minute, unless nobody wants them', () => {
    const { ScheduleExpression, Targets } = properties('FiguresRule', byToken)
    assert.equal(ScheduleExpression, 'rate(1 minute)')
    assert.match(JSON.stringify(Targets), /"FiguresFunction"/)
    assert.deepEqual(figuresIn({ ...byToken, Figures: 'false' }), [])
  })

  test('are not counted twice for a run that failed: the next one does its work', () => {
    const { MaximumRetryAttempts, MaximumEventAgeInSeconds } = properties('FiguresRetries', byToken)
    assert.deepEqual([MaximumRetryAttempts, MaximumEventAgeInSeconds], [0, 60])
  })
})

describe('the canary', () => {
  const canaryIn = (input: ParameterInput) =>
    Object.keys(decide(template, input).Resources).filter(id => id.includes('Canary'))
  const on = { ...byToken, Canary: 'GB' }

  test('has nothing unless somebody wants it', () => {
    assert.deepEqual(canaryIn(byToken), [])
    assert.deepEqual(canaryIn({ ...byToken, Canary: 'off' }), [])
    assert.deepEqual(canaryIn(on).toSorted(), [
      ...['AlarmCanary', 'CanaryFunction', 'CanaryLog', 'CanaryMayBeCalledByRule', 'CanaryRetries'],
      ...['CanaryRole', 'CanaryRule', 'HookMayBeCalledByCanary'],
    ])
  })

  test('is sent by the alias that answers Okta and followed by its own function, each hour and once', () => {
    const { ScheduleExpression, Targets } = properties('CanaryRule', on)
    assert.equal(ScheduleExpression, 'rate(1 hour)')
    assert.deepEqual(
      (Targets as readonly { readonly Arn: object }[]).map(({ Arn }) => textOf(Arn)),
      ['<HookAlias>', '<CanaryFunction.Arn>'],
    )
    const { MaximumRetryAttempts, MaximumEventAgeInSeconds } = properties('CanaryRetries', on)
    assert.deepEqual([MaximumRetryAttempts, MaximumEventAgeInSeconds], [0, 60])
    for (const id of ['HookMayBeCalledByCanary', 'CanaryMayBeCalledByRule']) {
      const { Principal, SourceArn } = properties(id, on)
      assert.deepEqual([Principal, textOf(SourceArn)], ['events.amazonaws.com', '<CanaryRule.Arn>'])
    }
  })

  test('sets off its alarm when none has passed for two hours, a missing one included, with few alarms as well', () => {
    for (const AlarmSet of ['all', 'essential']) {
      const alarm = properties('AlarmCanary', { ...on, AlarmSet })
      assert.deepEqual(
        [alarm.MetricName, alarm.Statistic, alarm.ComparisonOperator, alarm.Threshold],
        ['CanaryPassed', 'Maximum', 'LessThanThreshold', 1],
      )
      assert.deepEqual(
        [Number(alarm.Period) * Number(alarm.EvaluationPeriods), alarm.DatapointsToAlarm],
        [7_200, 2],
      )
      assert.equal(alarm.TreatMissingData, 'breaching')
    }
  })
})

describe('alarms and dashboard', () => {
  test('watch metrics that Hookline writes', () => {
    const watched = JSON.stringify([
      ofType(template.Resources, 'AWS::CloudWatch::Alarm'),
      properties('Board', byToken).DashboardBody,
    ])
    const inAlarms = [...watched.matchAll(/"MetricName":"(\w+)","Namespace":"Hookline"/g)].map(
      ([, name]) => name,
    )
    const inDashboard = [...watched.matchAll(/\[\\+"Hookline\\+",\\+"(\w+)/g)].map(([, name]) => name)
    const written = EVENTS.flatMap(event =>
      objectsIn(embeddedMetrics(event, 0)).flatMap(({ Name = [] }) => Name),
    )
    const counted = Object.values(ofType(template.Resources, 'AWS::Logs::MetricFilter')).flatMap(one =>
      objectsIn(one.Properties).flatMap(({ MetricName = [] }) => MetricName),
    )
    assert.deepEqual(counted, ['Throttled', 'Unauthenticated'])
    assert.deepEqual([inAlarms.length, inDashboard.length], [15, 16])
    assert.deepEqual(
      [...inAlarms, ...inDashboard].filter(name => ![...written, ...counted].includes(name)),
      [],
    )
  })
})

const EVENTS: readonly StepEvent[] = [
  { step: 'canary', outcome: 'passed' },
  ...['failed', 'unknown', 'refused'].map(
    kind => ({ step: 'hook-response', outcome: '200', kind, durationMs: 1 }) as const,
  ),
  { step: 'send', outcome: 'accepted', attempt: 2 },
  { step: 'internal-error', outcome: 'thrown' },
  { step: 'caller', outcome: 'TOKEN_EXPIRED' },
  { step: 'admit', outcome: 'store-unavailable' },
  { step: 'event', outcome: 'answered', delayMs: 1, afterMs: 1 },
  { step: 'event', outcome: 'not-joined' },
  { step: 'event', outcome: 'not-stored' },
  { step: 'event', outcome: 'okta-sent-refused' },
  { step: 'admit', outcome: 'held', heldAs: 'FRAUD_BLOCK', heldGroup: 'new numbers in VE', isBlind: true },
  { step: 'fraud', outcome: 'held-wrongly' },
  { step: 'fraud', outcome: 'budget' },
]

function properties(id: string, input: ParameterInput): Readonly<Record<string, unknown>> {
  return decide(template, input).Resources[id]?.Properties ?? assert.fail(`There is no ${id}.`)
}
