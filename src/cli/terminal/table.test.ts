import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { table } from './table.ts'

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

  it('gives each character the columns that a terminal does: Chinese, Japanese, Korean, emoji, accents', () => {
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

  it('is a head when there is nothing to show', () => {
    assert.equal(table(['country', 'candidate'], []), 'country  candidate\n───────  ─────────')
  })
})
