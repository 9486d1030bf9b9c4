import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSsml } from './ssml.ts'

const WELL_FORMED = [
  '<speak>Hello</speak>',
  '<speak/>',
  '<?xml version="1.0"?>\n<speak version="1.1" xml:lang=\'en-US\'>Hello</speak>\n',
  '<speak><p><s>One &amp; two</s></p><break time="300ms"/><!-- a note --></speak>',
  '<speak><say-as interpret-as="digits">123456</say-as> &#x41;&#65;&quot;</speak>',
  '<speak><![CDATA[1 < 2 & 3]]></speak>',
  '<speak><prosody rate="slow">Δ, ы, 数</prosody></speak >',
]

for (const ssml of WELL_FORMED) {
  test(`takes ${JSON.stringify(ssml)}`, () => assert.equal(parseSsml(ssml).kind, 'ssml'))
}

const BROKEN: readonly [text: string, problem: RegExp][] = [
  ['Hello', /outside <speak>/],
  ['', /no <speak>/],
  ['<p>Hello</p>', /root element is not <speak>/],
  ['<speak>Hello', /does not end/],
  ['<speak><p>Hello</speak></p>', /closes one that is not open/],
  ['<speak>Hello</speak><speak/>', /second root/],
  ['<speak>Hello</speak> there', /outside <speak>/],
  ['<speak>Salt & pepper</speak>', /does not end/],
  ['<speak>Salt & pepper; more</speak>', /stray "&"/],
  ['<speak>&nbsp;</speak>', /stray "&"/],
  ['<speak>1 < 2</speak>', /not well formed/],
  ['<speak><break time=300ms/></speak>', /not well formed/],
  ['<speak><break time="1s" time="2s"/></speak>', /not well formed/],
  ['<speak><break time="<"/></speak>', /character that XML does not allow/],
  ['<!DOCTYPE speak [<!ENTITY a "b">]><speak/>', /not well formed/],
  ['<speak><!-- note</speak>', /does not end/],
  ['<speak>\u0001</speak>', /character that XML does not allow/],
  ['<speak>]]></speak>', /stray/],
]

for (const [text, problem] of BROKEN) {
  test(`refuses ${JSON.stringify(text)}`, () => {
    const read = parseSsml(text)
    assert.equal(read.kind, 'not-ssml')
    assert.match(read.kind === 'not-ssml' ? read.problem : '', problem)
  })
}

test('resolves entities in text and attributes', () => {
  const read = parseSsml('<speak><sub alias="Salt &amp; Co.">S&#38;C</sub></speak>')
  assert.ok(read.kind === 'ssml')
  assert.deepEqual(read.tokens.slice(1, 3), [
    { kind: 'open', name: 'sub', attributes: new Map([['alias', 'Salt & Co.']]) },
    { kind: 'text', text: 'S&C' },
  ])
})
