import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import en from '../../messages/en.json' with { type: 'json' }
import es from '../../messages/es.json' with { type: 'json' }
import { checkTemplate, type TemplateFindings } from './check-template.ts'

const check = (text: string, channel: 'sms' | 'voice' = 'sms', voiceId = 'JOANNA'): TemplateFindings =>
  checkTemplate({ channel, locale: 'en', purpose: 'any', text, voiceId, indiaTemplateId: undefined })

describe('a wording for a text', () => {
  it('has nothing to be said about it when it is right', () => {
    assert.deepEqual(check("Your code is {code}. It''s yours alone."), { errors: [], looks: [] })
  })

  for (const text of ['Your code', "'{code}'", "l'{code}", '']) {
    it(`cannot be saved without the code: "${text}"`, () => {
      assert.deepEqual(check(text).errors, ['It lacks the code: put {code} where it belongs.'])
    })
  }

  for (const name of ['name', 'constructor', '__proto__', '0', 'Code']) {
    it(`cannot have another argument: {${name}}`, () => {
      assert.deepEqual(check(`{code} {${name}}`).errors, [`{${name}} is not an argument; allowed: {code}.`])
    })
  }

  it('cannot hide another argument in a plural', () => {
    const { errors } = check('{code} {n, plural, one {{x}} other {#}}')
    assert.deepEqual(errors, [
      '{n} is not an argument; allowed: {code}.',
      '{x} is not an argument; allowed: {code}.',
    ])
  })

  for (const text of [
    '{code, number}',
    '{code, plural, one {#} other {#}}',
    '{code, select, 1234 {none} other {{code}}}',
    '{code, date}',
  ]) {
    it(`cannot change the code: ${text}`, () => {
      assert.deepEqual(check(text).errors, ['It formats the code, which changes it: write {code}.'])
    })
  }

  it('cannot be broken MessageFormat', () => {
    const [error, ...others] = check('Your code is {code').errors
    assert.match(error ?? '', /^It is not ICU MessageFormat: \w+/)
    assert.deepEqual(others, [])
  })

  it('cannot be longer than the carrier takes, with the longest code', () => {
    assert.deepEqual(check(`${'a'.repeat(1521)}{code}`).errors, ['It is longer than the carrier takes.'])
    assert.deepEqual(check(`${'a'.repeat(1520)}{code}`).errors, [])
  })

  it('deserves a look when it takes several parts, and says why', () => {
    assert.deepEqual(check(`${'a'.repeat(151)}{code}`).looks, [
      'It takes 2 message parts, each paid: it is long.',
    ])
    assert.deepEqual(check(`${'a'.repeat(150)}{code}`).looks, [])
    const [look] = check(`Su código único: {code} ${'a'.repeat(60)}`).looks
    assert.match(look ?? '', /2 message parts, each paid: "ó", "ú" are not in the GSM alphabet/)
    assert.match(check(`ó{code}${'a'.repeat(60)}`).looks.join(), /"ó" is not in the GSM alphabet/)
  })
})

describe('a wording for a call', () => {
  it('has nothing to be said about it when it is right', () => {
    const ssml = '<speak><p><prosody rate="slow">{code}.<break time="1s"/></prosody><s>{code}</s></p></speak>'
    assert.deepEqual(check(ssml, 'voice'), { errors: [], looks: [] })
  })

  for (const [ssml, error] of [
    ['<speak>{code}', /broken at line 1: Unclosed tag 'speak'/],
    ['<speak>\n<p>{code}</speak>', /broken at line 2/],
    ['<speak>{code} & you</speak>', /&/],
    ['<speak>{code} < 5</speak>', /broken/],
    ['<speak>{code}</speak><speak>again</speak>', /broken/],
    ['<speak>{code}</speak> and more', /broken/],
    ['<speak><break time="{code}"/></speak>', /broken/],
    ['<speak>{code}&nbsp;</speak>', /Its SSML has &nbsp;, which XML does not know\./],
    ['<speak>{code} &eacute;</speak>', /&eacute;/],
    ['Your code is {code}', /does not begin with <speak>/],
    ['<speakers>{code}</speakers>', /does not begin with <speak>/],
    ['<?xml version="1.0"?><speak>{code}</speak>', /does not begin with <speak>/],
    ['<!DOCTYPE s [<!ENTITY a "b">]><speak>{code}&a;</speak>', /does not begin with <speak>/],
  ] as const) {
    it(`cannot be saved with broken SSML: ${ssml.replaceAll('\n', ' ')}`, () => {
      assert.match(check(ssml, 'voice').errors.join('\n'), error)
    })
  }

  it('can have what XML knows', () => {
    const ssml = '<speak>Q&amp;A &lt; &#233; &#xE9; &apos;{code} {code}</speak>'
    assert.deepEqual(check(ssml, 'voice'), { errors: [], looks: [] })
  })

  for (const voiceId of ['', 'joanna', 'ALEXA', 'constructor', '__proto__']) {
    it(`cannot be saved with a voice that AWS lacks: "${voiceId}"`, () => {
      assert.deepEqual(check('<speak>{code} {code}</speak>', 'voice', voiceId).errors, [
        `"${voiceId}" is not a voice of AWS End User Messaging.`,
      ])
    })
  }

  it('cannot be longer than the carrier takes', () => {
    const ssml = `<speak>{code}${'a'.repeat(6_000)}</speak>`
    assert.deepEqual(check(ssml, 'voice').errors, ['It is longer than the carrier takes.'])
  })

  it('deserves a look when the code is said once, or a tag is not spoken by every voice', () => {
    assert.deepEqual(check('<speak>{code}</speak>', 'voice').looks, ['It says the code only once.'])
    const ssml =
      '<speak><emphasis>{code}</emphasis> <amazon:effect phonation="soft">{code}</amazon:effect></speak>'
    assert.deepEqual(check(ssml, 'voice').looks, ['Not every voice speaks <emphasis>, <amazon:effect>.'])
  })
})

describe('the shipped wordings', () => {
  for (const { locale, voiceId, sms, voice } of [en, es]) {
    it(`have nothing to be said about them: ${locale}`, () => {
      assert.deepEqual(check(sms.any, 'sms'), { errors: [], looks: [] })
      assert.deepEqual(check(voice.any, 'voice', voiceId), { errors: [], looks: [] })
    })
  }
})
