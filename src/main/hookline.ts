#!/usr/bin/env node
import cluster from 'node:cluster'
import process from 'node:process'
import { exitCodes } from '../cli/terminal/problem.ts'
import { processStreams } from './process-streams.ts'
import { run } from './run.ts'

process.umask(0o077) // files are readable by their owner only
// `hookline deliveries | head`: its reader has enough. Programs that run on do not end because nobody reads their output.
if (!['start', 'serve', 'console'].includes(process.argv[2] ?? ''))
  process.stdout.on('error', error => {
    if ('code' in error && error.code === 'EPIPE') process.exit()
    throw error
  })
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
