import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runCommand } from '../../../test/fixtures/commands.ts'
import { createFakeClock } from '../../../test/fixtures/fake-clock.ts'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import type { CanaryParts } from '../../advice/canary/canary.ts'
import { type CanaryContext, type CanaryTarget, canaryCommand } from './canary.ts'

async function run(args: readonly string[], changed: Partial<CanaryParts> = {}) {
  const clock = createFakeClock()
  const value = [{ status: 'SUCCESSFUL', transactionId: 'message-1', transactionMetadata: 'delivery-1' }]
  const parts: CanaryParts = {
    url: 'https://hook.example.com/mfa',
    knock: async () => 401,
    call: async () => ({ status: 200, body: JSON.stringify({ commands: [{ value }] }) }),
    ...{ store: undefined, hasReceipts: false, receiptMs: 0, clock },
    ...changed,
  }
  const targets: CanaryTarget[] = []
  let isClosed = false
  const openCanary: CanaryContext['openCanary'] = async target => {
    targets.push(target)
    const close = async (): Promise<void> => {
      isClosed = true
    }
    return { country: target.country ?? 'US', parts, close }
  }
  const ran = runCommand<CanaryContext>(canaryCommand, createMemoryStore(clock.now), ['canary', ...args], {
    openCanary,
  })
  const result = await clock.until(ran)
  return { ...result, targets, isClosed, text: result.printed.join('\n') }
}

describe('hookline canary', () => {
  it('prints each step, and ends with 0 when it passed', async () => {
    const { text, exitCode, isClosed, targets } = await run([])
    assert.match(text, /to AWS's simulator in US, by https:\/\/hook\.example\.com\/mfa:/)
    for (const step of ['door', 'hook', 'carrier']) assert.match(text, new RegExp(`^${step} +passed`, 'm'))
    for (const step of ['record', 'receipt']) assert.match(text, new RegExp(`^${step} +skipped`, 'm'))
    assert.match(text, /The canary passed\.$/)
    assert.deepEqual([exitCode, isClosed], [0, true])
    assert.deepEqual(targets, [
      { stack: undefined, region: undefined, url: undefined, country: undefined, receiptMs: 180_000 },
    ])
  })

  it('names the step that failed and what to do, and ends with 4', async () => {
    const { text, exitCode, isClosed } = await run([], { knock: async () => 404 })
    assert.match(text, /The canary failed at door\. The path is wrong\./)
    assert.deepEqual([exitCode, isClosed], [4, true])
  })

  it('prints JSON for programs', async () => {
    const { text, exitCode } = await run(['--json'], { knock: async () => 404 })
    const { failed, deliveryId, steps } = JSON.parse(text)
    assert.deepEqual([failed, deliveryId, steps.length, steps[0].result], ['door', null, 5, 'failed'])
    assert.equal(exitCode, 4)
    assert.equal(JSON.parse((await run(['--json'])).text).failed, null)
  })

  it('takes a country of the simulator in any case, and names them all for another', async () => {
    const { targets } = await run(['--country', 'gb', '--wait', '5', '--stack', 's', '--region', 'eu-west-1'])
    assert.deepEqual(targets, [
      { stack: 's', region: 'eu-west-1', url: undefined, country: 'GB', receiptMs: 5_000 },
    ])
    const both = await run(['--stack', 's', '--url', 'https://other.example.com/mfa'])
    assert.match(String(both.problem), /Leave out --url/)
    for (const country of ['DE', '', '__proto__', 'toString']) {
      const { problem, targets: opened } = await run(['--country', country])
      assert.match(String(problem), /AU, CH, ES, FR, GB, IT, NL, PL, PT, SE, US/)
      assert.deepEqual(opened, [])
    }
    assert.match(String((await run(['--wait', '-1'])).problem), /--wait is "-1"/)
  })

  it('prints what another program answered without its control characters', async () => {
    const { text } = await run([], { call: async () => ({ status: 500, body: '\u001b[2J\u202eboom' }) })
    assert.match(text, /\\u001b\[2J\\u202eboom/)
  })
})
