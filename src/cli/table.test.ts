import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { table } from './table.ts'

describe('a table', () => {
  it('is as wide as its widest cells, without blanks at the end', () => {
    const lines = table(
      ['country', 'rung'],
      [
        ['US', '1'],
        ['*', 'the default'],
      ],
    ).split('\n')
    assert.deepEqual(lines, ['country  rung', '───────  ───────────', 'US       1', '*        the default'])
  })

  it('keeps empty columns', () => {
    assert.equal(table(['a', 'b', 'c'], [['1', '', '3']]), 'a  b  c\n─  ─  ─\n1     3')
  })

  it('is a head when there is nothing to show', () => {
    assert.equal(table(['country', 'rung'], []), 'country  rung\n───────  ────')
  })
})
