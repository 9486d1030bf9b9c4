import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { allShippedTexts, templateText } from '../../test/fixtures/planning.ts'
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
  it('that is right has no findings', () => {
    assert.deepEqual(check("Your code is {code}. It''s yours alone."), { errors: [], warnings: [] })
  })

  for (const text of ['Your code', "'{code}'", "l'{code}", '']) {
    it(`cannot be saved without the code: "${text}"`, () => {
      assert.deepEqual(check(text).errors, ['It does not have the code. Add {code}.'])
    })
  }

  const foreign = new URL('../../test/vectors/foreign-placeholders.json', import.meta.url)
  for (const { text, written } of JSON.parse(readFileSync(foreign, 'utf8')) as {
    text: string
    written: string
  }[]) {
    it(`cannot have placeholders of another syntax: ${text}`, () => {
      const { errors } = check(text)
      assert.equal(errors.length, 1)
      assert.ok(errors[0]?.startsWith(`${written} (line 1, column `), errors[0])
      assert.match(errors[0] ?? '', /Write \{code\}/)
    })
  }

  for (const text of ["$'{'org.name'}': {code}", "'{{'code'}}' {code}", "for '{org.name}' is {code}"]) {
    it(`cannot have them with quoted braces either, as an import quotes them: ${text}`, () => {
      assert.match(
        check(text).errors.join(),
        /^\S+ (?:\(line 1, column \d+\) )?is not a placeholder\. Write \{code\}/,
      )
    })
  }

  for (const character of ['\u0000', '\u0007', '\u001b', '\u007f', '\u0085']) {
    it(`cannot have a control character: ${JSON.stringify(character)}`, () => {
      for (const channel of ['sms', 'voice'] as const) {
        const text = channel === 'sms' ? `{code}${character}` : `<speak>{code}${character}</speak>`
        assert.match(
          check(text, channel).errors[0] ?? '',
          /^It has a control character \(line 1, column \d+\)\. Remove it/,
        )
      }
    })
  }

  it('may have a dollar, a per cent or a number sign elsewhere, as the last line of WebOTP has', () => {
    for (const text of ['{code}. $1 = 100 %', '{code}\n@login.example.com #{code}'])
      assert.deepEqual(check(text).errors, [])
  })

  for (const name of ['name', 'constructor', '__proto__', '0', 'Code']) {
    it(`cannot have another placeholder: {${name}}`, () => {
      assert.deepEqual(check(`{code} {${name}}`).errors, [
        `{${name}} (line 1, column 8) is not a placeholder. Allowed: ${ALLOWED}.`,
      ])
    })
  }

  it('cannot hide another placeholder in a plural', () => {
    const { errors } = check('{code} {n, plural, one {{x}} other {#}}')
    assert.deepEqual(errors, [
      `{n} (line 1, column 8) is not a placeholder. Allowed: ${ALLOWED}.`,
      `{x} (line 1, column 25) is not a placeholder. Allowed: ${ALLOWED}.`,
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
        'It formats {code} (line 1, column 1), which changes it. Write {code}.',
      )
    })
  }

  it('may choose its words by the minutes that are left, and only by these', () => {
    const plural = '{minutes, plural, one {# minute} other {# minutes}}'
    assert.deepEqual(check(`{code}, ${plural}`), { errors: [], warnings: [] })
    assert.deepEqual(check('{code} {brand, select, x {1} other {2}}').errors, [
      'It formats {brand} (line 1, column 8), which changes it. Write {brand}.',
    ])
  })

  it('cannot have the code only in some cases of a choice', () => {
    assert.deepEqual(check('{minutes, plural, one {{code}} other {{code}}}').errors, [
      '{code} is inside a choice (line 1, column 24), so some messages could lack it. Move it out of the choice.',
      '{code} is inside a choice (line 1, column 39), so some messages could lack it. Move it out of the choice.',
    ])
  })

  it('cannot be broken MessageFormat: it says where', () => {
    const [error, ...others] = check('Your code is\n{code').errors
    assert.match(error ?? '', /^It is not valid ICU MessageFormat: \w+ at line 2, column 1/)
    assert.deepEqual(others, [])
  })

  it('cannot be longer than the carrier accepts, with the longest code', () => {
    assert.deepEqual(check(`${'a'.repeat(1521)}{code}`).errors, ['It is longer than the carrier accepts.'])
    assert.deepEqual(check(`${'a'.repeat(1520)}{code}`).errors, [])
  })

  it('has a warning with the reason if it takes several parts', () => {
    const long = `${'a'.repeat(150)} {code}`
    const parts = 'It takes 2 message parts, each charged separately, because it is long.'
    assert.deepEqual(check(long).warnings, [
      `${parts} It has no short form, which would be sent where that saves a part.`,
    ])
    assert.deepEqual(checkTemplate({ ...templateText({ text: long }), indiaTemplateId: '1107' }).warnings, [
      parts,
    ])
    assert.deepEqual(check(`${'a'.repeat(149)} {code}`).warnings, [])
    const [warning] = check(`Su código único: {code} ${'a'.repeat(60)}`).warnings
    assert.match(
      warning ?? '',
      /2 message parts, each charged separately: "ó", "ú" are not in the GSM alphabet/,
    )
    assert.match(check(`ó{code}${'a'.repeat(60)}`).warnings.join(), /"ó" is not in the GSM alphabet/)
  })
})

