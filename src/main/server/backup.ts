import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { Problem } from '../../cli/terminal/problem.ts'
import type { Environment } from '../../config/environment.ts'
import { readSettings } from '../../config/settings.ts'
import { messageOf } from '../../core/values/printable.ts'
import type { Streams } from '../terminal.ts'
import { say } from '../terminal.ts'

/** `hookline backup <file>`: copies the store of these settings, also while a server uses it. */
export async function backup(
  file: string,
  environment: Environment,
  { stdout }: Pick<Streams, 'stdout'>,
): Promise<void> {
  const read = readSettings(environment)
  if (read.kind === 'problems') throw new Problem('settings', read.problems.join('\n'))
  const { dataFolder, table } = read.settings.store
  if (table !== undefined) {
    throw new Problem('settings', `HOOKLINE_TABLE is set: ${table} is backed up by DynamoDB.`)
  }
  const target = resolve(file)
  if (existsSync(target)) throw new Problem('usage', `${target} exists already; give a new file.`)
  const { backUp } = await import('../../adapters/sqlite/back-up.ts')
  try {
    backUp(dataFolder, target)
  } catch (error) {
    throw new Problem(
      'settings',
      `The store in ${resolve(dataFolder)} could not be copied to ${target}: ${messageOf(error)}`,
    )
  }
  say(stdout, `${target}: complete and checked. Restoring it: docs/operating.md.\n`)
}
