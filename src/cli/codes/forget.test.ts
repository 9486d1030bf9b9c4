import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { accepted, delivery } from '../../../test/contracts/stores.ts'
import { noTerminal, runCommand } from '../../../test/fixtures/commands.ts'
import { NOW } from '../../../test/fixtures/planning.ts'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import type { Store } from '../../core/records/store.ts'
import { exportPersonCommand } from './export-person.ts'
import { forgetCommand } from './forget.ts'

const NUMBER = '+34683783440'
const ADA = {
  ...{
    numberDigest: `digest of ${NUMBER}`,
    userDigest: 'digest of 00uAda',
    loginDigest: 'digest of ada@example.com',
  },
  ...{ openedAt: NOW - 600_000, end: accepted() },
}

async function filled(): Promise<Store> {
  const store = createMemoryStore(() => NOW)
  await store.settle(delivery({ id: 'a', ...ADA }))
  await store.settle(delivery({ id: 'b', openedAt: NOW - 600_000, end: accepted('message-2') }))
  const whom = { kind: 'number', digest: ADA.numberDigest, lastDigits: '40' } as const
  const override = {
    what: 'deny',
    whom,
    at: NOW - 1,
    until: NOW + 9_000,
    author: 'ana',
    because: 'a trial',
  } as const
  await store.saveFraudPolicy(
    { mode: 'observe', modes: {}, overrides: [override] },
    { author: 'ana', at: NOW - 1 },
  )
  return store
}
const atTerminal = (answer: string) => ({
  okta: { ...noTerminal, isAtTerminal: true, ask: async () => answer },
})
const forget = (store: Store, args: readonly string[], answer?: string) =>
  runCommand(
    forgetCommand,
    store,
    ['forget', ...args],
    (answer === undefined ? { okta: noTerminal } : atTerminal(answer)) as never,
  )

describe('hookline forget', () => {
  for (const [person, says] of [
    [[], /^Name the person with --user <login>, --phone <number> or both\.$/],
    [['--user', ''], /^--user is ""; expected the login/],
    [['--phone', ' '], /^--phone is " "; expected a phone number/],
    [['--user', ' ', '--phone', NUMBER], /^--user is " "; expected the login/],
    [['--user', '00uAda', '--phone', ''], /^--phone is ""; expected a phone number/],
  ] as const)
    it(`refuses a person without a name: ${JSON.stringify(person)}`, async () => {
      const store = await filled()
      const { problem } = await forget(store, [...person, '--yes'])
      assert.match(problem?.message ?? '', says)
      assert.equal((await store.listDeliveries({ limit: 9 })).length, 2)
    })

  for (const person of [
    ['--phone', NUMBER],
    ['--user', 'Ada@example.com'],
    ['--user', '00uAda'],
  ])
    it(`erases the person of ${person.join(' ')}, and logs it without the person`, async () => {
      const store = await filled()
      const { printed, problem, exitCode } = await forget(store, [
        ...person,
        '--yes',
        '--because',
        'ticket 7',
      ])
      assert.equal(problem, undefined)
      assert.equal(exitCode, 0)
      assert.match(printed.join('\n'), /^Erased: 1 delivery with receipts .*1 override\.$/m)
      assert.match(printed.join('\n'), /^What stays: counts of codes.*backups.*Okta, AWS and carriers/m)
      assert.deepEqual(
        (await store.listDeliveries({ limit: 9 })).map(({ id }) => id),
        ['b'],
      )
      assert.deepEqual((await store.readPolicy())?.fraud.overrides, [])
      const logged = await store.listChanges({ limit: 9 })
      const { what, because, differences } = logged[0] ?? assert.fail()
      assert.deepEqual([what, because], ['erasures', 'ticket 7'])
      assert.deepEqual(differences, [{ name: 'person', before: { deliveries: 1, records: 0, overrides: 1 } }])
      assert.doesNotMatch(JSON.stringify(logged), /34683783440|00uAda|ada@example|"40"/i)
    })

  it('shows what it found and asks; any answer but yes erases nothing', async () => {
    const store = await filled()
    const { printed } = await forget(store, ['--phone', NUMBER], 'no')
    assert.deepEqual(printed, ['Nothing was erased.'])
    assert.equal((await store.listDeliveries({ limit: 9 })).length, 2)
    assert.equal((await store.readPolicy())?.fraud.overrides.length, 1)
    await forget(store, ['--phone', NUMBER], 'yes')
    assert.equal((await store.listDeliveries({ limit: 9 })).length, 1)
  })

  it('needs --yes without a terminal, and a person', async () => {
    const store = await filled()
    assert.match((await forget(store, ['--phone', NUMBER])).problem?.message ?? '', /Add --yes to erase/)
    assert.match((await forget(store, ['--yes'])).problem?.message ?? '', /^Name the person with --user/)
    assert.equal((await store.listDeliveries({ limit: 9 })).length, 2)
  })

  it('names what is under way, and ends with an error so that a pipeline repeats it', async () => {
    const store = await filled()
    await store.settle(delivery({ id: 'c', ...ADA, openedAt: NOW - 1_000, end: { state: 'sending' } }))
    const { printed, exitCode } = await forget(store, ['--phone', NUMBER, '--yes', '--json'])
    assert.equal(exitCode, 4)
    assert.deepEqual(JSON.parse(printed[0] ?? ''), {
      ...{ deliveries: 1, records: 0, otherRecords: 0, changes: 2, underWay: ['c'], overrides: 1 },
    })
  })
})

