import { type ChildProcess, spawn } from 'node:child_process'
import { PassThrough, type Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Environment } from '../../config/environment.ts'
import { say } from '../terminal.ts'

/** A program of this package that runs in parallel and ends with this one. */
export type Child = {
  readonly name: string
  /** The message that it sent when it was ready: its address as `ready`, and its other addresses. */
  readonly ready: {
    readonly ready: string
    readonly issuer?: string
    readonly [name: string]: string | undefined
  }
  readonly output: NodeJS.ReadableStream
  /** Resolves with the reason when it ends. */
  readonly ended: Promise<string>
}

/** A program did not start; the message is from the program. */
export class NotStarted extends Error {}

/**
 * Starts a program and waits until it reports over IPC that it is ready. Rejects with `NotStarted` if it ends first.
 * Aborting `signal` ends it at any time, and kills it if that takes too long.
 */
export async function startChild(
  name: string,
  program: URL,
  args: readonly string[],
  env: Environment,
  signal: AbortSignal,
  stderr: Writable,
): Promise<Child> {
  signal.throwIfAborted()
  const child = spawn(process.execPath, [fileURLToPath(program), ...args], {
    env: Object.fromEntries(
      Object.entries(env).filter(([, value]) => value !== undefined),
    ) as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const ended = stopWith(child, signal)
  const output = new PassThrough()
  child.stdout?.pipe(output, { end: false })
  const complaints = collectComplaints(child, stderr)
  const ready = await Promise.race([
    new Promise<Child['ready']>(resolve =>
      child.once('message', message => resolve(message as Child['ready'])),
    ),
    ended.then(reason => {
      signal.throwIfAborted()
      throw new NotStarted(complaints.output().trim() || reason)
    }),
  ])
  complaints.passOn()
  return { name, ready, output, ended }
}

/** Resolves with the reason when the child has ended and its output was read. */
function stopWith(child: ChildProcess, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined
    const stop = (): void => {
      child.kill('SIGTERM')
      timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
    }
    signal.addEventListener('abort', stop, { once: true })
    child.once('error', reject)
    child.once('close', (code, endedBy) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      resolve(endedBy ?? `exit code ${code}`)
    })
  })
}

/** A child's standard error: kept while it starts, passed on once it runs. */
function collectComplaints(
  child: ChildProcess,
  stderr: Writable,
): { output: () => string; passOn: () => void } {
  let output = ''
  let isRunning = false
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    if (isRunning) say(stderr, text)
    else output = (output + text).slice(-4_000)
  })
  return {
    output: () => output,
    passOn: () => {
      isRunning = true
      if (output !== '') say(stderr, output)
    },
  }
}

const STOP_MS = 5_000
