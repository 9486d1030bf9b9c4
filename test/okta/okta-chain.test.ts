import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { parseEnv } from 'node:util'
import { findLeaks, type Place } from '../support/leaks.ts'
import { EVENT_SECRET, shapeOf } from '../world/org.ts'
import { type Ended, problemsIn, startHookline } from '../world/processes.ts'
import { complaintsOf, runHookline } from '../world/run-hookline.ts'
import { startFront } from '../world/stand-in-hook.ts'
import { ROUTES_OF_TESTS, startWorld } from '../world/world.ts'

/** The commands in processes of their own, with Okta's SDK. */
describe('hookline okta, the whole chain', { timeout: 120_000 }, () => {
  test('prepare, serve, activate, preview, a code, teardown: the org is as before, and no credential is found anywhere', async () => {
    await using world = await startWorld({ hook: 'process', org: 'new', routes: 'none' })
    const { folder, org, okta } = world
    const before = org.export()
    const places: Place[] = []
    const tokenFile = join(folder, 'token')
    const envFile = join(folder, 'hook.env')
    writeFileSync(tokenFile, `${org.apiToken}\n`)
    writeFileSync(envFile, 'LOG_LEVEL=info\nHOOKLINE_OKTA_SCOPE=old\n')
    const hookline = async (
      args: readonly string[],
      env: Readonly<Record<string, string>> = {},
    ): Promise<Ended> => {
      const ended = await world.hookline(args, { HOME: folder, ...env })
      for (const name of ['stdout', 'stderr'] as const)
        places.push({ name: `${name} of ${args.slice(0, 2).join(' ')}`, bytes: Buffer.from(ended[name]) })
      assert.deepEqual([ended.code, complaintsOf(ended)], [0, ''], ended.stdout)
      return ended
    }
    const token = { OKTA_API_TOKEN: org.apiToken }
    const inOrg = ['--org', okta.url]

    await hookline(['okta', 'prepare', ...inOrg, '--token-file', tokenFile, '--write-env', envFile, '--yes'])
    const written = parseEnv(readFileSync(envFile, 'utf8'))
    assert.equal(written.LOG_LEVEL, 'info')
    assert.equal(written.HOOKLINE_OKTA_SCOPE, 'telephony.send')

    await hookline(['routes', 'import', ROUTES_OF_TESTS])
    const hook = await world.serve(written as Record<string, string>)
    let isWithholding = false
    await using front = await startFront(
      () => hook.ready.ready,
      async ({ headers, passOn }) => {
        const answered = await passOn()
        if (!isWithholding || headers.authorization === undefined) return answered
        isWithholding = false
        return 'withheld'
      },
    )
    const url = `${front.url}/mfa`
    const activated = await hookline(['okta', 'activate', ...inOrg, '--url', url, '--yes'], token)
    assert.match(activated.stdout, /✓ checked/)
    const previewed = await hookline(['okta', 'preview', ...inOrg, '--json', '--locale', 'en'], token)
    const tried = JSON.parse(previewed.stdout) as readonly {
      readonly isGood: boolean
      readonly read: object
    }[]
    assert.equal(tried.length, 8)
    assert.ok(
      tried.every(({ isGood }) => isGood),
      previewed.stdout,
    )

    const sent = [
      'send',
      '--okta',
      okta.url,
      '--carrier',
      world.carrier,
      '--to',
      '+12065550111',
      '--code',
      '740815',
    ]
    assert.match((await hookline(sent)).stdout, /740815/)
    const messages = await world.messages()
    assert.equal(messages.length, 10) // the check, eight previews, and the code

    // An answer that is too slow for Okta's three seconds: execute calls again, and nothing is sent twice.
    isWithholding = true
    const one = ['--channel', 'sms', '--purpose', 'mfa-verification', '--to', '+12065550112', '--json']
    const slow = await hookline(['okta', 'preview', ...inOrg, ...one], token)
    assert.equal(JSON.parse(slow.stdout)[0].isGood, true, slow.stdout)
    assert.equal(isWithholding, false)
    const after = await world.messages()
    assert.equal(after.length, messages.length + 1)

    await hookline(['okta', 'teardown', ...inOrg, '--yes'], token)
    assert.equal(org.export(), before)

    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(file => file.isFile() && file.name !== 'token')
      .map(file => join(file.parentPath, file.name))
    const all = [...places, ...files.map(name => ({ name, bytes: readFileSync(name) }))]
    assert.deepEqual(findLeaks([{ name: 'the API token', value: org.apiToken }], all), [])
  })

  test('a command that is killed at any moment and run again has the same result', async () => {
    await using whole = await startWorld({ hook: 'stand-in', org: 'new' })
    await whole.runOkta(`setup --url ${whole.hook.url}`)
    for (const last of ['hook key', 'access policy', 'telephony hook', 'event hook']) {
      await using world = await startWorld({ hook: 'stand-in', org: 'new' })
      const args = ['okta', 'setup', '--org', world.okta.url, '--url', world.hook.url, '--yes']
      const env = { OKTA_API_TOKEN: world.org.apiToken, HOOKLINE_EVENT_SECRETS: EVENT_SECRET }
      await using program = startHookline(args, { env })
      await program.prints(new RegExp(`✓ created +${last}`))
      world.org.setFault({ kind: 'slow', times: 1_000, ms: 600_000 }) // whatever it asks at that moment
      assert.deepEqual(findLeaks([{ name: 'the API token', value: world.org.apiToken }], processList()), [])
      program.signal('SIGKILL')
      await program.ended
      world.org.setFault({ kind: 'none' })
      const again = await runHookline(args, { env })
      assert.deepEqual([again.code, problemsIn(again.stderr)], [0, ''])
      assert.equal(shapeOf(world), shapeOf(whole))
    }
  })
})

/** The arguments of programs that all users of this machine can see; empty without such a list. */
function processList(): readonly Place[] {
  const ids = readdirSync('/proc', { withFileTypes: true }).filter(({ name }) => /^\d+$/.test(name))
  return ids.flatMap(({ name }) => {
    try {
      return [{ name: `process ${name}`, bytes: readFileSync(`/proc/${name}/cmdline`) }]
    } catch {
      return [] // it has exited in the meantime
    }
  })
}
