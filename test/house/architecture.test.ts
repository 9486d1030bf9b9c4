import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { readSource } from './read-source.ts'
import { violations } from './rules.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PROGRAM_FOLDERS = ['src', 'simulators', 'bench', 'infra', 'tools', 'test/stand-ins'].filter(folder =>
  existsSync(`${ROOT}${folder}`),
)

describe('the house rules, on this repository', () => {
  const programs = read(PROGRAM_FOLDERS, 'ts')
  const everything = read(
    [...PROGRAM_FOLDERS.filter(folder => !folder.startsWith('test/')), 'test'],
    '{ts,js,css}',
  )

  test('every import is one that the architecture allows', () => {
    assert.ok(Object.keys(programs).length > 50, 'the sources were not found')
    assert.deepEqual(violations(programs), [])
  })

  test('what src imports is a dependency in production, not of development only', () => {
    const { dependencies } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'))
    const packages = Object.entries(programs)
      .filter(([file]) => file.startsWith('src/') && !file.endsWith('.test.ts'))
      .flatMap(([file, source]) => readSource(file, source).imports.filter(({ isTypeOnly }) => !isTypeOnly))
      .map(({ specifier = '' }) => specifier)
      .map(specifier => /^(?:@[^/]+\/)?[^/.:]+(?=\/|$)/.exec(specifier)?.[0])
      .filter(name => name !== undefined)
    assert.deepEqual(
      [...new Set(packages)].filter(name => !(name in dependencies)),
      [],
    )
  })

  test('no test is switched off, and none runs alone', () => {
    const switched = Object.entries(everything)
      .filter(([file]) => file.endsWith('.test.ts'))
      .filter(([file, text]) => isSwitchedOff(file, text))
    assert.deepEqual(
      switched.map(([file]) => file),
      [],
    )
  })

  test('neither TypeScript nor Node has a path alias', () => {
    assert.equal('imports' in JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')), false)
    assert.doesNotMatch(readFileSync(`${ROOT}tsconfig.json`, 'utf8'), /"(?:paths|baseUrl|rootDirs)"/)
  })
})

describe('the house rules find every breach', () => {
  const target = {
    'src/core/plan/plan.ts': '',
    'src/core/records/delivery.ts': '',
    'src/advice/check-template.ts': '',
    'tools/docs/docs.ts': '',
    'src/okta/caller.ts': '',
    'src/http/hook.ts': '',
    'src/cli/codes/send.ts': '',
    'src/config/settings.ts': '',
    'src/adapters/aws/carrier.ts': '',
    'src/adapters/sqlite/store.ts': '',
    'src/main/server/service.ts': '',
    'simulators/okta/server.ts': '',
    'test/stand-ins/org.ts': '',
    'simulators/aws/end-user-messaging/server.ts': '',
  }
  const forbidden: readonly (readonly [file: string, source: string, rule: RegExp])[] = [
    [
      'src/core/plan/x.ts',
      `import { readFileSync } from 'node:fs'`,
      /imports node:fs: core imports only core/,
    ],
    ['src/core/plan/x.ts', `import { z } from 'zod'`, /imports zod: core imports only core/],
    [
      'src/core/plan/x.ts',
      `import '@aws-sdk/client-pinpoint-sms-voice-v2'`,
      /imports @aws-sdk\/.*core\/deliver\/ports\.ts/,
    ],
    [
      'src/core/plan/x.ts',
      `import type { A } from '../../okta/caller.ts'`,
      /imports \.\.\/\.\.\/okta\/caller\.ts: core/,
    ],
    [
      'src/core/plan/x.ts',
      `export * from '../../okta/caller.ts'`,
      /imports \.\.\/\.\.\/okta\/caller\.ts: core/,
    ],
    [
      'src/core/plan/x.ts',
      `const a = await import('../../okta/caller.ts')`,
      /imports \.\.\/\.\.\/okta\/caller\.ts: core/,
    ],
    ['src/core/plan/x.ts', 'const a = await import(name)', /imports a computed name: .*Write it out/],
    ['src/core/plan/x.ts', `const a = require('fs')`, /imports fs: core/],
    ['src/core/plan/x.ts', 'const a = process.env.A', /names process: .*are arguments/],
    ['src/core/plan/x.ts', 'const a = Date.now()', /names Date\.now/],
    ['src/core/plan/x.ts', 'const a = new Date()', /names new Date\(\)/],
    ['src/core/plan/x.ts', 'const a = Math.random()', /names Math\.random/],
    ['src/core/plan/x.ts', 'console.log(1)', /names console/],
    ['src/core/plan/x.ts', 'setTimeout(f, 1)', /names setTimeout/],
    ['src/core/plan/x.ts', 'const a = `$'.concat('{Date.now()}`'), /names Date\.now/],
    ['src/core/plan/x.ts', `import { a } from '#plan'`, /imports #plan: there are no path aliases/],
    ['src/core/plan/x.ts', `import { a } from '@/core/plan.ts'`, /there are no path aliases/],
    ['src/core/plan/x.ts', `import { a } from './plan'`, /imports \.\/plan: there is no such file/],
    ['src/core/plan/x.ts', `import { a } from './plan.test.ts'`, /a test must not be imported/],
    ['src/core/plan/x.ts', `import '../records/delivery.ts'`, /core reads downwards .*records is above plan/],
    ['src/core/values/x.ts', `import type { A } from '../plan/plan.ts'`, /plan is above values/],
    ['src/core/x.ts', `import './plan/plan.ts'`, /core has the rooms deliver, .*move src\/core\/x\.ts/],
    ['src/core/plan/x.ts', `import '../../advice/check-template.ts'`, /core imports only core/],
    ['src/advice/x.ts', `import '../okta/caller.ts'`, /advice imports only core, advice/],
    ['src/advice/x.ts', 'const a = Date.now()', /names Date\.now/],
    ['tools/x.ts', `import '../simulators/okta/server.ts'`, /tools import anything but stand-ins/],
    ['src/main/x.ts', `import '../../tools/docs/docs.ts'`, /main imports only src and messages/],
    ['test/stand-ins/x.ts', `import '../../src/core/plan/plan.ts'`, /stand-in tests imports only stand-ins/],
    ['src/core/index.ts', `export * from './plan.ts'`, /index\.ts is a barrel/],
    ['src/okta/x.ts', `import '../adapters/aws/carrier.ts'`, /okta imports only core and the schema/],
    ['src/okta/x.ts', `import '../http/hook.ts'`, /okta imports only core and the schema/],
    ['src/okta/x.ts', `import '../config/settings.ts'`, /okta imports only core and the schema/],
    ['src/okta/x.ts', `import { jwtVerify } from 'jose'`, /okta imports only core and the schema/],
    ['src/okta/x.ts', `import 'node:https'`, /okta imports only core and the schema/],
    ['src/adapters/aws/x.ts', `import '../sqlite/store.ts'`, /an adapter imports only core and its own SDK/],
    ['src/adapters/aws/x.ts', `import '../../okta/caller.ts'`, /an adapter imports only core/],
    ['src/adapters/aws/x.ts', `import 'node:sqlite'`, /an adapter imports only core/],
    ['src/adapters/sqlite/x.ts', `import '@aws-sdk/client-dynamodb'`, /an adapter imports only core/],
    ['src/adapters/oracle/x.ts', '', /is in a folder without a rule/],
    [
      'src/http/x.ts',
      `import '../adapters/sqlite/store.ts'`,
      /http imports only core, advice, okta, the router and/,
    ],
    ['src/http/x.ts', `import '@aws-sdk/client-dynamodb'`, /http imports only core/],
    ['src/http/x.ts', 'const a = process.env.PORT', /names process\.env: .*main reads the environment/],
    ['src/config/x.ts', `import '../adapters/aws/carrier.ts'`, /config imports only core/],
    ['src/config/x.ts', `import * as z from 'zod'`, /config imports only core: functions start with it/],
    ['src/config/x.ts', 'const a = process.env', /names process\.env/],
    ['src/cli/x.ts', `import '../adapters/sqlite/store.ts'`, /cli imports only .*cli\/terminal\/context\.ts/],
    ['src/cli/x.ts', `import { startService } from '../main/server/service.ts'`, /main must not be imported/],
    ['src/main/x.ts', `import '../../simulators/okta/server.ts'`, /main imports only src and messages/],
    [
      'src/http/x.test.ts',
      `import '../main/server/service.ts'`,
      /main must not be imported\. A test of the whole/,
    ],
    ['simulators/okta/x.ts', `import '../../src/core/plan/plan.ts'`, /a stand-in imports nothing of src/],
    [
      'simulators/okta/x.test.ts',
      `import '../../src/core/plan/plan.ts'`,
      /a stand-in imports nothing of src/,
    ],
    ['simulators/okta/x.ts', `import '../aws/end-user-messaging/server.ts'`, /no other stand-in/],
    ['bench/x.ts', `import '../src/main/server/service.ts'`, /main must not be imported.*bench\/run-/],
    ['bench/x.ts', `import '../src/cli/codes/send.ts'`, /bench imports anything but main and cli/],
    ['infra/x.ts', `import '../src/core/plan/plan.ts'`, /infra imports only the CDK/],
    ['src/console/x.ts', `import '../adapters/sqlite/store.ts'`, /console imports only core, advice/],
    ['src/console/x.ts', `import '../cli/codes/send.ts'`, /move what the commands share to advice or core/],
    ['src/console/x.ts', `import 'node:fs'`, /console imports only core/],
    ['src/console/x.ts', 'const a = Date.now()', /names Date\.now/],
  ]
  for (const [file, source, rule] of forbidden) {
    test(`${file} must not say: ${source || '(nothing, in an unknown folder)'}`, () => {
      const found = violations({ ...target, [file]: source })
      assert.equal(found.length, 1, found.join('\n'))
      assert.match(found[0] ?? '', rule)
      assert.ok(found[0]?.startsWith(file), found[0])
    })
  }

  const allowed: readonly (readonly [file: string, source: string])[] = [
    ['src/core/plan/x.ts', `import { a } from './plan.ts'; import b from 'libphonenumber-js/max'`],
    ['src/core/plan/x.ts', '// Date.now() and process.env are for others\nconst a = new Date(0).getTime()'],
    ['src/core/plan/x.ts', `const a = 'console.log(1)'; const b = /process/.test(a)`],
    ['src/okta/x.ts', `import * as z from 'zod'; import 'node:crypto'; import '../core/plan/plan.ts'`],
    [
      'src/adapters/sqlite/x.ts',
      `import 'node:sqlite'; import './store.ts'; import '../../core/plan/plan.ts'`,
    ],
    ['src/http/x.ts', `import { Hono } from 'hono'; import '../okta/caller.ts'`],
    ['src/config/x.ts', `import { a } from '../core/plan/plan.ts'`],
    ['src/cli/x.ts', `import 'commander'; import 'node:fs'; import '../config/settings.ts'`],
    ['src/main/x.ts', `const a = await import('../adapters/sqlite/store.ts')`],
    ['src/http/x.test.ts', `import 'node:test'; import '../adapters/sqlite/store.ts'`],
    ['src/core/deliver/x.ts', `import '../records/delivery.ts'; import '../plan/plan.ts'`],
    ['src/advice/x.ts', `import { a } from '../core/plan/plan.ts'`],
    ['src/adapters/aws/x.ts', `import type { A } from '../../advice/check-template.ts'`],
    ['tools/x.ts', `import '../src/main/server/service.ts'`],
    ['simulators/okta/x.test.ts', `import '../../test/stand-ins/org.ts'`],
    ['bench/run-x.ts', `import { startService } from '../src/main/server/service.ts'`],
    [
      'src/console/x.ts',
      `import { html } from 'hono/html'; import '../okta/caller.ts'; import 'node:crypto'`,
    ],
  ]
  for (const [file, source] of allowed) {
    test(`${file} may say: ${source.replaceAll('\n', ' ')}`, () => {
      assert.deepEqual(violations({ ...target, [file]: source }), [])
    })
  }

  test('a circle of imports is found, also of types', () => {
    const circle = {
      'src/core/plan/a.ts': `import type { B } from './b.ts'`,
      'src/core/plan/b.ts': `import './c.ts'`,
      'src/core/plan/c.ts': `import './a.ts'`,
    }
    assert.deepEqual(violations(circle), [
      'src/core/plan/a.ts -> src/core/plan/b.ts -> src/core/plan/c.ts -> src/core/plan/a.ts: files import each other in a circle. Move the shared code into a third file.',
    ])
  })

  test('an import over several lines is read, and one in a comment or a string is not', () => {
    const source = `import {\n  a,\n  type B,\n} from './a.ts'\nimport c, { d } from "./c.ts"\nimport type e from './e.ts'
      // import './comment.ts'
      const url = /https?:\\/\\/['"]/ // import './after-regular-expression.ts'
      const f = \`import './template.ts' \${g(\`\${{ h: 1 }.h}\`)} export\` + 'import "./string.ts"'
      export type { I } from './i.ts'; export { j }; const k = 'from'`
    const found = readSource('x.ts', source).imports.map(({ specifier, isTypeOnly }) => [
      specifier,
      isTypeOnly,
    ])
    assert.deepEqual(found, [
      ['./a.ts', false],
      ['./c.ts', false],
      ['./e.ts', true],
      ['./i.ts', true],
    ])
  })

  test('a test that is switched off is found, and one that says why it cannot run is not', () => {
    for (const off of [
      'test.skip(n, f)',
      'describe.only(n, f)',
      'test(n, { skip: true }, f)',
      'it.todo(n)',
    ]) {
      assert.ok(isSwitchedOff('x.test.ts', off), off)
    }
    for (const on of ['test(n, { skip }, f)', `test('uses .skip', f)`, 'onlyOnce.call()']) {
      assert.ok(!isSwitchedOff('x.test.ts', on), on)
    }
  })
})

function isSwitchedOff(file: string, text: string): boolean {
  const { names } = readSource(file, text)
  return ['only', 'skip', 'todo'].some(
    how =>
      names.has(`${how}: true`) ||
      ['test', 'it', 'describe', 'suite', 't'].some(who => names.has(`${who}.${how}`)),
  )
}

function read(folders: readonly string[], ending: string): Readonly<Record<string, string>> {
  const files = globSync(
    folders.map(folder => `${folder}/**/*.${ending}`),
    { cwd: ROOT, exclude: ['**/node_modules/**'] },
  )
  return Object.fromEntries(files.sort().map(file => [file, readFileSync(`${ROOT}${file}`, 'utf8')]))
}
