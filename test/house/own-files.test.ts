import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

/** Each creates its files with the mode 0600. */
const WRITERS = [
  'src/adapters/sqlite/end-when-hopeless.ts',
  'src/adapters/node/policy-copy.ts',
  'src/cli/terminal/files.ts',
  'src/adapters/node/hash-key.ts',
  'src/main/demo/empty-org.ts',
  'src/main/demo/start.ts',
  'src/main/demo/start-aws.ts',
]

test('src writes files only through functions that make them readable by the owner only', () => {
  const others = globSync('src/**/*.ts').filter(
    file =>
      !file.endsWith('.test.ts') &&
      !WRITERS.includes(file) &&
      /\b(?:writeFile|writeFileSync|appendFile|appendFileSync|createWriteStream)\(/.test(
        readFileSync(file, 'utf8'),
      ),
  )
  assert.deepEqual(others, [], 'Use writeOwnFile() of src/cli/terminal/files.ts.')
  for (const file of WRITERS) assert.match(readFileSync(file, 'utf8'), /0o600/, file)
})

test('src makes folders without `recursive`, which never returns under /proc or at a link to nothing', () => {
  const others = globSync('src/**/*.ts').filter(
    file => !file.endsWith('.test.ts') && /\bmkdir(?:Sync)?\([^)]*recursive/.test(readFileSync(file, 'utf8')),
  )
  assert.deepEqual(others, [], 'Use makeFolder() of src/cli/terminal/files.ts.')
})
