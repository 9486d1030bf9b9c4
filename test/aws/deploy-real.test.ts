import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { DoctorContext } from '../../src/cli/doctor/access.ts'
import { readDeployed } from '../../src/cli/doctor/read-deployment.ts'
import { buildTemplate } from '../../src/main/commands/build-template.ts'
import { createCloudAccess } from '../../src/main/commands/cloud-access.ts'
import { noTerminal } from '../fixtures/commands.ts'
import { OKTA, startDeploying } from '../journeys/deploying.ts'
import { runHookline } from '../world/run-hookline.ts'
import { type AwsWorld, startWorld } from '../world/world.ts'

/** The shipped command in a process of its own, with the template and the archives that it builds. */
describe('the real template', { timeout: 180_000 }, () => {
  let world: AwsWorld
  before(async () => {
    world = await startWorld({ hook: 'none', aws: { stepsAtOnce: 60 } })
  })
  after(() => world?.[Symbol.asyncDispose]())
  const hookline = (...args: readonly string[]) => runHookline(args, { env: world.env })

  test('is deployed, is found unchanged the next time, and is destroyed', async () => {
    const first = await hookline('deploy', '--yes', ...OKTA)
    assert.deepEqual([first.code, first.stderr], [0, ''])
    assert.match(first.stdout, /^✓ Deployed: hookline, in eu-west-1\.$/m)
    assert.match(first.stdout, /^The hook: https:\/\/\S+\/v1\/mfa$/m)
    assert.match(first.stdout, /^ {2}export HOOKLINE_TABLE=\S+$/m)
    assert.match(first.stdout, /^ {2}export HOOKLINE_SECRET_ID=\S+$/m)
    const [bucket] = (await world.aws.state()).buckets
    assert.deepEqual(
      bucket?.keys.map(key => key.replace(/[0-9a-f]{16}/, '<release>')),
      [
        ...['authorizer', 'canary', 'events', 'figures', 'hook', 'one-function', 'receipts'].map(
          name => `hookline/<release>/${name}.zip`,
        ),
        'stacks/hookline/<release>.yaml',
      ],
    )

    const second = await hookline('deploy', '--yes')
    assert.deepEqual([second.code, second.stderr], [0, ''])
    assert.match(second.stdout, /^No change: hookline is up to date\.$/m)

    const destroyed = await hookline('destroy', '--yes')
    assert.deepEqual([destroyed.code, destroyed.stderr], [0, ''])
    assert.doesNotMatch(destroyed.stdout, /^! kept/m)
    const { stacks, buckets } = await world.aws.state()
    assert.deepEqual([stacks.map(({ status }) => status), buckets], [['DELETE_COMPLETE'], []])
  })
})

describe('the real template, with warm instances', { timeout: 180_000 }, () => {
  test('accepts a change of a parameter that the hook does not read, twice in a row; its bucket with versions is deleted', async () => {
    const built = await buildTemplate(process.env)
    await using world = await startDeploying({ stepsAtOnce: 100 })
    const deploy = async (...args: readonly string[]) => {
      const { text, problem, exitCode } = await world.deploy(args, { built })
      assert.deepEqual([problem, exitCode], [undefined, 0], text)
      return text
    }
    await deploy(...OKTA, '--set', 'ProvisionedConcurrency=2', '--set', 'ProvisionedConcurrencyMax=5')
    for (const spend of ['150', '200']) {
      const text = await deploy('--set', `SpendAlarm=${spend}`)
      assert.match(
        text,
        /^changed +version of a function +HookVersion[0-9a-f]{16} +AWS::Lambda::Version +yes$/m,
      )
      assert.match(text, /^changed +alias of a function +HookAlias/m)
    }
    assert.match(await deploy(), /^No change: hookline is up to date\.$/m)
    const context = { cloud: createCloudAccess(process.env, noTerminal), homeRegion: () => 'eu-west-1' }
    const read = () =>
      readDeployed(context as unknown as DoctorContext, { stack: 'hookline', region: undefined })
    const good = await read()
    assert.ok(good.functionCode.kind === 'read' && good.oktaAddresses.kind === 'read', JSON.stringify(good))
    assert.equal(good.functionCode.value.length, 4)
    for (const { name, runs, put } of good.functionCode.value) assert.equal(runs, put, name)
    assert.deepEqual(good.oktaAddresses.value.missing, [])
    await world.aws.setFaults({ changedCode: { 'hookline-hook': 'of somebody else' } })
    await world.aws.setOktaRanges(JSON.stringify({ us_cell_2: { ip_ranges: ['203.0.113.0/24'] } }))
    const changed = await read()
    assert.ok(changed.functionCode.kind === 'read' && changed.oktaAddresses.kind === 'read')
    assert.deepEqual(
      changed.functionCode.value.filter(({ runs, put }) => runs !== put).map(({ name }) => name),
      ['hookline-hook'],
    )
    assert.deepEqual(changed.oktaAddresses.value.missing, ['203.0.113.0/24'])
    await world.aws.setFaults({})
    await deploy('--set', 'ProvisionedConcurrency=0', '--set', 'ProvisionedConcurrencyMax=0')
    const without = await deploy('--set', 'OneFunction=true')
    assert.match(without, /^removed +authorizer of the gateway +ApiAuthorizer/m)
    assert.match(without, /^changed +alias of a function +HookAlias +AWS::Lambda::Alias +yes$/m)
    const one = await read()
    assert.ok(one.functionCode.kind === 'read', JSON.stringify(one))
    assert.deepEqual(
      one.functionCode.value.map(({ name, runs, put }) => [name, runs === put]),
      [
        ['hookline-hook', true],
        ['hookline-receipts', true],
        ['hookline-figures', true],
      ],
    )
    await deploy('--set', 'OneFunction=false', '--set', 'TrafficShift=LambdaCanary10Percent10Minutes')
    const [stack] = (await world.aws.state()).stacks
    assert.equal(stack?.status, 'UPDATE_COMPLETE')

    const [bucket] = (await world.aws.state()).buckets
    assert.ok((bucket?.versions ?? 0) > (bucket?.keys.length ?? 0), 'the bucket keeps versions')
    const { text } = await world.destroy()
    assert.match(text, /^✓ The code bucket is deleted\.$/m)
    assert.deepEqual((await world.aws.state()).buckets, [])
  })
})
