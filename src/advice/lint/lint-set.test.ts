import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { templateValuesOf } from '../../../test/fixtures/planning.ts'
import type { NewTemplate } from '../../core/policy/policy-store.ts'
import { lintSet } from './lint-set.ts'

const RULES = {
  typicalValues: templateValuesOf(),
  ending: undefined,
  partsMax: 2,
  defaultLocale: 'en',
  isWhole: false,
}
/** `sms/es/any` with its words. */
function template(name: string, text = '{code}'): NewTemplate {
  const [channel, locale = '', purpose] = name.split('/')
  return { channel, locale, purpose, text, voiceId: '', indiaTemplateId: undefined } as NewTemplate
}
const findingsOf = (templates: readonly NewTemplate[], isWhole = false): readonly string[] =>
  lintSet(templates, { ...RULES, isWhole }).map(
    ({ template, rule, severity, sentence }) => `${template} ${rule} ${severity}: ${sentence}`,
  )

describe('a set of templates', () => {
  it('with a purpose that nothing serves deserves a look', () => {
    const [first, ...others] = findingsOf(
      ['sms/fi/password-reset', 'sms/fi/account-unlock'].map(name => template(name)),
    )
    assert.match(
      first ?? '',
      /^sms\/fi\/password-reset missing-purpose warning: Nothing is written in fi \(sms\) for pre-enrollment, mfa-verification, and there is no "any"/,
    )
    assert.deepEqual(others, [])
  })

  it('with one template for any purpose is told what that serves, too', () => {
    assert.deepEqual(findingsOf([template('sms/fi/any'), template('sms/fi/password-reset')]), [
      'sms/fi/any missing-purpose info: "any" also serves pre-enrollment, mfa-verification, account-unlock.',
    ])
  })

  it('with texts and no call, where AWS has a voice, deserves a look', () => {
    const calls = (names: readonly string[]) =>
      findingsOf(names.map(name => template(name))).filter(line => /missing-call/.test(line))
    assert.deepEqual(calls(['sms/de/any']), [
      'voice/de/any missing-call warning: de has texts and no call, though AWS has a voice that speaks it: VICKI.',
    ])
    assert.deepEqual(calls(['sms/fi/any']), [], 'no voice speaks it')
    assert.deepEqual(calls(['sms/es-MX/any', 'voice/es/any']), [], 'the language serves the region')
  })

  it('without the default locale, or a language of Okta, deserves a look when it is the whole set', () => {
    const [text, voice, languages] = findingsOf(
      [template('sms/es/any'), template('voice/es/any')],
      true,
    ).filter(line => /missing-language/.test(line))
    assert.match(text ?? '', /^ missing-language error: There is no sms template in the default locale, en/)
    assert.match(voice ?? '', /^ missing-language warning: There is no voice template/)
    assert.match(
      languages ?? '',
      /no text in zh-CN, zh-TW, cs, da, de, el, en, fi, .*, vi, which Okta's users can choose/,
    )
    assert.deepEqual(
      findingsOf([template('sms/es/any'), template('voice/es/any')]).filter(line =>
        /missing-language/.test(line),
      ),
      [],
    )
  })

  it('names what one language leaves out, and what only one has', () => {
    const placeholders = (...texts: readonly string[]) =>
      findingsOf(texts.map((text, index) => template(`sms/${['fi', 'th', 'el', 'cs'][index]}/any`, text)))
        .filter(line => / placeholders /.test(line))
        .map(line => line.replace(' placeholders', ''))
    assert.deepEqual(placeholders('{code} {brand}', '{brand} {code}', '{code}'), [
      'sms/el/any warning: It lacks {brand}, which most of the other sms templates for any have (3 languages).',
    ])
    assert.deepEqual(placeholders('{code} {firstName}', '{code}', '{code}'), [
      'sms/fi/any warning: It has {firstName}, which most of the other sms templates for any lack (3 languages).',
    ])
    assert.deepEqual(placeholders('{code} {minutes}', '{code} {minutes, plural, other {#}}', '{code}'), [
      'sms/el/any info: It lacks {minutes}, which most of the other sms templates for any have (3 languages).',
    ])
    assert.deepEqual(placeholders('{code} {brand}', '{code'), [], 'what cannot be read is told elsewhere')
  })
})
