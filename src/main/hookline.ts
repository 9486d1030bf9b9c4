#!/usr/bin/env node
import cluster from 'node:cluster'
import process from 'node:process'
import { exitCodes } from '../cli/terminal/problem.ts'
import { messageOf } from '../core/values/printable.ts'
import { processStreams } from './process-streams.ts'
import { run } from './run.ts'
import { say } from './terminal.ts'

process.umask(0o077) // files are readable by their owner only
// Servers run on when nobody reads their output, or the disk is full.
if (!['start', 'serve', 'console'].includes(process.argv[2] ?? ''))
  process.stdout.once('error', error => {
    // `hookline deliveries | head`: its reader has enough.
    if ('code' in error && error.code === 'EPIPE') process.exit()
    say(
      process.stderr,
      `Standard output cannot be written: ${messageOf(error)}. What it has is incomplete.\n`,
    )
    process.exit(exitCodes.internalError)
  })
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
const exitCode = await run(process.argv.slice(2), process.env, processStreams())
process.exitCode = exitCode
// An unread log or an abandoned call would keep a server running.
if (process.argv[2] === 'serve') setTimeout(() => process.exit(), 500).unref()
// An interrupted command may still be waiting for an answer.
if (exitCode === exitCodes.interrupted) process.exit()
if (process.connected) {
  // A worker that is only disconnected would end with exit code 0.
  if (cluster.worker) cluster.worker.disconnect()
  else process.disconnect()
}
