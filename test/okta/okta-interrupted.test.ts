import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type SettingUp, settingUp, shapeOf } from '../world/okta-setting-up.ts'

/** Each call of the management API in turn: done or not, the command never hears of it. */
describe('an interrupted run is taken up where it stopped', { timeout: 300_000 }, () => {
  test('setup: any call done, and its answer lost', async () => {
    await using whole = await settingUp()
    await whole.run(`setup --url ${whole.hook.url}`)
    const wanted = shapeOf(whole)
    const stops = await eachStop('cut', async setting => {
      const { problem } = await setting.run(`setup --url ${setting.hook.url}`)
      if (problem === undefined) return false
      setting.org.setFault({ kind: 'none' })
      const again = await setting.run(`setup --url ${setting.hook.url}`)
      assert.equal(again.problem, undefined)
      assert.equal(shapeOf(setting), wanted)
      return true
    })
    assert.ok(stops > 20, `${stops} calls`)
  })

  test('teardown: any call done, and its answer lost', async () => {
    const stops = await eachStop('cut', async (setting, arm) => {
      setting.org.setFault({ kind: 'none' })
      const before = setting.org.export()
      await setting.run(`setup --url ${setting.hook.url}`)
      arm()
      const { problem } = await setting.run('teardown')
      if (problem === undefined) return false
      setting.org.setFault({ kind: 'none' })
      const again = await setting.run('teardown')
      assert.equal(again.problem, undefined)
      assert.equal(setting.org.export(), before)
      return true
    })
    assert.ok(stops > 15, `${stops} calls`)
  })

  for (const [kind, what] of [
    ['cut', 'done, and its answer lost'],
    ['error', 'refused by a fault of Okta'],
  ] as const) {
    test(`another hook replaced, and brought back: any call ${what}`, async () => {
      const stops = await eachStop(kind, async (setting, arm) => {
        setting.org.setFault({ kind: 'none' })
        const other = await otherHook(setting)
        const before = setting.org.export()
        const setUp = () => setting.run(`setup --url ${setting.hook.url} --replace ${other}`)
        arm()
        const { problem } = await setUp()
        setting.org.setFault({ kind: 'none' })
        assert.equal((await setUp()).problem, undefined)
        assert.equal(setting.okta.hookUrl(), setting.hook.url)
        await setting.run('teardown')
        assert.equal(setting.org.export(), before)
        return problem !== undefined
      })
      assert.ok(stops > 20, `${stops} calls`)
    })
  }
})

/** One after the other at the end of a run: what is only good to know stops nothing when it fails. */
const OPTIONAL_CALLS = 10

/** A new org for each call that goes wrong, until none does; answers with how many there were. */
async function eachStop(
  kind: 'cut' | 'error',
  run: (setting: SettingUp, arm: () => void) => Promise<boolean>,
): Promise<number> {
  let stops = 0
  let whole = 0
  for (let after = 0; after < 100; after++) {
    await using setting = await settingUp()
    const arm = () => setting.org.setFault({ kind, after })
    arm()
    if (await run(setting, arm)) {
      stops += 1
      whole = 0
    } else if (++whole > OPTIONAL_CALLS) return stops
  }
  assert.fail('it never ends')
}

async function otherHook({ api, hook }: SettingUp): Promise<string> {
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
