import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EventType } from '@aws-sdk/client-pinpoint-sms-voice-v2'
import { courseOf } from './event-course.ts'
import { type EventsOptions, readEventsSetting } from './events-setting.ts'
import type { Message } from './message.ts'
import { seededRandom } from './seeded-random.ts'

const MESSAGE: Message = {
  messageId: 'm-1',
  receivedAt: '2026-01-02T03:04:05.678Z',
  channel: 'sms',
  operation: 'SendTextMessage',
  from: 'ACME',
  to: '+14155550142',
  body: 'Hello',
}

test('has only events of the service model, and at most one final event', () => {
  const known: ReadonlySet<string> = new Set(Object.values(EventType))
  for (const course of courses({ duplicates: 0.5, disorder: 0.5 })) {
    for (const { eventType } of course) assert.ok(known.has(eventType), eventType)
    assert.equal(course.filter(({ isFinal }) => isFinal).length, 1)
  }
  for (const course of courses({ outcome: 'none' })) assert.ok(course.every(({ isFinal }) => !isFinal))
})

test('ends texts with every possible final event', () => {
  const endings = (options: Partial<EventsOptions>) =>
    new Set(courses(options, ['sms']).map(course => course.at(-1)?.eventType))
  assert.deepEqual(endings({ outcome: 'delivered' }), new Set(['TEXT_SUCCESSFUL', 'TEXT_DELIVERED']))
  assert.equal(endings({ outcome: 'undelivered' }).size, 10)
})

test('can mark the same event as final or not', () => {
  const finalityOf = (eventType: string, from: string, options: Partial<EventsOptions> = {}) =>
    new Set(
      courses(options, ['sms', 'voice'], { from })
        .flat()
        .filter(step => step.eventType === eventType)
        .map(({ isFinal }) => isFinal),
    )
  assert.deepEqual(finalityOf('TEXT_SUCCESSFUL', '+12065550100'), new Set([true, false]))
  assert.deepEqual(finalityOf('TEXT_SUCCESSFUL', '12345'), new Set([true]))
  assert.deepEqual(
    finalityOf('TEXT_SUCCESSFUL', '+12065550100', { outcome: 'undelivered' }),
    new Set([false]),
  )
  assert.deepEqual(finalityOf('VOICE_ANSWERED', '+12065550100', { outcome: 'undelivered' }), new Set([false]))
})

test('uses RCS where requested, and falls back to SMS from a pool only', () => {
  const typesOf = (rcs: 'only' | 'first', outcome: 'delivered' | 'undelivered') =>
    new Set(
      courses({ outcome }, ['sms'], { rcs }).flatMap(course => course.map(({ eventType }) => eventType)),
    )
  assert.ok(
    [...typesOf('only', 'delivered'), ...typesOf('only', 'undelivered')].every(type =>
      type.startsWith('RCS_'),
    ),
  )
  assert.ok(!typesOf('only', 'undelivered').has('RCS_FALLEN_BACK_TO_SMS'))
  for (const type of ['RCS_READ', 'RCS_FALLEN_BACK_TO_SMS', 'TEXT_DELIVERED'] as const)
    assert.ok(typesOf('first', 'delivered').has(type), type)
  assert.ok(typesOf('first', 'undelivered').has('TEXT_UNREACHABLE'))
})

test('keeps within the range of delays', () => {
  const delays = courses({ delayMs: [10, 20], duplicates: 0.5 }).flatMap(course =>
    course.flatMap(({ delayMs, repeatedAfterMs = 10 }) => [delayMs, repeatedAfterMs]),
  )
  assert.deepEqual([Math.min(...delays), Math.max(...delays)], [10, 20])
})

test('never sends an event before it happens', () => {
  for (const course of courses({ disorder: 0.5, delayMs: [0, 5] })) {
    let postedAfterMs = 0
    for (const { delayMs, happensAfterMs } of course) {
      postedAfterMs += delayMs
      assert.ok(happensAfterMs <= postedAfterMs)
    }
  }
})

function courses(
  options: Partial<EventsOptions>,
  channels: readonly Message['channel'][] = ['sms', 'voice'],
  changed: Partial<Message> = {},
) {
  const setting = readEventsSetting({ url: 'http://localhost/', ...options })
  assert.ok(!('problem' in setting))
  const random = seededRandom(1)
  return channels.flatMap(channel =>
    Array.from({ length: 300 }, () => courseOf({ ...MESSAGE, channel, ...changed }, setting, random)),
  )
}
