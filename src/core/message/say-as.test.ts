import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { templateValuesOf } from '../../../test/fixtures/planning.ts'
import { ssmlPieces } from '../../advice/lint/ssml-pieces.ts'
import { prepareAnyTemplate } from './icu-template.ts'
import { writeMessage } from './message.ts'
import { sayAsContents, withPlainSayAs } from './say-as.ts'

function spokenBy(text: string): string {
  const template = prepareAnyTemplate({
    channel: 'voice',
    locale: 'en',
    purpose: 'any',
    text,
    voiceId: 'JOANNA',
    indiaTemplateId: undefined,
    version: 1,
  })
  const rules = { ending: undefined, partsMax: 1, voiceId: '' }
  return writeMessage(template, templateValuesOf({ brand: 'A & B' }), rules)?.body.reveal() ?? ''
}

describe('inside <say-as>', () => {
  for (const [text, sent] of [
    ['<say-as interpret-as="digits">{code}</say-as>', '<say-as interpret-as="digits">493817</say-as>'],
    ["<say-as interpret-as='digits' >{code}</say-as >", "<say-as interpret-as='digits' >493817</say-as >"],
    [
      '<say-as interpret-as="characters"><break/>{code}</say-as>',
      '<say-as interpret-as="characters">493817</say-as>',
    ],
    [
      '<say-as interpret-as="digits"><say-as>{code}</say-as>1</say-as>',
      '<say-as interpret-as="digits">4938171</say-as>',
    ],
    ['<say-as a="x>y"><!-- {code} -->{brand}</say-as>', '<say-as a="x>y">A &#38; B</say-as>'],
    ['<say-as interpret-as="digits"/>{brand}', '<say-as interpret-as="digits"/>A &#38; B'],
  ] as const) {
    it(`only text is sent: ${text}`, () =>
      assert.equal(spokenBy(`<speak>${text}</speak>`), `<speak>${sent}</speak>`))
  }

  it('the code outside keeps its pauses', () => {
    assert.equal(
      spokenBy('<speak><say-as interpret-as="digits">12</say-as>{code}</speak>').match(/<break/g)?.length,
      5,
    )
  })

  it('only text is sent, whatever the template contains', () => {
    const piece = fc.constantFrom(
      '{code}',
      '{brand}',
      'x',
      '<break/>',
      '<p>y</p>',
      '<s>{code}</s>',
      '<!-- c -->',
    )
    const inside = fc
      .array(piece, { maxLength: 5 })
      .map(all => `<say-as interpret-as="digits">${all.join('')}</say-as>`)
    const body = fc
      .array(fc.oneof(piece, inside), { maxLength: 6 })
      .map(all => `<speak>${all.join('')}</speak>`)
    fc.assert(
      fc.property(body, text => {
        let isInside = false
        for (const found of ssmlPieces(spokenBy(text)) ?? assert.fail(text)) {
          if (found.kind === 'close' && found.name === 'say-as') isInside = false
          if (isInside) assert.equal(found.kind, 'text', text)
          if (found.kind === 'open' && found.name === 'say-as') isInside = true
        }
      }),
      { numRuns: 200 },
    )
  })

  it('the tag is found whatever its attributes contain, and text without it is unchanged', () => {
    assert.deepEqual(sayAsContents('<speak><say-as a="<b>">1<break/></say-as> 2 <say-as/></speak>'), [
      '1<break/>',
    ])
    assert.equal(withPlainSayAs('<speak>1<break/>2</speak>'), '<speak>1<break/>2</speak>')
  })
})
