import { once } from 'node:events'
import { readNumber } from '../../cli/terminal/option-values.ts'
import type { Environment } from '../../config/environment.ts'
import { createContext } from '../commands/commands.ts'
import { type Streams, say } from '../terminal.ts'
import { openConsole } from './open-console.ts'

type Options = { readonly port: string; readonly readOnly?: boolean }

/** `hookline console`: serves the console on loopback and prints its address, until Ctrl-C. */
export async function consoleCommand(
  { port, readOnly = false }: Options,
  environment: Environment,
  streams: Streams,
): Promise<void> {
  const { stdout, signal, sendReady } = streams
  const context = await createContext(environment, streams, () => undefined)
  const opened = await openConsole(context, {
    port: readNumber('--port', port, { min: 0, max: 65_535 }),
    setting: '--port',
    isReadOnly: readOnly,
    onOpened: address => say(stdout, `\nA browser was let in. For another one:\n\n  ${address}\n`),
  })
  say(stdout, `${greeting(opened.address(), readOnly)}\n`)
  sendReady({ ready: opened.address() })
  if (!signal.aborted) await once(signal, 'abort')
  await opened.close()
}

function greeting(address: string, isReadOnly: boolean): string {
  return `
The console${isReadOnly ? ', read-only' : ''}: open this address in a browser on this machine. It lets one browser in, once.

  ${address}

Ctrl-C ends it.`
}
