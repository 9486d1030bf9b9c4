import process from 'node:process'
import type { Streams } from './terminal.ts'

/** What this process was given. The signals are heard as soon as somebody asks for the `signal`. */
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
 * Aborts at the first Ctrl-C, SIGTERM or SIGHUP (the terminal is closed), and when the program that started this one has gone. A second Ctrl-C ends the
 * program at once, and so does the first one as long as nobody has asked for the signal.
 */
let ending: AbortController | undefined
function signal(): AbortSignal {
  if (ending !== undefined) return ending.signal
  const controller = new AbortController()
  ending = controller
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(name, () => controller.abort(name))
  process.once('disconnect', () => controller.abort('the program that started it has gone'))
  return controller.signal
}
