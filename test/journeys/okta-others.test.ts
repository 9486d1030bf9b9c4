import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Json } from '../world/org.ts'
import { type OrgWorld, startWorld } from '../world/world.ts'

describe('hookline okta and resources of others', { timeout: 120_000 }, () => {
  test('another active hook is named, and not changed until the user names it', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    const other = await makeHook(world, 'Other', 'https://other.example.com/hook')
    const before = world.org.export()
    for (const [args, sentence] of [
      ['', ''],
      ['--replace Third', '--replace is "Third", which is another one'],
    ] as const) {
      const { problem } = await world.runOkta(`setup --url ${world.hook.url} ${args}`.trim())
      assert.match(problem?.message ?? '', new RegExp(`"Other" \\(${other.id}\\), which calls https://other`))
      assert.ok(problem?.message.includes(sentence))
      assert.ok(problem?.message.includes(`--replace ${other.id}`))
      assert.equal(world.org.export(), before)
    }
    const done = await world.runOkta(`setup --url ${world.hook.url} --replace Other`)
    assert.equal(done.problem, undefined)
    assert.match(done.text, /^turn off +telephony hook +Other /m)
    assert.equal(world.okta.hookUrl(), world.hook.url)

    const down = await world.runOkta('teardown')
    assert.match(down.text, /Other +is turned on again/)
    assert.equal(world.org.export(), before)
  })

  test('if the check fails, the replaced hook is activated again', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    await makeHook(world, 'Other', 'https://other.example.com/hook')
    world.hook.answer('unauthenticated')
    const { problem } = await world.runOkta(`setup --url ${world.hook.url} --replace Other`)
    assert.match(problem?.message ?? '', /"Other" is on as before/)
    assert.equal(world.okta.hookUrl(), 'https://other.example.com/hook')
  })

  test('a manual set-up is adopted: only missing or wrong parts are created or fixed, and teardown leaves the rest', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    const { key, app } = await byHand(world)
    const before = world.exported()
    const { text, problem } = await world.runOkta(`setup --url ${world.hook.url}`)
    assert.equal(problem, undefined)
    assert.match(text, /^none, adopted +hook key +By hand/m)
    assert.match(text, /^change +service app +By hand +Made by hand, now adopted: DPoP is turned off/m)
    assert.match(text, /^create +access policy/m)
    assert.equal(world.exported().hookKeys?.length, 1)
    assert.equal(world.exported().apps?.length, 1)
    assert.equal(world.okta.clientId, app.id)

    await world.runOkta('teardown')
    const { hookKeys, policies, inlineHooks, apps } = world.exported()
    assert.deepEqual([hookKeys, policies, inlineHooks], [before.hookKeys, [], []])
    assert.equal(apps?.[0]?.id, app.id)
    assert.equal(hookKeys?.[0]?.id, key.id)
  })

  test('a manually created hook at the same address is adopted and fixed', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    const { app, key } = await byHand(world)
    const config = {
      authType: 'private_key_jwt',
      clientId: app.id,
      hookKeyId: key.id,
      scope: 'wrong',
      tokenUrl: `${world.okta.issuer}/v1/token`,
      uri: world.hook.url,
    }
    await world.api('POST', '/inlineHooks', {
      name: 'By hand',
      type: 'com.okta.telephony.provider',
      version: '1.0.0',
      channel: { type: 'OAUTH', version: '1.0.0', config },
    })
    const { text, problem } = await world.runOkta(`setup --url ${world.hook.url}`)
    assert.equal(problem, undefined)
    assert.match(text, /^change +telephony hook +By hand +Made by hand, now adopted: requests the scope/m)
    const again = await world.runOkta(`setup --url ${world.hook.url}`)
    assert.match(again.text, /^none, adopted +telephony hook +By hand/m)
    assert.match(again.text, /^No change/m)
    const { text: down } = await world.runOkta('teardown')
    assert.match(down, /telephony hook By hand \(cal/)
    assert.match(down, /what Hookline made for tokens, because the hook By hand uses it/)
    assert.equal(world.exported().inlineHooks?.length, 1)
    assert.equal(
      (await world.okta.call({ to: '+12065550100', fresh: true })).verdict.kind,
      'delivered-by-hook',
    )
  })

  test('of two manually created apps, none is adopted until one is named', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    const { key } = await byHand(world)
    const second = await makeApp(world, 'Second', key)
    const { problem } = await world.runOkta('prepare')
    assert.match(problem?.message ?? '', /"By hand" \(0oa.*"Second" \(0oa.*--adopt none/s)
    const { problem: none } = await world.runOkta(`prepare --adopt ${second.id}`)
    assert.equal(none, undefined)
    assert.equal(world.exported().apps?.length, 2)
    assert.ok(JSON.stringify(world.exported().policies).includes(second.id))
  })

  test('an app that works for a hook of another kind is never adopted', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    const { app, key } = await byHand(world)
    const tokenUrl = `${world.okta.issuer}/v1/token`
    const shared = { scope: 'x', tokenUrl, uri: 'https://a.example.com/' }
    const config = { authType: 'private_key_jwt', clientId: app.id, hookKeyId: key.id, ...shared }
    await world.api('POST', '/inlineHooks', {
      name: 'Tokens',
      type: 'com.okta.oauth2.tokens.transform',
      version: '1.0.0',
      channel: { type: 'OAUTH', version: '1.0.0', config },
    })
    const before = world.org.export()
    assert.equal((await world.runOkta(`setup --url ${world.hook.url}`)).problem, undefined)
    assert.notEqual(world.okta.clientId, app.id)
    await world.runOkta('teardown')
    assert.equal(world.org.export(), before)
  })

  test('the only provider of an existing phone authenticator is not removed by --yes alone', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    const other = await makeHook(world, 'Other', 'https://other.example.com/hook')
    await world.api('POST', '/authenticators?activate=true', { key: 'phone_number', name: 'Phone' })
    await world.api('POST', `/inlineHooks/${other.id}/lifecycle/deactivate`)
    await world.api('DELETE', `/inlineHooks/${other.id}`)
    const before = world.org.export()
    await world.runOkta(`setup --url ${world.hook.url}`)
    const made = world.org.export()

    const { problem } = await world.runOkta('teardown')
    assert.match(problem?.message ?? '', /^Refused: .* its only provider.*--leave-phone-without-provider/s)
    assert.equal(world.org.export(), made)
    assert.equal((await world.runOkta('teardown --leave-phone-without-provider')).problem, undefined)
    assert.notEqual(before, made) // voice was activated, and is inactive again
    assert.equal(world.org.export(), before)
  })

  test('on request, a rule is added to an authentication policy once, and removed again', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    const before = world.org.export()
    const wrong = await world.runOkta(`setup --url ${world.hook.url} --policy-rule None`)
    assert.match(wrong.problem?.message ?? '', /--policy-rule is "None".*It has "Any two factors" \(rst/s)
    const { accessPolicies } = world.exported()
    const policy = String(accessPolicies?.[0]?.id)
    for (const run of [1, 2]) {
      const { problem } = await world.runOkta(`setup --url ${world.hook.url} --policy-rule ${policy}`)
      assert.equal(problem, undefined, `run ${run}`)
      assert.equal(world.exported().accessRules?.length, 2)
    }
    await world.runOkta('teardown')
    assert.equal(world.org.export(), before)
  })
})

