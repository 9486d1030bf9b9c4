import { readFileSync } from 'node:fs'
import { Problem } from '../cli/terminal/problem.ts'
import type { Environment } from '../config/field.ts'

/** Variables that hold secrets. Each may be `<name>_FILE` instead: the path of a file that holds it. */
export const secretNames: readonly string[] = [
  'HOOKLINE_HASH_KEY',
  'HOOKLINE_SECRETS',
  'HOOKLINE_ORG_SECRETS',
  'OKTA_API_TOKEN',
]

/** The environment with what the files of its secrets hold, in place of their paths. All problems at once. */
export function withSecretFiles(environment: Environment): Environment {
  const problems: string[] = []
  const whole: Record<string, string | undefined> = { ...environment }
  for (const name of secretNames) {
    const file = `${name}_FILE`
    const path = environment[file]?.trim() || undefined // an empty variable is an unset one
    delete whole[file]
    if (path === undefined) continue
    if ((environment[name]?.trim() ?? '') !== '')
      problems.push(`${name} and ${file} are both set; expected one.`)
    else {
      try {
        whole[name] = readSecret(path)
      } catch (error) {
        problems.push(`${file}: ${path} cannot be read: ${(error as Error).message}`)
      }
    }
  }
  if (problems.length === 0) return whole
  throw new Problem('settings', `Settings:\n${problems.map(problem => `  ${problem}`).join('\n')}`)
}

/** Without the end of its line, which editors and `openssl rand` put there. */
function readSecret(path: string): string {
  const text = readFileSync(path, 'utf8')
  if (text.length > SECRET_MAX) throw new Error(`it has more than ${SECRET_MAX} characters`)
  if (text.trim() === '') throw new Error('it is empty')
  return text.trim()
}

const SECRET_MAX = 64 * 1024
