import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

/** Each gives its files the mode 0600. */
const WRITERS = [
  'src/main/end-when-hopeless.ts',
  'src/main/policy-copy.ts',

  'src/cli/write-file.ts',
  'src/main/hash-key.ts',
  'src/main/empty-org.ts',
  'src/main/start.ts',
]

test('nothing of src writes a file but by those that make it the owner’s alone', () => {
  const others = globSync('src/**/*.ts').filter(
    file =>
      !file.endsWith('.test.ts') &&
      !WRITERS.includes(file) &&
      file !== 'src/main/docs.ts' && // the documents of the repository
      /\b(?:writeFile|writeFileSync|appendFile|appendFileSync|createWriteStream)\(/.test(
        readFileSync(file, 'utf8'),
      ),
  )
  assert.deepEqual(others, [], 'Use writeOwnFile() of src/cli/write-file.ts.')
  for (const file of WRITERS) assert.match(readFileSync(file, 'utf8'), /0o600/, file)
})
