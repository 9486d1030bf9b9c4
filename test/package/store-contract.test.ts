import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { globSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { bundlePackage } from '../../tools/build/bundle-package.ts'
import { repository } from '../../tools/build/package-plugins.ts'
import { installPackage, oldestNode } from './installed.ts'

/** Node's SQLite has gained features with each version. An older one may silently ignore or refuse them. */
test('the store keeps its whole contract on the oldest Node, in the package as it is installed', async () => {
  const node = await oldestNode()
  using installed = await installPackage(node)
  const files = globSync(
    [
      'src/adapters/sqlite/*.test.ts',
      'test/contracts/{sqlite-*,answers,deliveries,receipts,stats,template-versions}.test.ts',
    ],
    {
      cwd: repository,
    },
  )
  assert.ok(files.length >= 10, files.join(' '))
  // The tests of all stores load the libraries of DynamoDB's stand-in, but do not start it here.
  const dynalite = join(installed.folder, 'node_modules', 'dynalite')
  mkdirSync(dynalite)
  writeFileSync(join(dynalite, 'index.js'), '')
  const entries = Object.fromEntries(files.map(file => [`${basename(file, '.ts')}`, file]))
  await bundlePackage(installed.path('dist'), entries)
  const tests = Object.keys(entries).map(name => installed.path('dist', `${name}.js`))
  const { stdout } = await promisify(execFile)(
    node,
    ['--test', '--test-reporter=spec', ...NOT_HERE.map(name => `--test-skip-pattern=${name}`), ...tests],
    {
      cwd: installed.folder,
      env: { PATH: process.env.PATH },
      timeout: 300_000,
    },
  ).catch(error => assert.fail(`${error.message}\n${error.stdout}`))
  assert.match(stdout, /^ℹ fail 0$/m)
})

/** The other stores, and a test that starts programs of its sources. */
const NOT_HERE = ['DynamoDB', 'memory store', 'by two processes at once']
