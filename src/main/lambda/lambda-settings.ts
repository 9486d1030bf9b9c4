import { type Environment, readSettings, type Settings } from '../../config/settings.ts'
import { cannotStart } from './cannot-start.ts'

/** A function's settings. All that is wrong is thrown at once: the function does not start. */
export function readLambdaSettings(
  environment: Environment,
  missing: (settings: Settings) => readonly string[] = () => [],
): Settings {
  const read = readSettings(environment)
  const problems = read.kind === 'problems' ? read.problems : missing(read.settings)
  if (read.kind === 'settings' && problems.length === 0) return read.settings
  throw cannotStart(problems)
}
