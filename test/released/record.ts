import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { recordDay } from './records.ts'

/**
 * `npm run record-forms`: writes what this code stores to `test/released/<version of package.json>`, so that every later
 * release is tested with it. A version that is tagged never changes: raise the version first (docs/releasing.md).
 */
const { version } = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'),
) as { readonly version: string }
const tags = execFileSync('git', ['tag', '--list', `v${version}`], { encoding: 'utf8' })
if (tags.trim() !== '') {
  process.stderr.write(
    `v${version} is released, and its record never changes. Raise the version first: npm version --no-git-tag-version 1.2.3\n`,
  )
  process.exitCode = 2
} else {
  const folder = join(import.meta.dirname, version)
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of await recordDay()) writeFileSync(join(folder, name), text)
  process.stdout.write(`test/released/${version} has what this code stores.\n`)
}
