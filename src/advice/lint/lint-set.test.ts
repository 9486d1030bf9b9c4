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
  isComplete: false,
}
/** `sms/es/any` with a text. */
function template(name: string, text = '{code}'): NewTemplate {
  const [channel, locale = '', purpose] = name.split('/')
  return { channel, locale, purpose, text, voiceId: '', indiaTemplateId: undefined } as NewTemplate
}
const lint = (templates: readonly NewTemplate[], isComplete = false): readonly string[] =>
  lintSet(templates, { ...RULES, isComplete }).map(
    ({ template, rule, severity, sentence }) => `${template} ${rule} ${severity}: ${sentence}`,
  )

describe('a set of templates', () => {
  it('has a warning if no template serves a purpose', () => {
    const [first, ...others] = lint(
      ['sms/fi/password-reset', 'sms/fi/account-unlock'].map(name => template(name)),
    )
    assert.match(
      first ?? '',
      /^sms\/fi\/password-reset missing-purpose warning: fi \(sms\) has no template for pre-enrollment, mfa-verification, and none for "any"\./,
    )
    assert.deepEqual(others, [])
  })

  it('has a note of the purposes that the template for any purpose serves', () => {
    assert.deepEqual(lint([template('sms/fi/any'), template('sms/fi/password-reset')]), [
      'sms/fi/any missing-purpose info: "any" also serves pre-enrollment, mfa-verification, account-unlock.',
    ])
  })

  it('has a warning if a language has texts but no call, and AWS has a voice', () => {
    const calls = (names: readonly string[]) =>
      lint(names.map(name => template(name))).filter(line => /missing-call/.test(line))
    assert.deepEqual(calls(['sms/de/any']), [
      'voice/de/any missing-call warning: de has texts but no call, although an AWS voice speaks it: VICKI.',
    ])
    assert.deepEqual(calls(['sms/fi/any']), [], 'no voice speaks it')
    assert.deepEqual(calls(['sms/es-MX/any', 'voice/es/any']), [], 'the language serves the region')
  })

  it('has warnings about a missing default locale or language of Okta, if it is complete', () => {
    const [text, voice, languages] = lint([template('sms/es/any'), template('voice/es/any')], true).filter(
      line => /missing-language/.test(line),
    )
    assert.match(text ?? '', /^ missing-language error: There is no sms template in the default locale, en/)
    assert.match(voice ?? '', /^ missing-language warning: There is no voice template/)
    assert.match(
      languages ?? '',
      /no text in zh-CN, zh-TW, cs, da, de, el, en, fi, .*, vi, which users of Okta can choose/,
    )
    assert.deepEqual(
      lint([template('sms/es/any'), template('voice/es/any')]).filter(line => /missing-language/.test(line)),
      [],
    )
  })

  it('has a warning if one language lacks a placeholder, or is the only one to have it', () => {
    const placeholders = (...texts: readonly string[]) =>
      lint(texts.map((text, index) => template(`sms/${['fi', 'th', 'el', 'cs'][index]}/any`, text)))
        .filter(line => / placeholders /.test(line))
        .map(line => line.replace(' placeholders', ''))
    assert.deepEqual(placeholders('{code} {brand}', '{brand} {code}', '{code}'), [
      'sms/el/any warning: It lacks {brand}, which most of the 3 sms templates for any have.',
    ])
    assert.deepEqual(placeholders('{code} {firstName}', '{code}', '{code}'), [
      'sms/fi/any warning: It has {firstName}, which most of the 3 sms templates for any lack.',
    ])
    assert.deepEqual(placeholders('{code} {minutes}', '{code} {minutes, plural, other {#}}', '{code}'), [
      'sms/el/any info: It lacks {minutes}, which most of the 3 sms templates for any have.',
    ])
    assert.deepEqual(
      placeholders('{code} {brand}', '{code'),
      [],
      'what cannot be read is reported by another rule',
    )
  })
})
