import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ReleasedTemplate } from './template.ts'

export const RELEASE = '0123456789abcdef'

/**
 * The template of a release, synthesized once for all tests: it takes eight seconds. The result is stored under a hash
 * of all its inputs.
 */
export async function synthesized(release = RELEASE): Promise<ReleasedTemplate> {
  const folder = join(ROOT, 'node_modules/.cache/hookline-templates')
  const file = join(folder, `${hashOfSources()}-${release}.json`)
  if (!existsSync(file)) {
    const { synthesize } = await import('../../infra/build/synthesize.ts')
    mkdirSync(folder, { recursive: true })
    const making = `${file}.${process.pid}`
    writeFileSync(making, JSON.stringify(synthesize(release)))
    renameSync(making, file) // another process may be creating it as well
  }
  return JSON.parse(readFileSync(file, 'utf8')) as ReleasedTemplate
}

function hashOfSources(): string {
  const hash = createHash('sha256')
  for (const name of globSync(['infra/**/*.ts', 'src/config/**/*.ts', 'package-lock.json'], {
    cwd: ROOT,
  }).sort()) {
    hash.update(`${name}\0`).update(readFileSync(join(ROOT, name)))
  }
  return hash.digest('hex').slice(0, 24)
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
