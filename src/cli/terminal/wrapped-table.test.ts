import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { mergeRows, wrap, wrappedTable } from './wrapped-table.ts'

describe('wrap', () => {
  const cases: readonly (readonly [text: string, width: number, wrapped: string])[] = [
    ['', 5, ''],
    ['a b c', 5, 'a b c'],
    ['a b cd', 5, 'a b\ncd'],
    ['abcdefghijk', 5, 'abcde\nfghij\nk'],
    ['ab abcdefgh c', 5, 'ab\nabcde\nfgh c'],
    ['abcde fghij', 5, 'abcde\nfghij'],
    ['验证码是', 5, '验证\n码是'],
    ['コード abc', 6, 'コード\nabc'],
    ['a👩‍👩‍👧b', 3, 'a👩‍👩‍👧\nb'],
    ['e\u0301e\u0301e\u0301', 2, 'e\u0301e\u0301\ne\u0301'],
    ['码', 1, '码'],
  ]
  for (const [text, width, wrapped] of cases) {
    test(`"${text}" in ${width}`, () => assert.equal(wrap(text, width), wrapped))
  }
})

test('a cell with several lines makes the row as high', () => {
  assert.equal(
    wrappedTable(
      ['a', 'b'],
      [
        ['1\n22', 'x'],
        ['3', 'y\nz\nw'],
      ],
    ),
    ['a   b', '──  ─', '1   x', '22', '3   y', '    z', '    w'].join('\n'),
  )
})

test('rows that are alike but for one cell become one, where the first was', () => {
  const rows = [
    { who: 'a', what: 1 },
    { who: 'b', what: 2 },
    { who: 'c', what: 1 },
  ]
  assert.deepEqual(mergeRows(rows, 'who'), [
    { who: ['a', 'c'], what: 1 },
    { who: ['b'], what: 2 },
  ])
  assert.deepEqual(mergeRows([], 'who' as never), [])
})
