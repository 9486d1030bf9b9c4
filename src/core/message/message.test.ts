import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { templateText, templateValuesOf } from '../../../test/fixtures/planning.ts'
import { prepareAnyTemplate } from './icu-template.ts'
import { spokenDigits, textMessage, writeMessage } from './message.ts'
import { charactersOutsideGsm, measureText } from './message-parts.ts'

// 3GPP TS 23.038 §6.2.1, row by row; 0x1B is the escape to the extension table of §6.2.1.1.
const GSM_BASIC = [
  '@£$¥èéùìòÇ\nØø\rÅå',
  'Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ',
  ' !"#¤%&\'()*+,-./',
  '0123456789:;<=>?',
  '¡ABCDEFGHIJKLMNO',
  'PQRSTUVWXYZÄÖÑÜ§',
  '¿abcdefghijklmno',
  'pqrstuvwxyzäöñüà',
].join('')
const GSM_EXTENSION = '\f^{}\\[~]|€'

const a = (count: number): string => 'a'.repeat(count)
const euro = (count: number): string => '€'.repeat(count)
const cyrillic = (count: number): string => 'ж'.repeat(count)
const emoji = (count: number): string => '😀'.repeat(count)

describe('the parts of a text', () => {
  it('count every character of the GSM alphabet as one septet', () => {
    assert.equal([...GSM_BASIC].length, 127)
    for (const character of GSM_BASIC) {
      const { text: _, ...measured } = measureText(character.repeat(160))
      assert.deepEqual(
        measured,
        { encoding: 'GSM-7', parts: 1, septetsOrUnits: 160 },
        JSON.stringify(character),
      )
      assert.equal(measureText(character.repeat(161)).parts, 2)
    }
  })

  it('count every character of the extension table as two septets', () => {
    for (const character of GSM_EXTENSION) {
      const { text: _, ...measured } = measureText(character.repeat(80))
      assert.deepEqual(
        measured,
        { encoding: 'GSM-7', parts: 1, septetsOrUnits: 160 },
        JSON.stringify(character),
      )
      assert.equal(measureText(character.repeat(81)).parts, 2)
    }
  })

  it('are UCS-2 for similar characters that GSM lacks', () => {
    for (const character of 'áíóúçãõêâÁÍÓÚ`’“”–…\u00a0\t\u200bЖ中あ한😀') {
      assert.equal(measureText(`abc${character}`).encoding, 'UCS-2', JSON.stringify(character))
    }
  })

  for (const [what, text, encoding, parts] of [
    ['nothing', '', 'GSM-7', 1],
    ['160 septets', a(160), 'GSM-7', 1],
    ['161 septets', a(161), 'GSM-7', 2],
    ['2 x 153 septets', a(306), 'GSM-7', 2],
    ['2 x 153 septets and one', a(307), 'GSM-7', 3],
    ['10 x 153 septets', a(1530), 'GSM-7', 10],
    ['an extension character that just fits one part', a(158) + euro(1), 'GSM-7', 1],
    ['an extension character that is too much for one part', a(159) + euro(1), 'GSM-7', 2],
    ['an extension character at the end of the first part', a(151) + euro(1) + a(153), 'GSM-7', 2],
    ['an extension character over the boundary, which moves on', a(152) + euro(1) + a(152), 'GSM-7', 3],
    ['extension characters only, 76 a part', euro(152), 'GSM-7', 2],
    ['extension characters only, one more', euro(153), 'GSM-7', 3],
    ['70 units', cyrillic(70), 'UCS-2', 1],
    ['71 units', cyrillic(71), 'UCS-2', 2],
    ['2 x 67 units', cyrillic(134), 'UCS-2', 2],
    ['2 x 67 units and one', cyrillic(135), 'UCS-2', 3],
    ['one character that makes 70 others dear', `${a(70)}ó`, 'UCS-2', 2],
    ['35 emoji of two units', emoji(35), 'UCS-2', 1],
    ['36 emoji', emoji(36), 'UCS-2', 2],
    ['an emoji at the end of the first part', cyrillic(65) + emoji(1) + cyrillic(67), 'UCS-2', 2],
    ['an emoji over the boundary, which moves on', cyrillic(66) + emoji(1) + cyrillic(66), 'UCS-2', 3],
    ['half an emoji', '\ud83d', 'UCS-2', 1],
  ] as const) {
    it(`are ${parts} (${encoding}) for ${what}`, () => {
      const measured = measureText(text)
      assert.deepEqual([measured.encoding, measured.parts], [encoding, parts])
    })
  }

  it('name each character outside the alphabet once', () => {
    assert.deepEqual(charactersOutsideGsm('Su código único, ¿sí? €'), ['ó', 'ú', 'í'])
    assert.deepEqual(charactersOutsideGsm(GSM_BASIC + GSM_EXTENSION), [])
  })

  it('never become fewer when the text gets longer, and contain all of it', () => {
    const character = fc.constantFrom('a', '€', 'ж', '😀')
    fc.assert(
      fc.property(fc.array(character, { maxLength: 400 }), character, (characters, more) => {
        const text = characters.join('')
        const { encoding, parts, septetsOrUnits } = measureText(text)
        assert.ok(septetsOrUnits <= parts * (encoding === 'GSM-7' ? 160 : 70))
        assert.ok(measureText(text + more).parts >= parts)
      }),
    )
  })
})

