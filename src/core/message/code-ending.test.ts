import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Secret } from '../values/secret.ts'
import { type CodeEnding, withEnding } from './code-ending.ts'
import { measureText } from './message-parts.ts'

const domain: CodeEnding = { kind: 'domain', domain: 'login.example.com' }
const app: CodeEnding = { kind: 'app', appHash: 'FA+9qCX9VSu' }
const ended = (text: string, code: string, ending: CodeEnding | undefined, partsMax: number): string =>
  withEnding(measureText(text), new Secret(code), ending, partsMax).text

describe('the ending of a text', () => {
  it('is the origin-bound line: with one space inside, and nothing before or after it', () => {
    assert.equal(ended('Code 1234.', '1234', domain, 2), 'Code 1234.\n@login.example.com #1234')
  })

  it("is the app's hash", () => {
    assert.equal(ended('Code 1234.', '1234', app, 2), 'Code 1234.\nFA+9qCX9VSu')
  })

  it('is absent if none is set', () => assert.equal(ended('Code 1234.', '1234', undefined, 2), 'Code 1234.'))

  it('is left out for an app if SMS Retriever could not read it: more than 140 bytes', () => {
    assert.ok(ended('a'.repeat(148), '1234', app, 9).endsWith('FA+9qCX9VSu'))
    assert.equal(ended('a'.repeat(149), '1234', app, 9), 'a'.repeat(149))
    assert.equal(ended('ж'.repeat(59), '1234', app, 9), 'ж'.repeat(59))
  })

  it('is the last line within the part limit, or the text is unchanged', () => {
    const endings = fc.constantFrom(domain, app)
    fc.assert(
      fc.property(
        fc.string({ maxLength: 400 }),
        endings,
        fc.integer({ min: 1, max: 5 }),
        (body, ending, partsMax) => {
          const whole = ended(body, '4711', ending, partsMax)
          if (whole === body) return
          assert.match(whole, ending === domain ? /\n@login\.example\.com #4711$/ : /\nFA\+9qCX9VSu$/)
          assert.ok(measureText(whole).parts <= Math.max(partsMax, measureText(body).parts))
        },
      ),
    )
  })

  it('is measured with the whole text', () => {
    for (const [text, ending] of [
      ['Code 1234.', domain],
      ['Code 1234.', undefined],
      ['a'.repeat(149), app],
    ] as const) {
      const whole = withEnding(measureText(text), new Secret('1234'), ending, 9)
      assert.deepEqual(whole, measureText(whole.text))
    }
  })
})
