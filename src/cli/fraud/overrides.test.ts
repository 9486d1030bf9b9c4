import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { delivery } from '../../../test/contracts/stores.ts'
import { runCommand } from '../../../test/fixtures/commands.ts'
import { NOW } from '../../../test/fixtures/planning.ts'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import { type FraudPolicy, OVERRIDES_MAX } from '../../core/policy/fraud-policy.ts'
import type { Store } from '../../core/records/store.ts'
import type { CloudContext } from '../terminal/context.ts'
import { fraudCommand } from './fraud.ts'

// No protect configuration is set, so AWS is not asked.
const cloud = { protectConfiguration: () => undefined } as CloudContext['cloud']
const run = (store: Store, ...args: string[]) =>
  runCommand(fraudCommand, store, ['fraud', ...args], { cloud })
const newStore = (): Store => createMemoryStore(() => NOW)
const policyIn = async (store: Store): Promise<FraudPolicy | undefined> => (await store.readPolicy())?.fraud
const because = ['--because', 'an office opens'] as const
const by = { author: 'editor', because: 'an office opens', at: NOW }
const DAY_MS = 86_400_000

describe('hookline fraud allow and deny', () => {
  for (const [input, whom] of [
    [['+34683783440'], { kind: 'number', digest: 'digest of +34683783440', lastDigits: '40' }],
    [['+34 683 783 440'], { kind: 'number', digest: 'digest of +34683783440', lastDigits: '40' }],
    [['+58 412 77'], { kind: 'prefix', digits: '5841277' }],
    [['+3468378*'], { kind: 'prefix', digits: '3468378' }],
    [['ve'], { kind: 'country', country: 'VE' }],
    [['203.0.113.7'], { kind: 'network', cidr: '203.0.113.0/24' }],
    [['203.0.113.7/32'], { kind: 'network', cidr: '203.0.113.0/24' }],
    [['10.32.0.0/11'], { kind: 'network', cidr: '10.32.0.0/11' }],
    [['10.33.1.1/11'], { kind: 'network', cidr: '10.32.0.0/11' }],
    [['2001:db8:12:34::1'], { kind: 'network', cidr: '2001:db8:12::/48' }],
    [['2001:db8:12::/44'], { kind: 'network', cidr: '2001:db8:10::/44' }],
    [
      ['--user', 'Ann@example.com'],
      { kind: 'user', digests: ['digest of Ann@example.com', 'digest of ann@example.com'] },
    ],
  ] as const)
    it(`${input.join(' ')} is ${JSON.stringify(whom)}`, async () => {
      const store = newStore()
      const { problem } = await run(store, 'allow', ...input, ...because)
      assert.equal(problem, undefined)
      const until = NOW + 7 * DAY_MS
      assert.deepEqual((await policyIn(store))?.overrides, [{ what: 'allow', whom, ...by, until }])
    })

  it('refuses a user without a name, and saves nothing', async () => {
    const store = newStore()
    for (const args of [
      ['allow', '--user', '', ...because],
      ['deny', '--user', ' ', ...because],
      ['remove', '--user', ''],
    ])
      assert.match((await run(store, ...args)).problem?.message ?? '', /^--user is " ?"; expected the login/)
    assert.deepEqual((await policyIn(store))?.overrides, [])
  })

  it('says what it does, until when, and by whom', async () => {
    const { printed } = await run(newStore(), 'deny', '+58 412 77', '--for', '12h', ...because)
    assert.deepEqual(printed, [
      'Denied: numbers that begin with +5841277, until 2026-03-02 00:00 UTC, by editor: an office opens',
    ])
  })

  it('prints the override to programs, without the number', async () => {
    const { printed } = await run(newStore(), 'allow', '+34683783440', '--json', ...because)
    assert.deepEqual(JSON.parse(printed[0] ?? '').whom, {
      kind: 'number',
      digest: 'digest of +34683783440',
      lastDigits: '40',
    })
  })

  it('replaces what was decided about the same before', async () => {
    const store = newStore()
    await run(store, 'allow', 'VE', ...because)
    await run(store, 'deny', 'VE', ...because)
    assert.deepEqual(
      (await policyIn(store))?.overrides.map(({ what }) => what),
      ['deny'],
    )
  })

  it('replaces and removes what is about the same phone or user under the other hash key', async () => {
    const by = (...keys: readonly [string, ...string[]]) => ({
      cloud,
      digests: async (text: string) => keys.map(key => `${key} ${text}`) as unknown as readonly [string],
    })
    for (const whom of [['+34683783440'], ['--user', 'Ada@example.com']]) {
      const store = newStore()
      const fraud = (keys: ReturnType<typeof by>, ...args: readonly string[]) =>
        runCommand(fraudCommand, store, ['fraud', ...args], keys)
      await fraud(by('a'), 'allow', ...whom, ...because)
      await fraud(by('b', 'a'), 'deny', ...whom, ...because)
      assert.deepEqual(
        (await policyIn(store))?.overrides.map(({ what }) => what),
        ['deny'],
      )
      await fraud(by('b'), 'remove', ...whom)
      assert.deepEqual((await policyIn(store))?.overrides, [])
    }
  })

  it('keeps both of two that are made at the same moment', async () => {
    const store = newStore()
    await Promise.all([run(store, 'allow', 'VE', ...because), run(store, 'allow', 'CO', ...because)])
    assert.equal((await policyIn(store))?.overrides.length, 2)
  })

  it('says that the rule is off', async () => {
    const store = newStore()
    await run(store, 'mode', 'off')
    const { printed } = await run(store, 'allow', 'VE', ...because)
    assert.match(
      printed[0] ?? '',
      /\nThe fraud rule is off, and overrides with it: hookline fraud mode observe$/,
    )
  })

  for (const [input, message] of [
    [[], 'Name a number, the beginning of numbers, a network or a country; or one person with --user.'],
    [
      ['VE', '--user', 'ann'],
      'Name a number, the beginning of numbers, a network or a country; or one person with --user.',
    ],
    [
      ['Venezula'],
      'The country is "Venezula"; expected a country code (ISO 3166 alpha-2) such as US. Did you mean VE (Venezuela)?',
    ],
    [
      ['UK'],
      'The country is "UK"; expected a country code (ISO 3166 alpha-2) such as US. Did you mean GB (United Kingdom)?',
    ],
    [
      ['+5'],
      '"+5" is neither a number nor the beginning of numbers; expected + and 3 to 11 digits, such as "+58 412 77".',
    ],
    [
      ['58412'],
      '"58412" is neither a number nor the beginning of numbers; expected + and 3 to 11 digits, such as "+58 412 77".',
    ],
    [
      ['203.0.113.0/33'],
      '"203.0.113.0/33" is not a network; expected an address or CIDR notation, such as 203.0.113.0/24.',
    ],
    [
      ['203.0.113'],
      '"203.0.113" is not a network; expected an address or CIDR notation, such as 203.0.113.0/24.',
    ],
    [
      ['2001:db8::/129'],
      '"2001:db8::/129" is not a network; expected an address or CIDR notation, such as 203.0.113.0/24.',
    ],
    [['VE', '--for', '0d'], '--for is "0d"; expected a time within the next 366 days.'],
    [['VE', '--for', '367d'], '--for is "367d"; expected a time within the next 366 days.'],
    [['VE', '--for', 'week'], '--for is "week"; expected minutes, hours or days: 30m, 12h, 7d.'],
    [['VE', '--until', '2026-02-28'], '--until is "2026-02-28"; expected a time within the next 366 days.'],
    [
      ['VE', '--until', '2026-04-31'],
      '--until is "2026-04-31"; expected a weekday, a day (2026-12-04), or a time in UTC (2026-12-04T17:00).',
    ],
    [['VE', '--until', 'friday', '--for', '1d'], 'Give --for or --until, not both.'],
    [['VE', '--because', ' '], '--because has 0 characters; expected 1 to 200.'],
    [['VE', '--because', 'x'.repeat(201)], '--because has 201 characters; expected 1 to 200.'],
  ] as const)
    it(`refuses ${JSON.stringify(input).slice(0, 60)} and changes nothing`, async () => {
      const store = newStore()
      const { problem } = await run(store, 'allow', ...because, ...input)
      assert.equal(problem?.message, message)
      assert.deepEqual((await policyIn(store))?.overrides, [])
    })

  it('refuses an override without a reason', async () => {
    const { problem } = await run(newStore(), 'allow', 'VE')
    assert.match(problem?.message ?? '', /--because <text>/)
  })

  it('refuses more overrides than are kept', async () => {
    const store = newStore()
    const overrides = Array.from({ length: OVERRIDES_MAX }, (_, index) => ({
      ...{ what: 'allow' as const, ...by, until: NOW + 1 },
      whom: { kind: 'prefix' as const, digits: String(1_000 + index) },
    }))
    await store.saveFraudPolicy({ mode: 'observe', modes: {}, overrides }, by)
    const { problem } = await run(store, 'allow', 'VE', ...because)
    assert.match(problem?.message ?? '', /^There are 100 overrides already\./)
  })
})