describe('hookline export-person', () => {
  it('prints everything about the person, nothing of others, and logs the look-up', async () => {
    const store = await filled()
    const { printed } = await runCommand(exportPersonCommand, store, ['export-person', '--phone', NUMBER])
    const exported = JSON.parse(printed[0] ?? '')
    assert.deepEqual(
      exported.deliveries.map(({ id, status }: { id: string; status: string }) => [id, status]),
      [['a', 'accepted']],
    )
    assert.deepEqual(exported.digests, {
      numbers: [ADA.numberDigest],
      users: [ADA.userDigest, ADA.loginDigest],
    })
    assert.equal(exported.overrides[0].because, 'a trial')
    const [logged] = await store.listChanges({ limit: 1 })
    assert.deepEqual([logged?.what, logged?.differences[0]?.after], ['lookups', [ADA.numberDigest]])
  })

  it('exports what the log of changes says about the person, oldest first, and nothing about others', async () => {
    const store = await filled()
    const whom = { kind: 'number', digest: 'digest of +34683783441', lastDigits: '41' } as const
    const ofBob = {
      what: 'deny',
      whom,
      at: NOW,
      until: NOW + 9_000,
      author: 'ben',
      because: 'of Bob',
    } as const
    // One step that ends the override about Ada and begins one about Bob.
    await store.saveFraudPolicy(
      { mode: 'enforce', modes: {}, overrides: [ofBob] },
      { author: 'ben', at: NOW },
    )
    for (let index = 0; index < 1_001; index += 1)
      await store.logEvent(
        { what: 'lookups', differences: [{ name: 'number', after: [whom.digest] }] },
        { author: 'cid', at: NOW },
      )
    const { printed } = await runCommand(exportPersonCommand, store, ['export-person', '--phone', NUMBER])
    const { changes } = JSON.parse(printed[0] ?? '')
    assert.deepEqual(
      changes.map(({ what, author }: { what: string; author: string }) => `${what} by ${author}`),
      ['fraud by ana', 'fraud by ben', 'lookups by editor'],
    )
    assert.equal(changes[1].differences.length, 1)
    assert.equal(changes[1].differences[0].before.because, 'a trial')
    assert.equal('position' in changes[0], false)
    assert.doesNotMatch(printed[0] ?? '', /\+34683783441/)
  })
})
