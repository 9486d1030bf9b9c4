import type { ReadSecret } from '../../adapters/aws/secret-settings.ts'
import { embeddedMetrics } from '../../adapters/cloudwatch/embedded-metrics.ts'
import { secretId } from '../../config/callers.ts'
import { type Environment, textOf } from '../../config/environment.ts'
import type { StepEvent } from '../../core/deliver/event.ts'
import { createLog } from '../log.ts'

const log = createLog(process.stdout)

/** One JSON line a step, with its metrics on it. */
export function logWithMetrics(event: StepEvent): void {
  log({ ...event, ...embeddedMetrics(event, Date.now()) })
}

/** Why a function does not start, for its log. */
export function cannotStart(problems: readonly string[]): Error {
  return new Error(`This function cannot start: ${problems.join(' ')} Every setting: docs/settings.md.`)
}

/** The environment with what its secret of AWS Secrets Manager holds, where it names one. */
export async function withSecretSettings(
  environment: Environment,
  readSecret: ReadSecret,
): Promise<Environment> {
  const id = textOf(secretId, environment)
  if (id === undefined) return environment
  const { readSecretSettings } = await import('../../adapters/aws/secret-settings.ts')
  return { ...environment, ...(await readSecretSettings(id, readSecret)) }
}
