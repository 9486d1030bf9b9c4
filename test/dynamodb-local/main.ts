import { runGroups } from '../run.ts'
import { startEmulator } from './emulator.ts'

/**
 * `npm run test:dynamodb-local [-- words in names of files, options of node --test]`: every test that uses DynamoDB, with
 * AWS's own DynamoDB Local. Needs Java, and npm once. Exits with the tests' exit code.
 */
const GROUPS = [
  { name: 'adapter', files: ['src/adapters/dynamodb/*.test.ts'] },
  {
    name: 'contracts',
    files: ['test/contracts/*.test.ts'],
    except: ['test/contracts/{memory-*,sqlite-*,released}.test.ts'], // of other stores
  },
]

await using emulator = await startEmulator()
const args = process.argv.slice(2)
await runGroups(GROUPS, {
  lanes: GROUPS.length,
  words: args.filter(arg => !arg.startsWith('-')),
  options: args.filter(arg => arg.startsWith('-')),
  env: { HOOKLINE_DYNAMODB_LOCAL: emulator.url },
})
