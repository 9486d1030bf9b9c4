import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { decide } from '../../simulators/aws/template/decide.ts'
import { minimal as cheapest, everythingOn } from '../../tools/cost/usage.ts'
import { deployments, everything, minimal } from '../fixtures/deployments.ts'
import { RELEASE, synthesized } from '../support/synthesized.ts'
import { namesIn, objectsIn, ofType, type ParameterInput } from '../support/template.ts'

const template = await synthesized()

describe('the template', () => {
  // Two syntheses differ only in the release, so the result for one release is the same, byte for byte.
  test('differs between releases only in the archives and the published version', async () => {
    const other = JSON.stringify(await synthesized('fedcba9876543210'))
    assert.ok(other.includes('hookline/fedcba9876543210/receipts.zip'))
    const withoutHash = (text: string) => text.replaceAll(/"HookVersion[0-9a-f]{16}"/g, '"HookVersion"')
    assert.notEqual(versionOf(other), versionOf(JSON.stringify(template)))
    assert.equal(
      withoutHash(other.replaceAll('fedcba9876543210', RELEASE)),
      withoutHash(JSON.stringify(template)),
    )
  })

  test('is small enough for CloudFormation, with room to grow', () => {
    assert.ok(JSON.stringify(template).length < 500_000)
  })

  test('is self-contained: no custom resource, no bootstrap, no CDK metadata, no CDK version', () => {
    const types = Object.values(template.Resources).map(({ Type }) => Type)
    assert.deepEqual(
      types.filter(type => /^Custom::|CustomResource|CDK::Metadata/.test(type)),
      [],
    )
    assert.doesNotMatch(JSON.stringify(template), /BootstrapVersion|cdk-|aws:cdk|AssetParameters|CDKMetadata/)
  })

  for (const [name, input] of Object.entries(deployments)) {
    test(`has no dangling reference: every name exists (${name})`, () => {
      const { Resources, Outputs } = decide(template, input)
      const known = new Set([...Object.keys(Resources), ...Object.keys(template.Parameters)])
      const names = [...namesIn(Resources), ...namesIn(Outputs)]
      const needed = Object.values(Resources).flatMap(({ DependsOn = [] }) => DependsOn)
      assert.ok(names.length > 100, 'the reader found no names')
      const unknown = [...names, ...needed].filter(name => !known.has(name) && !name.startsWith('AWS::'))
      assert.deepEqual([...new Set(unknown)], [])
    })
  }

  test('names maps that exist', () => {
    const maps = objectsIn(template).flatMap(({ 'Fn::FindInMap': find }) =>
      Array.isArray(find) ? [find[0]] : [],
    )
    assert.deepEqual([...new Set(maps)], Object.keys(template.Mappings))
  })

  test('outputs only addresses and names: no output reads a secret', () => {
    assert.deepEqual(Object.keys(template.Outputs), [
      'HookUrl',
      'HookFunctionArn',
      'AuthorizerFunctionArn',
      'ReceiptsFunctionArn',
      'EventsUrl',
      'EventsFunctionArn',
      'FiguresFunctionArn',
      'CanaryFunctionArn',
      'TableName',
      'DashboardUrl',
      'ConfigurationSetName',
      'ProtectConfigurationId',
      'HashKeySecretArn',
      'HookSecretArn',
      'EventSecretArn',
      'ReceiptsTopicArn',
      'Release',
      'Version',
      'TableForm',
    ])
    assert.doesNotMatch(JSON.stringify(template), /\{\{resolve:|"SecretString"/)
  })

  test('keeps every log for the configured time, under its own key', () => {
    const logs = Object.entries(ofType(decide(template, everything).Resources, 'AWS::Logs::LogGroup'))
    assert.deepEqual(
      logs.map(([id]) => id),
      [
        'HookLog',
        'AuthorizerLog',
        'EventsLog',
        'AccessLog',
        'FirewallLog',
        'ReceiptsLog',
        'FiguresLog',
        'CanaryLog',
      ],
    )
    for (const [id, { Properties }] of logs) {
      assert.deepEqual(Properties?.RetentionInDays, { Ref: 'LogRetentionDays' }, id)
      assert.deepEqual(Properties?.KmsKeyId, { 'Fn::GetAtt': ['Key', 'Arn'] }, id)
    }
  })

  test('names only resources that need a name, because a named resource cannot be replaced before the old one is deleted', () => {
    const NAMES =
      /^(?:Name|.*(?:Role|Function|Topic|Queue|Table|LogGroup|Dashboard|Alarm|Alias|Secret|Set)Name)$/
    const named = Object.entries(template.Resources).flatMap(([id, { Properties = {} }]) =>
      Object.keys(Properties)
        .filter(property => NAMES.test(property))
        .map(property => `${id}.${property}`),
    )
    const references = ['HookAlias.FunctionName', 'AuthorizerMayBeCalledByApi.FunctionName']
    assert.ok(
      references.every(reference => named.includes(reference)),
      'the reader found no names',
    )
    const own = named.filter(
      name =>
        !/(?:(?:Version.*|HookAlias|MayBeCalledBy\w+|Retries)\.FunctionName|Calls\.LogGroupName)$/.test(name),
    )
    assert.deepEqual(own, [
      'KeyAlias.AliasName',
      'HookFunction.FunctionName',
      'AuthorizerFunction.FunctionName',
      'HookAlias.Name',
      'EventsFunction.FunctionName',
      'Api.Name',
      'ApiAuthorizer.Name',
      'FirewallLog.LogGroupName',
      'ReceiptsFunction.FunctionName',
      'FiguresFunction.FunctionName',
      'CanaryFunction.FunctionName',
    ])
  })

  test('leaves nothing that costs money when the stack is deleted: only a role and a setting of the account stay', () => {
    const retained = Object.entries(template.Resources).filter(([, { DeletionPolicy = '' }]) =>
      DeletionPolicy.startsWith('Retain'),
    )
    // A failed first deployment removes what it created, including these.
    for (const [id, { DeletionPolicy }] of retained) assert.equal(DeletionPolicy, 'RetainExceptOnCreate', id)
    assert.deepEqual(
      retained.map(([, { Type }]) => Type),
      ['AWS::IAM::Role', 'AWS::ApiGateway::Account'],
    )
    const keeping = decide(template, { ...everything, ApiLogRole: 'keep' }).Resources
    assert.deepEqual(Object.keys(ofType(keeping, 'AWS::ApiGateway::Account')), [])
    assert.equal(template.Resources.Table?.DeletionPolicy, 'Delete')
    assert.equal(template.Resources.Table?.UpdateReplacePolicy, 'Retain', 'an update must not lose the data')
  })

  test('without firewall, dashboard and own key, has none of them and nothing with a monthly price', () => {
    const types = Object.values(decide(template, minimal).Resources).map(({ Type }) => Type)
    assert.deepEqual(
      types.filter(type => /WAFv2|KMS|Dashboard|ScalableTarget|CodeDeploy/.test(type)),
      [],
    )
  })

  test('has at most twenty-two alarms over twenty-four metrics, each with what happened and what to do', () => {
    const alarmsOf = (input: ParameterInput) =>
      Object.values(ofType(decide(template, input).Resources, 'AWS::CloudWatch::Alarm'))
    const metricsOf = (input: ParameterInput) =>
      alarmsOf(input).flatMap(({ Properties = {} }) =>
        'Metrics' in Properties
          ? objectsIn(Properties.Metrics).filter(object => 'MetricStat' in object)
          : [Properties],
      )
    const alarms = alarmsOf(everything)
    assert.deepEqual(
      [alarms.length, metricsOf(everything).length],
      [22, everythingOn.alarmMetrics + 7],
      'docs/cost.md counts the six of OktaEvents and the one of the canary apart',
    )
    assert.equal(metricsOf(minimal).length, cheapest.alarmMetrics, 'ten are free in each account')
    for (const { Properties = {} } of alarms) {
      assert.match(String(Properties.AlarmDescription), /^[A-Z].{60,}\.$/)
      const isOfCanary = Properties.MetricName === 'CanaryPassed'
      assert.equal(Properties.TreatMissingData, isOfCanary ? 'breaching' : 'notBreaching')
      assert.deepEqual(Properties.AlarmActions, [{ Ref: 'AlarmTopic' }])
    }
  })
})

function versionOf(text: string): string {
  return /"(HookVersion[0-9a-f]{16})"/.exec(text)?.[1] ?? assert.fail('there is no version of the hook')
}
