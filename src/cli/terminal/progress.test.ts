import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withProgress } from './progress.ts'

test('long work prints its progress every two seconds, and nothing after its end', async context => {
  context.mock.timers.enable({ apis: ['setInterval'] })
  const printed: string[] = []
  const { promise, resolve } = Promise.withResolvers<string>()
  let done = 0
  const working = withProgress(
    text => printed.push(text),
    () => `trying: ${done} of 2`,
    () => promise,
  )
  context.mock.timers.tick(1_999)
  assert.deepEqual(printed, [])
  context.mock.timers.tick(1)
  done = 1
  context.mock.timers.tick(2_000)
  assert.deepEqual(printed, ['… still trying: 0 of 2', '… still trying: 1 of 2'])
  resolve('done')
  assert.equal(await working, 'done')
  context.mock.timers.tick(10_000)
  assert.equal(printed.length, 2)
})

test('failing work also ends its progress', async context => {
  context.mock.timers.enable({ apis: ['setInterval'] })
  const printed: string[] = []
  const failing = withProgress(
    text => printed.push(text),
    'reading',
    () => Promise.reject(new Error('no')),
  )
  await assert.rejects(failing, /no/)
  context.mock.timers.tick(10_000)
  assert.deepEqual(printed, [])
})
