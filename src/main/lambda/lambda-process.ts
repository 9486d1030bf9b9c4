import { writeSync } from 'node:fs'
import { type ReadSecret, readSecretSettings } from '../../adapters/aws/secret-settings.ts'
import { embeddedMetrics } from '../../adapters/cloudwatch/embedded-metrics.ts'
import { type Environment, textOf } from '../../config/environment.ts'
import type { StepEvent } from '../../core/deliver/event.ts'
import { createLog } from '../log.ts'

/** The lines of one turn are one write, and are written before it ends: a function is frozen or stopped between turns. */
const log = createLog({ write: writeOut, writableLength: 0 }, process.nextTick)

/** To the standard output, without Node's stream for it, which takes milliseconds of a start to make. */
function writeOut(lines: string): void {
  let rest: Uint8Array = Buffer.from(lines)
  for (let tries = 0; rest.length > 0 && tries < TRIES_MAX; tries += 1) {
    try {
      rest = rest.subarray(writeSync(1, rest))
    } catch {
      // EAGAIN: the pipe is full. A log that is not read loses lines, and delays no code.
    }
  }
}

const TRIES_MAX = 1_000

/** One JSON line for each step, with its metrics. */
export function logWithMetrics(event: StepEvent): void {
  log({ ...event, ...embeddedMetrics(event, Date.now()) })
}

/** The values. Throws all problems at once: the function does not start, and its log has the reasons. */
export function usable<Values>({ values, problems }: Read<Values>): Values {
  if (problems.length === 0) return values
  throw new Error(`This function cannot start: ${problems.join(' ')} Every setting: docs/settings.md.`)
}

type Read<Values> = { readonly values: Values; readonly problems: readonly string[] }

/** The environment with the content of the AWS Secrets Manager secrets that it names by these settings. */
export async function withSecretSettings(
  environment: Environment,
  readSecret: ReadSecret,
  settings: readonly { readonly name: string }[],
): Promise<Environment> {
  const ids = settings.flatMap(setting => textOf(setting, environment) ?? [])
  const read = await Promise.all(ids.map(id => readSecretSettings(id, readSecret)))
  return Object.assign({ ...environment }, ...read)
}
