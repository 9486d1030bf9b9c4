import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { inspect } from 'node:util'
import { answerError } from '../../src/okta/hook-response.ts'
import { body } from '../../test/fixtures/hook-body.ts'
import { createObservation, type SeenCall } from './observation.ts'
import { type StepName, steps } from './steps.ts'

const AT = Date.parse('2026-03-01T12:00:00.250Z')
const stepOf = (name: StepName) => steps.find(step => step.name === name) ?? assert.fail(name)
const seen = (json: object | undefined, changed: Partial<SeenCall> = {}): SeenCall => ({
  step: stepOf('text'),
  arrivedAt: AT,
  headerNames: ['accept'],
  authorization: null,
  json,
  ...changed,
})

describe('an observation', () => {
  test("records times, the step, and the hook's answer", () => {
    const observation = createObservation()
    assert.equal(observation.step(), undefined)
    const pending = stepOf('pending')
    observation.begin(pending)
    assert.equal(observation.step(), pending)
    observation.arrived(seen(body()))
    const { answer } = pending.script ?? assert.fail('no script')
    observation.arrived(seen(body(), { step: pending }))(answer)
    assert.deepEqual(
      observation.calls().map(({ step, answerKind, isRepeated, codeLivesSeconds, arrivedAfterMs }) => ({
        step,
        answerKind,
        isRepeated,
        codeLivesSeconds,
        arrivedAfterMs,
      })),
      [
        {
          step: 'text',
          answerKind: undefined,
          isRepeated: false,
          codeLivesSeconds: 300,
          arrivedAfterMs: 250,
        },
        {
          step: 'pending',
          answerKind: 'PENDING',
          isRepeated: true,
          codeLivesSeconds: 300,
          arrivedAfterMs: 250,
        },
      ],
    )
  })

  test('answers as the step says, with a mark for the System Log', () => {
    const answers = steps.map(step => {
      const observation = createObservation()
      const answered = observation.arrived(seen(body(), { step }))
      const { script } = step
      if (script === undefined) return 'delivers'
      assert.equal(script.answer.httpStatus, 200)
      assert.match(JSON.stringify(script.answer.body), /"debugContext":\{"code":"OBSERVED"/)
      answered(script.answer)
      return `${observation.calls()[0]?.answerKind} after ${script.afterMs}`
    })
    assert.deepEqual(answers, [
      'delivers',
      'delivers',
      'delivers',
      'PENDING after 0',
      'FAILED after 0',
      'an error object after 0',
      'FAILED after 4500',
      'delivers',
      'delivers',
      'delivers',
    ])
  })

  test('recognises a token without keeping it', () => {
    const observation = createObservation()
    for (const authorization of [
      'Bearer zebulon.one',
      'Bearer zebulon.two',
      'Bearer zebulon.one',
      null,
      null,
    ])
      observation.arrived(seen({}, { authorization }))
    const calls = observation.calls()
    assert.deepEqual(
      calls.map(({ hasTokenOfBefore }) => hasTokenOfBefore),
      [false, false, true, false, false],
    )
    assert.equal(inspect(calls, { depth: 9 }).includes('zebulon'), false)
  })

  test('keeps nothing of a request that could be printed, not even its ID', () => {
    const observation = createObservation()
    observation.arrived(seen(body()))(answerError('BODY_NOT_JSON'))
    const printed = inspect(observation.calls(), { depth: 9 }) + JSON.stringify(observation.calls())
    for (const value of [
      'uS5871kJThSMU8qlA1LTcg',
      'reqv66CbCaCStGEFc8AdfS0ng',
      '11111',
      '34683783440',
      'test.user',
    ])
      assert.equal(printed.includes(value), false, value)
    assert.equal(observation.calls()[0]?.requestId?.reveal(), 'reqv66CbCaCStGEFc8AdfS0ng')
  })

  test('takes bodies of any kind, an ID that could break a filter for none', () => {
    const observation = createObservation()
    observation.arrived(seen(undefined))
    observation.arrived(
      seen({ eventTime: 'x'.repeat(99), eventId: 7, data: { context: { request: { id: 'a" or "' } } } }),
    )
    for (const { requestId, arrivedAfterMs } of observation.calls())
      assert.deepEqual([requestId, arrivedAfterMs], [undefined, undefined])
  })

  test('counts refusals by reason, until the next step', () => {
    const observation = createObservation()
    observation.turnedAway('TOKEN_CLIENT')
    assert.deepEqual(observation.refusals(), ['TOKEN_CLIENT'])
    observation.begin(stepOf('text'))
    assert.deepEqual([observation.refusals(), observation.calls()], [[], []])
  })
})