describe('a text message', () => {
  it('is accepted up to 1,530 GSM or 630 other characters', () => {
    assert.equal(textMessage(measureText(a(1530)))?.channel, 'sms')
    assert.equal(textMessage(measureText(a(1531))), undefined)
    assert.equal(textMessage(measureText(cyrillic(630)))?.channel, 'sms')
    assert.equal(textMessage(measureText(cyrillic(631))), undefined)
  })

  it('has its encoding and parts, and prints as dots', () => {
    const message = textMessage(measureText('Ваш код: 493817'))
    assert.ok(message?.channel === 'sms')
    assert.deepEqual([message.encoding, message.parts], ['UCS-2', 1])
    assert.equal(message.body.reveal(), 'Ваш код: 493817')
    assert.ok(!JSON.stringify(message).includes('493817'))
  })
})

describe('a message from a template', () => {
  const template = (channel: 'sms' | 'voice', text: string) =>
    prepareAnyTemplate({
      channel,
      text,
      locale: 'en',
      purpose: 'any',
      voiceId: 'JOANNA',
      indiaTemplateId: undefined,
      version: 1,
    })

  const rules = { ending: undefined, partsMax: 2, voiceId: 'AMY' }

  it('has the code unchanged in a text', () => {
    const message = writeMessage(
      template('sms', 'Your code is {code}.'),
      templateValuesOf({ code: '004217' }),
      rules,
    )
    assert.equal(message?.body.reveal(), 'Your code is 004217.')
  })

  it('speaks the digits one by one, with the voice of the template', () => {
    const message = writeMessage(
      template('voice', '<speak>{code}</speak>'),
      templateValuesOf({ code: '0042' }),
      rules,
    )
    assert.ok(message?.channel === 'voice')
    assert.equal(message.voiceId, 'JOANNA')
    assert.equal(message.body.reveal(), `<speak>${spokenDigits('0042')}</speak>`)
  })

  it("speaks with the voice of the user's locale if the template names none", () => {
    const unnamed = { ...template('voice', '<speak>{code}</speak>'), voiceId: '' }
    const message = writeMessage(unnamed, templateValuesOf(), rules)
    assert.ok(message?.channel === 'voice')
    assert.equal(message.voiceId, 'AMY')
  })

  it('reads a value of a call as text, never as markup', () => {
    const values = templateValuesOf({ brand: 'A&B', domain: 'a', firstName: '<break/>' })
    const message = writeMessage(
      template('voice', '{code}{brand}{domain}{firstName}{minutes}'),
      values,
      rules,
    )
    assert.ok(message?.body.reveal().endsWith('A&#38;Ba&#60;break/&#62;5'))
  })

  it('ends with the line that lets a phone fill in the code, within the part limit', () => {
    const ending = { kind: 'domain', domain: 'login.example.com' } as const
    const write = (text: string, partsMax: number) =>
      writeMessage(template('sms', text), templateValuesOf(), { ...rules, ending, partsMax })?.body.reveal()
    assert.equal(write('Your code is {code}.', 1), 'Your code is 493817.\n@login.example.com #493817')
    assert.equal(write(`${a(150)} {code}`, 1), `${a(150)} 493817`)
    assert.ok(write(`${a(150)} {code}`, 2)?.endsWith('\n@login.example.com #493817'))
  })

  it('accepts SSML up to 6,000 characters, including tags', () => {
    const ssml = (length: number): string =>
      `<speak>{code}${a(length - 15 - spokenDigits('1234').length)}</speak>`
    const write = (length: number) =>
      writeMessage(template('voice', ssml(length)), templateValuesOf({ code: '1234' }), rules)
    assert.equal(write(6000)?.body.reveal().length, 6000)
    assert.equal(write(6001), undefined)
  })
})

