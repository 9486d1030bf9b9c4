import { constants, setPriority } from 'node:os'
import process from 'node:process'
import { parentPort, workerData } from 'node:worker_threads'
import type { Environment } from '../../config/environment.ts'
import { settingTable } from '../../config/setting-table.ts'
import { messageOf } from '../../core/values/printable.ts'
import { createContext } from '../commands/commands.ts'
import { openConsole } from './open-console.ts'

/**
 * The console of a server, as a thread of its own: pages and what they read delay no request of Okta. It ends when it
 * receives a message.
 */
if (parentPort === null) throw new Error('This file runs as a worker thread only')
const port = parentPort
const { environment, consolePort } = workerData as ConsoleThreadData
const tell = (message: FromConsole): void => port.postMessage(message)
const closing = new AbortController()

/** The input from `serve-console.ts`. */
export type ConsoleThreadData = { readonly environment: Environment; readonly consolePort: number }

export type FromConsole =
  /** At the start and after each use: lets one browser in, once. */
  { readonly address: string } | { readonly failed: string }

// On Linux a thread has its own priority, which the threads that it starts inherit. Okta's requests come first where they
// and pages want the same processor. Elsewhere this would be the priority of the whole process.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL)

try {
  const { stdin, stdout, stderr } = process
  const streams = { stdin, stdout, stderr, signal: closing.signal, sendReady: () => undefined }
  const context = await createContext(environment, streams, () => undefined)
  const opened = await openConsole(context, {
    port: consolePort,
    setting: settingTable.server.consolePort.name,
    ...{ isReadOnly: false, needsStore: false },
    onOpened: address => tell({ address }),
  })
  port.once('message', async () => {
    closing.abort('the server ends')
    await opened.close()
    port.close()
  })
  tell({ address: opened.address() })
} catch (error) {
  tell({ failed: messageOf(error) })
  port.close()
}
