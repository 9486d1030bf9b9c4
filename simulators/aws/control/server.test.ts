import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DescribeChangeSetCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  paginateDescribeStackEvents,
  type StackEvent,
} from '@aws-sdk/client-cloudformation'
import {
  DescribeAccountAttributesCommand,
  PinpointSMSVoiceV2Client,
  UpdateProtectConfigurationCountryRuleSetCommand,
} from '@aws-sdk/client-pinpoint-sms-voice-v2'
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { type AwsControl, startAwsControl } from './server.ts'

const TEMPLATE = `
Parameters:
  Name: { Type: String, Default: one, AllowedPattern: '[a-z]+' }
Conditions:
  IsBig: { Fn::Equals: [a, a] }
Resources:
  Role: { Type: AWS::IAM::Role, Properties: { RoleName: { Ref: Name } } }
Outputs:
  Arn: { Value: { Fn::GetAtt: [Role, Arn] } }
`

/** AWS's own clients read the stand-in's responses; it refuses what AWS would refuse. */
describe("the stand-in for AWS's control plane", { timeout: 60_000 }, () => {
  let standIn: AwsControl
  before(async () => {
    standIn = await startAwsControl({ port: 0 })
    await s3('eu-west-1').send(bucket('code', 'eu-west-1'))
    await s3('eu-west-1').send(new PutObjectCommand({ Bucket: 'code', Key: 'a b/t.yaml', Body: TEMPLATE }))
  })
  after(() => standIn.close())

  const settings = (region: string) => ({
    region,
    endpoint: standIn.url,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'not-a-secret' },
    maxAttempts: 1,
  })
  const s3 = (region: string) => new S3Client({ ...settings(region), forcePathStyle: true })
  const cloudFormation = () => new CloudFormationClient(settings('eu-west-1'))
  const bucket = (Bucket: string, place: string) =>
    new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: place as never } })
  const changeSet = (StackName: string, changed: object = {}) =>
    new CreateChangeSetCommand({
      StackName,
      ChangeSetName: 'one',
      ChangeSetType: 'CREATE',
      TemplateURL: 'https://code.s3.eu-west-1.amazonaws.com/a%20b/t.yaml',
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      ...changed,
    })
  const refusedAs = (name: string, message: RegExp) => (error: unknown) => {
    assert.ok(error instanceof Error)
    assert.equal(error.name, name)
    assert.match(error.message, message)
    return true
  }

  it('names the caller', async () => {
    const { Account, Arn } = await new STSClient(settings('us-east-1')).send(new GetCallerIdentityCommand())
    assert.deepEqual([Account, Arn], ['123456789012', 'arn:aws:iam::123456789012:user/operator'])
  })

  it('a bucket is created in its own region, belongs to its account, and must be empty to be deleted', async () => {
    await assert.rejects(s3('eu-west-1').send(bucket('b', 'us-west-2')), {
      name: 'IllegalLocationConstraintException',
    })
    await s3('us-east-1').send(new CreateBucketCommand({ Bucket: 'b' }))
    await assert.rejects(
      s3('us-east-1').send(new HeadBucketCommand({ Bucket: 'b', ExpectedBucketOwner: '9' })),
    )
    await s3('us-east-1').send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'x' }))
    await assert.rejects(s3('us-east-1').send(new DeleteBucketCommand({ Bucket: 'b' })), {
      name: 'BucketNotEmpty',
    })
    const listed = await s3('us-east-1').send(new ListObjectsV2Command({ Bucket: 'b' }))
    assert.deepEqual(
      listed.Contents?.map(({ Key, Size }) => [Key, Size]),
      [['k', 1]],
    )
  })

  const refused: readonly (readonly [what: string, changed: object, name: string, message: RegExp])[] = [
    [
      'IAM without its capability',
      { Capabilities: [] },
      'InsufficientCapabilitiesException',
      /CAPABILITY_NAMED_IAM/,
    ],
    [
      'an unknown parameter',
      { Parameters: [{ ParameterKey: 'Colour', ParameterValue: 'red' }] },
      'ValidationError',
      /Parameters: \[Colour\] do not exist in the template/,
    ],
    [
      'a value that its pattern excludes',
      { Parameters: [{ ParameterKey: 'Name', ParameterValue: 'ONE' }] },
      'ValidationError',
      /Parameter 'Name' failed to satisfy constraint/,
    ],
    [
      'a previous value that does not exist',
      { Parameters: [{ ParameterKey: 'Name', UsePreviousValue: true }] },
      'ValidationError',
      /must have values/,
    ],
    ['an update of nothing', { ChangeSetType: 'UPDATE' }, 'ValidationError', /does not exist/],
    ['no template', { TemplateURL: 'https://code.s3.amazonaws.com/none' }, 'ValidationError', /S3 error/],
  ]
  for (const [what, changed, name, message] of refused) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(cloudFormation().send(changeSet('refused', changed)), refusedAs(name, message))
      await assert.rejects(
        cloudFormation().send(new DescribeStacksCommand({ StackName: 'refused' })),
        refusedAs('ValidationError', /Stack with id refused does not exist/),
      )
    })
  }

  it('a stack applies its change set, one step with each request', async () => {
    const client = cloudFormation()
    await client.send(changeSet('made'))
    const { Changes, Status } = await client.send(
      new DescribeChangeSetCommand({ StackName: 'made', ChangeSetName: 'one' }),
    )
    assert.deepEqual(
      [Status, Changes?.map(({ ResourceChange }) => ResourceChange?.Action)],
      ['CREATE_COMPLETE', ['Add']],
    )
    await client.send(new ExecuteChangeSetCommand({ StackName: 'made', ChangeSetName: 'one' }))
    const seen: (string | undefined)[] = []
    for (let request = 0; request < 3; request++) {
      const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: 'made' }))
      seen.push(Stacks[0]?.StackStatus)
    }
    assert.deepEqual(seen, ['CREATE_IN_PROGRESS', 'CREATE_IN_PROGRESS', 'CREATE_COMPLETE'])
    await client.send(changeSet('made', { ChangeSetType: 'UPDATE' }))
    const same = await client.send(new DescribeChangeSetCommand({ StackName: 'made', ChangeSetName: 'one' }))
    assert.deepEqual([same.Status, /didn't contain changes/.test(same.StatusReason ?? '')], ['FAILED', true])
  })

  const lambda = (alias: object, revision: string, extra: object = {}) =>
    JSON.stringify({
      Parameters: { Other: { Type: 'String', Default: 'a' } },
      Resources: {
        Hook: { Type: 'AWS::Lambda::Function', Properties: { Environment: { REVISION: revision } } },
        [`Version${(extra as { id?: string }).id ?? 'A'}`]: {
          Type: 'AWS::Lambda::Version',
          Properties: { FunctionName: { Ref: 'Hook' }, Description: { Ref: 'Other' } },
        },
        Alias: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Hook' }, ...alias } },
      },
    })
  /** Deploys a template; resolves with the stack's status and the reason of a failure. */
  const deployed = async (StackName: string, TemplateBody: string, changed: object = {}) => {
    const client = cloudFormation()
    await client.send(changeSet(StackName, { TemplateURL: undefined, TemplateBody, ...changed }))
    await client.send(new ExecuteChangeSetCommand({ StackName, ChangeSetName: 'one' }))
    for (let request = 0; request < 40; request++) {
      const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName }))
      if (stack?.StackStatus?.endsWith('_IN_PROGRESS')) continue
      const { StackResourceSummaries = [] } = await client.send(new ListStackResourcesCommand({ StackName }))
      const events: StackEvent[] = []
      for await (const page of paginateDescribeStackEvents({ client }, { StackName }))
        events.push(...(page.StackEvents ?? []))
      // Newest first, so this is the latest deployment's.
      const failed = events.find(
        ({ ResourceStatus = '', ResourceStatusReason = '' }) =>
          ResourceStatus.endsWith('_FAILED') && !/cancelled/.test(ResourceStatusReason),
      )
      return {
        status: stack?.StackStatus,
        reason: failed?.ResourceStatusReason ?? '',
        left: StackResourceSummaries.filter(one => one.ResourceStatus !== 'DELETE_COMPLETE').map(
          one => one.LogicalResourceId,
        ),
      }
    }
    return assert.fail('it did not finish')
  }

  it('publishes no version of an unchanged function', async () => {
    const alias = { FunctionVersion: { 'Fn::GetAtt': ['VersionA', 'Version'] } }
    assert.equal((await deployed('versions', lambda(alias, '1'))).status, 'CREATE_COMPLETE')
    const parameters = [{ ParameterKey: 'Other', ParameterValue: 'b' }]
    const update = { ChangeSetType: 'UPDATE', Parameters: parameters }
    const same = await deployed('versions', lambda(alias, '1'), update)
    assert.equal(same.status, 'UPDATE_ROLLBACK_COMPLETE')
    assert.match(same.reason, /^A version for this Lambda function exists \( 1 \)/)
    assert.equal((await deployed('versions', lambda(alias, '2'), update)).status, 'UPDATE_COMPLETE')
  })

  const refusedAliases: readonly (readonly [what: string, alias: object, reason: RegExp])[] = [
    [
      'warm instances of $LATEST',
      { FunctionVersion: '$LATEST', ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 1 } },
      /cannot be applied to unpublished function versions/,
    ],
    [
      'a share of $LATEST',
      { FunctionVersion: '$LATEST', RoutingConfig: {} },
      /\$LATEST is not supported for an alias pointing to more than 1 version/,
    ],
    [
      'warm instances of an alias with two versions',
      { FunctionVersion: '1', RoutingConfig: {}, ProvisionedConcurrencyConfig: {} },
      /Alias with weights can not be used with Provisioned Concurrency/,
    ],
  ]
  for (const [what, alias, reason] of refusedAliases) {
    it(`refuses ${what}`, async () => {
      const result = await deployed(
        `alias${refusedAliases.findIndex(([one]) => one === what)}`,
        lambda(alias, '1'),
      )
      assert.equal(result.status, 'ROLLBACK_COMPLETE')
      assert.match(result.reason, reason)
    })
  }

  it('a first deployment that fails leaves what is retained, unless it is retained except on creation', async () => {
    const template = (policy: string) =>
      JSON.stringify({
        Resources: {
          Account: { Type: 'AWS::ApiGateway::Account', DeletionPolicy: policy, Properties: {} },
          Alias: {
            Type: 'AWS::Lambda::Alias',
            Properties: { FunctionVersion: '$LATEST', ProvisionedConcurrencyConfig: {} },
          },
        },
      })
    assert.deepEqual((await deployed('kept', template('Retain'))).left, ['Account'])
    assert.deepEqual((await deployed('gone', template('RetainExceptOnCreate'))).left, [])
  })

  it('changes parameters that are not ASCII, and refuses a template of more than 51,200 bytes in the request', async () => {
    const body = JSON.stringify({
      Parameters: { Brand: { Type: 'String' } },
      Resources: { Topic: { Type: 'AWS::SNS::Topic' } },
      Outputs: { Brand: { Value: { Ref: 'Brand' } } },
    })
    await deployed('brand', body, { Parameters: [{ ParameterKey: 'Brand', ParameterValue: 'Café' }] })
    const { Stacks: [stack] = [] } = await cloudFormation().send(
      new DescribeStacksCommand({ StackName: 'brand' }),
    )
    assert.equal(stack?.Outputs?.[0]?.OutputValue, 'Caf?')
    await assert.rejects(
      cloudFormation().send(changeSet('long', { TemplateURL: undefined, TemplateBody: ' '.repeat(51_201) })),
      refusedAs('ValidationError', /less than or equal to 51200/),
    )
  })

  it('a bucket with versioning keeps versions, and can be deleted once all of them are deleted', async () => {
    const client = s3('eu-west-1')
    const Bucket = 'versioned'
    await client.send(bucket(Bucket, 'eu-west-1'))
    const versioning = { VersioningConfiguration: { Status: 'Enabled' } as const }
    await client.send(new PutBucketVersioningCommand({ Bucket, ...versioning }))
    const put = (Body: string) => client.send(new PutObjectCommand({ Bucket, Key: 'k', Body }))
    const first = await put('one')
    assert.notEqual(first.VersionId, (await put('two')).VersionId)
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'k' }))
    await assert.rejects(client.send(new HeadObjectCommand({ Bucket, Key: 'k' })), { name: 'NotFound' })
    assert.ok(await client.send(new HeadObjectCommand({ Bucket, Key: 'k', VersionId: first.VersionId })))
    await assert.rejects(client.send(new DeleteBucketCommand({ Bucket })), { name: 'BucketNotEmpty' })
    const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }))
    assert.deepEqual([Versions.length, DeleteMarkers.length], [2, 1])
    for (const { VersionId } of [...Versions, ...DeleteMarkers])
      await client.send(new DeleteObjectCommand({ Bucket, Key: 'k', VersionId }))
    await client.send(new DeleteBucketCommand({ Bucket }))
  })

  it('refuses an object that does not have the checksum', async () => {
    const put = (ChecksumSHA256: string) =>
      s3('eu-west-1').send(new PutObjectCommand({ Bucket: 'code', Key: 'sum', Body: 'x', ChecksumSHA256 }))
    await put('LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE=')
    await assert.rejects(put('AAEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE='), { name: 'BadDigest' })
  })

  it('refuses unknown operations and unsigned requests', async () => {
    await assert.rejects(cloudFormation().send(new ListStacksCommand({})), { name: 'InvalidAction' })
    assert.equal((await fetch(`${standIn.url}/code`)).status, 403)
  })

  it('describes the account, and refuses an unknown country', async () => {
    const client = new PinpointSMSVoiceV2Client(settings('eu-west-1'))
    const { AccountAttributes } = await client.send(new DescribeAccountAttributesCommand({}))
    assert.deepEqual(AccountAttributes, [{ Name: 'ACCOUNT_TIER', Value: 'PRODUCTION' }])
    const body = JSON.stringify({ id: 'protect-1', rules: { SMS: {} } })
    await fetch(`${standIn.url}/protect`, { method: 'PUT', body })
    const update = (country: string) =>
      client.send(
        new UpdateProtectConfigurationCountryRuleSetCommand({
          ProtectConfigurationId: 'protect-1',
          NumberCapability: 'SMS',
          CountryRuleSetUpdates: { [country]: { ProtectStatus: 'BLOCK' } },
        }),
      )
    assert.deepEqual((await update('GB')).CountryRuleSet, { GB: { ProtectStatus: 'BLOCK' } })
    await assert.rejects(update('GBR'), { name: 'ValidationException' })
  })
})
