import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { checks } from '../../src/cli/doctor/checks.ts'
import { complaintsOf } from '../world/run-hookline.ts'
import { type SetUpWorld, startSetUpWorld, US_NUMBER } from './set-up-world.ts'

type Broken = {
  readonly name: string
  readonly break: (world: SetUpWorld) => Promise<void>
  /** The first finding: its check, cause and remedy. */
  readonly first: readonly [check: string, cause: RegExp, remedy: RegExp]
  readonly undo: (world: SetUpWorld) => Promise<void>
}

const SETUP = /hookline okta setup/

const BROKEN: readonly Broken[] = [
  {
    name: 'wrong audience',
    break: world => world.break({ kind: 'change-audience', audience: 'api://other' }),
    first: [
      'audience',
      /has the audience api:\/\/other, but the settings say api:\/\/default/,
      /Make them equal/,
    ],
    undo: world => world.break({ kind: 'change-audience', audience: 'api://default' }),
  },
  {
    name: 'scope not granted',
    break: world => world.break({ kind: 'ungrant-scope' }),
    first: [
      'access policy',
      /No active rule of the access policy ".+" grants the scope telephony\.send/,
      SETUP,
    ],
    undo: world => world.setUpAgain(),
  },
  {
    name: 'DPoP on',
    break: world => world.break({ kind: 'dpop', on: true }),
    first: [
      'client',
      /requires DPoP, which hooks do not support: the hook gets no access token/,
      /Turn off .*DPoP/,
    ],
    undo: world => world.setUpAgain(),
  },
  {
    name: 'policy missing',
    break: world => world.break({ kind: 'delete-policy' }),
    first: ['access policy', /No access policy of .* includes the client 0oa\w+/, SETUP],
    undo: world => world.setUpAgain(),
  },
  {
    name: 'hook inactive',
    break: world => world.break({ kind: 'deactivate', what: 'hook' }),
    first: ['hook active', /"Hookline telephony" is inactive: Okta sends with its own provider/, SETUP],
    undo: world => world.setUpAgain(),
  },
  {
    name: 'another hook active',
    break: world => world.break({ kind: 'another-hook', url: 'https://other.example/path-like-a-secret' }),
    first: [
      'hook active',
      /Another telephony hook is active: "Another provider", which calls other\.example\. "Hookline telephony" is inactive/,
      /--replace "Another provider"/,
    ],
    undo: world => world.setUpAgain('--replace', 'Another provider'),
  },
  {
    name: 'URL stale',
    break: world => world.break({ kind: 'edit-hook-url', url: 'http://127.0.0.1:1/old' }),
    first: [
      'hook address',
      /calls http:\/\/127\.0\.0\.1:1\/old, but the deployment is at http:.*\/mfa/,
      /hookline okta setup --url/,
    ],
    undo: world => world.setUpAgain(),
  },
  {
    name: 'key rotated',
    break: world => world.break({ kind: 'rotate-hook-key' }),
    first: [
      'client',
      /The hook signs with the key ".+" \(.+\), which is not among the public keys of the service app/,
      SETUP,
    ],
    undo: world => world.setUpAgain(),
  },
  {
    name: 'authenticator off',
    break: world => world.break({ kind: 'deactivate', what: 'authenticator' }),
    first: ['phone authenticator', /The phone authenticator is off/, SETUP],
    undo: world => world.setUpAgain(),
  },
  {
    name: 'clock off by ten minutes',
    break: async world => world.org.setClockOffset(600_000),
    first: ['clock', /clock is 10 minutes behind that of Okta, but agrees with AWS/, /time server \(NTP\)/],
    undo: async world => world.org.setClockOffset(0),
  },
  {
    name: 'sandbox account',
    break: world => world.setAccount({ tier: 'SANDBOX' }),
    first: [
      'account tier',
      /in the sandbox in us-east-1: codes reach only numbers/,
      /Request production access/,
    ],
    undo: world => world.setAccount({}),
  },
  {
    name: 'number without voice',
    break: world => world.setAccount({ numbers: [{ ...US_NUMBER, capabilities: ['SMS'] }] }),
    first: [
      'identities',
      /US voice: \+12065550100 cannot call; it can text/,
      /Remove it from the voice route/,
    ],
    undo: world => world.setAccount({}),
  },
]

