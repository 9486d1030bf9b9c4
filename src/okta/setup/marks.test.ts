import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isMarked, MADE_BY, readMemo, writeMemo } from './marks.ts'
import type { Memo } from './org.ts'

test('what teardown must know is read as it was written', () => {
  const memos: readonly Memo[] = [
    { replaces: undefined, turnedOn: [], ruleIn: undefined, phoneWas: undefined },
    { replaces: 'cal1', turnedOn: ['phone', 'sms', 'voice'], ruleIn: 'rst1', phoneWas: 'recovery' },
    { replaces: undefined, turnedOn: ['voice'], ruleIn: undefined, phoneWas: undefined },
  ]
  for (const memo of memos) assert.deepEqual(readMemo(writeMemo(memo)), memo)
})

test('another header is not a memo', () => {
  for (const text of [undefined, '', 'Hooklines', 'Other; replaces=cal1', 7])
    assert.equal(readMemo(text), undefined)
})

test('a description is a mark only with the complete sentence', () => {
  assert.ok(isMarked(`${MADE_BY} Edited by hand.`))
  for (const text of [undefined, null, '', 'Hookline']) assert.ok(!isMarked(text))
})
