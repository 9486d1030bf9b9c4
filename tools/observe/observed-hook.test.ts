import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { StepEvent } from '../../src/core/deliver/event.ts'
import { createHook } from '../../src/http/hook.ts'
import type { Caller } from '../../src/okta/caller.ts'
import { createWorld, startProcess } from '../../test/fixtures/delivering.ts'
import { body } from '../../test/fixtures/hook-body.ts'
import { hookCall } from '../../test/fixtures/hook-call.ts'
import { planRules } from '../../test/fixtures/planning.ts'
import { createObservation } from './observation.ts'
import { observeHook, observeRefusals } from './observed-hook.ts'
import { LATE_MS, type StepName, steps } from './steps.ts'

const OKTA: Caller = {
  kind: 'caller',
  name: 'okta',
  org: undefined,
  claims: undefined,
  validUntil: undefined,
}

async function setUp(step?: StepName) {
  const world = await createWorld()
  const { clock } = world
  const observation = createObservation()
  const events: StepEvent[] = []
  const watch = observeRefusals(observation)
  const hookline = startProcess(world, {
    record: event => {
      events.push(event)
      watch(event)
    },
  })
  observation.begin(steps.find(({ name }) => name === step))
  const hook = createHook({
    identify: async ({ header }) => {
      if (header('x-who') === 'internal-error') throw new Error('an internal error')
      return header('x-who') === 'okta' ? OKTA : { kind: 'unauthenticated', code: 'SECRET_WRONG' }
    },
    planRules,
    answerRules: { overLimit: 'error', blocked: 'error', unknown: 'failed' },
    budgetMs: 2_000,
    ports: hookline.ports,
    state: hookline.state,
  })
  const observed = observeHook(hook, observation, clock)
  const otpExpires = new Date(clock.now() + 300_000).toISOString()
  return {
    ...world,
    outcomesOf: (step: StepEvent['step']) =>
      events.filter(event => event.step === step).map(({ outcome }) => outcome),
    observation,
    ask: async (who: string, text = JSON.stringify(body({ otpExpires }))) => {
      const call = hookCall(text, { 'x-who': who, 'content-type': 'application/json' })
      const { httpStatus: status, body: answer } = await clock.until(observed(call))
      return { status, text: answer === undefined ? '' : JSON.stringify(answer) }
    },
  }
}

describe('the observed server', () => {
  test('delivers as always where the step has no answer of its own, and records the call', async () => {
    const { ask, observation, carrier } = await setUp('text')
    const { status, text } = await ask('okta')
    assert.equal(status, 200)
    assert.match(text, /"status":"SUCCESSFUL"/)
    assert.equal(carrier.tried.length, 1)
    const [call] = observation.calls()
    assert.deepEqual([call?.step, call?.answerKind], ['text', 'SUCCESSFUL'])
    assert.ok(call?.headers.includes('content-type'))
    assert.ok(call?.fields.some(({ path }) => path === 'data.messageProfile.otpCode'))
  })

  test("gives the step's answer and sends nothing", async () => {
    for (const [step, expected] of [
      ['pending', 'PENDING'],
      ['failed', 'FAILED'],
      ['error', 'an error object'],
    ] as const) {
      const { ask, observation, carrier, clock } = await setUp(step)
      const startedAt = clock.now()
      assert.equal((await ask('okta')).status, 200)
      assert.deepEqual([carrier.tried, clock.now() - startedAt], [[], 0])
      assert.equal(observation.calls()[0]?.answerKind, expected)
    }
  })

  test('answers too late when that is the step', async () => {
    const { ask, carrier, clock } = await setUp('late')
    const startedAt = clock.now()
    await ask('okta')
    assert.deepEqual([carrier.tried, clock.now() - startedAt], [[], LATE_MS])
  })

  test('only delivers between the steps', async () => {
    const { ask, observation, carrier } = await setUp()
    assert.match((await ask('okta')).text, /"status":"SUCCESSFUL"/)
    assert.deepEqual([carrier.tried.length, observation.calls()], [1, []])
  })

  test('turns unauthenticated callers away as always, and keeps no more than why', async () => {
    const { ask, observation, carrier, outcomesOf } = await setUp('pending')
    assert.deepEqual(await ask('zebulon'), { status: 401, text: '' })
    assert.deepEqual([carrier.tried, observation.calls()], [[], []])
    assert.deepEqual(observation.refusals(), ['SECRET_WRONG'])
    assert.deepEqual(outcomesOf('caller'), ['SECRET_WRONG'])
  })

  test('leaves internal errors and bodies that are no JSON to the hook', async () => {
    const { ask, observation, outcomesOf } = await setUp('text')
    assert.match((await ask('internal-error')).text, /"FAILED"/)
    assert.equal((await ask('okta', '{')).status, 400)
    assert.deepEqual(new Set(outcomesOf('internal-error')), new Set(['INTERNAL_ERROR']))
    assert.deepEqual(
      observation.calls().map(({ fields, answerKind }) => [fields, answerKind]),
      [[[], 'an error object']],
    )
  })
})
