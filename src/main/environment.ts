import { readFileSync } from 'node:fs'
import { Problem } from '../cli/terminal/problem.ts'
import { type Environment, secretNames } from '../config/environment.ts'

/** The environment with the content of its secret files instead of their paths. Reports all problems at once. */
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

/** Without the line end that editors and `openssl rand` add. */
function readSecret(path: string): string {
  const text = readFileSync(path, 'utf8')
  if (text.length > SECRET_MAX) throw new Error(`it has more than ${SECRET_MAX} characters`)
  if (text.trim() === '') throw new Error('it is empty')
  return text.trim()
}

const SECRET_MAX = 64 * 1024

/**
 * The environment for a program that this one starts: paths, language, time zone and Node's options, without settings
 * and secrets. The caller adds what else the program needs.
 */
export function inheritedEnvironment(environment: Environment): Readonly<Record<string, string>> {
  const needed = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && NEEDED.test(entry[0]),
  )
  return Object.fromEntries(needed)
}

const NEEDED =
  /^(?:PATH|PATHEXT|HOME|USERPROFILE|SYSTEMROOT|COMSPEC|WINDIR|APPDATA|LOCALAPPDATA|TMPDIR|TEMP|TMP|TZ|LANG|LC_\w+|NODE_\w+|npm_config_cache)$/i
