import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { checks } from '../../src/cli/doctor/checks.ts'
import { type DoctorBench, startDoctorBench, US_NUMBER } from '../world/doctor-bench.ts'
import { complaintsOf } from '../world/program.ts'

type Broken = {
  readonly name: string
  readonly break: (bench: DoctorBench) => Promise<void>
  /** The first finding: its check, cause and remedy. */
  readonly first: readonly [check: string, cause: RegExp, remedy: RegExp]
  readonly plannedFix: (bench: DoctorBench) => Promise<void>
}

const SETUP = /hookline okta setup/

const BROKEN: readonly Broken[] = [
  {
    name: 'wrong audience',
    break: bench => bench.break({ kind: 'change-audience', audience: 'api://other' }),
    first: [
      'audience',
      /issues for the audience api:\/\/other, and the settings say api:\/\/default/,
      /Make them equal/,
    ],
    plannedFix: bench => bench.break({ kind: 'change-audience', audience: 'api://default' }),
  },
  {
    name: 'scope not granted',
    break: bench => bench.break({ kind: 'ungrant-scope' }),
    first: [
      'access policy',
      /No active rule of the access policy ".+" grants the scope telephony\.send/,
      SETUP,
    ],
    plannedFix: bench => bench.setUpAgain(),
  },
  {
    name: 'DPoP on',
    break: bench => bench.break({ kind: 'dpop', on: true }),
    first: [
      'client',
      /asks for DPoP, which a hook cannot do: the hook gets no access token/,
      /Turn off .*DPoP/,
    ],
    plannedFix: bench => bench.setUpAgain(),
  },
  {
    name: 'policy missing',
    break: bench => bench.break({ kind: 'delete-policy' }),
    first: ['access policy', /No access policy of .* includes the client 0oa\w+/, SETUP],
    plannedFix: bench => bench.setUpAgain(),
  },
  {
    name: 'hook inactive',
    break: bench => bench.break({ kind: 'deactivate', what: 'hook' }),
    first: ['hook active', /"Hookline telephony" is inactive: Okta sends by its own provider/, SETUP],
    plannedFix: bench => bench.setUpAgain(),
  },
  {
    name: 'another hook active',
    break: bench => bench.break({ kind: 'another-hook', url: 'https://other.example/path-like-a-secret' }),
    first: [
      'hook active',
      /Another telephony hook is active, "Another provider", which calls other\.example; "Hookline telephony" is inactive/,
      /--replace "Another provider"/,
    ],
    plannedFix: bench => bench.setUpAgain('--replace', 'Another provider'),
  },
  {
    name: 'URL stale',
    break: bench => bench.break({ kind: 'edit-hook-url', url: 'http://127.0.0.1:1/old' }),
    first: [
      'hook address',
      /calls http:\/\/127\.0\.0\.1:1\/old, and the deployment is at http:.*\/mfa/,
      /hookline okta setup --url/,
    ],
    plannedFix: bench => bench.setUpAgain(),
  },
  {
    name: 'key rotated away',
    break: bench => bench.break({ kind: 'rotate-hook-key' }),
    first: [
      'client',
      /The hook signs with the key ".+" \(.+\), which is not among the public keys of the service app/,
      SETUP,
    ],
    plannedFix: bench => bench.setUpAgain(),
  },
  {
    name: 'authenticator off',
    break: bench => bench.break({ kind: 'deactivate', what: 'authenticator' }),
    first: ['phone authenticator', /The phone authenticator is off/, SETUP],
    plannedFix: bench => bench.setUpAgain(),
  },
  {
    name: 'clock off by ten minutes',
    break: async bench => bench.org.setClockOffset(600_000),
    first: ['clock', /clock is 10 minutes behind that of Okta, and agrees with AWS/, /time server \(NTP\)/],
    plannedFix: async bench => bench.org.setClockOffset(0),
  },
  {
    name: 'sandbox account',
    break: bench => bench.setAccount({ tier: 'SANDBOX' }),
    first: [
      'account tier',
      /in the sandbox in us-east-1: codes reach only numbers/,
      /Request production access/,
    ],
    plannedFix: bench => bench.setAccount({}),
  },
  {
    name: 'number without voice',
    break: bench => bench.setAccount({ numbers: [{ ...US_NUMBER, capabilities: ['SMS'] }] }),
    first: [
      'identities',
      /US voice: \+12065550100 cannot call; it can text/,
      /Take it out of the voice route/,
    ],
    plannedFix: bench => bench.setAccount({}),
  },
]

