import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { startHookline } from '../world/processes.ts'
import { type Deploying, OKTA, startDeploying } from './deploying.ts'

describe('hookline destroy', { timeout: 120_000 }, () => {
  let world: Deploying
  beforeEach(async () => {
    world = await startDeploying()
  })
  afterEach(() => world[Symbol.asyncDispose]())

  test('it says what is deleted and what stays, asks for the name, and leaves nothing', async () => {
    await world.deploy()
    const { text, asked } = await world.destroy()
    assert.deepEqual(asked, ['Type the name of the stack (hookline) to destroy it: '])
    assert.match(text, /^What is deleted:\n(?: {2}.*\n)* {2}table \(DynamoDB\)$/m)
    assert.match(text, /^ {2}phone numbers, sender IDs, pools and registrations: never touched$/m)
    assert.match(text, /^✓ kept: log role of API Gateway \(account-wide\) .*, which costs nothing$/m)
    assert.match(text, /^✓ The code bucket is deleted\.$/m)
    assert.match(
      text,
      /^✓ Destroyed: nothing of hookline that costs money is left in account 123456789012, eu-west-1\.$/m,
    )
    const { stacks, buckets } = await world.aws.state()
    assert.deepEqual([stacks[0]?.status, buckets], ['DELETE_COMPLETE', []])
  })

  test('a bucket with many versions and delete markers is emptied and deleted', async () => {
    const bucket = 'hookline-code-123456789012-eu-west-1'
    await world.deploy()
    for (const release of ['r2', 'r3']) await world.deploy([], { release })
    await world.aws.putObject(bucket, 'hookline/r1/hook.zip', 'again')
    await world.aws.deleteObject(bucket, 'hookline/r1/hook.zip')
    const [before] = (await world.aws.state()).buckets
    assert.ok((before?.versions ?? 0) > (before?.keys.length ?? 0))
    const { text } = await world.destroy()
    assert.match(text, /^✓ The code bucket is deleted\.$/m)
    assert.deepEqual((await world.aws.state()).buckets, [])
  })

  test('a second time, it reports that the stack does not exist', async () => {
    await world.deploy()
    await world.destroy()
    const { text, problem, asked } = await world.destroy([], [])
    assert.deepEqual([problem, asked], [undefined, []])
    assert.equal(text, 'Nothing to delete: hookline is not in account 123456789012, eu-west-1.')
  })

  test('with a wrong name, it deletes nothing', async () => {
    await world.deploy()
    const { text } = await world.destroy([], ['hook'])
    assert.match(text, /^That is not the stack name\. Nothing was deleted\.$/m)
    assert.equal((await world.aws.state()).stacks[0]?.status, 'CREATE_COMPLETE')
  })

  test('of one of two stacks leaves the other its code', async () => {
    await world.deploy()
    await world.deploy([...OKTA, '--stack', 'second'])
    const { text } = await world.destroy(['--stack', 'second', '--yes'])
    assert.match(text, /^✓ The code of this stack is deleted; the bucket stays/m)
    assert.deepEqual((await world.aws.state()).buckets[0]?.keys, [
      'hookline/r1/hook.zip',
      'stacks/hookline/r1.yaml',
    ])
  })

  test('continues where a failed run stopped', async () => {
    await world.deploy()
    await world.aws.setFaults({ sticking: { Table: 'it is in use' } })
    assert.equal((await world.destroy()).exitCode, 1)
    await world.aws.setFaults({})
    const { text, exitCode } = await world.destroy()
    assert.equal(exitCode, 0)
    assert.match(text, /^✓ Destroyed/m)
  })

  test('Ctrl-C while CloudFormation works: it says that the deletion continues, and how to follow it', async () => {
    await world.deploy()
    await using program = startHookline(['destroy', '--yes'], { env: world.aws.env })
    await program.prints(/✓ deleted/)
    program.interrupt()
    const { stdout, stderr, code } = await program.ended
    assert.match(
      stderr,
      /^CloudFormation continues without this command\. Follow it in AWS's console: https:/m,
    )
    assert.doesNotMatch(stdout, /Destroyed/)
    assert.equal(code, 130)
  })
})
