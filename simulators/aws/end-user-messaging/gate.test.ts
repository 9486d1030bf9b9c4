import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createGate } from './event-post.ts'

test('lets only so many through at once, and the others in the order in which they came', async () => {
  const gate = createGate(3)
  const begun: number[] = []
  let inside = 0
  let most = 0
  await Promise.all(
    Array.from({ length: 5000 }, (_, place) =>
      gate.run(async () => {
        begun.push(place)
        inside += 1
        most = Math.max(most, inside)
        await Promise.resolve()
        inside -= 1
      }),
    ),
  )
  assert.equal(most, 3)
  assert.deepEqual(begun, [...begun.keys()])
})

test('makes room when the work fails', async () => {
  const gate = createGate(1)
  await assert.rejects(
    gate.run(async () => assert.fail('broken')),
    /broken/,
  )
  assert.equal(await gate.run(async () => 'done'), 'done')
})
