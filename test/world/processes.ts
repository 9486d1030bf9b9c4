import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '../support/temporary-folder.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The cache of compiled code, so that modules of many short programs are compiled once. */
export const COMPILED = fileURLToPath(new URL('../../node_modules/.cache/hookline-compiled', import.meta.url))

/** A program of this package in a process of its own, which ends with this one. Ends with `await using`. */
export type ChildProgram<Ready = ReadyMessage> = AsyncDisposable & {
  /** Its IPC message when it was ready. */
  readonly ready: Ready
  readonly pid: number
  /** The process that reads its output, if that goes through a pipe. */
  readonly readerPid: number | undefined
  /** Sends a signal to it alone, as `kill` does. */
  readonly signal: (signal: NodeJS.Signals) => void
  /** Sends it a message and waits for its answer; rejects if it exits or takes too long. */
  readonly ask: (question: object) => Promise<unknown>
  /** With `stdout: 'unread'`: closes the pipe of its output. */
  readonly closeOutput: () => void
  /** Resolves when it ends, with the signal or the exit code. */
  readonly ended: Promise<string>
}

/** Its address as `ready`, and its other addresses. */
export type ReadyMessage = { readonly ready: string; readonly [name: string]: string | undefined }

export type ChildOptions = {
  /** Its whole environment, except the cache of compiled code. */
  readonly env?: Readonly<Record<string, string>>
  /** The file to which its output is appended. `unread`: a pipe that is not read. */
  readonly stdout: string | 'unread'
  /** The file to which its errors are appended. Default: this program's standard error. */
  readonly stderr?: string
  /** Through a pipe, so that limits on its own files do not touch its output. Default: straight into the file. */
  readonly piped?: boolean
}

/** Starts `program` (a path inside the package, or an absolute one). Rejects if it ends, or is not ready in time. */
export async function startProgram<Ready = ReadyMessage>(
  program: string,
  args: readonly string[],
  { env = {}, stdout, stderr, piped = false }: ChildOptions,
): Promise<ChildProgram<Ready>> {
  const file = resolve(ROOT, program)
  const output = stdout === 'unread' ? 'pipe' : openSync(stdout, 'a')
  const errors = stderr === undefined ? 'inherit' : openSync(stderr, 'a')
  const reader = piped ? spawn('cat', { stdio: ['pipe', output, 'inherit'] }) : undefined
  const child = spawn(process.execPath, [file, ...args], {
    env: { NODE_COMPILE_CACHE: COMPILED, ...env },
    stdio: ['ignore', reader?.stdin ?? output, errors, 'ipc'],
  })
  reader?.stdin?.destroy() // the program has its own copy of the descriptor
  for (const opened of [output, errors]) if (typeof opened === 'number') closeSync(opened)
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  const ended = new Promise<string>(resolve => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
  }).finally(() => process.off('exit', kill))

  const nextMessage = (): Promise<unknown> => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const timer = setTimeout(() => reject(new Error(`${program} sent nothing in time`)), ANSWER_MS)
    child.once('message', resolve)
    ended.then(reason => reject(new Error(`${program} ended: ${reason}`)))
    return promise.finally(() => clearTimeout(timer))
  }
  const stop = async (): Promise<void> => {
    child.kill('SIGCONT') // a stopped process would receive no other signal
    child.kill('SIGTERM')
    const timer = setTimeout(kill, STOP_MS)
    await ended
    clearTimeout(timer)
    reader?.kill('SIGCONT') // it exits when its input ends
  }
  try {
    const ready = (await nextMessage()) as Ready
    const { pid = Number.NaN } = child
    return {
      ready,
      pid,
      readerPid: reader?.pid,
      signal: name => void child.kill(name),
      ask: question => {
        const answer = nextMessage()
        child.send(question)
        return answer
      },
      closeOutput: () => void child.stdout?.destroy(),
      ended,
      [Symbol.asyncDispose]: stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

const ANSWER_MS = 30_000
const STOP_MS = 3_000

/** The standard error of a command without the lines that say, on a busy machine, that it still waits. */
export function problemsIn(stderr: string): string {
  return stderr.replace(/^… still .*\n/gm, '')
}

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

/** A `hookline` that runs, with every process that it starts. Ends with `await using`, whatever happens. */
export type Program = AsyncDisposable & {
  /** Resolves with the first match in its output, past or future; rejects if it exits without a match. */
  readonly prints: (pattern: RegExp) => Promise<RegExpExecArray>
  readonly ended: Promise<Ended>
  /** Sends a signal to the program and to all that it has started, as Ctrl-C in a terminal does. */
  readonly interrupt: () => void
  /** Sends a signal to the program alone, as `kill` does. */
  readonly signal: (signal: NodeJS.Signals) => void
  /** Whether the program or any of its child processes is still running. */
  readonly hasProcesses: () => boolean
}

export type ProgramOptions = {
  /** The whole environment, except PATH. */
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Default: `hookline` of the sources. */
  readonly program?: string
  /** Default: the Node that runs the tests. */
  readonly node?: string
}

const HOOKLINE = fileURLToPath(new URL('../../src/main/hookline.ts', import.meta.url))
const { PATH = '', HOME = '', TMPDIR } = process.env
const INHERITED = {
  PATH,
  HOME,
  ...(TMPDIR !== undefined && { TMPDIR }),
  NODE_COMPILE_CACHE: COMPILED,
}

// A test that is ended from outside ends its child processes.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

/** Starts `hookline` as a terminal does: in a process group of its own, its output read as text. */
export function startHookline(
  args: readonly string[],
  { env = {}, cwd, program = HOOKLINE, node = process.execPath }: ProgramOptions = {},
): Program {
  const child = spawn(node, [program, ...args], {
    env: { ...INHERITED, ...env },
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
export async function spawnHookline(args: readonly string[], options: ProgramOptions = {}): Promise<Ended> {
  await using program = startHookline(args, options)
  return await program.ended
}

function endOf(child: ChildProcess, printed: Readonly<Omit<Ended, 'code'>>): Promise<Ended> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => resolve({ code, ...printed }))
  })
}

/** False when there is no process to receive it. */
function signalTo(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(group, signal)
  } catch {
    return false
  }
}

