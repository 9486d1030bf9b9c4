import process from 'node:process'
import type { Streams } from './terminal.ts'

/** The streams of this process. Signals are handled from the first use of `signal`. */
export function processStreams(): Streams {
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    get signal() {
      return signal()
    },
    sendReady: message => void process.send?.(message),
  }
}

/**
 * Aborts at the first Ctrl-C, SIGTERM or SIGHUP (the terminal is closed), and when the program that started this one has
 * ended. A second Ctrl-C ends the program at once, and so does the first one before `signal` is used.
 */
let ending: AbortController | undefined
function signal(): AbortSignal {
  if (ending !== undefined) return ending.signal
  const controller = new AbortController()
  ending = controller
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(name, () => controller.abort(name))
  process.once('disconnect', () => controller.abort('the program that started it has ended'))
  return controller.signal
}
