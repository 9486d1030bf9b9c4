import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { describe, test } from 'node:test'
import { collectSentences } from '../../tools/sentences.ts'
import list from './phrases.json' with { type: 'json' }
import { phrasesIn } from './phrases.ts'

const sentence = (text: string) => ({ kind: 'comment', file: 'x.ts', line: 1, text }) as const

test('documents, messages and comments are written in plain English', () => {
  const sentences = collectSentences()
  for (const kind of ['docs', 'program', 'comment']) {
    assert.ok(sentences.filter(one => one.kind === kind).length > 500, `${kind} were not found`)
  }
  assert.deepEqual(
    phrasesIn(sentences).map(
      ({ sentence: { file, line, text }, found, instead }) =>
        `${file}:${line}: "${found}": write ${instead} (${text})`,
    ),
    [],
  )
})

test('every exception names a file that exists, and says why', () => {
  for (const { file, why } of list.exceptions) assert.ok(existsSync(file) && why.length > 5, file)
})

describe('a phrase is found', () => {
  for (const text of [
    'Why stands in the log.',
    'The secret lies beside the key.',
    'At the end stands one table.',
    'Besides, it is dear.',
    'It ends by itself.',
    'None of AWS was told the time.',
    'Strangers are turned away.',
    'Teardown takes all of it away.',
    '0 checks well, 24 not made.',
  ]) {
    test(text, () => assert.notEqual(phrasesIn([sentence(text)]).length, 0))
  }
})

describe('nothing is found in', () => {
  for (const text of [
    'The stand-in for Okta answers.',
    'It stands up a server.',
    'Code such as `stands` is not prose.',
    'The reason is logged.',
  ]) {
    test(text, () => assert.deepEqual(phrasesIn([sentence(text)]), []))
  }
})
