import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { allShippedTexts } from '../../test/fixtures/planning.ts'
import { checkTemplate, type TemplateFindings } from './check-template.ts'

const check = (
  text: string,
  channel: 'sms' | 'voice' = 'sms',
  voiceId = 'JOANNA',
  locale = 'en',
): TemplateFindings =>
  checkTemplate({ channel, locale, purpose: 'any', text, voiceId, indiaTemplateId: undefined })
const ALLOWED = '{code}, {minutes}, {brand}, {domain}, {firstName}'

describe('a template for a text', () => {
  it('has nothing to be said about it when it is right', () => {
    assert.deepEqual(check("Your code is {code}. It''s yours alone."), { errors: [], looks: [] })
  })

  for (const text of ['Your code', "'{code}'", "l'{code}", '']) {
    it(`cannot be saved without the code: "${text}"`, () => {
      assert.deepEqual(check(text).errors, ['It lacks the code: put {code} where it belongs.'])
    })
  }

  const foreign = new URL('../../test/vectors/foreign-placeholders.json', import.meta.url)
  for (const { text, written } of JSON.parse(readFileSync(foreign, 'utf8')) as {
    text: string
    written: string
  }[]) {
    it(`is told how to write a value that is written as elsewhere: ${text}`, () => {
      const { errors } = check(text)
      assert.equal(errors.length, 1)
      assert.ok(errors[0]?.startsWith(`${written} (line 1, column `), errors[0])
      assert.match(errors[0] ?? '', /write \{code\}/)
    })
  }

  for (const text of ["$'{'org.name'}': {code}", "'{{'code'}}' {code}", "for '{org.name}' is {code}"]) {
    it(`is told the same where the braces are quoted, as an import quotes them: ${text}`, () => {
      assert.match(check(text).errors.join(), /^\S+ (?:\(line 1, column \d+\) )?is not how .* write \{code\}/)
    })
  }

  for (const character of ['\u0000', '\u0007', '\u001b', '\u007f', '\u0085']) {
    it(`cannot have a control character: ${JSON.stringify(character)}`, () => {
      for (const channel of ['sms', 'voice'] as const) {
        const text = channel === 'sms' ? `{code}${character}` : `<speak>{code}${character}</speak>`
        assert.match(
          check(text, channel).errors[0] ?? '',
          /^It has a control character \(line 1, column \d+\)/,
        )
      }
    })
  }

  it('may have a dollar, a per cent or a number sign elsewhere, as the last line of WebOTP has', () => {
    for (const text of ['{code}. $1 = 100 %', '{code}\n@login.example.com #{code}'])
      assert.deepEqual(check(text).errors, [])
  })

  for (const name of ['name', 'constructor', '__proto__', '0', 'Code']) {
    it(`cannot have another argument: {${name}}`, () => {
      assert.deepEqual(check(`{code} {${name}}`).errors, [
        `{${name}} (line 1, column 8) is not an argument; allowed: ${ALLOWED}.`,
      ])
    })
  }

  it('cannot hide another argument in a plural', () => {
    const { errors } = check('{code} {n, plural, one {{x}} other {#}}')
    assert.deepEqual(errors, [
      `{n} (line 1, column 8) is not an argument; allowed: ${ALLOWED}.`,
      `{x} (line 1, column 25) is not an argument; allowed: ${ALLOWED}.`,
    ])
  })

  for (const text of [
    '{code, number}',
    '{code, plural, one {#} other {#}}',
    '{code, select, 1234 {none} other {{code}}}',
    '{code, date}',
  ]) {
    it(`cannot change the code: ${text}`, () => {
      assert.equal(
        check(text).errors[0],
        'It formats {code} (line 1, column 1), which changes it: write {code}.',
      )
    })
  }

  it('may choose its words by the minutes that are left, and only by these', () => {
    const plural = '{minutes, plural, one {# minute} other {# minutes}}'
    assert.deepEqual(check(`{code}, ${plural}`), { errors: [], looks: [] })
    assert.deepEqual(check('{code} {brand, select, x {1} other {2}}').errors, [
      'It formats {brand} (line 1, column 8), which changes it: write {brand}.',
    ])
  })

  it('cannot say the code in some cases only', () => {
    assert.deepEqual(check('{minutes, plural, one {{code}} other {{code}}}').errors, [
      '{code} is inside a choice (line 1, column 24): put it outside, where it is always said.',
      '{code} is inside a choice (line 1, column 39): put it outside, where it is always said.',
    ])
  })

  it('cannot be broken MessageFormat: it says where', () => {
    const [error, ...others] = check('Your code is\n{code').errors
    assert.match(error ?? '', /^It is not ICU MessageFormat: \w+ at line 2, column 1/)
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

describe('a template for a call', () => {
  it('has nothing to be said about it when it is right', () => {
    const ssml = '<speak><p><prosody rate="slow">{code}.<break time="1s"/></prosody><s>{code}</s></p></speak>'
    assert.deepEqual(check(ssml, 'voice'), { errors: [], looks: [] })
  })

  for (const inside of [
    '<break/>{code}',
    '{code}<p>x</p>',
    '<say-as interpret-as="digits">{code}</say-as>',
  ]) {
    it(`cannot have a tag inside <say-as>: ${inside}`, () => {
      const { errors } = check(`<speak><say-as interpret-as="characters">${inside}</say-as></speak>`, 'voice')
      assert.deepEqual(errors, ['<say-as> may hold text only: take the tags inside it out.'])
    })
  }

  it('is told that the code inside <say-as> has no pauses', () => {
    const { errors, looks } = check(
      '<speak>{code} <say-as interpret-as="digits">{code}</say-as></speak>',
      'voice',
    )
    assert.deepEqual(errors, [])
    assert.match(looks[0] ?? '', /without pauses between its digits/)
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

  for (const voiceId of ['joanna', 'ALEXA', 'constructor', '__proto__']) {
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

  it('cannot be spoken by a voice of another language, and may leave the voice to the locale', () => {
    const ssml = '<speak>{code} {code}</speak>'
    assert.deepEqual(check(ssml, 'voice', 'FILIZ', 'de').errors, [
      'FILIZ speaks tr, and the template is in de.',
    ])
    assert.deepEqual(check(ssml, 'voice', 'JOANNA', 'en-GB').errors, [])
    assert.deepEqual(check(ssml, 'voice', '', 'de').errors, [])
    assert.deepEqual(check(ssml, 'voice', '', 'fi').errors, [
      'AWS End User Messaging has no voice that speaks fi: calls fall back to another language.',
    ])
  })

  for (const name of ['constructor', 'prototype', '__proto__']) {
    it(`cannot have a tag that no parser takes: <${name}/>`, () => {
      assert.deepEqual(check(`<speak>{code} {code}<${name}/></speak>`, 'voice').errors, [
        'Its SSML has a tag that no voice knows.',
      ])
    })
  }

  it('deserves a look when the code is said once, or a tag is not spoken by every voice', () => {
    assert.deepEqual(check('<speak>{code}</speak>', 'voice').looks, ['It says the code only once.'])
    const ssml =
      '<speak><emphasis>{code}</emphasis> <amazon:domain name="news">{code}</amazon:domain></speak>'
    assert.deepEqual(check(ssml, 'voice').looks, ['Not every voice speaks <emphasis>, <amazon:domain>.'])
  })
})

describe('the shipped templates', () => {
  it('have nothing to be said about them', () => {
    assert.equal(allShippedTexts.length, 355)
    for (const template of allShippedTexts) {
      const name = `${template.channel}/${template.locale}/${template.purpose}`
      assert.deepEqual(checkTemplate(template), { errors: [], looks: [] }, name)
    }
  })
})
