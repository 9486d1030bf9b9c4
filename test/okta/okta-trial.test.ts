import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { RanOkta } from '../world/org.ts'
import { startHookline } from '../world/processes.ts'
import { type OrgWorld, startWorld } from '../world/world.ts'

const TRIAL = '--for 10m'
/** The calls of a whole trial, and a few more. */
const CALLS = 45

describe('okta activate --for', { timeout: 300_000 }, () => {
  test('restores the previously active hook and the phone when the time is over', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    const before = await withAnother(world)
    const ran = await trial(world)
    assert.equal(ran.problem, undefined)
    assert.deepEqual([ran.exitCode, ran.pauses], [0, [600_000]])
    assert.match(
      ran.text,
      /^A trial of 10 min: at its end, or at Ctrl-C, "Other" \(cal\w+\) is the active hook/m,
    )
    assert.equal(activeHook(world), 'Other')
    assert.equal(phoneOf(world), before)
    assert.match(
      ran.text,
      /✓ turned off {2}telephony hook: Hookline telephony\n.*✓ turned on {3}telephony hook: Other, as before/,
    )
  })

  test('restores the same after an interruption at any point', async () => {
    for (let after = 0; ; after += 1) {
      await using world = await startWorld({ hook: 'stand-in', org: 'new' })
      const before = await withAnother(world)
      const ran = await trial(world, { interruptAfter: after })
      assert.equal(ran.problem, undefined, ran.problem?.message)
      assert.equal(activeHook(world), 'Other', `after ${after} lines`)
      assert.equal(phoneOf(world), before, `after ${after} lines`)
      if (ran.exitCode === 0) {
        assert.ok(after > 8, `${after} lines`)
        return
      }
      assert.equal(ran.exitCode, 130)
    }
  })

  test('restores the same if any call to Okta fails, with another attempt', async () => {
    for (let after = 0; after < CALLS; after += 1) {
      await using world = await startWorld({ hook: 'stand-in', org: 'new' })
      const before = await withAnother(world)
      world.org.setFault({ kind: 'cut', after })
      await trial(world)
      world.org.setFault({ kind: 'none' })
      assert.equal(activeHook(world), 'Other', `after ${after} calls`)
      assert.equal(phoneOf(world), before, `after ${after} calls`)
    }
  })

  test('restores the previous hook if this one does not work', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    const before = await withAnother(world)
    world.hook.answer('failed')
    const { problem } = await trial(world)
    assert.match(problem?.message ?? '', /does not work when Okta calls it/)
    assert.equal(activeHook(world), 'Other')
    assert.equal(phoneOf(world), before)
  })

  test('without a previous hook, leaves none active, and the phone inactive', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    await world.runOkta('prepare')
    const ran = await trial(world, { replace: '' })
    assert.equal(ran.problem, undefined)
    assert.match(ran.text, /no telephony hook is active, as now/)
    assert.equal(activeHook(world), undefined)
    assert.equal(phoneOf(world), undefined)
    const down = await world.runOkta('teardown')
    assert.equal(down.problem, undefined)
    assert.deepEqual(world.exported().inlineHooks, [])
  })

  test('continues after a run that was killed: the hook that it replaced is restored', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    await withAnother(world)
    await world.runOkta(`activate --url ${world.hook.url} --replace Other`)
    assert.equal(activeHook(world), 'Hookline telephony')
    assert.equal((await trial(world, { replace: '' })).problem, undefined)
    assert.equal(activeHook(world), 'Other')
  })

  test('as a program: restores on Ctrl-C, on kill, and when the terminal is closed', async () => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      await using world = await startWorld({ hook: 'stand-in', org: 'new' })
      const before = await withAnother(world)
      const args = ['okta', 'activate', '--org', world.okta.url, '--url', world.hook.url, '--yes']
      const env = { OKTA_API_TOKEN: world.org.apiToken }
      await using program = startHookline([...args, '--replace', 'Other', '--for', '10m'], { env })
      await program.prints(/The trial lasts until/)
      assert.equal(activeHook(world), 'Hookline telephony')
      program.signal(signal)
      const { code, stderr } = await program.ended
      assert.deepEqual([code, stderr], [130, ''])
      assert.equal(activeHook(world), 'Other')
      assert.equal(phoneOf(world), before)
    }
  })

  test('is refused with nothing to restore, for several orgs, and without a duration', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    await world.runOkta(`setup --url ${world.hook.url}`)
    const made = world.org.export()
    assert.match(
      (await trial(world, { replace: '' })).problem?.message ?? '',
      /restores the hook that was active before/,
    )
    for (const time of ['10', '0s', '25h', 'ten minutes', '-1m']) {
      const { problem } = await world.runOkta(
        `activate --url ${world.hook.url} --for=${time.replaceAll(' ', '~')}`,
      )
      assert.match(problem?.message ?? '', /expected a time of a second to a day: 90s, 10m, 2h/, time)
    }
    assert.equal(world.org.export(), made)
  })

  test('shows with --dry-run what it would restore, and changes nothing', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    await withAnother(world)
    const made = world.org.export()
    const ran = await trial(world, { more: ' --dry-run' })
    assert.match(ran.text, /A trial of 10 min[\s\S]*Nothing was changed: this was a dry run\./)
    assert.equal(world.org.export(), made)
  })
})

type How = { readonly interruptAfter?: number; readonly replace?: string; readonly more?: string }

async function trial(
  world: OrgWorld,
  { interruptAfter, replace = ' --replace Other', more = '' }: How = {},
): Promise<RanOkta & { readonly pauses: readonly number[] }> {
  const ending = new AbortController()
  const pauses: number[] = []
  let lines = 0
  const ran = await world.runOkta(`activate --url ${world.hook.url} ${TRIAL}${replace}${more}`, {
    pauses,
    interruption: ending.signal,
    onPrint: () => {
      if (lines++ === interruptAfter) ending.abort('SIGINT')
    },
  })
  return { ...ran, pauses: pauses.filter(ms => ms > 60_000) }
}

/** A prepared org with another hook and a phone authenticator for recovery only; and the state of the phone. */
async function withAnother({ api, hook, runOkta, exported }: OrgWorld): Promise<string | undefined> {
  await runOkta('prepare')
  const config = {
    uri: `${hook.url}/other`,
    method: 'POST',
    authScheme: { type: 'HEADER', key: 'X-Other', value: 'secret' },
  }
  const channel = { type: 'HTTP', version: '1.0.0', config }
  await api('POST', '/inlineHooks', {
    name: 'Other',
    type: 'com.okta.telephony.provider',
    version: '1.0.0',
    channel,
  })
  await api('POST', '/authenticators?activate=true', {
    key: 'phone_number',
    name: 'Phone',
    settings: { allowedFor: 'recovery' },
  })
  return phoneOf({ exported })
}

function activeHook({ exported }: OrgWorld): unknown {
  return exported().inlineHooks?.find(({ status }) => status === 'ACTIVE')?.name
}

function phoneOf({ exported }: Pick<OrgWorld, 'exported'>): string | undefined {
  const phone = exported().authenticators?.find(({ key }) => key === 'phone_number')
  return phone && JSON.stringify([phone.status, phone.settings, phone.methods])
}
