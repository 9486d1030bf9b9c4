import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts'
import { thirtyDays } from '../contracts/stores.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { type SetUpWorld, startSetUpWorld, US_NUMBER } from './set-up-world.ts'

/** Broken set-ups: what `--fix` changes and what it leaves. */
describe('hookline doctor --fix', { timeout: 300_000 }, () => {
  let world: SetUpWorld
  before(async () => {
    world = await startSetUpWorld()
  })
  after(() => world[Symbol.asyncDispose]())

  test('several faults at once: a dry run changes nothing, --yes restores the org, and then nothing is left to fix', async () => {
    const healthy = exported(world)
    await world.break({ kind: 'dpop', on: true })
    await world.break({ kind: 'ungrant-scope' })
    await world.break({ kind: 'edit-hook-url', url: 'http://127.0.0.1:1/old' })
    await world.break({ kind: 'deactivate', what: 'hook' })
    const broken = world.org.export()

    const shown = await world.doctor('--fix', '--dry-run', '--no-preview')
    assert.equal(shown.code, 4)
    assert.match(shown.stdout, /^change +service app .* DPoP is turned off/m)
    assert.match(shown.stdout, /Nothing was changed: this was a dry run\.\n$/)
    assert.equal(world.org.export(), broken)

    const fixed = await world.doctor('--fix', '--yes')
    assert.equal(fixed.code, 0, fixed.stdout)
    assert.match(fixed.stdout, /^✗ 4 errors, /m)
    for (const line of [/✓ changed +service app/, /✓ changed +rule/, /✓ turned on +telephony/, /✓ checked/])
      assert.match(fixed.stdout, line)
    assert.match(fixed.stdout, /Checking again:\n\n✓ \d+ passed\.\n$/)
    assert.equal(exported(world), healthy)

    const again = await world.doctor('--fix', '--yes')
    assert.match(again.stdout, /^✓ \d+ passed\.\n\nNothing to fix\.\n$/)
    assert.equal(exported(world), healthy)
  })

  test('a deleted policy and key are created again', async () => {
    await world.break({ kind: 'rotate-hook-key' })
    await world.break({ kind: 'delete-policy' })
    const { findings } = await world.findings()
    assert.deepEqual(
      findings.map(({ check, fix }) => `${check}: ${fix}`),
      ['client: org', 'access policy: org', 'preview: undefined'],
    )
    const { code, stdout } = await world.doctor('--fix', '--yes', '--json')
    const { fixes, findings: left } = JSON.parse(stdout)
    assert.deepEqual([code, left], [0, []])
    assert.deepEqual([fixes.length, fixes[0].fix, fixes[0].outcome], [1, 'org', 'fixed'])
    assert.match(fixes[0].changes.join('\n'), /^created access policy .*\ncreated rule /m)
  })

  test("the phone authenticator stays inactive, and only Hookline's own part is fixed", async () => {
    await world.break({ kind: 'deactivate', what: 'authenticator' })
    await world.break({ kind: 'ungrant-scope' })
    const { code, stdout } = await world.doctor('--fix', '--yes')
    assert.equal(code, 4, 'no user is asked for a code by phone yet')
    assert.match(stdout, /✓ changed +rule/)
    assert.match(stdout, /Checking again:[\s\S]+✗ {2}phone authenticator {2}The phone authenticator is off/)
    assert.match(stdout, /^✗ 1 error, 0 warnings, /m)
    const left = world.org.export()
    const again = await world.doctor('--fix', '--yes')
    assert.match(again.stdout, /^--fix cannot fix any of these findings;/m)
    assert.equal(world.org.export(), left)
    await world.setUpAgain()
    await world.assertHealthy()
  })

  test('another active hook is not deactivated, and nothing else is changed', async () => {
    await world.break({ kind: 'dpop', on: true })
    await world.break({ kind: 'another-hook', url: 'https://other.example/path-like-a-secret' })
    const broken = world.org.export()
    const { code, stdout } = await world.doctor('--fix', '--yes')
    assert.equal(code, 4)
    assert.match(stdout, /^The org is not changed\. Another telephony hook is active/m)
    assert.doesNotMatch(stdout, /path-like-a-secret/)
    assert.equal(world.org.export(), broken)
    await world.setUpAgain('--replace', 'Another provider')
    await world.assertHealthy()
  })

  test('the protect configuration and the org are fixed in one run, each as by its own command', async () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'routes.json')
    writeFileSync(file, JSON.stringify({ US: US_NUMBER.number, CA: US_NUMBER.number }))
    assert.equal((await world.hookline(['routes', 'import', file])).code, 0)
    const healthy = exported(world)
    await world.break({ kind: 'deactivate', what: 'app' })
    const { code, stdout } = await world.doctor('--fix', '--yes')
    assert.match(stdout, /^sms +BLOCK +ALLOW +1 +CA$/m)
    assert.match(stdout, /✓ written +protect-tests\n +✓ changed +service app/)
    assert.equal(code, 0, stdout)
    assert.equal(exported(world), healthy)
    assert.match((await world.hookline(['protect'])).stdout, /already matches the routes\.$/m)
  })

  test("a store without templates gets Hookline's, and the exit code is that of the remaining findings", async () => {
    using folder = temporaryFolder()
    await (await openSqliteStore(folder.path, Date.now, thirtyDays)).close()
    const here = { HOOKLINE_DATA_DIR: folder.path }
    const fix = () => world.hookline(['doctor', '--fix', '--yes'], here)
    const { code, stdout } = await fix()
    assert.match(stdout, /✓ added +\d{3} templates/)
    assert.match(stdout, /Checking again:[\s\S]+There are no routes/)
    assert.doesNotMatch(stdout.split('Checking again:')[1] ?? '', /templates/)
    assert.equal(code, 4)
    assert.match((await fix()).stdout, /^--fix cannot fix any of these findings;/m)
  })

  test('a manually created service app is not changed', async () => {
    await disown(world)
    await world.break({ kind: 'dpop', on: true })
    await world.break({ kind: 'ungrant-scope' })
    const broken = world.org.export()
    const { code, stdout } = await world.doctor('--fix', '--yes')
    assert.equal(code, 4)
    assert.match(stdout, /^The org is not changed\. The service app ".+" must be changed, but/m)
    assert.doesNotMatch(stdout, /doctor --fix does this/)
    assert.equal(world.org.export(), broken)
  })
})

