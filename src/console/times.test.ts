import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { clockText, startOfDay } from './times.ts'

describe('times of a page', () => {
  for (const [zone, now, midnight] of [
    ['UTC', '2026-11-28T12:34:56.789Z', '2026-11-28T00:00:00.000Z'],
    ['Europe/Madrid', '2026-11-28T12:00:00.000Z', '2026-11-27T23:00:00.000Z'],
    ['Asia/Kathmandu', '2026-11-28T12:00:00.000Z', '2026-11-27T18:15:00.000Z'],
    ['Europe/Madrid', '2026-03-29T10:00:00.000Z', '2026-03-28T23:00:00.000Z'], // 23 hours
    ['Europe/Madrid', '2026-10-25T10:00:00.000Z', '2026-10-24T22:00:00.000Z'], // 25 hours
    ['Europe/Madrid', '2026-10-25T00:30:00.000Z', '2026-10-24T22:00:00.000Z'],
  ] as const) {
    it(`begin the day of ${now} in ${zone} at midnight there`, () => {
      assert.equal(new Date(startOfDay(Date.parse(now), zone)).toISOString(), midnight)
    })
  }

  it('name the date of another day', () => {
    const now = Date.parse('2026-11-28T12:00:00.000Z')
    assert.equal(clockText(now, now, 'Europe/Madrid'), '13:00:00')
    assert.equal(clockText(now - 86_400_000, now, 'Europe/Madrid'), '2026-11-27 13:00:00')
  })
})
