import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { runHookline } from '../world/run-hookline.ts'
import { sharedWorld } from '../world/world.ts'

const world = await sharedWorld()

describe('hookline send, while the hook runs', { timeout: 120_000 }, () => {
  const send = (...args: readonly string[]) => runHookline(['send', ...args, ...world.addresses])

  test('--json shows the answer to Okta, the SSML as delivered and the duration', async () => {
    const call = ['--to', '+34683783440', '--locale', 'es_MX', '--channel', 'voice call', '--code', '048213']
    const { code, stdout, stderr } = await send(...call, '--json')
    assert.deepEqual([code, stderr], [0, ''])
    const sent = JSON.parse(stdout)
    assert.equal(sent.answer.status, 'SUCCESSFUL')
    assert.equal(sent.verdict.kind, 'delivered-by-hook')
    assert.equal(sent.delivered.messageId, sent.answer.transactionId)
    assert.equal(sent.delivered.channel, 'voice')
    assert.match(sent.delivered.body, /^<speak>.*Su código para iniciar sesión es/s)
    assert.match(sent.delivered.body, /0<break time="250ms"\/>4<break time="250ms"\/>8/)
    assert.ok(Number.isFinite(sent.hookMs) && sent.totalMs >= sent.hookMs)
  })

  test('for people it shows how Okta reads the answer, and what arrived', async () => {
    const { code, stdout } = await send('--to', '+447400123456', '--locale', 'en_GB', '--code', '048213')
    assert.equal(code, 0)
    assert.match(stdout, /^Okta accepts: the hook delivered the code by AWS End User Messaging.* \(\d+ ms; /)
    assert.match(stdout, /\n {2}sms from \+447700900100: 048213 is your Okta sign-in code\./)
  })

  test('for a code that is not sent: exit code 4, the reason, and what Okta would do', async () => {
    const { code, stdout } = await send('--to', '+819012345678', '--json')
    assert.equal(code, 4)
    const sent = JSON.parse(stdout)
    assert.deepEqual([sent.answer.status, sent.problem.code], ['FAILED', 'NO_ROUTE'])
    assert.match(sent.verdict.sentence, /Okta would now send with its own provider/)
    assert.equal(sent.delivered, undefined)
  })

  test('an unknown channel is refused, never called', async () => {
    const { code, stdout } = await send('--to', '+447400123456', '--channel', 'pigeon')
    assert.equal(code, 4)
    assert.match(stdout, /The hook refused.*CHANNEL_UNKNOWN/s)
  })
})

test('send reports which address does not answer, and how to set another', { timeout: 60_000 }, async () => {
  const nobody = ['--okta', 'http://127.0.0.1:1', '--carrier', 'http://127.0.0.1:1']
  const { code, stdout, stderr } = await runHookline(['send', '--to', '+447400123456', ...nobody])
  assert.deepEqual([code, stdout], [5, ''])
  assert.match(stderr, /Nothing answers at http:\/\/127\.0\.0\.1:1\..*--okta, --carrier/)
})
