import assert from 'node:assert/strict'
import { Console } from 'node:console'
import { Writable } from 'node:stream'
import { describe, it } from 'node:test'
import { format, inspect } from 'node:util'
import { Secret } from './secret.ts'

const VALUE = '493817'
const secret = new Secret(VALUE)

describe('a secret', () => {
  it('reveals its value only by an explicit call', () => {
    assert.equal(secret.reveal(), VALUE)
  })

  const printed: Record<string, () => string> = {
    'a string template': () => `${secret}`,
    'string concatenation': () => `code: ${String(secret)}`,
    join: () => [secret, secret].join(', '),
    JSON: () => JSON.stringify(secret),
    'JSON of what holds it': () => JSON.stringify({ request: { codes: [secret] } }, undefined, 2),
    inspection: () => inspect(secret),
    'inspection of what holds it, at any depth': () =>
      inspect({ a: { b: { c: { d: [new Map([['code', secret]])] } } } }, { depth: 10, showHidden: true }),
    'inspection as an own key of an error': () =>
      inspect(Object.assign(new Error('refused'), { code: secret })),
    'the message of an error': () => new Error(`not sent: ${secret}`).message,
    'the stack of an error': () => String(new Error(`not sent: ${secret}`).stack),
    'format with %s': () => format('%s', secret),
    'format with %o': () => format('%o', { secret }),
    'format with %O': () => format('%O', [secret]),
    'format with %j': () => format('%j', { secret }),
    'format without a place for it': () => format('code', secret),
  }
  for (const [how, print] of Object.entries(printed)) {
    it(`prints as dots in ${how}`, () => {
      const text = print()
      assert.ok(!text.includes(VALUE), text)
      assert.match(text, /••••••/)
    })
  }

  it('prints as dots on the console', () => {
    let written = ''
    const stream = new Writable({
      write: (chunk, _, done) => {
        written += String(chunk)
        done()
      },
    })
    const console = new Console(stream)
    console.log('sent', secret, { secret })
    console.dir({ secret }, { depth: 5 })
    console.table([{ secret }])
    assert.ok(!written.includes(VALUE), written)
    assert.match(written, /••••••/)
  })

  it('shows nothing even if printing as dots is switched off', () => {
    const texts = [
      inspect(secret, { customInspect: false, showHidden: true, getters: true }),
      JSON.stringify(Object.entries(secret)),
      JSON.stringify({ ...secret }),
      inspect(structuredClone({ secret })),
    ]
    for (const text of texts) assert.ok(!text.includes(VALUE), text)
  })

  it('does not reveal its length', () => {
    assert.equal(`${new Secret('1')}`, `${new Secret('1'.repeat(100))}`)
  })
})
