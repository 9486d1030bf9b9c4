import { type ChildProcess, spawn } from 'node:child_process'
import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Environment } from '../config/settings.ts'

/** A program of this package that runs beside this one, and ends with it. */
export type Child = {
  readonly name: string
  /** What it said when it was ready: its address as `ready`, and whatever else it offers. */
  readonly ready: {
    readonly ready: string
    readonly issuer?: string
    readonly [name: string]: string | undefined
  }
  readonly output: NodeJS.ReadableStream
  /** Resolves when it ends, with the reason in words. */
  readonly ended: Promise<string>
  readonly stop: () => Promise<void>
}

/** Starts a program and waits until it says over IPC that it is ready. Rejects with what it printed instead. */
export async function startChild(program: string, args: readonly string[], env: Environment): Promise<Child> {
  const file = fileURLToPath(new URL(`../../${program}`, import.meta.url))
  const child = spawn(process.execPath, [file, ...args], {
    env: Object.fromEntries(
      Object.entries(env).filter(([, value]) => value !== undefined),
    ) as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const name = [program, ...args].join(' ')
  const ended = new Promise<string>(resolve => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
  })
  const output = new PassThrough()
  child.stdout?.pipe(output, { end: false })
  const complaints = collect(child)
  const ready = await Promise.race([
    new Promise<Child['ready']>(resolve =>
      child.once('message', message => resolve(message as Child['ready'])),
    ),
    ended.then(reason => {
      throw new Error(`${name} did not start (${reason}):\n${complaints()}`)
    }),
  ])
  return {
    name,
    ready,
    output,
    ended,
    stop: async () => {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
      await ended
      clearTimeout(timer)
    },
  }
}

/** The last of what a child says on standard error, which is also passed on. */
function collect(child: ChildProcess): () => string {
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4_000)
    process.stderr.write(text)
  })
  return () => said.trim()
}

const STOP_MS = 5_000
