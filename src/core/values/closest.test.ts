import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { closest, didYouMean } from './closest.ts'

describe('the closest name', () => {
  const names = ['HOOKLINE_OKTA_SCOPE', 'HOOKLINE_OKTA_ISSUER', 'HOOKLINE_BRAND', 'Germany', 'de', 'es']
  const cases: readonly (readonly [text: string, name: string | undefined])[] = [
    ['HOOKLINE_OTKA_SCOPE', 'HOOKLINE_OKTA_SCOPE'],
    ['HOOKLINE_OKTA_SCOP', 'HOOKLINE_OKTA_SCOPE'],
    ['hookline_brand', 'HOOKLINE_BRAND'],
    ['Germny', 'Germany'],
    ['Gremany', 'Germany'],
    ['HOOKLINE_COLOUR', undefined],
    ['dx', undefined],
    ['', undefined],
    ['x'.repeat(1_000_000), undefined],
  ]
  for (const [text, name] of cases)
    it(`to "${text.slice(0, 30)}" is ${name ?? 'none'}`, () => assert.equal(closest(text, names), name))

  it('is suggested in a sentence, if there is one', () => {
    assert.equal(didYouMean('Germny', names), ' Did you mean Germany?')
    assert.equal(didYouMean('Narnia', names), '')
  })
})
