import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { runHookline } from '../world/run-hookline.ts'
import { type AwsWorld, startWorld } from '../world/world.ts'

/** Before anything is built or created, the commands report what prevents it. */
describe('deploy and destroy, when AWS refuses', { timeout: 120_000 }, () => {
  let world: AwsWorld
  before(async () => {
    world = await startWorld({ hook: 'none', aws: {} })
  })
  after(() => world?.[Symbol.asyncDispose]())
  beforeEach(() => world.aws.setFaults({}))

  test('without a terminal they ask for --yes', async () => {
    for (const command of ['deploy', 'destroy']) {
      const { code, stdout, stderr } = await runHookline([command], { env: world.env })
      assert.deepEqual([code, stdout], [2, ''])
      assert.match(stderr, /^This command asks a question, but this is not a terminal\. Add --yes/)
    }
  })

  const troubles: readonly (readonly [
    name: string,
    faults: object,
    environment: Readonly<Record<string, string>>,
    code: number,
    says: RegExp,
  ])[] = [
    [
      'no credentials',
      {},
      { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
      3,
      /^There are no AWS credentials\. Sign in with `aws sso login`/,
    ],
    ['credentials out of date', { expired: true }, {}, 3, /^The AWS credentials have expired\. Sign in/],
    [
      'no region',
      {},
      { AWS_REGION: '' },
      3,
      /^No AWS region is set, or its value is not a region .* Give --region eu-west-1/,
    ],
    [
      'a missing permission',
      { deny: ['cloudformation:DescribeStacks'] },
      {},
      3,
      /^AWS does not allow this: .*cloudformation:DescribeStacks.* Ask an administrator of the account/,
    ],
    [
      'nobody there',
      {},
      { AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:9', AWS_MAX_ATTEMPTS: '1' },
      5,
      /^AWS does not answer \(ECONNREFUSED\)\. Check the network/,
    ],
  ]
  for (const [name, faults, environment, exitCode, says] of troubles) {
    test(`${name}: exit code ${exitCode}, and what to do`, async () => {
      await world.aws.setFaults(faults)
      for (const command of ['deploy', 'destroy']) {
        const { code, stderr } = await runHookline([command, '--yes'], {
          env: { ...world.env, ...environment },
        })
        assert.match(stderr, says)
        assert.equal(code, exitCode)
      }
      assert.deepEqual((await world.aws.state()).buckets, [])
    })
  }

  test('destroy reports that the stack does not exist', async () => {
    const { code, stdout } = await runHookline(['destroy', '--yes'], { env: world.env })
    assert.deepEqual(
      [code, stdout],
      [0, 'Nothing to delete: hookline is not in account 123456789012, eu-west-1.\n'],
    )
  })
})