/** The org, without two defaults that Okta adds to an app it returns, and stores when the app is sent back. */
function exported({ org }: SetUpWorld): string {
  return org.export().replaceAll(/^ +"(?:autoKeyRotation|client_id)": .*\n/gm, '')
}

/** Removes Hookline's mark from the service app. */
async function disown({ okta, org }: SetUpWorld): Promise<void> {
  const headers = { authorization: `SSWS ${org.apiToken}`, 'content-type': 'application/json' }
  const [app] = (await (await fetch(`${okta.url}/api/v1/apps`, { headers })).json()) as readonly App[]
  assert.ok(app)
  const { id: _, status: __, created: ___, lastUpdated: ____, features: _____, _links: ______, ...rest } = app
  // Okta's additions to the keys are not sent back.
  const keys = app.settings.oauthClient.jwks.keys.map(({ kty, kid, n, e, alg, use }) => ({
    kty,
    kid,
    n,
    e,
    alg,
    use,
  }))
  const oauthClient = { ...app.settings.oauthClient, jwks: { keys } }
  const body = JSON.stringify({
    ...rest,
    settings: { ...app.settings, oauthClient, notes: { admin: 'By hand' } },
  })
  const changed = await fetch(`${okta.url}/api/v1/apps/${app.id}`, { method: 'PUT', headers, body })
  assert.ok(changed.ok, await changed.text())
}

type Key = Readonly<Record<'kty' | 'kid' | 'n' | 'e' | 'alg' | 'use', string>>
type App = {
  readonly id: string
  readonly [name: string]: unknown
  readonly settings: { readonly oauthClient: { readonly jwks: { readonly keys: readonly Key[] } } }
}
