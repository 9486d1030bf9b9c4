import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { templateValuesOf } from '../../../test/fixtures/planning.ts'
import { checkTemplate } from '../../advice/check-template.ts'
import { prepareAnyTemplate } from '../../core/message/icu-template.ts'
import { fillIn } from '../../core/message/template.ts'
import { Problem } from '../terminal/problem.ts'
import { readTemplatesFile } from './templates-file.ts'

const read = (content: unknown) => readTemplatesFile(JSON.stringify(content), 'words.json')

function problemOf(text: string): string {
  try {
    readTemplatesFile(text, 'words.json')
  } catch (error) {
    assert.ok(error instanceof Problem)
    assert.equal(error.exitCode, 2)
    return error.message
  }
  return assert.fail('it was taken')
}

const item = (type: string, language: string, message: string, voice?: string): object => ({
  id: { S: '1' },
  messagetype: { S: type },
  language: { S: language },
  message: { S: message },
  ...(voice !== undefined && { voiceid: { S: voice } }),
})

describe("the guidance's form", () => {
  const prose = `English Voice Sample

${JSON.stringify(item('voice call', 'en', "<speak><prosody rate='slow'>It's @otp.<break time='0.5s'/> Again: @otp2</prosody></speak>", 'matthew'), undefined, 2)}

------------------------
Spanish SMS Sample {see below} ["not JSON]


${JSON.stringify(item('sms', 'ES_mx', 'Su código es @otp'), undefined, 2)}
`
  const { templates, changed } = readTemplatesFile(prose, 'guidance.txt')

  it('is found between prose', () => {
    assert.deepEqual(
      templates.map(({ channel, locale, purpose, voiceId }) => [channel, locale, purpose, voiceId]),
      [
        ['voice', 'en', 'any', 'MATTHEW'],
        ['sms', 'es-MX', 'any', ''],
      ],
    )
  })

  it('has its placeholders converted, which is reported', () => {
    assert.deepEqual(changed, [
      'voice/en/any: @otp and @otp2 became {code}',
      'sms/es-MX/any: @otp became {code}',
    ])
    assert.equal(templates[1]?.text, 'Su código es {code}')
  })

  it('has the same text, with the code in its places', () => {
    const [voice] = templates
    assert.ok(voice)
    assert.deepEqual(checkTemplate(voice).errors, [])
    assert.equal(
      fillIn(prepareAnyTemplate({ ...voice, version: 1 }), templateValuesOf({ code: '12' })),
      "<speak><prosody rate='slow'>It's 12.<break time='0.5s'/> Again: 12</prosody></speak>",
    )
  })

  it('has braces and apostrophes quoted, and keeps words that only begin like a placeholder', () => {
    const { templates } = read([item('SMS', 'en', "{@otp} isn't '@otp' nor @otp22 {}")])
    const [text] = templates
    assert.ok(text)
    assert.equal(
      fillIn(prepareAnyTemplate({ ...text, version: 1 }), templateValuesOf({ code: '12' })),
      "{12} isn't '12' nor @otp22 {}",
    )
  })

  it('is not reported as changed if it was not', () =>
    assert.deepEqual(read([item('sms', 'en', 'Hello')]).changed, []))

  it('is also accepted without DynamoDB types', () => {
    const plain = { messagetype: 'Voice', language: 'en', message: '@otp', voiceid: 'AMY' }
    assert.equal(read(plain).templates[0]?.channel, 'voice')
  })

  for (const [what, content, problem] of [
    [
      'without a language',
      { messagetype: 'sms', message: '@otp' },
      'words.json, item 1: language is missing; expected text.',
    ],
    ['without a message', item('sms', 'en', ''), 'words.json, item 1: message is ""; expected text.'],
    [
      'of another type',
      item('email', 'en', '@otp'),
      'words.json, item 1: messagetype is "email"; expected sms or voice call.',
    ],
    [
      'of a call without a voice',
      item('voice call', 'en', '@otp'),
      'words.json, item 1: voiceid is missing; expected text.',
    ],
    [
      'in a language that is none',
      item('sms', 'Spanish', '@otp'),
      'words.json, item 1: "Spanish" is not a language tag such as es or pt-BR.',
    ],
  ] as const) {
    it(`cannot be imported ${what}`, () => assert.equal(problemOf(JSON.stringify(content)), problem))
  }
})

