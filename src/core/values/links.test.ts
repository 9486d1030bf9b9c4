import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { hasPhoneNumber, linksIn } from './links.ts'

describe('a link', () => {
  for (const text of [
    'https://evil.example/x',
    'HTTP://EVIL.EXAMPLE',
    'intent://evil',
    'https:evil',
    'WWW.evil',
    'bit.ly/3x',
    'evil.ru',
    'help@example.de',
    'пример.рф',
    'evil.xn--p1ai',
    // Top-level domains with marks, and labels that end in one.
    'नमूना.भारत',
    'ตัวอย่าง.ไทย',
    'evil.ලංකා',
    'evil.இலங்கை',
    'हिन्दी.com',
    'evil.한국',
    'evil.ابوظبي',
    'i❤.ws',
    'a-.com',
    // Other dots, wide and fancy letters, and what cannot be seen.
    'evil．com',
    'evil。com',
    'evil｡com',
    'evil․com',
    'evil﹒com',
    '例子。中国',
    '例え。みんな',
    'пример。рф',
    'ｅｖｉｌ.ｃｏｍ',
    '𝐞𝐯𝐢𝐥.𝐜𝐨𝐦',
    'ⓔⓥⓘⓛ.ⓒⓞⓜ',
    'https：／／evil',
    'evil.\u200bcom',
    'evil\u00ad.com',
    'ev\u2060il.c\u034fom',
    'evil.\ufe0fcom',
    // Addresses without names.
    '192.168.0.1',
    '1。2。3。4',
    '１９２.１６８.０.１/x',
    '[2001:db8::1]',
    '[::1]/x',
    // Schemes without slashes.
    'tel:0900123456',
    'TEL:+1900',
    'ｔｅｌ：+1900',
    'sms:+1900',
    'smsto:90999',
    'mailto:x@y',
    '(tel:112)',
    'facetime:evil',
  ]) {
    it(`is found: ${JSON.stringify(text)}`, () => {
      for (const whole of [text, `Code 493817 ${text} bitte`, `(${text})`]) {
        assert.equal(linksIn(whole).length, 1, whole)
      }
    })
  }

  for (const text of [
    'Ihr Code ist 493817. Gültig 5 Min. bzw. bis 14.30 Uhr',
    '验证码493817。请勿转发',
    'コードは493817です。有効期限は5分です。',
    '您的验证码：493817。公司不会向您索取。',
    'Code: 493817',
    'Hotel: 493817, sms: 493817',
    'Acme Inc. sagt Hallo... bitte',
    'um 12:30:00 [5 min]',
    'версия 1.2.3',
    'a. b',
  ]) {
    it(`is none: ${text}`, () => assert.deepEqual(linksIn(text), []))
  }

  it('is reported as written, with its place', () => {
    assert.deepEqual(linksIn('Go: "bit.ly/3x" or evil。com'), [
      { link: 'bit.ly/3x"', offset: 5 },
      { link: 'evil。com', offset: 19 },
    ])
  })
})

describe('a number that phones offer to dial', () => {
  for (const text of [
    '+1 900 555 0100',
    '0900-123456',
    '(090) 012 3456',
    '900.555.0100',
    '1234567',
    '٠٩٠٠١٢٣٤٥٦',
    '０９００１２３４５６',
    '0900\u200b123456',
    '1 2 3 4 5 6 7',
    '0900–123–456',
  ]) {
    it(`is found: ${JSON.stringify(text)}`, () => assert.equal(hasPhoneNumber(`Ruf ${text} an`), true))
  }
  for (const text of ['123456', 'bis 14.30 Uhr, 5 Minuten', '2026: 5 Min.', '12\n34567']) {
    it(`is none: ${JSON.stringify(text)}`, () => assert.equal(hasPhoneNumber(text), false))
  }
})