describe('a template for a call', () => {
  it('that is right has no findings', () => {
    const ssml = '<speak><p><prosody rate="slow">{code}.<break time="1s"/></prosody><s>{code}</s></p></speak>'
    assert.deepEqual(check(ssml, 'voice'), { errors: [], warnings: [] })
  })

  for (const inside of [
    '<break/>{code}',
    '{code}<p>x</p>',
    '<say-as interpret-as="digits">{code}</say-as>',
  ]) {
    it(`cannot have a tag inside <say-as>: ${inside}`, () => {
      const { errors } = check(`<speak><say-as interpret-as="characters">${inside}</say-as></speak>`, 'voice')
      assert.deepEqual(errors, ['<say-as> can contain only text. Remove the tags inside it.'])
    })
  }

  it('has a warning if the code is inside <say-as>, where it has no pauses', () => {
    const { errors, warnings } = check(
      '<speak>{code} <say-as interpret-as="digits">{code}</say-as></speak>',
      'voice',
    )
    assert.deepEqual(errors, [])
    assert.match(warnings[0] ?? '', /without pauses between its digits/)
  })

  for (const [ssml, error] of [
    ['<speak>{code}', /invalid at line 1: Unclosed tag 'speak'/],
    ['<speak>\n<p>{code}</speak>', /invalid at line 2/],
    ['<speak>{code} & you</speak>', /&/],
    ['<speak>{code} < 5</speak>', /invalid at/],
    ['<speak>{code}</speak><speak>again</speak>', /invalid at/],
    ['<speak>{code}</speak> and more', /invalid at/],
    ['<speak><break time="{code}"/></speak>', /invalid at/],
    ['<speak>{code}&nbsp;</speak>', /Its SSML has &nbsp;, which is not an XML entity\./],
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

  it('can have the entities of XML', () => {
    const ssml = '<speak>Q&amp;A &lt; &#233; &#xE9; &apos;{code} {code}</speak>'
    assert.deepEqual(check(ssml, 'voice'), { errors: [], warnings: [] })
  })

  for (const voiceId of ['joanna', 'ALEXA', 'constructor', '__proto__']) {
    it(`cannot be saved with a voice that AWS lacks: "${voiceId}"`, () => {
      assert.deepEqual(check('<speak>{code} {code}</speak>', 'voice', voiceId).errors, [
        `"${voiceId}" is not a voice of AWS End User Messaging.`,
      ])
    })
  }

  it('cannot be longer than the carrier accepts', () => {
    const ssml = `<speak>{code}${'a'.repeat(6_000)}</speak>`
    assert.deepEqual(check(ssml, 'voice').errors, ['It is longer than the carrier accepts.'])
  })

  it('cannot be spoken by a voice of another language, and may leave the voice to the locale', () => {
    const ssml = '<speak>{code} {code}</speak>'
    assert.deepEqual(check(ssml, 'voice', 'FILIZ', 'de').errors, [
      'FILIZ speaks tr, but the template is in de.',
    ])
    assert.deepEqual(check(ssml, 'voice', 'JOANNA', 'en-GB').errors, [])
    assert.deepEqual(check(ssml, 'voice', '', 'de').errors, [])
    assert.deepEqual(check(ssml, 'voice', '', 'fi').errors, [
      'No voice of AWS End User Messaging speaks fi. Users are called in the fallback language.',
    ])
  })

  for (const name of ['constructor', 'prototype', '__proto__']) {
    it(`cannot have a tag that the parser refuses: <${name}/>`, () => {
      assert.deepEqual(check(`<speak>{code} {code}<${name}/></speak>`, 'voice').errors, [
        'Its SSML has a tag that no voice supports.',
      ])
    })
  }

  it('has a warning if it says the code once, or has a tag that not every voice supports', () => {
    assert.deepEqual(check('<speak>{code}</speak>', 'voice').warnings, ['It says the code only once.'])
    const ssml =
      '<speak><emphasis>{code}</emphasis> <amazon:domain name="news">{code}</amazon:domain></speak>'
    assert.deepEqual(check(ssml, 'voice').warnings, ['Not every voice supports <emphasis>, <amazon:domain>.'])
  })
})

describe('a call that is too long', () => {
  const long = `<speak>${'Hello there. '.repeat(40)}{code} {code}</speak>`

  it('has a warning that a short form would help', () => {
    assert.match(
      check(long, 'voice').warnings.join(),
      /^It takes about \d\d s\. .* Add a short form that says the code fewer times\.$/,
    )
  })

  it('has none if its short form is not too long, and another if it is', () => {
    const template = templateText({ channel: 'voice', text: long })
    assert.deepEqual(checkTemplate({ ...template, short: '<speak>{code} {code}</speak>' }).warnings, [])
    assert.match(checkTemplate({ ...template, short: long }).warnings.join(), /Shorten both forms\.$/)
  })
})

describe('the shipped templates', () => {
  it('have no findings', () => {
    assert.equal(allShippedTexts.length, 355)
    for (const template of allShippedTexts) {
      const name = `${template.channel}/${template.locale}/${template.purpose}`
      assert.deepEqual(checkTemplate(template), { errors: [], warnings: [] }, name)
    }
  })
})
