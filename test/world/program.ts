import { type ChildProcess, spawn } from 'node:child_process'
import { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { run } from '../../src/main/run.ts'
import { COMPILED } from './child-program.ts'

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

/** A `hookline` that runs, with every process that it starts. Ends with `await using`, whatever happens. */
export type Program = AsyncDisposable & {
  /** Resolves with the first match in what it has printed so far or will print; rejects when it ends without. */
  readonly prints: (pattern: RegExp) => Promise<RegExpExecArray>
  readonly ended: Promise<Ended>
  /** Sends a signal to the program and to all that it has started, as Ctrl-C in a terminal does. */
  readonly interrupt: () => void
  /** Sends a signal to the program alone, as `kill` does. */
  readonly signal: (signal: NodeJS.Signals) => void
  /** Whether any process is left of the program and those that it has started. */
  readonly hasProcesses: () => boolean
}

type Options = {
  /** The whole environment, but for what programs are found by. */
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

const HOOKLINE = fileURLToPath(new URL('../../src/main/hookline.ts', import.meta.url))
const { PATH = '', HOME = '', TMPDIR } = process.env
const SURROUNDINGS = {
  PATH,
  HOME,
  ...(TMPDIR !== undefined && { TMPDIR }),
  NODE_COMPILE_CACHE: COMPILED,
}

// A test that is ended from outside ends what it has started.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

/** Starts `hookline` with these arguments, in a process group of its own. */
export function startHookline(args: readonly string[], { env = {}, cwd }: Options = {}): Program {
  const child = spawn(process.execPath, [HOOKLINE, ...args], {
    env: { ...SURROUNDINGS, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    ...(cwd !== undefined && { cwd }),
  })
  const group = -(child.pid ?? Number.NaN)
  const killAll = (): void => void signalTo(group, 'SIGKILL')
  process.once('exit', killAll)

  const printed = { stdout: '', stderr: '' }
  const listeners = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text
      for (const listener of listeners) listener()
    })
  }
  const ended = endOf(child, printed)
  return {
    ended,
    prints: pattern =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(printed.stdout)
          if (match === null) return
          listeners.delete(look)
          resolve(match)
        }
        listeners.add(look)
        look()
        ended.then(({ code, stdout, stderr }) =>
          reject(new Error(`ended (${code}) without ${pattern}:\n${stdout}\n${stderr}`)),
        )
      }),
    interrupt: () => void signalTo(group, 'SIGINT'),
    signal: signal => void child.kill(signal),
    hasProcesses: () => signalTo(group, 0),
    [Symbol.asyncDispose]: async () => {
      killAll()
      await ended
      process.off('exit', killAll)
    },
  }
}

/** Runs `hookline` with these arguments in a process of its own, to its end. */
export async function spawnHookline(args: readonly string[], options: Options = {}): Promise<Ended> {
  await using program = startHookline(args, options)
  return await program.ended
}

/**
 * Runs a command in this process, to its end. It sees the given environment alone; since AWS's SDK reads `process.env`,
 * what begins with `AWS_` is there meanwhile, and commands run one after the other, each in its working folder.
 */
export function runHookline(args: readonly string[], options: Options = {}): Promise<Ended> {
  const ended = lastCommand.then(() => inProcess(args, options))
  lastCommand = ended.catch(() => undefined)
  return ended
}

let lastCommand: Promise<unknown> = Promise.resolve()

async function inProcess(args: readonly string[], { env = {}, cwd }: Options): Promise<Ended> {
  const printed = { stdout: '', stderr: '' }
  const outputTo = (name: keyof typeof printed): Writable =>
    new Writable({
      write: (chunk, _encoding, done) => {
        printed[name] += chunk
        done()
      },
    })
  const before = Object.entries(process.env).filter(([name]) => name.startsWith('AWS_'))
  const replaceAws = (entries: readonly (readonly [string, string | undefined])[]): void => {
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name]
    Object.assign(process.env, Object.fromEntries(entries))
  }
  const given = Object.entries(env).filter(([name]) => name.startsWith('AWS_'))
  if (given.length > 0) replaceAws(given)
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
    if (given.length > 0) replaceAws(before)
  }
}

/** What it said on standard error, but for progress: on a slow machine there is some. */
export function complaintsOf({ stderr }: Pick<Ended, 'stderr'>): string {
  return stderr.replaceAll(/^… still reading .*\n/gm, '')
}

function endOf(child: ChildProcess, printed: Readonly<Omit<Ended, 'code'>>): Promise<Ended> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => resolve({ code, ...printed }))
  })
}

/** False when there is nobody to hear it. */
function signalTo(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(group, signal)
  } catch {
    return false
  }
}