/** `hookline start` on free ports and in its own folder, after both of its codes have arrived. */
export type StartedDemo = AsyncDisposable & {
  readonly program: Program
  readonly hook: string
  readonly okta: string
  readonly carrier: string
  readonly dataFolder: string
  /** The environment in which other commands see the same store. */
  readonly env: Readonly<Record<string, string>>
  /** The options by which `send` finds the stand-ins. */
  readonly addresses: readonly string[]
}

export const FREE_PORTS = ['--okta-port', '0', '--carrier-port', '0'] as const

export async function startDemo(): Promise<StartedDemo> {
  await using parts = new AsyncDisposableStack()
  const folder = parts.use(temporaryFolder()).path
  const dataFolder = join(folder, 'data')
  const env = { HOOKLINE_DATA_DIR: dataFolder }
  const program = parts.use(
    startHookline(['start', ...FREE_PORTS], { env: { ...env, PORT: '0' }, cwd: folder }),
  )
  await program.prints(/Ctrl-C ends everything/)
  const { hook, okta, carrier } = await printedAddresses(program)
  const addresses = ['--okta', okta, '--carrier', carrier]
  const running = parts.move()
  const end = (): Promise<void> => running.disposeAsync()
  return { program, hook, okta, carrier, dataFolder, env, addresses, [Symbol.asyncDispose]: end }
}

/** The addresses that `start` prints. */
export async function printedAddresses(
  program: Program,
): Promise<Record<'hook' | 'okta' | 'carrier', string>> {
  const [, carrier = ''] = await program.prints(/Phone page\s+(http:\S+)\//)
  const [, hook = ''] = await program.prints(/Hook\s+(http:\S+)\/mfa\s/)
  const [, okta = ''] = await program.prints(/Okta stand-in\s+(http:\S+)\/oauth2\/default\s/)
  return { hook, okta, carrier }
}
