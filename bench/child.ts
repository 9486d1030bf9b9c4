import { spawn } from 'node:child_process'
import { openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export type Variables = Readonly<Record<string, string>>

/** A program of this package in a process of its own, which ends with this one. */
export type Child<Ready> = {
  /** What it said over IPC when it was ready. */
  readonly ready: Ready
  /** Sends it a message and waits for its answer; rejects when it ends instead. */
  readonly ask: (question: object) => Promise<unknown>
  readonly stop: () => Promise<void>
}

/**
 * Starts `program` (a path inside the package) with these environment variables and no others, its output in
 * `logFile`. Rejects when it ends before it is ready, or is not ready in time.
 */
export async function startChild<Ready>(
  program: string,
  args: readonly string[],
  env: Variables,
  logFile: string,
): Promise<Child<Ready>> {
  const file = fileURLToPath(new URL(`../${program}`, import.meta.url))
  const log = openSync(logFile, 'a')
  const child = spawn(process.execPath, [file, ...args], { env, stdio: ['ignore', log, 'inherit', 'ipc'] })
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  const ended = new Promise<string>(resolve => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
  }).finally(() => process.off('exit', kill))

  const nextMessage = (): Promise<unknown> => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const timer = setTimeout(
      () => reject(new Error(`${program} said nothing for ${ANSWER_MS} ms`)),
      ANSWER_MS,
    )
    child.once('message', resolve)
    ended.then(reason => reject(new Error(`${program} ended: ${reason}`)))
    return promise.finally(() => clearTimeout(timer))
  }
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    const timer = setTimeout(kill, STOP_MS)
    await ended
    clearTimeout(timer)
  }
  try {
    const ready = (await nextMessage()) as Ready
    return {
      ready,
      ask: question => {
        const answer = nextMessage()
        child.send(question)
        return answer
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

const ANSWER_MS = 30_000
const STOP_MS = 3_000
