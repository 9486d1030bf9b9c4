import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createGate } from './event-post.ts'

test('limits how much runs at once, and runs the rest in order of arrival', async () => {
  const gate = createGate(3)
  const started: number[] = []
  let inside = 0
  let most = 0
  await Promise.all(
    Array.from({ length: 5000 }, (_, place) =>
      gate.run(async () => {
        started.push(place)
        inside += 1
        most = Math.max(most, inside)
        await Promise.resolve()
        inside -= 1
      }),
    ),
  )
  assert.equal(most, 3)
  assert.deepEqual(started, [...started.keys()])
})

test('continues with the next when one fails', async () => {
  const gate = createGate(1)
  await assert.rejects(
    gate.run(async () => assert.fail('broken')),
    /broken/,
  )
  assert.equal(await gate.run(async () => 'done'), 'done')
})