/** The command in a process of its own, about a set-up that the other commands made. */
describe('hookline doctor', { timeout: 300_000 }, () => {
  let bench: DoctorBench
  before(async () => {
    bench = await startDoctorBench()
  })
  after(() => bench[Symbol.asyncDispose]())

  test('a healthy set-up has no finding, and no check is left out', async () => {
    const ended = await bench.doctor()
    assert.deepEqual([ended.code, complaintsOf(ended)], [0, ''])
    assert.equal(ended.stdout, `✓ ${checks.length} checks well.\n`)
  })

  async function assertFirst([check, cause, remedy]: Broken['first'], env = {}): Promise<void> {
    const { code, findings } = await bench.findings(env)
    const [first] = findings
    assert.equal(first?.check, check, JSON.stringify(findings, undefined, 2))
    assert.match(first?.cause ?? '', cause)
    assert.match(first?.remedy ?? '', remedy)
    assert.equal(code, 4)
  }

  for (const { name, break: breakIt, first, plannedFix } of BROKEN) {
    test(`${name}: the first finding has the cause and the remedy, and after the remedy there is none`, async () => {
      await breakIt(bench)
      try {
        await assertFirst(first)
      } finally {
        await plannedFix(bench)
      }
      await bench.assertHealthy()
    })
  }

  test("this machine's own clock off by ten minutes: both others are against it", async () => {
    const slow = 'Date.now = (now => () => now() - 600_000)(Date.now)'
    await assertFirst(
      [
        'clock',
        /clock is 10 minutes behind that of Okta, 10 minutes behind that of AWS: access tokens/,
        /^Set the clock of this machine/,
      ],
      { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(slow)}` },
    )
  })

  test('for people: the first line of findings begins with the cause', async () => {
    await bench.break({ kind: 'deactivate', what: 'sms' })
    try {
      const { code, stdout } = await bench.doctor()
      assert.equal(code, 0, 'calls still go out')
      const [head, , first] = stdout.split('\n')
      assert.match(head ?? '', /^ +check +what is wrong → what to do$/)
      assert.match(
        first ?? '',
        /^! {2}phone authenticator {2}The sms method of the phone authenticator is off/,
      )
      assert.match(stdout, /→ Turn it on\s+with hookline okta setup/)
      assert.ok(stdout.includes(`! 0 errors, 1 warning, ${checks.length - 1} checks well.\n`), stdout)
    } finally {
      await bench.setUpAgain()
    }
  })

  test('an API token that Okta does not know is a finding, and the rest is checked all the same', async () => {
    const { code, findings, healthy, skipped } = await bench.findings({ OKTA_API_TOKEN: 'nobody' })
    assert.equal(code, 4)
    assert.deepEqual(
      findings.map(({ check }) => check),
      ['hook active'],
    )
    assert.match(findings[0]?.cause ?? '', /^The org's set-up could not be read: Okta refused it\b.*E0000011/)
    assert.match(findings[0]?.remedy ?? '', /^The API token is not valid for this org/)
    assert.equal(healthy.length + skipped.length, checks.length)
    assert.ok(healthy.some(({ check }) => check === 'identities'))
  })

  test('codes that Okta sent by itself are a warning, with the reason', async () => {
    await bench.break({ kind: 'edit-hook-url', url: 'http://127.0.0.1:1/old' })
    await bench.okta.call({ to: '+12025550123' })
    await bench.setUpAgain()
    const { code, findings } = await bench.findings()
    assert.deepEqual([code, findings.length, findings[0]?.check], [0, 1, 'fail-overs'])
    assert.match(findings[0]?.cause ?? '', /^Okta sent by its own provider once \(sms\), last at .+Z: .+/)
  })
})
