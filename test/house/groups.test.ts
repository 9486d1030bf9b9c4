import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { filesOf, SUITES } from '../run.ts'

test('every test file belongs to one group, and every group has files', () => {
  const cwd = fileURLToPath(new URL('../..', import.meta.url))
  const groups = Object.values(SUITES).flat()
  assert.deepEqual(
    groups.filter(group => filesOf(group).length === 0).map(({ name }) => name),
    [],
  )
  assert.deepEqual(
    groups.flatMap(filesOf).sort(),
    globSync('{src,infra,simulators,test,bench,tools}/**/*.test.ts', { cwd }).sort(),
  )
})
