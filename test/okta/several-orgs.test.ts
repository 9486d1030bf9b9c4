import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { parseEnv } from 'node:util'
import type { Okta } from '../../simulators/okta/okta.ts'
import { findLeaks, type Place } from '../support/leaks.ts'
import { usNumber } from '../support/numbers.ts'
import { startJudgedOkta } from '../support/okta-contract/judged-okta.ts'
import type { World } from '../world/controls.ts'
import type { Ended } from '../world/processes.ts'
import { problemsIn } from '../world/processes.ts'
import { runHookline } from '../world/run-hookline.ts'
import { ROUTES_OF_TESTS, type ServedHook, startServe, startWorld } from '../world/world.ts'

const NAMES = ['acme', 'globex', 'initech'] as const
const SECRET = "initech's own secret header value".replaceAll(' ', '-')
const EVENT_SECRETS = {
  acme: 'the-secret-of-events-of-acme-not-of-globex',
  globex: 'the-secret-of-events-of-globex-not-of-acme',
}
/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:9'

/** Two orgs with access tokens and one with a secret, in one deployment; commands run in processes of their own. */
describe('three orgs that share a deployment', { timeout: 240_000 }, () => {
  let folder: string
  let world: World
  let oktas: readonly Okta[]
  let before_: readonly string[]
  let hook: ServedHook
  let hookUrl: string
  let settings: Record<string, string>
  const places: Place[] = []
  const path = (name: string): string => join(folder, name)
  const orgsFile = (): Record<string, Record<string, unknown>> =>
    JSON.parse(readFileSync(path('orgs.json'), 'utf8'))
  const exports = (): readonly string[] => oktas.map(({ org }) => org?.export() ?? '')
  const hookline = async (...args: readonly string[]): Promise<Ended> => {
    const ended = await runHookline(args, { env: settings, cwd: folder })
    for (const name of ['stdout', 'stderr'] as const)
      places.push({ name: `${name} of ${args.slice(0, 2).join(' ')}`, bytes: Buffer.from(ended[name]) })
    return ended
  }
  const works = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await hookline(...args)
    assert.deepEqual([code, problemsIn(stderr)], [0, ''], stdout)
    return stdout
  }
  const lines = (stdout: string, pattern: RegExp): readonly string[] =>
    stdout.split('\n').filter(line => pattern.test(line))

  before(async () => {
    world = await startWorld({ hook: 'none', settings: { AWS_ENDPOINT_URL: NOWHERE } })
    folder = world.folder
    oktas = await Promise.all(NAMES.map(() => startJudgedOkta()))
    before_ = exports()
    const entries = NAMES.map((name, index) => {
      writeFileSync(path(`${name}.token`), `${oktas[index]?.org?.apiToken}\n`)
      const byHeader = { secretHeader: 'X-Hookline-Secret', secretFile: 'initech.secret', to: '+12065550177' }
      const entry = { org: oktas[index]?.url, tokenFile: `${name}.token` }
      return [name, name === 'initech' ? { ...entry, ...byHeader } : entry]
    })
    writeFileSync(path('initech.secret'), SECRET)
    writeFileSync(path('orgs.json'), JSON.stringify(Object.fromEntries(entries)))
    settings = { ...world.env }
    await works('routes', 'import', ROUTES_OF_TESTS)
    await works('limits', 'observe')
  })
  after(async () => {
    await hook?.[Symbol.asyncDispose]()
    for (const one of oktas ?? []) await one.close()
    await world?.[Symbol.asyncDispose]()
  })

  test('prepare --all prepares each, and writes what the deployment must trust into its settings', async () => {
    const stdout = await works('okta', 'prepare', '--all', '--yes', '--write-env', 'hook.env')
    assert.deepEqual(
      lines(stdout, /^✓ +(acme|globex|initech) /).map(line => line.replace(/ +/g, ' ')),
      [
        `✓ acme ${oktas[0]?.url} 5 changes made.`,
        `✓ globex ${oktas[1]?.url} 5 changes made.`,
        `✓ initech ${oktas[2]?.url} No change: everything is already set up.`,
      ],
    )
    assert.match(stdout, /✓ 3 of 3 orgs succeeded\.\n$/)
    assert.match(stdout, /^acme {4}│ {3}✓ created +hook key: /m)
    const { HOOKLINE_ORGS = '' } = parseEnv(readFileSync(path('hook.env'), 'utf8'))
    const written = orgsFile()
    const trusts = Object.fromEntries(Object.entries(written).map(([name, entry]) => [name, entry.trusts]))
    assert.deepEqual(JSON.parse(HOOKLINE_ORGS), trusts)
    assert.deepEqual(trusts.initech, { secretHeader: 'X-Hookline-Secret' })
    assert.match(JSON.stringify(trusts.globex), /"clientId":"0oa/)
    assert.equal(written.acme?.tokenFile, 'acme.token')

    const HOOKLINE_ORG_EVENT_SECRETS = Object.entries(EVENT_SECRETS)
      .map(([name, secret]) => `${name}=${secret}`)
      .join(',')
    const HOOKLINE_ORG_SECRETS = `initech=${SECRET}`
    settings = { ...settings, HOOKLINE_ORGS, HOOKLINE_ORG_SECRETS, HOOKLINE_ORG_EVENT_SECRETS }
    hook = await startServe({
      stdout: path('serve.out'),
      stderr: path('serve.err'),
      env: { ...settings, PORT: '0', HOOKLINE_METRICS_PORT: '0' },
    })
    hookUrl = hook.hookUrl
  })

  test('activate --all creates and checks the hook of each, and changes nothing the second time', async () => {
    const activate = ['okta', 'activate', '--all', '--url', hookUrl, '--yes']
    const first = await works(...activate)
    assert.equal(lines(first, /✓ checked/).length, 3)
    assert.equal(lines(first, /✓ verified +event hook: Hookline events/).length, 2)
    assert.equal(lines(first, /^initech .* event hook: HOOKLINE_EVENT_SECRETS is not set/).length, 1)
    const made = exports()
    const second = await works(...activate)
    assert.equal(lines(second, /^✓ .* No change/).length, 3)
    assert.deepEqual(exports(), made)
  })

  test("a code of each is delivered, and the delivery and the metric have the org's name", async () => {
    for (const [index, okta] of oktas.entries()) {
      const { verdict } = await okta.call({ to: usNumber(index), code: '740815' })
      assert.equal(verdict.kind, 'delivered-by-hook', verdict.sentence)
      assert.equal(okta.enterCode({ code: '740815' }).isAccepted, true)
      await okta.eventsSettled()
    }
    const deliveries = (await works('deliveries', '--json')).trim().split('\n').slice(-3)
    assert.deepEqual(
      deliveries
        .map(line => JSON.parse(line))
        .map(({ caller, answered }) => [caller, answered !== undefined]),
      NAMES.map(name => [name, name in EVENT_SECRETS]),
    )
    const page = await (await fetch(hook.ready.metrics ?? '')).text()
    // Twice the check of `activate`, and this code.
    assert.deepEqual(
      lines(page, /^hookline_org_answers_total/).toSorted(),
      NAMES.map(name => `hookline_org_answers_total{org="${name}",kind="accepted"} 3`),
    )
  })

  test('preview --all shows how the deployment identifies each', async () => {
    const few = ['--channel', 'sms', '--purpose', 'mfa-verification', '--locale', 'en', '--to', usNumber(9)]
    const tried = JSON.parse(await works('okta', 'preview', '--all', '--json', ...few))
    for (const name of NAMES) {
      const [{ isGood, read }] = tried[name]
      assert.deepEqual([isGood, read.debugContext.caller], [true, name])
    }
    assert.equal(tried.initech[0].read.debugContext.authenticationMethod, 'secret header')
    const sent = (await works('deliveries', '--json')).trim().split('\n').slice(-3)
    const digits = sent.map(line => JSON.parse(line)).map(one => [one.caller, one.lastDigits])
    assert.deepEqual(Object.fromEntries(digits), { acme: '34', globex: '34', initech: '77' })
    assert.equal(tried.acme[0].read.debugContext.audience, oktas[0]?.audience)
  })

  test('doctor --all checks each with its own settings, and a broken one hides no other', async () => {
    const examine = async () => {
      const { stdout } = await hookline('doctor', '--all', '--url', hookUrl, '--json')
      return JSON.parse(stdout)
    }
    const OKTA = /^(hook|client|scope|access policy|audience|phone|preview|token|issuer|endpoint)/
    const wrong = (found: { readonly findings: readonly { readonly check: string }[] }) =>
      found.findings.map(({ check }) => check).filter(check => OKTA.test(check))
    const well = await examine()
    for (const name of NAMES) assert.deepEqual(wrong(well[name]), [], JSON.stringify(well[name].findings))
    const healthy = (name: string): readonly string[] =>
      well[name].passed.map(({ check }: { readonly check: string }) => check)
    for (const name of ['acme', 'globex']) assert.ok(healthy(name).includes('token'), name)

    await oktas[1]?.org?.breakSetup({ kind: 'deactivate', what: 'hook' })
    const broken = await examine()
    assert.deepEqual(wrong(broken.globex)[0], 'hook active')
    for (const name of ['acme', 'initech']) assert.deepEqual(wrong(broken[name]), [])
    await works('okta', 'setup', '--org', 'globex', '--url', hookUrl, '--yes')
    assert.deepEqual(wrong((await examine()).globex), [])
  })

  test('an org without access is reported in the table, and does not stop the others', async () => {
    writeFileSync(path('globex.token'), 'not-a-token\n')
    const few = ['--channel', 'sms', '--purpose', 'mfa-verification', '--to', usNumber(10)]
    const { code, stdout } = await hookline('okta', 'preview', '--all', ...few)
    writeFileSync(path('globex.token'), `${oktas[1]?.org?.apiToken}\n`)
    assert.equal(code, 3)
    assert.match(stdout, /^✗ +globex +http\S+ +Okta refused the request\./m)
    assert.equal(lines(stdout, /^✓ +(acme|initech) .* 1 of 1 would be sent\./).length, 2)
    assert.match(stdout, /✗ 2 of 3 orgs succeeded\.\n$/)
  })

  test("an org without its own token does not get another's", async () => {
    writeFileSync(path('others.json'), JSON.stringify({ acme: { org: oktas[0]?.url } }))
    const { code, stdout } = await runHookline(['okta', 'preview', '--all', '--orgs', 'others.json'], {
      env: { ...settings, OKTA_API_TOKEN: 'of-another-org' },
      cwd: folder,
    })
    assert.equal(code, 3)
    assert.match(stdout, /The orgs file has no credential for acme/)
  })

  test('teardown --all: each org is as before, and no credential is found anywhere', async () => {
    const stdout = await works('okta', 'teardown', '--all', '--yes')
    assert.match(stdout, /✓ 3 of 3 orgs succeeded\.\n$/)
    assert.deepEqual(exports(), before_)
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(file => file.isFile() && !/\.(token|secret)$/.test(file.name))
      .map(file => join(file.parentPath, file.name))
    const all = [...places, ...files.map(name => ({ name, bytes: readFileSync(name) }))]
    const tokens = oktas.map(({ org }, index) => ({
      name: `token of ${NAMES[index]}`,
      value: org?.apiToken ?? '',
    }))
    const secrets = [SECRET, ...Object.values(EVENT_SECRETS)].map(value => ({ name: 'secret', value }))
    assert.deepEqual(findLeaks([...tokens, ...secrets], all), [])
  })
})