describe('when an override ends', () => {
  // NOW is a Sunday, noon
  for (const [options, until] of [
    [['--for', '30m'], '2026-03-01T12:30'],
    [['--until', 'Friday'], '2026-03-07T00:00'],
    [['--until', 'sun'], '2026-03-02T00:00'],
    [['--until', 'sat'], '2026-03-08T00:00'],
    [['--until', 'today'], '2026-03-02T00:00'],
    [['--until', 'tomorrow'], '2026-03-03T00:00'],
    [['--until', '2026-03-04'], '2026-03-05T00:00'],
    [['--until', '2026-03-04 17:30'], '2026-03-04T17:30'],
    [['--until', '2026-03-04T17:30+02:00'], '2026-03-04T15:30'],
  ] as const)
    it(`${options.join(' ')} is ${until} UTC`, async () => {
      const store = newStore()
      await run(store, 'allow', 'VE', ...options, ...because)
      assert.equal((await policyIn(store))?.overrides[0]?.until, Date.parse(`${until}Z`))
    })
})

describe('hookline fraud expect', () => {
  it('gives credit in advance to a country', async () => {
    const store = newStore()
    const { printed } = await run(store, 'expect', 've', '60', '--until', 'friday', ...because)
    assert.deepEqual(printed, [
      'Expected: 60 new phones in VE, until 2026-03-07 00:00 UTC, by editor: an office opens',
    ])
    const until = Date.parse('2026-03-07T00:00Z')
    const whom = { kind: 'country', country: 'VE' }
    assert.deepEqual((await policyIn(store))?.overrides, [{ what: 'expect', whom, count: 60, ...by, until }])
  })

  it('refuses a count out of range', async () => {
    const { problem } = await run(newStore(), 'expect', 'VE', '0', ...because)
    assert.equal(problem?.message, 'The count is "0"; expected a whole number from 1 to 10000.')
  })
})

