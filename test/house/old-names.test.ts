import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { exceptions, oldNamesIn } from './old-names.ts'

/** All that people read or run. */
const FILES = globSync([
  '{README,CHANGELOG,CONTRIBUTING,SECURITY}.md',
  'docs/**/*.{md,yml,yaml}',
  '{src,infra,simulators,bench,test,tools}/**/*.{ts,js,mjs,css,html,json}',
  'package.json',
])

test('no name that was given up occurs any more', () => {
  assert.ok(FILES.length > 300, 'the files were not found')
  const found = FILES.filter(file => !(file in exceptions)).flatMap(file =>
    oldNamesIn(file, readFileSync(file, 'utf8')),
  )
  assert.deepEqual(
    found.map(({ file, line, old, instead }) => `${file}:${line}: "${old}": write ${instead}`),
    [],
  )
})

test('every exception is still there', () => {
  assert.deepEqual(
    Object.keys(exceptions).filter(file => !FILES.includes(file) && !file.endsWith('.json')),
    [],
  )
})

describe('an old name is found', () => {
  for (const text of [
    'the asker of a request',
    'const askerName = 1',
    'describeAsker(x)',
    'OF_ASKER',
    "'way-in'",
    'addWayIn(command)',
    'both ways in',
    'bodyInWords(body)',
    "{ step: 'access-token' }",
    'step="accident"',
    'hookline identities import routes.json',
    "['identities', 'import', file]",
    'exitCodes.accident',
    "'ACCIDENT'",
    "hooklineMetric('Strangers')",
  ]) {
    test(text, () => assert.notEqual(oldNamesIn('x.ts', text).length, 0))
  }
})

describe('no old name is', () => {
  for (const text of [
    'wrung out',
    'health of a candidate',
    'the access token',
    "import { readAccessToken } from './access-token.ts'",
    'always in time',
    'recommend',
    'hookline identities discover',
  ]) {
    test(text, () => assert.deepEqual(oldNamesIn('x.ts', text), []))
  }
})
