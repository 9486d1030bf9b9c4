import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { type HookBench, startHookBench } from '../world/hook-bench.ts'

/** What the carrier received when the first candidate of a route proves that it sent nothing. */
describe('the next candidate', () => {
  let bench: HookBench
  before(async () => {
    bench = await startHookBench({
      routesFile: new URL('../vectors/routes-with-notify.json', import.meta.url).pathname,
    })
  })
  after(() => bench?.[Symbol.asyncDispose]())
  afterEach(async () => {
    await bench.takeFaultCount()
    await bench.takeMessages()
  })

  for (const [channel, operation] of [
    ['sms', 'SendNotifyTextMessage'],
    ['voice call', 'SendNotifyVoiceMessage'],
  ] as const) {
    test(`may be AWS Notify, with our code in its template: ${channel}`, async () => {
      await bench.armFault({ match: { from: '+447700900100' }, kind: 'error', name: 'ThrottlingException' })
      const { verdict } = await bench.call({ to: '+447400123456', channel, code: '4711223344' })
      assert.equal(verdict.kind, 'delivered-by-hook')
      const messages = await bench.takeMessages()
      assert.deepEqual(
        messages.map(message => message.operation),
        [operation],
      )
      assert.match(messages[0]?.body.replaceAll(', ', '') ?? '', /4711223344/)
      assert.equal(await bench.takeFaultCount(), 1)
    })
  }

  test('may be an identity of another region', async () => {
    await bench.armFault({ match: { from: '+33639980100' }, kind: 'error', name: 'ThrottlingException' })
    const { verdict } = await bench.call({ to: '+33755512501' })
    assert.equal(verdict.kind, 'delivered-by-hook')
    assert.deepEqual(
      (await bench.takeMessages()).map(({ from }) => from),
      ['pool-tests0FR'],
    )
  })

  test('is called in the region of its ARN: home does not know it', async () => {
    const { verdict } = await bench.call({ to: '+46790645100' })
    assert.equal(verdict.kind, 'delivered-by-hook')
    assert.deepEqual(
      (await bench.takeMessages()).map(({ from }) => from),
      ['arn:aws:sms-voice:eu-north-1:123456789012:pool/pool-tests0SE'],
    )
  })

  test('is not tried after a cut that proves nothing', async () => {
    await bench.armFault({ match: { from: '+447700900100' }, kind: 'reset', when: 'after' })
    const { verdict } = await bench.call({ to: '+447400123457' })
    assert.equal(verdict.kind, 'okta-sends-itself')
    assert.deepEqual(
      (await bench.takeMessages()).map(({ from }) => from),
      ['+447700900100'],
    )
  })
})
