import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { bundle } from '../../infra/build/bundle.ts'
import { readSource } from '../house/read-source.ts'

const { bundles } = await bundle()

/** Modules that make a function start late: loading each costs more than a function's work with it. */
const NEVER: readonly (readonly [RegExp, string])[] = [
  [
    /node_modules\/(?:@aws-sdk|@smithy|@aws-crypto)\//,
    "AWS's SDK: functions sign their calls with src/adapters/aws/wire",
  ],
  [/node_modules\/undici\//, 'a second HTTP client: functions have node:https'],
  [/^builtin:node:http2$/, 'a third one'],
]

/** Servers fetch with it; a function passes `httpsGet` instead. */
const HANDED_ANOTHER = ['src/okta/signing-keys.ts']

describe('the archives of the functions', () => {
  for (const { name, inputs } of bundles) {
    it(`can be read, and include that of ${name}`, () => {
      assert.ok(inputs.includes(`src/main/lambda/lambda-${name}.ts`))
      assert.ok(inputs.includes('src/adapters/aws/wire/https-transport.ts'))
      assert.ok(inputs.includes('builtin:node:https'))
    })

    for (const [pattern, why] of NEVER)
      it(`never contain in ${name} ${why}`, () => {
        assert.deepEqual(
          inputs.filter(input => pattern.test(input)),
          [],
        )
      })

    it(`never call in ${name} the global fetch, which loads a second HTTP client`, () => {
      const callers = inputs
        .filter(input => /^src\/.*\.ts$/.test(input) && !HANDED_ANOTHER.includes(input))
        .filter(input => readSource(input, readFileSync(input, 'utf8')).names.has('fetch'))
      assert.deepEqual(callers, [])
    })
  }
})
