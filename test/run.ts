import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Runs Node's test runner. npm puts further arguments last, and Node takes no options after the files: here they go first. */
const options: string[] = []
const files: string[] = []
for (const argument of process.argv.slice(2)) {
  const last = options.at(-1)
  const isValue = !argument.startsWith('-') && files.length > 0 && last !== undefined && !last.includes('=')
  if (isValue || argument.startsWith('-')) options.push(argument)
  else files.push(argument)
}
const runner = spawn(
  process.execPath,
  ['--import', './test/support/compile-cache.ts', '--test', ...options, ...files],
  { stdio: 'inherit' },
)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => runner.kill(signal))
const [code] = await once(runner, 'exit')
process.exitCode = typeof code === 'number' ? code : 1
