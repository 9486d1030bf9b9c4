import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type AwsAccount, awsAccount } from '../support/aws-control.ts'
import { OKTA } from '../support/deploying.ts'
import { runHookline } from '../support/program.ts'

/** The command as it is shipped, in a process of its own, with the template and the archives that it builds. */
describe('the real template', { timeout: 180_000 }, () => {
  let account: AwsAccount
  before(async () => {
    account = await awsAccount({ stepsAtOnce: 60 })
  })
  after(() => account[Symbol.asyncDispose]())
  const hookline = (...args: readonly string[]) => runHookline(args, { env: account.env })

  test('is deployed, is found unchanged the next time, and is destroyed', async () => {
    const first = await hookline('deploy', '--yes', ...OKTA)
    assert.deepEqual([first.code, first.stderr], [0, ''])
    assert.match(first.stdout, /^✓ Deployed: hookline, in eu-west-1\.$/m)
    assert.match(first.stdout, /^The hook: https:\/\/\S+\/v1\/mfa$/m)
    assert.match(first.stdout, /^ {2}export HOOKLINE_TABLE=\S+$/m)
    assert.match(first.stdout, /^ {2}export HOOKLINE_SECRET_ID=\S+$/m)
    const [bucket] = (await account.state()).buckets
    assert.deepEqual(
      bucket?.keys.map(key => key.replace(/[0-9a-f]{16}/, '<release>')),
      [
        ...['authorizer', 'hook', 'receipts'].map(name => `hookline/<release>/${name}.zip`),
        'stacks/hookline/<release>.yaml',
      ],
    )

    const second = await hookline('deploy', '--yes')
    assert.deepEqual([second.code, second.stderr], [0, ''])
    assert.match(second.stdout, /^No change: hookline is deployed as it is here\.$/m)

    const destroyed = await hookline('destroy', '--yes')
    assert.deepEqual([destroyed.code, destroyed.stderr], [0, ''])
    assert.doesNotMatch(destroyed.stdout, /^! kept/m)
    const { stacks, buckets } = await account.state()
    assert.deepEqual([stacks.map(({ status }) => status), buckets], [['DELETE_COMPLETE'], []])
  })
})
