import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { type ServeWorld, startWorld } from '../world/world.ts'

const LIMIT = { timeout: 60_000 }

test(
  'serve sends a canary as soon as it listens, if its settings want one, and counts how it ended',
  LIMIT,
  async () => {
    await using world = await startWorld({ hook: 'process' })
    const hook = await world.serve({ HOOKLINE_CANARY: 'GB', HOOKLINE_METRICS_PORT: '0' })
    const line = await canaryLine(world)
    assert.deepEqual([line.outcome, line.failed], ['passed', undefined])
    assert.deepEqual(
      (await world.messages()).map(({ to }) => to),
      ['+447860019066'],
    )
    const metrics = await (await fetch(hook.ready.metrics ?? '')).text()
    for (const [outcome, count] of [
      ['on', 1],
      ['passed', 1],
      ['failed', 0],
    ])
      assert.match(
        metrics,
        new RegExp(`hookline_steps_total\\{step="canary",outcome="${outcome}"\\} ${count}`),
      )
  },
)

test(
  'a canary by an address that does not lead to the server fails at the door, and sends nothing',
  LIMIT,
  async () => {
    await using world = await startWorld({ hook: 'process' })
    await world.serve({ HOOKLINE_CANARY: 'GB', HOOKLINE_CANARY_URL: 'http://127.0.0.1:1/mfa' })
    const { outcome, failed } = await canaryLine(world)
    assert.deepEqual([outcome, failed, await world.messages()], ['failed', 'door', []])
  },
)

async function canaryLine({ outputs }: ServeWorld): Promise<Readonly<Record<string, unknown>>> {
  for (;;) {
    for (const text of readFileSync(outputs.stdout, 'utf8').trim().split('\n')) {
      const line = text.startsWith('{') && text.endsWith('}') ? JSON.parse(text) : {}
      if (line.step === 'canary' && line.outcome !== 'on') return line
    }
    await pause(20)
  }
}
