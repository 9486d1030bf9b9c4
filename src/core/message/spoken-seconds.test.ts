import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pauseSeconds, spokenSeconds } from './spoken-seconds.ts'

describe('the spoken length', () => {
  it('counts pauses unchanged at any rate', () => {
    assert.equal(
      spokenSeconds(
        '<speak><break time="600ms"/><prosody rate="slow"><break time="1.5s"/></prosody></speak>',
      ),
      2.1,
    )
    assert.deepEqual(
      [{ time: '.5s' }, { strength: 'none' }, {}, { time: 'soon' }].map(attributes =>
        pauseSeconds(attributes),
      ),
      [0.5, 0, 0.5, 0.5],
    )
  })

  it('is longer for slower speech, and for each additional digit and word', () => {
    const at = (rate: string, words = 'Your code is 1 2 3 4') =>
      spokenSeconds(`<speak><prosody rate="${rate}">${words}</prosody></speak>`)
    assert.ok(at('slow') > at('medium') && at('medium') > at('fast'))
    assert.equal(at('50%'), at('x-slow'))
    assert.ok(at('medium', '1 2 3') > at('medium', '1 2'))
    assert.ok(at('medium', 'one two') > at('medium', 'one'))
  })

  it('is about that of a reader for typical sentences: 150 words a minute', () => {
    const words = 'The quick brown fox jumps over the lazy dog '.repeat(10)
    const perMinute = (90 / spokenSeconds(`<speak>${words}</speak>`)) * 60
    assert.ok(perMinute > 130 && perMinute < 230, String(perMinute))
  })

  it('counts the alias of a substitution instead of its text', () => {
    const long = 'International Business Machines'
    assert.equal(
      spokenSeconds(`<speak><sub alias="IBM">${long}</sub></speak>`),
      spokenSeconds('<speak>IBM</speak>'),
    )
  })

  it('reads invalid SSML tag by tag', () => assert.equal(spokenSeconds('<speak>'), 0))
})
