import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { templateValuesOf } from '../../../test/fixtures/planning.ts'
import { spokenDigits, textMessage, writeMessage } from './message.ts'
import { charactersOutsideGsm, measureText } from './message-parts.ts'
import { prepareTemplate } from './template.ts'

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

  it('are UCS-2 for the look-alikes that GSM lacks', () => {
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

  it('never get fewer when the text gets longer, and hold all of it', () => {
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
  it('is taken up to 1,530 GSM or 630 other characters, and not beyond', () => {
    assert.equal(textMessage(measureText(a(1530)))?.channel, 'sms')
    assert.equal(textMessage(measureText(a(1531))), undefined)
    assert.equal(textMessage(measureText(cyrillic(630)))?.channel, 'sms')
    assert.equal(textMessage(measureText(cyrillic(631))), undefined)
  })

  it('knows its encoding and parts, and prints as dots', () => {
    const message = textMessage(measureText('Ваш код: 493817'))
    assert.ok(message?.channel === 'sms')
    assert.deepEqual([message.encoding, message.parts], ['UCS-2', 1])
    assert.equal(message.body.reveal(), 'Ваш код: 493817')
    assert.ok(!JSON.stringify(message).includes('493817'))
  })
})

describe('a message from a template', () => {
  const template = (channel: 'sms' | 'voice', text: string) =>
    prepareTemplate({
      channel,
      text,
      locale: 'en',
      purpose: 'any',
      voiceId: 'JOANNA',
      indiaTemplateId: undefined,
      version: 1,
    })

  const rules = { ending: undefined, partsMax: 2, voiceId: 'AMY' }

  it('has the code as it is in a text', () => {
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
    const pause = '<break time="400ms"/>'
    assert.equal(message.body.reveal(), `<speak>0${pause}0${pause}4${pause}2</speak>`)
  })

  it("speaks with the voice of the user's locale where the template names none", () => {
    const unnamed = { ...template('voice', '<speak>{code}</speak>'), voiceId: '' }
    const message = writeMessage(unnamed, templateValuesOf(), rules)
    assert.ok(message?.channel === 'voice')
    assert.equal(message.voiceId, 'AMY')
  })

  it('takes a value of a call as text, never as markup', () => {
    const values = templateValuesOf({ brand: 'A&B', domain: 'a', firstName: '<break/>' })
    const message = writeMessage(
      template('voice', '{code}{brand}{domain}{firstName}{minutes}'),
      values,
      rules,
    )
    assert.ok(message?.body.reveal().endsWith('A&#38;Ba&#60;break/&#62;5'))
  })

  it('ends with what lets a phone fill in the code, inside the budget', () => {
    const ending = { kind: 'domain', domain: 'login.example.com' } as const
    const write = (text: string, partsMax: number) =>
      writeMessage(template('sms', text), templateValuesOf(), { ...rules, ending, partsMax })?.body.reveal()
    assert.equal(write('Your code is {code}.', 1), 'Your code is 493817.\n@login.example.com #493817')
    assert.equal(write(`${a(150)} {code}`, 1), `${a(150)} 493817`)
    assert.ok(write(`${a(150)} {code}`, 2)?.endsWith('\n@login.example.com #493817'))
  })

  it('takes SSML up to 6,000 characters, tags counted, and not beyond', () => {
    const ssml = (length: number): string =>
      `<speak>{code}${a(length - 15 - spokenDigits('1234').length)}</speak>`
    const write = (length: number) =>
      writeMessage(template('voice', ssml(length)), templateValuesOf({ code: '1234' }), rules)
    assert.equal(write(6000)?.body.reveal().length, 6000)
    assert.equal(write(6001), undefined)
  })
})

describe('spoken digits', () => {
  it('are parted by pauses, leading zeros and all', () => {
    assert.equal(spokenDigits('07'), '0<break time="400ms"/>7')
    assert.equal(spokenDigits('7'), '7')
  })

  it('cannot break out of SSML, whatever they are', () => {
    assert.equal(spokenDigits('<&'), '&#60;<break time="400ms"/>&#38;')
  })
})
