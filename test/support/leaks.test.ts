import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { spokenDigits } from '../../src/core/message/message.ts'
import { findLeaks, formsOf, numberSecrets, tokenSecrets } from './leaks.ts'

const CODE = '7391846205'
const NUMBER = '+12065550142'
const secrets = [{ name: 'the code', value: CODE }, ...numberSecrets('the number', NUMBER, '1')]
const sha256 = (text: string) => createHash('sha256').update(text).digest()

/** Text like a log or a database, with a value planted in the middle. */
function planted(leak: string) {
  const noise = randomBytes(2_000).map(byte => (byte >= 0x30 && byte <= 0x39 ? 0x20 : byte))
  return [{ name: 'the log', bytes: Buffer.concat([noise, Buffer.from(leak), noise]) }]
}

describe('the leak scan catches a planted', () => {
  const leaks: Readonly<Record<string, string>> = {
    'code, plain': `{"detail":"${CODE}"}`,
    'code with spaces': '7 3 9 1 8 4 6 2 0 5',
    'code with commas': '7,3,9,1,8,4,6,2,0,5',
    'code with commas and spaces': '7, 3, 9, 1, 8, 4, 6, 2, 0, 5',
    'code as it is spoken': spokenDigits(CODE),
    'code as it is spoken, in JSON': JSON.stringify(spokenDigits(CODE)),
    'code in groups': '7391-8462-05',
    'code in base64': Buffer.from(CODE).toString('base64'),
    'code in base64url': Buffer.from(CODE).toString('base64url'),
    'code inside a text in base64': Buffer.from(`Your code is ${CODE}.`).toString('base64'),
    'code inside another text in base64': Buffer.from(`Your code: ${CODE}!`).toString('base64'),
    'code inside a third text in base64url': Buffer.from(`Your code = ${CODE}`).toString('base64url'),
    'code, every byte URL-encoded': Buffer.from(CODE).toString('hex').replaceAll(/../g, '%$&'),
    'code in hex': Buffer.from(CODE).toString('hex'),
    'code in capital hex': Buffer.from(`${CODE}:`).toString('hex').toUpperCase(),
    'code as SHA-256 in hex': sha256(CODE).toString('hex'),
    'code as SHA-256 in base64': sha256(CODE).toString('base64'),
    'code as SHA-256 in base64url': sha256(CODE).toString('base64url'),
    'number in E.164': NUMBER,
    'number without its +': 'to=12065550142',
    'number without its country': '2065550142',
    'number, URL-encoded': encodeURIComponent(NUMBER),
    'number as Americans write it': '(206) 555-0142',
    'number with hyphens': '206-555-0142',
    'number with spaces': '1 2 0 6 5 5 5 0 1 4 2',
    'number as SHA-256': sha256(NUMBER).toString('hex'),
    'number without its +, as SHA-256': sha256('12065550142').toString('base64'),
  }
  for (const [what, leak] of Object.entries(leaks)) {
    test(what, () => {
      const found = findLeaks(secrets, planted(leak))
      assert.ok(found.length > 0)
      assert.match(found[0] ?? '', what.startsWith('code') ? /the log holds the code/ : /holds the number/)
    })
  }

  test('token, its claims or its signature', () => {
    const token = `eyJhbGciOiJSUzI1NiJ9.${randomBytes(60).toString('base64url')}.${randomBytes(256).toString('base64url')}`
    for (const part of [token, ...token.split('.').slice(1)]) {
      assert.ok(findLeaks(tokenSecrets('the token', token), planted(part)).length > 0)
    }
  })
})

describe('the leak scan', () => {
  test('allows the country and the last two digits, and a digest with a key', () => {
    const keyed = createHash('sha256').update(`a key ${NUMBER}`).digest('base64url')
    assert.deepEqual(
      findLeaks(secrets, planted(`{"country":"US","lastDigits":"42","digest":"${keyed}"}`)),
      [],
    )
  })

  test('refuses a value that is so short that it could be found by chance', () => {
    assert.throws(() => formsOf('482913'), /Too short/)
  })
})
