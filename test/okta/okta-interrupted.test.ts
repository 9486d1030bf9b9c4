import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { shapeOf } from '../world/org.ts'
import { type OrgWorld, startWorld } from '../world/world.ts'

/** Each call of the management API in turn: done or not, the command gets no answer. */
describe('an interrupted run is continued where it stopped', { timeout: 300_000 }, () => {
  test('setup: any call done, and its answer lost', async () => {
    await using whole = await startWorld({ hook: 'stand-in', org: 'new' })
    await whole.runOkta(`setup --url ${whole.hook.url}`)
    const wanted = shapeOf(whole)
    const stops = await eachStop('cut', async world => {
      const { problem } = await world.runOkta(`setup --url ${world.hook.url}`)
      if (problem === undefined) return false
      world.org.setFault({ kind: 'none' })
      const again = await world.runOkta(`setup --url ${world.hook.url}`)
      assert.equal(again.problem, undefined)
      assert.equal(shapeOf(world), wanted)
      return true
    })
    assert.ok(stops > 20, `${stops} calls`)
  })

  test('teardown: any call done, and its answer lost', async () => {
    const stops = await eachStop('cut', async (world, arm) => {
      world.org.setFault({ kind: 'none' })
      const before = world.org.export()
      await world.runOkta(`setup --url ${world.hook.url}`)
      arm()
      const { problem } = await world.runOkta('teardown')
      if (problem === undefined) return false
      world.org.setFault({ kind: 'none' })
      const again = await world.runOkta('teardown')
      assert.equal(again.problem, undefined)
      assert.equal(world.org.export(), before)
      return true
    })
    assert.ok(stops > 15, `${stops} calls`)
  })

  for (const [kind, what] of [
    ['cut', 'done, and its answer lost'],
    ['error', 'refused by a fault of Okta'],
  ] as const) {
    test(`another hook replaced, and restored: any call ${what}`, async () => {
      const stops = await eachStop(kind, async (world, arm) => {
        world.org.setFault({ kind: 'none' })
        const other = await otherHook(world)
        const before = world.org.export()
        const setUp = () => world.runOkta(`setup --url ${world.hook.url} --replace ${other}`)
        arm()
        const { problem } = await setUp()
        world.org.setFault({ kind: 'none' })
        assert.equal((await setUp()).problem, undefined)
        assert.equal(world.okta.hookUrl(), world.hook.url)
        await world.runOkta('teardown')
        assert.equal(world.org.export(), before)
        return problem !== undefined
      })
      assert.ok(stops > 20, `${stops} calls`)
    })
  }
})

/** In sequence at the end of a run: optional information does not stop the run if it fails. */
const OPTIONAL_CALLS = 10

/** A new org for each failing call, until none fails; returns the number of calls. */
async function eachStop(
  kind: 'cut' | 'error',
  run: (world: OrgWorld, arm: () => void) => Promise<boolean>,
): Promise<number> {
  let stops = 0
  let whole = 0
  for (let after = 0; after < 100; after++) {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    const arm = () => world.org.setFault({ kind, after })
    arm()
    if (await run(world, arm)) {
      stops += 1
      whole = 0
    } else if (++whole > OPTIONAL_CALLS) return stops
  }
  assert.fail('it did not end')
}

async function otherHook({ api, hook }: OrgWorld): Promise<string> {
  const config = {
    uri: `${hook.url}/other`,
    method: 'POST',
    authScheme: { type: 'HEADER', key: 'X-Other', value: 'secret' },
  }
  const channel = { type: 'HTTP', version: '1.0.0', config }
  const type = 'com.okta.telephony.provider'
  const { id } = await api('POST', '/inlineHooks', { name: 'Other', type, version: '1.0.0', channel })
  return id
}