describe('hookline fraud remove', () => {
  it('ends what is about the same user, however the login is spelled', async () => {
    const store = newStore()
    await run(store, 'deny', '--user', 'ANN@Example.com', ...because)
    await run(store, 'allow', '--user', 'ann@example.com', ...because)
    assert.deepEqual(
      (await policyIn(store))?.overrides.map(({ what }) => what),
      ['allow'],
    )
    await run(store, 'remove', '--user', 'Ann@example.com')
    assert.deepEqual((await policyIn(store))?.overrides, [])
  })

  it('ends every override about the same, and no other', async () => {
    const store = newStore()
    await run(store, 'allow', 'VE', ...because)
    await run(store, 'expect', 'VE', '60', ...because)
    await run(store, 'allow', '+58 412', ...because)
    const { printed } = await run(store, 'remove', 'VE')
    assert.match(
      printed[0] ?? '',
      /^Ended\. Allowed: numbers in VE, .*\nEnded\. Expected: 60 new phones in VE, /,
    )
    assert.equal((await policyIn(store))?.overrides.length, 1)
  })

  it('says that there is none', async () => {
    const { printed } = await run(newStore(), 'remove', '203.0.113.7')
    assert.deepEqual(printed, [
      'There is no override about requests from 203.0.113.0/24. `hookline fraud status` lists them.',
    ])
  })
})

describe('hookline fraud mode', () => {
  it('shows and changes the common mode and that of one org', async () => {
    const store = newStore()
    assert.match(
      (await run(store, 'mode')).printed[0] ?? '',
      /^Mode: observe\. What the rule would hold is recorded, and sent\./,
    )
    await run(store, 'mode', 'enforce')
    const { printed } = await run(store, 'mode', 'off', '--org', 'acme')
    assert.match(
      printed[0] ?? '',
      /^Mode: enforce\. .*\nMode of acme: off\. .*\nWarning: none of the newest 1000 deliveries is of acme\.$/,
    )
    const { mode, modes } = (await policyIn(store)) ?? {}
    assert.deepEqual([mode, modes], ['enforce', { acme: 'off' }])
    assert.deepEqual(JSON.parse((await run(store, 'mode', '--json')).printed[0] ?? ''), {
      mode: 'enforce',
      modes: { acme: 'off' },
    })
  })

  it('takes an org without a name by the host that `deliveries` shows, and suggests one', async () => {
    const store = newStore()
    await store.settle(delivery({ caller: 'https://acme.okta.com/oauth2/default' }))
    const { printed } = await run(store, 'mode', 'enforce', '--org', 'acme.okta.com')
    assert.match(printed[0] ?? '', /\nMode of acme\.okta\.com: enforce\. [^\n]*$/)
    assert.deepEqual((await policyIn(store))?.modes, { 'https://acme.okta.com/oauth2/default': 'enforce' })
    const other = await run(store, 'mode', 'off', '--org', 'acne.okta.com')
    assert.match(other.printed[0] ?? '', /deliveries is of acne\.okta\.com\. Did you mean acme\.okta\.com\?$/)
  })

  it('refuses a mode that does not exist', async () => {
    const { problem } = await run(newStore(), 'mode', 'on')
    assert.match(problem?.message ?? '', /Allowed choices are off, observe, enforce/)
  })
})
