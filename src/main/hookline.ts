#!/usr/bin/env node
import process from 'node:process'
import { exitCodes } from '../cli/problem.ts'
import { run } from './run.ts'

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

process.umask(0o077) // whatever is written: for its owner alone
const exitCode = await run(process.argv.slice(2), process.env, {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  get signal() {
    return signal()
  },
  sendReady: message => void process.send?.(message),
})
process.exitCode = exitCode
// A log that nobody reads, or a call that nobody waits for any more, would keep a server from ending.
if (process.argv[2] === 'serve') setTimeout(() => process.exit(), 500).unref()
// What was cut short may still wait for an answer that nobody wants.
if (exitCode === exitCodes.interrupted) process.exit()
if (process.connected) process.disconnect()
