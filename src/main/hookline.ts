#!/usr/bin/env node
import process from 'node:process'
import { exitCodes } from '../cli/terminal/problem.ts'
import { processStreams } from './process-streams.ts'
import { run } from './run.ts'

process.umask(0o077) // whatever is written: for its owner alone
const exitCode = await run(process.argv.slice(2), process.env, processStreams())
process.exitCode = exitCode
// A log that nobody reads, or a call that nobody waits for any more, would keep a server from ending.
if (process.argv[2] === 'serve') setTimeout(() => process.exit(), 500).unref()
// What was cut short may still wait for an answer that nobody wants.
if (exitCode === exitCodes.interrupted) process.exit()
if (process.connected) process.disconnect()
