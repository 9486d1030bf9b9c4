import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

test('no call of src follows a redirect or waits forever', () => {
  const careless = globSync('src/**/*.ts')
    .filter(file => !file.endsWith('.test.ts'))
    .flatMap(file =>
      [...readFileSync(file, 'utf8').matchAll(/(?<![\w.])fetch\((?=\w+, )/g)]
        .map(({ index, input }) => input.slice(index, input.indexOf('\n\n', index)).slice(0, 300))
        .filter(call => !call.includes('redirect:') || !/signal/.test(call))
        .map(call => `${file}: ${call.split('\n')[0]}`),
    )
  assert.deepEqual(careless, [])
})
