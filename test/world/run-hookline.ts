import { Readable, Writable } from 'node:stream'
import { run } from '../../src/main/run.ts'
import type { Ended, ProgramOptions } from './processes.ts'

/**
 * Runs a command in this process, to its end. Its environment is `env` only. Since AWS's SDK reads `process.env`,
 * variables with the prefix `AWS_` are set there during the run, and commands run one after the other, each in its
 * working folder.
 */
export function runHookline(args: readonly string[], options: ProgramOptions = {}): Promise<Ended> {
  const ended = lastCommand.then(() => inProcess(args, options))
  lastCommand = ended.catch(() => undefined)
  return ended
}

let lastCommand: Promise<unknown> = Promise.resolve()

async function inProcess(args: readonly string[], { env = {}, cwd }: ProgramOptions): Promise<Ended> {
  const printed = { stdout: '', stderr: '' }
  const outputTo = (name: keyof typeof printed): Writable =>
    new Writable({
      write: (chunk, _encoding, done) => {
        printed[name] += chunk
        done()
      },
    })
  const awsIn = (variables: Readonly<Record<string, string | undefined>>) =>
    Object.entries(variables).filter(([name]) => name.startsWith('AWS_'))
  const replaceAws = (entries: readonly (readonly [string, string | undefined])[]): void => {
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name]
    Object.assign(process.env, Object.fromEntries(entries))
  }
  const before = awsIn(process.env)
  const changed = awsIn(env)
  if (changed.length > 0) replaceAws(changed)
  const folder = process.cwd()
  if (cwd !== undefined) process.chdir(cwd)
  try {
    const code = await run(args, env, {
      stdin: Readable.from([]),
      stdout: outputTo('stdout'),
      stderr: outputTo('stderr'),
      signal: new AbortController().signal,
      sendReady: () => undefined,
    })
    return { code, ...printed }
  } finally {
    process.chdir(folder)
    if (changed.length > 0) replaceAws(before)
  }
}

/** Its standard error without progress lines, which appear on a slow machine. */
export function complaintsOf({ stderr }: Pick<Ended, 'stderr'>): string {
  return stderr.replaceAll(/^… still .*\n/gm, '')
}
