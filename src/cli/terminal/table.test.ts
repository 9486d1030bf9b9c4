import assert from 'node:assert/strict'
import { describe, it, test } from 'node:test'
import { mergeRows, table, wrap, wrappedTable } from './table.ts'

describe('a table', () => {
  it('is as wide as its widest cells, without blanks at the end', () => {
    const lines = table(
      ['country', 'candidate'],
      [
        ['US', '1'],
        ['*', 'the default'],
      ],
    ).split('\n')
    assert.deepEqual(lines, [
      'country  candidate',
      '───────  ───────────',
      'US       1',
      '*        the default',
    ])
  })

  it('counts the columns of each character as a terminal does: Chinese, Japanese, Korean, emoji, accents', () => {
    const cells = ['验证码', 'コード', '인증 코드', '👩‍👩‍👧 ok', 'e\u0301', 'ab']
    const lines = table(
      ['text', 'x'],
      cells.map(cell => [cell, '|']),
    ).split('\n')
    const before = lines.slice(2).map(line => line.slice(0, line.indexOf('|')))
    // Two columns for each of these characters, two for the whole family, one for a letter with its accent.
    assert.deepEqual(
      before.map((text, index) => text.length - (cells[index]?.length ?? 0)),
      [9 + 2 - 6, 9 + 2 - 6, 9 + 2 - 9, 9 + 2 - 5, 9 + 2 - 1, 9 + 2 - 2],
    )
  })

  it('keeps empty columns', () => {
    assert.equal(table(['a', 'b', 'c'], [['1', '', '3']]), 'a  b  c\n─  ─  ─\n1     3')
  })

  it('has only its head if there are no rows', () => {
    assert.equal(table(['country', 'candidate'], []), 'country  candidate\n───────  ─────────')
  })
})

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

test('a cell with several lines sets the height of its row', () => {
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

test('rows that differ in one cell become one, at the place of the first', () => {
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
