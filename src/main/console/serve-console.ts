import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { makeFolder, writeOwnFile } from '../../cli/terminal/files.ts'
import { Problem } from '../../cli/terminal/problem.ts'
import type { Environment } from '../../config/environment.ts'
import type { Settings } from '../../config/settings.ts'
import { messageOf } from '../../core/values/printable.ts'
import type { Log } from '../log.ts'
import type { ConsoleThreadData, FromConsole } from './console-thread.ts'

export type ServedConsole = {
  /** With a token that lets one browser in, once. */
  readonly address: () => string
  readonly addressFile: string
  readonly close: () => Promise<void>
}

/**
 * The console of a server, if the settings have a port for it: in a thread of its own, which is started again if it ends.
 * Its address has a token, so it is not logged: it is in a file of the data folder, which only the owner can read, and
 * changes with each use. Rejects if the first thread cannot listen.
 */
export async function serveConsole(
  { server: { consolePort }, store: { dataFolder } }: Settings,
  environment: Environment,
  log: Log,
  { start = startThread, pause = waitFor }: Partial<ThreadParts> = {},
): Promise<ServedConsole | undefined> {
  if (consolePort === undefined) return undefined
  const addressFile = join(dataFolder, 'console-address')
  const workerData: ConsoleThreadData = { environment, consolePort }
  let address = ''
  let isClosing = false
  let thread: ReturnType<ThreadParts['start']>
  let ended: Promise<void>

  const run = (): Promise<void> => {
    const started = Promise.withResolvers<void>()
    let cause = 'it ended'
    thread = start(workerData)
    thread.on('message', (message: FromConsole) => {
      if ('failed' in message) {
        cause = message.failed
        return
      }
      address = message.address
      void writeAddress(addressFile, address, log).then(started.resolve)
    })
    thread.on('error', error => {
      cause = messageOf(error)
    })
    ended = new Promise(resolve => {
      thread.once('exit', () => {
        resolve()
        started.reject(new Problem('settings', cause))
        if (address === '' || isClosing) return
        log({ step: 'serve', outcome: 'console-ended', detail: `${cause}. It starts again in 10 s.` })
        void pause(AGAIN_MS).then(() => (isClosing ? undefined : run().catch(() => undefined)))
      })
    })
    return started.promise
  }
  await run()
  return {
    address: () => address,
    addressFile,
    close: async () => {
      isClosing = true
      thread.postMessage('close')
      await Promise.race([ended, pause(CLOSE_MS)])
      await thread.terminate()
    },
  }
}

type ThreadParts = {
  readonly start: (data: ConsoleThreadData) => Pick<Worker, 'on' | 'once' | 'postMessage' | 'terminate'>
  /** Resolves after this many milliseconds, and keeps no process alive. */
  readonly pause: (ms: number) => Promise<unknown>
}

function startThread(workerData: ConsoleThreadData): Worker {
  return new Worker(new URL('./console-thread.ts', import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  })
}

function waitFor(ms: number): Promise<unknown> {
  return setTimeout(ms, undefined, { ref: false })
}

async function writeAddress(file: string, address: string, log: Log): Promise<void> {
  try {
    makeFolder(dirname(file))
    await writeOwnFile(file, `${address}\n`)
  } catch (error) {
    log({ step: 'serve', outcome: 'console-address', detail: messageOf(error) })
  }
}

/** Far more than pages need. A console that needs more ends, and not the server. */
const MEMORY_MB = 256
const AGAIN_MS = 10_000
const CLOSE_MS = 2_000
