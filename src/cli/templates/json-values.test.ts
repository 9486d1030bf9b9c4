import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { jsonValuesIn } from './json-values.ts'

describe('the JSON values of a text', () => {
  for (const [text, expected] of [
    ['', []],
    ['no value, "not" even one', []],
    ['{"a":1}', [{ a: 1 }]],
    [' [1, "]", {"b": "}"}] ', [[1, ']', { b: '}' }]]],
    ['First: {"a":1}\nthen: {"b":[true,null,-1.5e3]}', [{ a: 1 }, { b: [true, null, -1500] }]],
    ['{"a":1}{"b":2}[]{}', [{ a: 1 }, { b: 2 }, [], {}]],
    ['See [the table {"a":1}] and {braces} [too', [{ a: 1 }]],
    ['{"broken": {"a": "x"}, oops {"b":2}', [{ a: 'x' }, { b: 2 }]],
    ['[[[ {"a":1}', [{ a: 1 }]],
    ['{"a":"\\q"} {"b":2}', [{ b: 2 }]],
    ['["open\n{"a":1}', [{ a: 1 }]],
    ['{"a" 1} {"a":1,} {,} [1 2] {"b":2}', [{ b: 2 }]],
    ["It's {'a':1}, not {\"a\":1}", [{ a: 1 }]],
  ] as const) {
    it(`are ${JSON.stringify(expected)} in ${JSON.stringify(text)}`, () =>
      assert.deepEqual(jsonValuesIn(text), expected))
  }

  it('are each object or list that JSON.parse reads, in any spelling', () => {
    const value = fc.jsonValue().filter(json => typeof json === 'object' && json !== null)
    fc.assert(
      fc.property(fc.array(value, { maxLength: 4 }), fc.constantFrom(0, 2, '\t'), (values, indent) => {
        const text = values.map(json => `item: ${JSON.stringify(json, undefined, indent)}\n`).join('')
        assert.deepEqual(jsonValuesIn(text), JSON.parse(JSON.stringify(values)))
      }),
    )
  })

  for (const unit of [
    '[{',
    '[',
    '{',
    '{"a":',
    '["',
    '"[',
    '["\\"',
    '[{"a":1},',
    '{"a":[',
    '[]',
    '[1',
    '\\"[',
  ]) {
    it(`are read in linear time: ${unit} repeated`, () => {
      // Twice the work takes about twice as long; what is quadratic takes minutes here.
      const before = process.threadCpuUsage()
      jsonValuesIn(unit.repeat(Math.ceil(2_000_000 / unit.length)))
      const { user } = process.threadCpuUsage(before)
      assert.ok(user < 20_000_000, `${user / 1_000} ms`)
    })
  }
})
