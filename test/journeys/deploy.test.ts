import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { createCloudAccess } from '../../src/main/commands/cloud-access.ts'
import { noTerminal } from '../fixtures/commands.ts'
import { templateOfAnother } from '../fixtures/small-template.ts'
import { type Deploying, OKTA, startDeploying } from './deploying.ts'

const BUCKET = 'hookline-code-123456789012-eu-west-1'
const RELEASED_LONG_AGO = 100 * 24 * 60 * 60 * 1000

describe('hookline deploy', { timeout: 120_000 }, () => {
  let world: Deploying
  beforeEach(async () => {
    world = await startDeploying()
  })
  afterEach(() => world[Symbol.asyncDispose]())

  test('the first deployment shows what is created, asks, follows it to its end, and prints the next step', async () => {
    const { text, problem, asked } = await world.deploy()
    assert.equal(problem, undefined)
    assert.match(text, /^✓ credentials {3}account 123456789012, user\/operator$/m)
    assert.match(text, /^✓ account {7}in production$/m)
    assert.match(text, /^✓ spend limits {2}sms \$500 a month/m)
    assert.match(text, /^new +function \(Lambda\) +Hook +AWS::Lambda::Function$/m)
    assert.match(text, /^OktaIssuer +\(none\) +https:\/\/example\.okta\.com\/oauth2\/aus1$/m)
    assert.doesNotMatch(text, /SettingsRevision|^CodeBucket/m)
    assert.deepEqual(asked, ['Deploy to account 123456789012, eu-west-1? (yes/no) '])
    assert.match(text, /✓ created +table \(DynamoDB\): Table$/m)
    assert.match(text, /^The hook: https:\/\/example\.execute-api\.eu-west-1\.amazonaws\.com\/v1\/mfa$/m)
    assert.match(text, /^ {2}export HOOKLINE_TABLE=hookline-Table-/m)
    assert.match(text, /^ {2}export HOOKLINE_SECRET_ID=arn:aws:/m)
    assert.match(text, /^ {2}Token URL +https:\/\/example\.okta\.com\/oauth2\/aus1\/v1\/token$/m)
    const { stacks, buckets } = await world.aws.state()
    assert.equal(stacks[0]?.status, 'CREATE_COMPLETE')
    assert.equal(stacks[0]?.parameters.CodeBucket, BUCKET)
    assert.deepEqual(buckets[0]?.keys, ['hookline/r1/hook.zip', 'stacks/hookline/r1.yaml'])
  })

  test('the code bucket is private, encrypted, by TLS only, in its region', async () => {
    await world.deploy()
    const [bucket] = (await world.aws.state()).buckets
    assert.deepEqual([bucket?.name, bucket?.region], [BUCKET, 'eu-west-1'])
    assert.equal(bucket?.settings.publicAccessBlock?.match(/>true</g)?.length, 4)
    assert.match(bucket?.settings.encryption ?? '', /AES256/)
    assert.match(bucket?.settings.policy ?? '', /aws:SecureTransport/)
    assert.match(bucket?.settings.lifecycle ?? '', /AbortIncompleteMultipartUpload/)
    assert.match(bucket?.settings.tagging ?? '', /hookline/)
  })

  test('in us-east-1 too, whose buckets are made without its name', async () => {
    const { problem } = await world.deploy([...OKTA, '--region', 'us-east-1'])
    assert.equal(problem, undefined)
    assert.equal((await world.aws.state()).buckets[0]?.region, 'us-east-1')
  })

  test('a second time without a change, it reports that, asks nothing and changes nothing', async () => {
    await world.deploy()
    const { text, problem, asked } = await world.deploy([], { answers: [] })
    assert.deepEqual([problem, asked], [undefined, []])
    assert.match(text, /^No change: hookline is up to date\.$/m)
    assert.equal((await world.aws.state()).stacks[0]?.status, 'CREATE_COMPLETE')
  })

  test('a changed parameter is shown with its old and new value; the others keep their values', async () => {
    await world.deploy()
    const { text } = await world.deploy(['--set', 'RetentionDays=60'])
    assert.match(text, /^parameter +now +new\n.*\nRetentionDays +30 +60\n\n/m)
    assert.match(text, /^changed +function \(Lambda\) +Hook +AWS::Lambda::Function$/m)
    assert.doesNotMatch(text, /Careful/)
    const [stack] = (await world.aws.state()).stacks
    assert.deepEqual(
      [stack?.status, stack?.parameters.RetentionDays, stack?.parameters.OktaClientId],
      ['UPDATE_COMPLETE', '60', '0oa1'],
    )
  })

  test('with warm instances, a parameter that the hook does not read is deployed, twice in a row', async () => {
    await world.deploy([...OKTA, '--set', 'ProvisionedConcurrency=1'])
    for (const spend of ['150', '200']) {
      const { text, exitCode } = await world.deploy(['--set', `SpendAlarm=${spend}`])
      assert.equal(exitCode, 0, text)
      assert.match(text, /^changed +version of a function +HookVersion +AWS::Lambda::Version +yes$/m)
      assert.match(text, /^changed +alias of a function +HookAlias +AWS::Lambda::Alias$/m)
      const [stack] = (await world.aws.state()).stacks
      assert.deepEqual([stack?.status, stack?.parameters.SpendAlarm], ['UPDATE_COMPLETE', spend])
    }
  })

  test('an older version replaces a newer one only to go back, and refuses before anything is uploaded', async () => {
    await world.deploy(OKTA, { version: '0.10.0' })
    const before = await world.aws.state()
    const refused = await world.deploy([], { version: '0.9.0', release: 'r0', answers: [] })
    assert.match(refused.problem?.message ?? '', /runs Hookline 0\.10\.0, and this is 0\.9\.0/)
    assert.deepEqual(await world.aws.state(), before)
    const back = await world.deploy(['--go-back'], { version: '0.9.0', release: 'r0' })
    assert.match(back.text, /^✓ version {7}0\.9\.0 replaces 0\.10\.0$/m)
    assert.match(
      (await world.deploy([], { version: '0.9.0', release: 'r0' })).text,
      /0\.9\.0, which is deployed/,
    )
  })

  test('a stack that is from before 0.1.0, or not Hookline, is left as it is', async () => {
    const built = {
      release: 'r1',
      template: Buffer.from(templateOfAnother()),
      secondRegion: '',
      archives: new Map([['hook.zip', Buffer.from('zip of r1')]]),
    }
    await world.deploy(OKTA, { built })
    const before = await world.aws.state()
    const { problem } = await world.deploy([], { answers: [] })
    assert.match(
      problem?.message ?? '',
      /^The table of hookline was written by a Hookline from before 0\.1\.0/,
    )
    assert.deepEqual(await world.aws.state(), before)
  })

  test('after a rollback the same deployment is tried with another revision', async () => {
    await world.deploy()
    const revisions: (string | undefined)[] = []
    await world.aws.setFaults({ failing: { HookAlias: 'no' } })
    for (const fault of [{ failing: { HookAlias: 'no' } }, {}]) {
      await world.aws.setFaults(fault)
      await world.deploy(['--set', 'RetentionDays=60'])
      revisions.push((await world.aws.state()).stacks[0]?.parameters.SettingsRevision)
    }
    const again = await world.deploy([])
    assert.match(again.text, /^No change/m)
    assert.equal((await world.aws.state()).stacks[0]?.parameters.RetentionDays, '60')
    assert.notEqual(revisions[0], revisions[1])
  })

  const remedies: readonly (readonly [what: string, reason: string, remedy: RegExp])[] = [
    [
      'a version of an unchanged function',
      'A version for this Lambda function exists ( 3 ). Modify the function to create a new version.',
      /new revision/,
    ],
    [
      'an alias with two versions',
      'Invalid alias configuration for Provisioned Concurrency (Service: Lambda, Status Code: 400)',
      /aws lambda update-alias/,
    ],
    [
      'a rollout that an alarm stopped',
      'Deployment d-1 stopped: an alarm was activated (DEPLOYMENT_STOP_ON_ALARM)',
      /The previous version answers all requests again/,
    ],
    [
      "a version of AWS's rules that expires",
      'The managed rule group version Version_1.20 is scheduled to expire and cannot be added (Service: Wafv2, WAFExpiredManagedRuleGroupVersionException)',
      /--set CommonRulesVersion= --set BadInputsVersion=/,
    ],
  ]
  for (const [what, reason, remedy] of remedies) {
    test(`the failure table knows ${what}`, async () => {
      await world.aws.setFaults({ failing: { HookAlias: reason } })
      const { text } = await world.deploy()
      assert.match(text, new RegExp(`^What to do: .*${remedy.source}`, 'm'))
    })
  }

  test("an archive that another user stored under the release's key is never run", async () => {
    await world.deploy()
    const ours = (await world.aws.state()).stacks[0]?.parameters.HookCodeVersion
    await world.aws.putObject(BUCKET, 'hookline/r1/hook.zip', 'not ours')
    const { text } = await world.deploy([])
    assert.match(text, /^No change/m, "the running version is still Hookline's")
    await world.aws.putObject(BUCKET, 'hookline/r2/hook.zip', 'not ours')
    await world.deploy([], { release: 'r2' })
    const state = await world.aws.state()
    assert.notEqual(state.stacks[0]?.parameters.HookCodeVersion, ours)
    assert.equal(await world.aws.readObject(BUCKET, 'hookline/r2/hook.zip'), 'zip of r2')
    assert.equal(await world.aws.readObject(BUCKET, 'hookline/r1/hook.zip'), 'zip of r1')
  })

  test('an existing bucket gets versioning with the next deployment, and the plan shows it', async () => {
    await world.deploy()
    await world.aws.putSetting(BUCKET, 'versioning', '')
    const { text } = await world.deploy([])
    assert.match(text, /^✓ code bucket {3}\S+, changed: now versioned$/m)
    const [bucket] = (await world.aws.state()).buckets
    assert.match(bucket?.settings.versioning ?? '', /<Status>Enabled<\/Status>/)
    assert.match((await world.deploy([])).text, /^✓ code bucket {3}\S+$/m)
  })

  test('another name replaces the function, and the table of changes shows it', async () => {
    await world.deploy()
    const { text } = await world.deploy(['--set', 'LambdaAPITriggerFunctionName=mine'])
    assert.match(text, /^changed +function \(Lambda\) +Hook +AWS::Lambda::Function {2}yes$/m)
  })

  test('--minimal leaves out firewall and dashboard; a name given with --set wins over it', async () => {
    await world.deploy([...OKTA, '--minimal', '--set', 'Dashboard=true'])
    const [stack] = (await world.aws.state()).stacks
    assert.deepEqual([stack?.parameters.Firewall, stack?.parameters.OwnKey], ['off', 'false'])
    assert.deepEqual([stack?.resources.Firewall, stack?.resources.Dashboard], [undefined, 'CREATE_COMPLETE'])
  })

  test('a new release is uploaded in addition to the old one, which is deleted once it is old and no stack runs it', async () => {
    world.setAge(RELEASED_LONG_AGO)
    await world.deploy()
    await world.deploy([...OKTA, '--stack', 'second'], { release: 'r2' })
    world.setAge(0)
    const { text } = await world.deploy([], { release: 'r3' })
    assert.match(text, /✓ uploaded +hook\.zip/)
    assert.deepEqual((await world.aws.state()).buckets[0]?.keys, [
      'hookline/r2/hook.zip',
      'hookline/r3/hook.zip',
      'stacks/hookline/r3.yaml',
      'stacks/second/r2.yaml',
    ])
  })

  test('in the sandbox it says that codes only reach verified numbers, before and after', async () => {
    await world.aws.setFaults({ tier: 'SANDBOX' })
    const { text } = await world.deploy()
    assert.match(text, /^! account {7}in the SMS and voice sandbox/m)
    assert.match(text, /^! spend limits {2}sms \$1 a month/m)
    assert.match(
      text,
      /^The account is in the SMS and voice sandbox: codes only reach numbers that you verified/m,
    )
  })

  test('without the permission to read the tier it still deploys, and reports it', async () => {
    await world.aws.setFaults({ deny: ['sms-voice:DescribeAccountAttributes'] })
    const { text, problem } = await world.deploy()
    assert.equal(problem, undefined)
    assert.match(text, /^! account {7}sandbox and spend limits could not be read\. AWS does not allow this/m)
    assert.match(text, /^✓ Deployed: hookline, in eu-west-1\.$/m)
  })

  test('a dry run shows the change and leaves no stack', async () => {
    const { text, asked } = await world.deploy([...OKTA, '--dry-run'], { answers: [] })
    assert.match(text, /^new +table \(DynamoDB\)/m)
    assert.match(text, /^Nothing was deployed: this was a dry run\./m)
    assert.deepEqual(asked, [])
    assert.deepEqual(
      (await world.aws.state()).stacks.map(({ status }) => status),
      ['DELETE_COMPLETE'],
    )
  })

  test('after the answer no, nothing is deployed', async () => {
    const { text } = await world.deploy(OKTA, { answers: ['n'] })
    assert.match(text, /^Nothing was deployed\.$/m)
    assert.deepEqual(
      (await world.aws.state()).stacks.map(({ status }) => status),
      ['DELETE_COMPLETE'],
    )
  })

  test('a dry run of a change leaves the deployment as it was', async () => {
    await world.deploy()
    const { text } = await world.deploy(['--set', 'Protect=true', '--dry-run'])
    assert.match(text, /^new +protect configuration \(End User Messaging\)/m)
    const [stack] = (await world.aws.state()).stacks
    assert.deepEqual([stack?.status, stack?.parameters.Protect], ['CREATE_COMPLETE', 'false'])
  })

  test('when a resource fails, its reason, what happens next and what to do are printed', async () => {
    await world.aws.setFaults({ failing: { Hook: 'hookline-hook already exists in stack other' } })
    const { text, exitCode } = await world.deploy()
    assert.equal(exitCode, 1)
    assert.match(
      text,
      /^✗ Not deployed\. function \(Lambda\) Hook: hookline-hook already exists in stack other$/m,
    )
    assert.match(text, /^What to do: .*--set LambdaAPITriggerFunctionName=my-hook/m)
    assert.match(text, /^CloudFormation rolled everything back; nothing is left that costs money/m)
    assert.equal((await world.aws.state()).stacks[0]?.status, 'ROLLBACK_COMPLETE')
  })

  test('a problem that CloudFormation finds before it begins is reported, and nothing is left', async () => {
    await world.aws.setFaults({ invalid: { Hook: 'Runtime nodejs99.x is not one of the allowed values' } })
    const { problem } = await world.deploy()
    assert.match(problem?.message ?? '', /^ {2}Hook: Runtime nodejs99\.x is not one of the allowed values$/m)
    assert.match(problem?.message ?? '', /^Nothing was deployed\.$/m)
    const { stacks } = await world.aws.state()
    assert.deepEqual(
      stacks.map(({ status }) => status),
      ['DELETE_COMPLETE'],
    )
  })

  test('the service-linked role of End User Messaging is created once, if the account has none', async () => {
    const first = await world.deploy()
    assert.match(first.text, /^! spend metrics .*no service-linked role.*: the deployment creates it$/m)
    assert.match(first.text, /^✓ spend metrics .* is created$/m)
    assert.deepEqual((await world.aws.state()).account.serviceLinkedRoles, ['sms-voice.amazonaws.com'])
    const { text } = await world.deploy(['--set', 'RetentionDays=60'])
    assert.match(text, /^✓ spend metrics .* exists$/m)
    assert.doesNotMatch(text, /is created/)
  })

  test('a dry run, or the answer no, creates no role', async () => {
    await world.deploy([...OKTA, '--dry-run'], { answers: [] })
    await world.deploy(OKTA, { answers: ['no'] })
    assert.deepEqual((await world.aws.state()).account.serviceLinkedRoles, [])
  })

  test('without the permission to read or create roles it still deploys, and says what to do manually', async () => {
    await world.aws.setFaults({ deny: ['iam:CreateServiceLinkedRole'] })
    const { text, exitCode } = await world.deploy()
    assert.equal(exitCode, 0)
    assert.match(
      text,
      /^! spend metrics .*could not be created\. AWS does not allow this.* By hand: aws iam create/m,
    )
    await world.aws.setFaults({ deny: ['iam:ListRoles', 'apigateway:GET'] })
    const second = await world.deploy([...OKTA, '--stack', 'second'])
    assert.equal(second.exitCode, 0)
    assert.match(second.text, /^! spend metrics .*could not be checked/m)
    assert.match(second.text, /^! API log role .*left unchanged \(ApiLogRole=keep\)/m)
  })

  test("the account's role for API Gateway's logs is never overwritten", async () => {
    const apiLogRole = 'arn:aws:iam::123456789012:role/of-another-api'
    await world.aws.setAccount({ apiLogRole, roles: ['of-another-api'] })
    const { text } = await world.deploy()
    assert.match(text, /^✓ API log role {2}arn:\S+\/of-another-api stays \(ApiLogRole=keep\)$/m)
    assert.match(text, /^ApiLogRole +create +keep$/m)
    await world.deploy(['--set', 'RetentionDays=60'])
    assert.equal((await world.aws.state()).account.apiLogRole, apiLogRole)
  })

  test('a role that the account names but that no longer exists is replaced', async () => {
    await world.aws.setAccount({ apiLogRole: 'arn:aws:iam::123456789012:role/gone' })
    const { text } = await world.deploy()
    assert.match(text, /^✓ API log role {2}none in this region yet/m)
    assert.notEqual((await world.aws.state()).account.apiLogRole, 'arn:aws:iam::123456789012:role/gone')
    assert.equal((await world.deploy([])).text.includes('ApiLogRole'), false, "and stays Hookline's")
  })

  test("Okta's published ranges are filled in, follow its list, and stay when it cannot be read", async () => {
    const { text } = await world.deploy()
    assert.match(text, /^✓ Okta's ranges 2, as Okta publishes them$/m)
    const addresses = async () => (await world.aws.state()).stacks[0]?.parameters.OktaAddresses
    assert.equal(await addresses(), '192.0.2.0/24,198.51.100.7/32')
    await world.aws.setOktaRanges('')
    assert.match((await world.deploy([])).text, /^! Okta's ranges could not be read, and are left unchanged/m)
    assert.equal(await addresses(), '192.0.2.0/24,198.51.100.7/32')
    await world.aws.setOktaRanges(JSON.stringify({ us_cell_1: { ip_ranges: ['203.0.113.0/24'] } }))
    await world.deploy([])
    assert.equal(await addresses(), '203.0.113.0/24')
    await world.deploy(['--set', 'OktaAddresses=192.0.2.7/32'])
    assert.equal(await addresses(), '192.0.2.7/32')
  })

  test('a failed first deployment leaves nothing, not even resources that are retained later', async () => {
    await world.aws.setFaults({ failing: { GatewayLogs: 'no' } })
    await world.deploy()
    await world.aws.setFaults({ failing: { Protect: 'no' } })
    await world.deploy([...OKTA, '--stack', 'second', '--set', 'Protect=true'])
    for (const { status, resources } of (await world.aws.state()).stacks) {
      assert.equal(status, 'ROLLBACK_COMPLETE')
      assert.deepEqual(
        Object.entries(resources).filter(([, is]) => is !== 'DELETE_COMPLETE' && !is.endsWith('_FAILED')),
        [],
      )
    }
  })

  test('--second-region creates what messages there need in its own small stack, and follows changes', async () => {
    const { text, asked } = await world.deploy([...OKTA, '--second-region', 'us-west-2'], {
      answers: ['yes', 'yes'],
    })
    assert.deepEqual(asked, [
      'Deploy to account 123456789012, eu-west-1? (yes/no) ',
      'Deploy to account 123456789012, us-west-2? (yes/no) ',
    ])
    assert.match(text, /^✓ Deployed: hookline-second-region, in us-west-2\./m)
    const [first, second] = (await world.aws.state()).stacks
    assert.deepEqual([first?.name, first?.region], ['hookline', 'eu-west-1'])
    assert.deepEqual(
      [second?.name, second?.region, second?.status],
      ['hookline-second-region', 'us-west-2', 'CREATE_COMPLETE'],
    )
    assert.deepEqual(
      [second?.parameters.ConfigurationSetName, second?.parameters.TopicName, second?.parameters.OwnKey],
      ['codes', 'hookline-receipts', 'true'],
    )
    assert.match(second?.parameters.ReceiptsFunctionArn ?? '', /^arn:aws:.*:eu-west-1:/)
    const again = await world.deploy([], { answers: [] })
    assert.match(
      again.text,
      /^No change: hookline is up to date.*\n(?:.*\n)*No change: hookline-second-region is up to date/m,
    )
    await world.deploy(['--set', 'OwnKey=false'], { answers: ['yes', 'yes'] })
    assert.equal((await world.aws.state()).stacks[1]?.parameters.OwnKey, 'false')
    const { text: gone } = await world.destroy()
    assert.match(gone, /^ {2}the stack hookline-second-region in us-west-2$/m)
    assert.deepEqual(
      (await world.aws.state()).stacks.map(({ status }) => status),
      ['DELETE_COMPLETE', 'DELETE_COMPLETE'],
    )
  })

  test('giving up the own key causes a warning: data encrypted with it will become unreadable', async () => {
    await world.deploy()
    const { text } = await world.deploy(['--set', 'OwnKey=false', '--dry-run'], { answers: [] })
    assert.match(text, /^! encryption .*Log lines, backups and dead letters .* cannot be read/m)
    assert.doesNotMatch((await world.deploy([])).text, /! encryption/)
  })

  test('after a failed first deployment it offers to delete the rest, and starts again', async () => {
    await world.aws.setFaults({ failing: { Hook: 'no' } })
    await world.deploy()
    await world.aws.setFaults({})
    const refused = await world.deploy(OKTA, { answers: ['no'] })
    assert.match(
      refused.problem?.message ?? '',
      /The stack hookline must be deleted first\. Nothing was done\./,
    )
    const { text, asked } = await world.deploy(OKTA, { answers: ['yes', 'yes'] })
    assert.equal(asked[0], 'Delete it and start again? (yes/no) ')
    assert.match(text, /^✓ Deployed/m)
    assert.deepEqual(
      (await world.aws.state()).stacks.map(({ status }) => status),
      ['DELETE_COMPLETE', 'CREATE_COMPLETE'],
    )
  })

  test('a failed change is rolled back, and the output says that the hook kept running', async () => {
    await world.deploy()
    await world.aws.setFaults({
      failing: { 'AWS::Lambda::Function': 'You are not authorized to perform it' },
    })
    const { text, exitCode } = await world.deploy(['--set', 'RetentionDays=60'])
    assert.equal(exitCode, 1)
    assert.match(text, /^CloudFormation rolled back to the previous version, and the hook kept answering/m)
    assert.equal((await world.aws.state()).stacks[0]?.parameters.RetentionDays, '30')
  })

  const wrong: readonly (readonly [args: readonly string[], says: RegExp])[] = [
    [[], /^No authentication method is set\. Give .* --issuer, --audience, --client-id and --scope; or/],
    [
      ['--issuer', 'https://x'],
      /^Okta's access token needs four options\. Missing: --audience, --client-id, --scope\.$/,
    ],
    [[...OKTA, '--set', 'SecretHeaderName=X-Secret'], /^Two authentication methods/],
    [
      [...OKTA, '--set', 'Colour=red'],
      /^Unknown or reserved parameter Colour\. You can set: (?:\w+, )*Dashboard, Firewall, Lambda/,
    ],
    [[...OKTA, '--set', 'CodeBucket=mine'], /^Unknown or reserved parameter CodeBucket\./],
    [[...OKTA, '--set', 'RetentionDays'], /^--set is "RetentionDays"; expected Name=Value/],
    [[...OKTA, '--set', 'OktaScope=other'], /^OktaScope is given twice/],
    [
      [...OKTA, '--set', 'RetentionDays=9000'],
      /^AWS refused the request: ValidationError: Parameter 'RetentionDays'/,
    ],
  ]
  for (const [args, says] of wrong) {
    test(`deploy ${args.slice(-2).join(' ')} is refused with a reason, and nothing is deployed`, async () => {
      const { problem } = await world.deploy(args)
      assert.match(problem?.message ?? '', says)
      assert.deepEqual((await world.aws.state()).stacks, [])
    })
  }

  test('a stack with another operation in progress is not changed', async () => {
    await world.deploy()
    const cloud = await createCloudAccess(process.env, noTerminal).open(undefined)
    await cloud.stacks.deleteStack('hookline')
    const { problem } = await world.deploy(OKTA, { answers: [] })
    cloud.close()
    assert.match(problem?.message ?? '', /another operation is in progress \(DELETE_IN_PROGRESS\)/)
  })

  test('a partly deleted stack is reported, with the command that deletes it', async () => {
    await world.deploy()
    await world.aws.setFaults({ sticking: { Table: 'it is in use' } })
    const first = await world.destroy()
    assert.equal(first.exitCode, 1)
    assert.match(first.text, /^✗ Not everything was deleted\. table \(DynamoDB\) Table: it is in use$/m)
    const { problem } = await world.deploy()
    assert.match(problem?.message ?? '', /half created or half deleted .*hookline destroy --stack hookline/)
  })
})
