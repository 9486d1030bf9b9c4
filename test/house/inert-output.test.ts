import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

/** The two files that write text for people and the log; both make it printable. */
const OUTLETS = ['src/main/terminal.ts', 'src/main/log.ts']

test('src writes to a terminal only through the two files that make text printable', () => {
  const others = globSync('src/**/*.ts').filter(
    file =>
      !file.endsWith('.test.ts') &&
      !OUTLETS.includes(file) &&
      file !== 'tools/docs/docs.ts' && // which writes the documents of the repository, and their names
      /\b(?:stdout|stderr|output)\.write\(|\bconsole\.\w+\(/.test(readFileSync(file, 'utf8')),
  )
  assert.deepEqual(others, [], 'Use say() of src/main/terminal.ts.')
})
