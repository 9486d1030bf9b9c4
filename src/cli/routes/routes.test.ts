import assert from 'node:assert/strict'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { runCommand } from '../../../test/fixtures/commands.ts'
import { NOW } from '../../../test/fixtures/planning.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import type { Store } from '../../core/records/store.ts'
import { routesCommand } from './routes.ts'

const vector = new URL('../../../test/vectors/routes-with-notify.json', import.meta.url).pathname
const hookline = (store: Store, ...args: readonly string[]) =>
  runCommand(
    (command, context) =>
      routesCommand(command, { ...context, openDryRuns: async () => assert.fail('nothing is tried') }),
    store,
    ['routes', ...args],
  )

describe('hookline routes', () => {
  it('export writes what import reads: a second store gets the same routes, and a second import changes nothing', async () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'routes.json')
    const [store, other] = [createMemoryStore(() => NOW), createMemoryStore(() => NOW)]
    assert.equal((await hookline(store, 'import', vector)).problem, undefined)
    const { printed } = await hookline(store, 'export', '--file', file)
    assert.deepEqual(printed, [`6 routes written to ${file}.`])
    assert.equal(statSync(file).mode & 0o077, 0)

    assert.equal((await hookline(other, 'import', file)).problem, undefined)
    assert.deepEqual((await other.readPolicy())?.routes, (await store.readPolicy())?.routes)
    const again = await hookline(other, 'import', file)
    assert.doesNotMatch(again.printed.join('\n'), /Changed:/)
    assert.deepEqual((await hookline(other, 'export')).printed, [readFileSync(file, 'utf8').trimEnd()])
  })

  it('export of no routes is an empty object, which import accepts', async () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'routes.json')
    const store = createMemoryStore(() => NOW)
    await hookline(store, 'export', '--file', file)
    assert.equal(readFileSync(file, 'utf8'), '{}\n')
    assert.equal((await hookline(store, 'import', file)).problem, undefined)
  })

  it('an export that cannot be written is reported with the file', async () => {
    const { problem } = await hookline(
      createMemoryStore(() => NOW),
      'export',
      '--file',
      '/nowhere/routes.json',
    )
    assert.match(problem?.message ?? '', /^\/nowhere\/routes\.json cannot be written/)
  })
})