describe('a text of two forms', () => {
  const ending = { kind: 'domain', domain: 'login.example.com' } as const
  const write = (text: string, short: string, changed: Partial<Parameters<typeof writeMessage>[2]> = {}) => {
    const template = prepareAnyTemplate(templateText({ text, short }))
    const rules = { ending: undefined, partsMax: 2, voiceId: '', ...changed }
    const message = writeMessage(template, templateValuesOf(), rules)
    assert.ok(message?.channel === 'sms')
    return { form: message.form, parts: message.parts, isEnded: message.body.reveal().includes('\n@') }
  }
  for (const [what, full, short, changed, expected] of [
    ['in full where it fits one part', a(150), '', {}, ['full', 1, false]],
    ['in short where the full form would cost a part more', a(155), '', {}, ['short', 1, false]],
    ['in full where both cost two parts', a(290), a(170), {}, ['full', 2, false]],
    [
      'in short with its ending where the full form would cost a part more',
      a(130),
      '',
      { ending },
      ['short', 1, true],
    ],
    ['in full with its ending in one part', a(120), '', { ending }, ['full', 1, true]],
    [
      'in full where the ending costs a second part anyway',
      cyrillic(80),
      cyrillic(60),
      { ending },
      ['full', 2, true],
    ],
    [
      'in short where only that has room for its ending',
      cyrillic(50),
      cyrillic(20),
      { ending, partsMax: 1 },
      ['short', 1, true],
    ],
    [
      'in full where no form has room for the ending',
      cyrillic(60),
      cyrillic(50),
      { ending, partsMax: 1 },
      ['full', 1, false],
    ],
  ] as const) {
    it(`is sent ${what}`, () => {
      const { form, parts, isEnded } = write(`{code} ${full}`, `{code} ${short}`, changed)
      assert.deepEqual([form, parts, isEnded], expected)
    })
  }
})

describe('a call of two forms', () => {
  const template = prepareAnyTemplate(
    templateText({
      channel: 'voice',
      text: `<speak>${'One moment please. '.repeat(8)}{code} {code} {code}</speak>`,
      short: '<speak>{code} {code}</speak>',
    }),
  )
  const formOf = (code: string) =>
    writeMessage(template, templateValuesOf({ code }), { ending: undefined, partsMax: 1, voiceId: '' })?.form

  it('is spoken in full while that is estimated at less than 30 seconds', () => {
    assert.deepEqual(['4938', '493817', '4938175620', '4938'].map(formOf), ['full', 'full', 'short', 'full'])
  })
})

describe('a brand with its own pronunciation', () => {
  const say = (text: string, brandSpeech: Parameters<typeof templateValuesOf>[0] & object) =>
    writeMessage(
      prepareAnyTemplate(templateText({ channel: 'voice', text })),
      templateValuesOf({ brand: 'Acme & Co', ...brandSpeech }),
      { ending: undefined, partsMax: 1, voiceId: '' },
    )?.body.reveal()
  const both = { brandSpeech: { alias: 'Ack "me"', language: 'en-US' } }

  it('is a substitution, in the sounds of a language', () => {
    assert.equal(
      say('<speak>{brand} {code}</speak>', both)?.split(' 4<')[0],
      '<speak><lang xml:lang="en-US"><sub alias="Ack &#34;me&#34;">Acme &#38; Co</sub></lang>',
    )
    const alias = { brandSpeech: { alias: 'Akme', language: undefined } }
    assert.match(
      say('<speak>{brand} {code}</speak>', alias) ?? '',
      /^<speak><sub alias="Akme">Acme &#38; Co<\/sub> 4</,
    )
  })

  for (const text of [
    '<speak><sub alias="{brand}">us</sub>{code}</speak>',
    '<speak><sub alias="us">{brand}</sub>{code}</speak>',
    '<speak><say-as interpret-as="characters">{brand}</say-as>{code}</speak>',
    "<speak>{brand}''s {code}</speak>",
  ]) {
    it(`is plain text where markup is not allowed, or if ICU fills it in: ${text}`, () => {
      const spoken = say(text, both) ?? ''
      assert.doesNotMatch(spoken, /<lang/)
      assert.match(spoken, /Acme &#38; Co/)
    })
  }

  it('is unchanged in a text', () => {
    const template = prepareAnyTemplate(templateText({ text: '{brand}: {code}' }))
    const rules = { ending: undefined, partsMax: 1, voiceId: '' }
    assert.equal(writeMessage(template, templateValuesOf(both), rules)?.body.reveal(), 'Okta: 493817')
  })
})

describe('spoken digits', () => {
  it('are separated by pauses, including leading zeros', () => {
    assert.equal(spokenDigits('07'), '0<break time="250ms"/>7')
    assert.equal(spokenDigits('7'), '7')
  })

  it('are in groups of three with longer pauses between them, the last four as two pairs', () => {
    const grouped = (code: string): string =>
      spokenDigits(code).replaceAll('<break time="250ms"/>', '').replaceAll('<break time="600ms"/>', '-')
    const codes = ['1234', '12345', '123456', '1234567', '12345678', '123456789', '1234567890']
    assert.deepEqual(codes.map(grouped), [
      '12-34',
      '123-45',
      '123-456',
      '123-45-67',
      '123-456-78',
      '123-456-789',
      '123-456-78-90',
    ])
  })

  it('cannot break out of SSML, whatever they are', () => {
    assert.equal(spokenDigits('<&'), '&#60;&#38;')
  })
})
