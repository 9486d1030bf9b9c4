import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import type { HookWorld } from '../world/controls.ts'
import { startWorld } from '../world/world.ts'

/** The requests to the carrier after the first candidate of a route certainly sent nothing. */
describe('the next candidate', () => {
  let world: HookWorld
  before(async () => {
    world = await startWorld({
      hook: 'in-process',
      routes: new URL('../vectors/routes-with-notify.json', import.meta.url).pathname,
    })
  })
  after(() => world?.[Symbol.asyncDispose]())
  afterEach(async () => {
    await world.takeFaultCount()
    await world.takeMessages()
  })

  for (const [channel, operation] of [
    ['sms', 'SendNotifyTextMessage'],
    ['voice call', 'SendNotifyVoiceMessage'],
  ] as const) {
    test(`may be AWS Notify, with Hookline's code in its template: ${channel}`, async () => {
      await world.armFault({ match: { from: '+447700900100' }, kind: 'error', name: 'ThrottlingException' })
      const { verdict } = await world.call({ to: '+447400123456', channel, code: '4711223344' })
      assert.equal(verdict.kind, 'delivered-by-hook')
      const messages = await world.takeMessages()
      assert.deepEqual(
        messages.map(message => message.operation),
        [operation],
      )
      assert.match(messages[0]?.body.replaceAll(', ', '') ?? '', /4711223344/)
      assert.equal(await world.takeFaultCount(), 1)
    })
  }

  test('may be an identity of another region', async () => {
    await world.armFault({ match: { from: '+33639980100' }, kind: 'error', name: 'ThrottlingException' })
    const { verdict } = await world.call({ to: '+33755512501' })
    assert.equal(verdict.kind, 'delivered-by-hook')
    assert.deepEqual(
      (await world.takeMessages()).map(({ from }) => from),
      ['pool-tests0FR'],
    )
  })

  test('is called in the region of its ARN, because the home region does not have it', async () => {
    const { verdict } = await world.call({ to: '+46790645100' })
    assert.equal(verdict.kind, 'delivered-by-hook')
    assert.deepEqual(
      (await world.takeMessages()).map(({ from }) => from),
      ['arn:aws:sms-voice:eu-north-1:123456789012:pool/pool-tests0SE'],
    )
  })

  test('is not tried after a cut connection, which may have sent', async () => {
    await world.armFault({ match: { from: '+447700900100' }, kind: 'reset', when: 'after' })
    const { verdict } = await world.call({ to: '+447400123457' })
    assert.equal(verdict.kind, 'okta-sends-itself')
    assert.deepEqual(
      (await world.takeMessages()).map(({ from }) => from),
      ['+447700900100'],
    )
  })
})
