import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A program of this package in a process of its own, which ends with this one. Ends with `await using`. */
export type ChildProgram = AsyncDisposable & {
  /** What it said over IPC when it was ready; its address as `ready`. */
  readonly ready: { readonly ready: string; readonly [name: string]: string | undefined }
  readonly pid: number
  /** Of the program that reads its output, where that goes through a pipe. */
  readonly readerPid: number | undefined
  /** Sends a signal to it alone, as `kill` does. */
  readonly signal: (signal: NodeJS.Signals) => void
  /** Resolves when it ends, with the signal or the exit code. */
  readonly ended: Promise<string>
}

export type ChildOptions = {
  /** Its whole environment, but for where compiled code is kept. */
  readonly env?: Readonly<Record<string, string>>
  /** Files that its output is added to. Without `stderr`, that goes where this program's goes. */
  readonly stdout: string
  readonly stderr?: string
  /** Through a pipe, so that limits on its own files do not touch its output. Default: straight into the file. */
  readonly piped?: boolean
}

/** Where compiled code is kept: what many short programs load again and again is compiled once. */
export const COMPILED = fileURLToPath(new URL('../../node_modules/.cache/hookline-compiled', import.meta.url))

/** Starts `program` (a path inside the package). Rejects when it ends, or is not ready in time. */
export async function startProgram(
  program: string,
  args: readonly string[],
  { env = {}, stdout, stderr, piped = false }: ChildOptions,
): Promise<ChildProgram> {
  const file = fileURLToPath(new URL(`../../${program}`, import.meta.url))
  const output = openSync(stdout, 'a')
  const complaints = stderr === undefined ? 'inherit' : openSync(stderr, 'a')
  const reader = piped ? spawn('cat', { stdio: ['pipe', output, 'inherit'] }) : undefined
  const child = spawn(process.execPath, [file, ...args], {
    env: { NODE_COMPILE_CACHE: COMPILED, ...env },
    stdio: ['ignore', reader?.stdin ?? output, complaints, 'ipc'],
  })
  reader?.stdin?.destroy() // the program has its own end of it
  closeSync(output)
  if (complaints !== 'inherit') closeSync(complaints)
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  const ended = new Promise<string>(resolve => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
  }).finally(() => process.off('exit', kill))

  const stop = async (): Promise<void> => {
    child.kill('SIGCONT') // one that was stopped could not hear anything else
    child.kill('SIGTERM')
    const timer = setTimeout(kill, STOP_MS)
    await ended
    clearTimeout(timer)
    reader?.kill('SIGCONT') // it ends with its input
  }
  const { promise, resolve, reject } = Promise.withResolvers<ChildProgram['ready']>()
  child.once('message', message => resolve(message as ChildProgram['ready']))
  ended.then(reason => reject(new Error(`${program} ended: ${reason}`)))
  const timer = setTimeout(() => reject(new Error(`${program} was not ready in time`)), READY_MS)
  try {
    const ready = await promise
    const { pid = Number.NaN } = child
    return {
      ready,
      pid,
      readerPid: reader?.pid,
      signal: name => void child.kill(name),
      ended,
      [Symbol.asyncDispose]: stop,
    }
  } catch (error) {
    await stop()
    throw error
  } finally {
    clearTimeout(timer)
  }
}

const READY_MS = 30_000
const STOP_MS = 3_000
