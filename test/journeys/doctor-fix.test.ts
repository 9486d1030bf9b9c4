import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { PlannedFix } from '../../src/cli/doctor/check.ts'
import { fixOfOrg, planOrgFix } from '../../src/cli/doctor/org-fix.ts'
import { SIMULATOR_NUMBER } from '../../src/cli/okta/check-hook.ts'
import type { OktaContext } from '../../src/cli/terminal/context.ts'
import { Secret } from '../../src/core/values/secret.ts'
import { createOktaAccess } from '../../src/main/commands/okta-access.ts'
import { readOrg } from '../../src/okta/setup/read-org.ts'
import { noTerminal } from '../fixtures/commands.ts'
import { type OrgWorld, startWorld } from '../world/world.ts'

const SECRET = 'a-secret-of-tests-that-is-longer-than-32-characters'
const BY_HEADER = {
  issuer: undefined,
  audience: undefined,
  clientId: undefined,
  scope: undefined,
  secretHeader: 'X-Hookline-Secret',
}

/** `doctor --fix` in an org whose hook has a secret header. */
describe('an org with a secret header, fixed', { timeout: 120_000 }, () => {
  test('the hook gets its secret again, from the same source as in setup; without it nothing is changed', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    const healthy = await setUp(world)
    await edit(world, { authScheme: { type: 'HEADER', key: 'X-Old', value: 'x' } })
    const broken = world.org.export()

    const without = await fixFor(world, {})
    assert.match(without.changes.join(), /^changed telephony hook .*: sends X-Hookline-Secret\.$/)
    await assert.rejects(
      without.apply(() => undefined),
      /There is no secret .*Set HOOKLINE_SECRETS, or give --secret-file/,
    )
    assert.equal(world.org.export(), broken)

    const lines: string[] = []
    const plannedFix = await fixFor(world, { HOOKLINE_SECRETS: `${SECRET},another` })
    await plannedFix.apply(line => lines.push(line))
    assert.deepEqual(
      lines.map(line => line.split(/\s+/).slice(0, 2).join(' ')),
      ['✓ changed', "Okta's response", '✓ checked'],
    )
    assert.equal(world.hook.calls.at(-1)?.credential, SECRET)
    assert.equal(world.org.export(), healthy)
    assert.doesNotMatch(lines.join(), new RegExp(SECRET))
  })

  test('a hook that fails when Okta calls it is deactivated again, and a later run activates it', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    const healthy = await setUp(world)
    await edit(world, { uri: 'http://127.0.0.1:1/old' })
    world.hook.answer('failed')
    const secret = { HOOKLINE_SECRETS: SECRET }
    await assert.rejects(
      (await fixFor(world, secret)).apply(() => undefined),
      /ROUTE_MISSING[\s\S]+turned off again/,
    )
    assert.equal(world.okta.hookUrl(), undefined)

    world.hook.answer('sent')
    const again = await fixFor(world, secret)
    assert.match(again.changes.join(), /^turned on telephony hook/)
    await again.apply(() => undefined)
    assert.equal(world.org.export(), healthy)
  })
})

/** The intended set-up. */
async function setUp(world: OrgWorld): Promise<string> {
  const access = { hookSecret: () => new Secret(SECRET) }
  const args = `setup --url ${world.hook.url} --secret-header X-Hookline-Secret`
  assert.equal((await world.runOkta(args, { access })).problem, undefined)
  return world.org.export()
}

async function edit({ api, exported }: OrgWorld, changed: object): Promise<void> {
  const [hook] = exported().inlineHooks ?? []
  const { id, channel } = (await api('GET', `/inlineHooks/${hook?.id}`)) as Hook
  const config = { ...channel.config, authScheme: { ...AUTH_SCHEME }, ...changed }
  const { name, version } = hook ?? {}
  await api('PUT', `/inlineHooks/${id}`, { name, version, channel: { ...channel, config } })
}

async function fixFor(
  { okta, org, hook }: OrgWorld,
  environment: Readonly<Record<string, string>>,
): Promise<PlannedFix> {
  const access = createOktaAccess({ OKTA_API_TOKEN: org.apiToken, ...environment }, noTerminal)
  const context = {
    okta: access,
    print: () => assert.fail('the plan is printed for the user'),
    now: Date.now,
    pause: async () => undefined,
  } as unknown as OktaContext
  const api = await access.open(
    okta.url,
    { kind: 'token', token: new Secret(org.apiToken) },
    { pause: async () => undefined, onWait: () => undefined },
  )
  const found = await readOrg(api, { server: undefined, hasPhone: true, signOnPolicy: undefined })
  const [ours] = found.hooks
  const endpoint = { url: hook.url, status: 401, tookMs: [1], certificate: undefined }
  const orgFix = planOrgFix(
    BY_HEADER,
    { org: found, hook: ours, url: hook.url },
    { endpoint, preview: undefined },
  )
  const credential = { org: okta.url }
  return fixOfOrg({
    context,
    org: found,
    orgFix,
    credential,
    to: SIMULATOR_NUMBER,
    secretFile: undefined,
    secret: undefined,
  })
}

type Hook = { readonly id: string; readonly channel: { readonly config: object } }

const AUTH_SCHEME = { type: 'HEADER', key: 'X-Hookline-Secret', value: SECRET }