async function byHand(world: OrgWorld): Promise<{ readonly key: Json; readonly app: Json }> {
  const key = await world.api('POST', '/hook-keys', { name: 'By hand' })
  return { key, app: await makeApp(world, 'By hand', key) }
}

/** As a person might create it: DPoP is on by default in the console. */
async function makeApp({ api }: OrgWorld, label: string, key: Json): Promise<Json> {
  const { kty, e, n, kid } = key._embedded as Readonly<Record<string, string>>
  return api('POST', '/apps', {
    name: 'oidc_client',
    label,
    signOnMode: 'OPENID_CONNECT',
    credentials: { oauthClient: { token_endpoint_auth_method: 'private_key_jwt' } },
    settings: {
      oauthClient: {
        application_type: 'service',
        grant_types: ['client_credentials'],
        response_types: ['token'],
        dpop_bound_access_tokens: true,
        jwks: { keys: [{ kty, e, n, kid, alg: 'RS256', use: 'sig' }] },
      },
    },
  })
}

function makeHook({ api }: OrgWorld, name: string, uri: string): Promise<Json> {
  const authScheme = { type: 'HEADER', key: 'X-Other', value: 'secret' }
  const channel = { type: 'HTTP', version: '1.0.0', config: { uri, method: 'POST', authScheme } }
  return api('POST', '/inlineHooks', { name, type: 'com.okta.telephony.provider', version: '1.0.0', channel })
}