describe("the guidance's live table, as `aws dynamodb scan` prints it", () => {
  const voice = item('voice call', 'en', '<speak>@otp</speak>', 'MATTHEW')
  const text = item('sms', 'en', 'Your code is @otp')
  const scan = { Items: [voice, text], Count: 2, ScannedCount: 2, ConsumedCapacity: null }
  const names = (content: unknown) =>
    read(content).templates.map(({ channel, locale }) => `${channel}/${locale}`)

  it('is accepted', () => {
    const { templates, changed } = read(scan)
    assert.deepEqual(
      templates.map(({ channel, locale, text, voiceId }) => [channel, locale, text, voiceId]),
      [
        ['voice', 'en', '<speak>{code}</speak>', 'MATTHEW'],
        ['sms', 'en', 'Your code is {code}', ''],
      ],
    )
    assert.deepEqual(changed, ['voice/en/any: @otp became {code}', 'sms/en/any: @otp became {code}'])
  })

  it('is also accepted without DynamoDB types', () => {
    const plain = { id: '1', messagetype: 'sms', language: 'es', message: 'Su código: @otp' }
    assert.deepEqual(names({ Items: [plain, text] }), ['sms/es', 'sms/en'])
  })

  it('is accepted page by page, in a list or one after the other', () => {
    const pages = [{ Items: [voice] }, { Items: [text] }]
    assert.deepEqual(names(pages), ['voice/en', 'sms/en'])
    const { templates } = readTemplatesFile(pages.map(page => JSON.stringify(page)).join('\n'), 'words.json')
    assert.equal(templates.length, 2)
  })

  it('is refused if it is only a part of the table', () => {
    const problem =
      'words.json contains only a part of the table. Scan it again without --no-paginate and --max-items.'
    assert.equal(problemOf(JSON.stringify({ ...scan, LastEvaluatedKey: { id: { S: '2' } } })), problem)
    assert.equal(problemOf(JSON.stringify({ ...scan, NextToken: 'eyJF' })), problem)
    assert.deepEqual(names({ ...scan, NextToken: null }), ['voice/en', 'sms/en'])
  })

  it('is reported if it is empty', () =>
    assert.match(problemOf('{"Items": [], "Count": 0}'), /^words\.json contains no template/))

  it('is reported by the number of the item if one is invalid', () =>
    assert.equal(
      problemOf(JSON.stringify({ Items: [text, item('email', 'en', '@otp')] })),
      'words.json, item 2: messagetype is "email"; expected sms or voice call.',
    ))
})

describe('two items of the same name', () => {
  const inUpperCase = item('sms', 'EN-US', 'Code: @otp')

  it('become one if they are equal, which is reported', () => {
    const { templates, changed } = read([inUpperCase, item('sms', 'en_us', 'Code: @otp')])
    assert.deepEqual(
      templates.map(({ locale, text }) => [locale, text]),
      [['en-US', 'Code: {code}']],
    )
    assert.deepEqual(changed, [
      'sms/en-US/any: @otp became {code}',
      'sms/en-US/any: items 1 and 2 are the same and were merged',
    ])
  })

  it('are refused if they differ', () =>
    assert.equal(
      problemOf(JSON.stringify({ Items: [inUpperCase, item('sms', 'en-US', 'Your code: @otp')] })),
      'words.json: items 1 and 2 are both sms/en-US/any, with different texts. Keep one of them.',
    ))

  it('are two if their purposes differ', () => {
    const own = { channel: 'sms', locale: 'en', text: '{code}' }
    assert.equal(
      read([own, { ...own, purpose: 'password-reset', text: 'Reset: {code}' }]).templates.length,
      2,
    )
  })
})

describe("Hookline's own form", () => {
  const sound = { channel: 'sms', locale: 'es_MX', text: 'Su código: {code}' }

  it('is a list, or one object', () => {
    const expected = {
      channel: 'sms',
      locale: 'es-MX',
      purpose: 'any',
      text: 'Su código: {code}',
      voiceId: '',
      indiaTemplateId: undefined,
    }
    assert.deepEqual(read([sound]), { templates: [expected], changed: [], isForEveryPurpose: false })
    assert.deepEqual(read(sound).templates, [expected])
  })

  it('may name a purpose, a voice and a registration', () => {
    const { templates } = read([
      { ...sound, channel: 'voice', voiceId: 'MIA', purpose: 'password-reset' },
      { ...sound, indiaTemplateId: '1107160000000000001' },
    ])
    assert.deepEqual([templates[0]?.voiceId, templates[0]?.purpose], ['MIA', 'password-reset'])
    assert.equal(templates[1]?.indiaTemplateId, '1107160000000000001')
  })

  for (const [what, changed, problem] of [
    ['without a channel', { channel: undefined }, 'channel is missing; expected text.'],
    ['with another channel', { channel: 'email' }, 'channel is "email"; expected sms or voice.'],
    ['with a channel that is no text', { channel: 7 }, 'channel is 7; expected text.'],
    ['without a text', { text: '' }, 'text is ""; expected text.'],
    ['without a locale', { locale: null }, 'locale is null; expected text.'],
    [
      'with a locale that is none',
      { locale: 'English' },
      '"English" is not a language tag such as es or pt-BR.',
    ],
    ['with a voice that is no text', { channel: 'voice', voiceId: 7 }, 'voiceId is 7; expected text.'],
    ['with a short form that is no text', { short: 7 }, 'short is 7; expected text.'],
    [
      'with another purpose',
      { purpose: 'login' },
      'purpose is "login"; expected any, pre-enrollment, mfa-verification, account-unlock, password-reset.',
    ],
    ['with a registration that is no text', { indiaTemplateId: 7 }, 'indiaTemplateId is 7; expected text.'],
  ] as const) {
    it(`cannot be imported ${what}, with the number of the item`, () => {
      const text = JSON.stringify([sound, { ...sound, ...changed }])
      assert.equal(problemOf(text), `words.json, item 2: ${problem}`)
    })
  }
})

describe('a file without a template', () => {
  for (const text of ['', 'prose only', '[]', '{"channel": "sms"', '{ braces } and [ brackets ]']) {
    it(`is reported: ${JSON.stringify(text)}`, () => {
      assert.equal(
        problemOf(text),
        'words.json contains no template: neither a JSON list nor DynamoDB items.',
      )
    })
  }

  it('is not accepted because of other content', () => {
    for (const text of ['[1, null, "text"]', '{}', '{"__proto__": {"channel": "sms"}}']) {
      assert.match(problemOf(text), /^words\.json, item 1: channel is missing; expected text\.$/)
    }
  })
})
