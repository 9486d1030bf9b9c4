import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Secret } from '../../src/core/values/secret.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { runHookline } from '../world/run-hookline.ts'
import { startWorld } from '../world/world.ts'

const HOOK_SECRET = 'a-secret-of-tests-longer-than-32-characters'

describe("the org's credential", { timeout: 120_000 }, () => {
  test('a service app with its private key works like an API token', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new', okta: { serviceApp: true } })
    using folder = temporaryFolder()
    const { serviceApp } = world.org
    assert.ok(serviceApp)
    const file = join(folder.path, 'key.json')
    writeFileSync(file, JSON.stringify(serviceApp.privateKey))
    const before = world.org.export()
    const access = { token: () => undefined }
    const credential = `--client-id ${serviceApp.clientId} --key-file ${file}`
    const done = await world.runOkta(`setup --url ${world.hook.url} ${credential}`, { access })
    assert.equal(done.problem, undefined)
    const down = await world.runOkta(`teardown ${credential}`, { access })
    assert.equal(down.problem, undefined)
    assert.equal(world.org.export(), before)
  })

  test("an unknown token is reported with Okta's message, and with what to do", async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    const { problem } = await world.runOkta('prepare', { access: { token: () => new Secret('00wrong') } })
    assert.match(problem?.message ?? '', /E0000011: Invalid token provided.*not valid for this org/s)
    assert.ok(!problem?.message.includes('00wrong'))
  })

  test('without a token, a terminal or a file it says how to provide one', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    const { problem } = await world.runOkta('prepare', { access: { token: () => undefined } })
    assert.match(problem?.message ?? '', /OKTA_API_TOKEN.*--token-file.*--client-id with --key-file/s)
  })

  test('it waits until a rate limit resets, and reports it', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    world.org.setFault({ kind: 'rate-limit', after: 4, times: 2, resetSeconds: 7 })
    const pauses: number[] = []
    const { problem, text } = await world.runOkta('prepare', { pauses })
    assert.equal(problem, undefined)
    assert.equal(pauses.length, 2)
    for (const ms of pauses) assert.ok(ms >= 7_000 && ms <= 10_000, `${ms} ms`)
    assert.match(text, /^… waiting \d+ s: Okta's rate limit/m)
  })

  test('a rate limit that does not end is reported in the end', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    world.org.setFault({ kind: 'rate-limit', times: 100, resetSeconds: 1 })
    const { problem } = await world.runOkta('prepare')
    assert.match(problem?.message ?? '', /E0000047.*rate limit did not reset in time/s)
  })

  test('an org without API Access Management gets a hook with a secret header', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    const before = world.org.export()
    const access = { hookSecret: () => new Secret(HOOK_SECRET) }
    const args = `setup --url ${world.hook.url} --secret-header X-Hookline-Secret`
    const done = await world.runOkta(args, { access })
    assert.equal(done.problem, undefined)
    assert.match(done.text, /--set SecretHeaderName=X-Hookline-Secret/)
    assert.equal(world.exported().apps?.length, 0)
    assert.equal(world.hook.calls[0]?.credential, HOOK_SECRET)
    assert.match((await world.runOkta(args, { access })).text, /^No change/m)
    assert.ok(!done.text.includes(HOOK_SECRET))
    await world.runOkta('teardown')
    assert.equal(world.org.export(), before)
  })

  test('a secret that the deployment would refuse is refused before anything is done', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    const access = { hookSecret: () => new Secret('short') }
    const args = `setup --url ${world.hook.url} --secret-header X-Hookline-Secret`
    const { problem } = await world.runOkta(args, { access })
    assert.match(problem?.message ?? '', /5 characters; expected at least 32/)
  })

  for (const [args, pattern] of [
    ['setup --url not-a-url', /--url is "not-a-url"; expected the hook's address/],
    ['setup --url http://example.com/mfa', /Okta calls https addresses only/],
    ['setup --url http://127.0.0.1:9/mfa', /127\.0\.0\.1:9\/mfa does not answer \(ECONNREFUSED|bad port/],
    ['prepare --authorization-server nothing', /no such authorization server.*--secret-header/s],
    ['preview', /no active telephony hook.*It has: none/s],
    ['preview --channel fax', /--channel is "fax"; expected sms or voice/],
    ['preview --purpose fun', /--purpose is "fun"; expected mfa-verification/],
  ] as const) {
    test(`hookline okta ${args}: reports the input, and what is allowed`, async () => {
      await using world = await startWorld({ hook: 'stand-in', org: 'new' })
      const before = world.org.export()
      const { problem } = await world.runOkta(args)
      assert.match(problem?.message ?? '', pattern)
      assert.equal(world.org.export(), before)
    })
  }

  for (const [args, pattern] of [
    [['setup', '--org', 'https://example.okta.com'], /--url is missing/],
    [['setup', '--org', 'example.okta.com'], /--org is "example.okta.com"; expected the org's address alone/],
    [
      ['prepare', '--org', 'https://example-admin.okta.com'],
      /Give the org's own: https:\/\/example\.okta\.com\./,
    ],
    [['prepare', '--org', 'http://example.okta.com'], /expected the org's address alone: https:/],
    [
      ['prepare', '--org', 'https://example.okta.com', '--client-id', '0oa1'],
      /needs both: --client-id and --key-file/,
    ],
    [
      ['activate', '--org', 'https://example.okta.com', '--url', 'https://127.0.0.1/mfa'],
      /which is this machine: https:\/\/example\.okta\.com cannot reach it/,
    ],
  ] as const) {
    test(`hookline okta ${args.join(' ')}: refused before anything is sent`, async () => {
      const { code, stderr } = await runHookline(['okta', ...args, '--yes'], {
        env: { OKTA_API_TOKEN: '00x' },
      })
      assert.match(stderr, pattern)
      assert.equal(code, 2)
    })
  }

  test('an address that accepts unauthenticated callers, or does not exist, is not set in Okta', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    const wrongPath = await world.runOkta(`setup --url ${world.okta.url}/nowhere`)
    assert.match(wrongPath.problem?.message ?? '', /answered 404 .*The path is wrong/)
    const open = await world.runOkta(`setup --url ${world.okta.url}/faults/keys`)
    assert.match(open.problem?.message ?? '', /a hook of Hookline answers 401/)
  })
})
