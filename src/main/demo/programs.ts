import type { Writable } from 'node:stream'
import { type ExitCode, exitCodes, Problem } from '../../cli/terminal/problem.ts'
import type { Environment } from '../../config/environment.ts'
import { say } from '../terminal.ts'
import { type Child, NotStarted, startChild } from './child.ts'

/** Starts one of the programs, which ends with this one. */
export type Launch = (
  program: keyof typeof programs,
  args: readonly string[],
  env: Environment,
) => Promise<Child>

/** Separate programs: a stand-in shares no code with Hookline. */
const programs = {
  'hookline serve': new URL('../hookline.ts', import.meta.url),
  'Okta stand-in': new URL('../../../simulators/okta/main.ts', import.meta.url),
  'End User Messaging stand-in': new URL(
    '../../../simulators/aws/end-user-messaging/main.ts',
    import.meta.url,
  ),
  'AWS stand-in': new URL('../../../simulators/aws/control/main.ts', import.meta.url),
  'AWS deployment stand-in': new URL('../../../simulators/aws/deployment/main.ts', import.meta.url),
}

export type ProgramsOptions = {
  readonly stderr: Writable
  readonly signal: AbortSignal
  readonly endWith: (exitCode: ExitCode) => void
}

/**
 * Does `work`, which starts programs, and waits until all of them have ended: at the signal, when `work` calls `stop`, when
 * `work` fails, or when one of them ends unexpectedly.
 */
export async function runPrograms(
  { stderr, signal, endWith }: ProgramsOptions,
  work: (launch: Launch, stop: () => void) => Promise<void>,
): Promise<void> {
  const running: Promise<unknown>[] = []
  const stopping = new AbortController()
  const stop = (): void => stopping.abort()
  signal.addEventListener('abort', stop, { once: true })
  const launch: Launch = async (program, args, env) => {
    const child = await startChild(program, programs[program], args, env, stopping.signal, stderr)
    const ended = child.ended.then(reason => {
      if (stopping.signal.aborted) return
      say(stderr, `${child.name} ended unexpectedly: ${reason}\n`)
      endWith(exitCodes.internalError)
      stop()
    })
    running.push(ended)
    return child
  }
  try {
    await work(launch, stop)
    await Promise.all(running)
  } catch (error) {
    const wasAsked = stopping.signal.aborted
    stop()
    await Promise.all(running)
    // A stop during the start is not an error.
    if (wasAsked) return
    throw error instanceof NotStarted ? new Problem('settings', error.message) : error
  }
}

/** Adds the option of `start` to a stand-in's message about its own `--port`. */
export function explainStandIn(name: string, option: string): (error: unknown) => never {
  return error => {
    if (!(error instanceof NotStarted)) throw error
    throw new NotStarted(
      `The ${name} stand-in did not start: ${error.message}\nHere its port is set by ${option}.`,
    )
  }
}

/** Sends a setting to a stand-in. */
export async function exchange(method: 'PUT' | 'POST', url: string, body: object): Promise<void> {
  const init = { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(10_000) })
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
}
