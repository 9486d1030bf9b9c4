import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startHookline } from '../world/processes.ts'
import { runHookline } from '../world/run-hookline.ts'
import { sharedWorld } from '../world/world.ts'

const world = await sharedWorld()

describe('hookline deliveries, while the hook runs', { timeout: 120_000 }, () => {
  const send = (to: string) =>
    runHookline(['send', '--to', to, '--code', '7391846205', '--json', ...world.addresses])

  test('lists what was sent and what was not, but never the code or the whole number', async () => {
    await world.call({ to: '+14254147755' })
    await world.call({ to: '+34683783440', channel: 'voice', locale: 'es' })
    await send('+819012345678')
    const { code, stdout } = await runHookline(['deliveries'], { env: world.env })
    assert.equal(code, 0)
    assert.match(stdout, /^opened \(UTC\) +org +channel +country +number +purpose +status/)
    assert.match(stdout, /sms +US +…55 +mfa-verification +(?:accepted|delivered) +\S+/)
    assert.match(stdout, /voice +ES +…40 +mfa-verification +(?:accepted|delivered) +\S+/)
    assert.match(stdout, /sms +JP +…78 +mfa-verification +refused +NO_ROUTE/)
    const { stdout: json } = await runHookline(['deliveries', '--json'], { env: world.env })
    for (const secret of ['7391846205', '819012345678', '14254147755']) {
      assert.equal((stdout + json).includes(secret), false)
    }
  })

  test('--limit shows the newest', async () => {
    const to = '+447400123456'
    const { answer } = JSON.parse((await send(to)).stdout)
    const { stdout } = await runHookline(['deliveries', '--json', '--limit', '1'], { env: world.env })
    const deliveries = stdout.trim().split('\n')
    assert.equal(deliveries.length, 1)
    assert.equal(JSON.parse(deliveries[0] ?? '').end.messageId, answer.transactionId)
  })

  test('--follow shows new ones until Ctrl-C', async () => {
    await using following = startHookline(['deliveries', '--follow', '--json', '--limit', '1'], {
      env: world.env,
    })
    await following.prints(/\n/)
    const { answer } = JSON.parse((await send('+447400123457')).stdout)
    await following.prints(new RegExp(`"id":"${answer.transactionMetadata}"`))
    following.interrupt()
    await following.ended
    assert.equal(following.hasProcesses(), false)
  })
})

test('an empty store has no deliveries yet', { timeout: 60_000 }, async () => {
  using folder = temporaryFolder()
  const { code, stdout } = await runHookline(['deliveries'], { env: { HOOKLINE_DATA_DIR: folder.path } })
  assert.deepEqual([code, stdout], [0, 'No deliveries.\n'])
})
