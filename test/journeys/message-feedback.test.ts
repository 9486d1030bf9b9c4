import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts'
import { eventsBody, logEvent } from '../fixtures/okta-events.ts'
import { EVENT_SECRET } from '../world/org.ts'
import { startWorld } from '../world/world.ts'

const HOUR_MS = 3_600_000
const TO = '+12065550100'

test('a server tells AWS that a code was entered, once answers have come for a day', {
  timeout: 120_000,
}, async () => {
  await using world = await startWorld({
    hook: 'process',
    settings: { HOOKLINE_EVENT_SECRETS: EVENT_SECRET, HOOKLINE_MESSAGE_FEEDBACK: 'true' },
  })
  const enter = async (hookUrl: string, code: string): Promise<number> => {
    const { verdict } = await world.call({ hookUrl }, { to: TO, code })
    assert.equal(verdict.kind, 'delivered-by-hook')
    const [{ sent } = assert.fail('no call')] = world.okta.calls().slice(-1)
    const { userProfile } = sent.data as { readonly userProfile: { readonly userId: string } }
    const actor = { id: userProfile.userId, type: 'User', alternateId: 'ana@example.com' }
    const body = eventsBody(logEvent({ actor, published: new Date().toISOString() }))
    const { status } = await fetch(new URL('/events/okta', hookUrl), {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { authorization: EVENT_SECRET },
    })
    return status
  }
  const records = () => world.callCarrier('GET', '/feedback')

  await using first = await world.serve()
  assert.equal(await enter(first.hookUrl, '740815'), 204)
  assert.deepEqual(await records(), [])

  const store = await openSqliteStore(world.dataFolder, Date.now, { deliveriesMs: 1e9, receiptsMs: 1e9 })
  const noted = (await store.readPolicy())?.answerFlows ?? {}
  assert.ok(Object.hasOwn(noted, world.okta.issuer), JSON.stringify(noted))
  await store.close()
  setFlow(world.dataFolder, world.okta.issuer)

  await using second = await world.serve()
  assert.equal(await enter(second.hookUrl, '740816'), 204)
  const { messageId } = (await world.messages()).at(-1) ?? assert.fail('no message')
  assert.deepEqual(await records(), [{ messageId, region: 'us-east-1', status: 'RECEIVED' }])
})

/** As if answers had come for a day. */
function setFlow(dataFolder: string, caller: string): void {
  const flow = { since: Date.now() - 25 * HOUR_MS, lastAt: Date.now() - 2 * HOUR_MS }
  const database = new DatabaseSync(join(dataFolder, 'hookline.db'))
  const flows = JSON.stringify({ [caller]: flow })
  database.prepare('UPDATE policy_version SET answer_flows = ?, version = version + 1').run(flows)
  database.close()
}