/** The command, on a set-up made by the other commands. */
describe('hookline doctor', { timeout: 300_000 }, () => {
  let world: SetUpWorld
  before(async () => {
    world = await startSetUpWorld()
  })
  after(() => world[Symbol.asyncDispose]())

  test('a correct setup has no finding, and no check is skipped', async () => {
    const ended = await world.doctor()
    assert.deepEqual([ended.code, complaintsOf(ended)], [0, ''])
    assert.equal(ended.stdout, `✓ ${checks.length} passed.\n`)
  })

  async function assertFirst([check, cause, remedy]: Broken['first'], env = {}): Promise<void> {
    const { code, findings } = await world.findings(env)
    const [first] = findings
    assert.equal(first?.check, check, JSON.stringify(findings, undefined, 2))
    assert.match(first?.cause ?? '', cause)
    assert.match(first?.remedy ?? '', remedy)
    assert.equal(code, 4)
  }

  for (const { name, break: breakIt, first, undo } of BROKEN) {
    test(`${name}: the first finding has the cause and the remedy, and after the remedy there is no finding`, async () => {
      await breakIt(world)
      try {
        await assertFirst(first)
      } finally {
        await undo(world)
      }
      await world.assertHealthy()
    })
  }

  test("this machine's own clock is off by ten minutes: two other clocks agree against it", async () => {
    const slow = 'Date.now = (now => () => now() - 600_000)(Date.now)'
    await assertFirst(
      [
        'clock',
        /clock is 10 minutes behind that of Okta, 10 minutes behind that of AWS: access tokens/,
        /^Synchronize the clock of this machine/,
      ],
      { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(slow)}` },
    )
  })

  test('for people, the first line of a finding begins with the cause', async () => {
    await world.break({ kind: 'deactivate', what: 'sms' })
    try {
      const { code, stdout } = await world.doctor()
      assert.equal(code, 0, 'calls still go out')
      const [head, , first] = stdout.split('\n')
      assert.match(head ?? '', /^ +check +what is wrong → what to do$/)
      assert.match(
        first ?? '',
        /^! {2}phone authenticator {2}The sms method of the phone authenticator is off/,
      )
      assert.match(stdout, /→\s+Turn it on\s+with hookline okta setup/)
      assert.ok(stdout.includes(`! 0 errors, 1 warning, ${checks.length - 1} passed.\n`), stdout)
    } finally {
      await world.setUpAgain()
    }
  })

  test('an event hook that is off is a warning', async () => {
    await world.break({ kind: 'deactivate', what: 'event-hook' })
    const off = await world.findings()
    await world.setUpAgain()
    assert.deepEqual([off.code, off.findings.map(({ check }) => check)], [0, ['event hook']])
    assert.match(off.findings[0]?.remedy ?? '', /hookline okta activate again/)
    await world.assertHealthy()
  })

  test('an unknown API token is a finding, and the other checks still run', async () => {
    const { code, findings, passed, skipped } = await world.findings({ OKTA_API_TOKEN: 'nobody' })
    assert.equal(code, 4)
    assert.deepEqual(
      findings.map(({ check }) => check),
      ['hook active'],
    )
    assert.match(
      findings[0]?.cause ?? '',
      /^The org's setup could not be read: Okta refused the request\b.*E0000011/,
    )
    assert.match(findings[0]?.remedy ?? '', /^The API token is not valid for this org/)
    assert.equal(passed.length + skipped.length, checks.length)
    assert.ok(passed.some(({ check }) => check === 'identities'))
  })

  test('codes that Okta sent with its own provider are a warning, with the reason', async () => {
    await world.break({ kind: 'edit-hook-url', url: 'http://127.0.0.1:1/old' })
    await world.okta.call({ to: '+12025550123' })
    await world.setUpAgain()
    const { code, findings } = await world.findings()
    assert.deepEqual([code, findings.length, findings[0]?.check], [0, 1, 'fail-overs'])
    assert.match(findings[0]?.cause ?? '', /^Okta sent with its own provider once \(sms\), last at .+Z: .+/)
  })

  test('events that Okta could not deliver are a warning, with the reason', async () => {
    const { okta, org } = world
    const api = async (method: string, path: string, body?: object): Promise<unknown> => {
      const headers = { Authorization: `SSWS ${org.apiToken}`, 'Content-Type': 'application/json' }
      const init = { method, headers, ...(body && { body: JSON.stringify(body) }) }
      const response = await fetch(`${okta.url}/api/v1/eventHooks${path}`, init)
      assert.ok(response.ok, await response.clone().text())
      return response.json()
    }
    const [hook] = (await api('GET', '')) as readonly {
      readonly id: string
      readonly name: string
      readonly description: string
      readonly events: object
      readonly channel: { readonly config: object }
    }[]
    assert.ok(hook)
    const { id, name, description, events, channel } = hook
    const authScheme = { type: 'HEADER', key: 'Authorization', value: 'the wrong secret' }
    const { config } = channel
    await api('PUT', `/${id}`, {
      name,
      description,
      events,
      channel: { ...channel, config: { ...config, method: undefined, authScheme } },
    })
    await api('POST', `/${id}/lifecycle/verify`)
    okta.signIn('SMS_FACTOR')
    await okta.eventsSettled()
    const { code, findings } = await world.findings()
    assert.equal(code, 0)
    const cause = findings.find(({ check }) => check === 'events')?.cause ?? ''
    assert.match(
      cause,
      /^Okta could not deliver events once in the last 24 hours, last at .+Z: it answered 401$/,
    )
  })
})
