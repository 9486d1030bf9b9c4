import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { addTo, DAY_MS } from './counts.ts'
import { bookAnswer, bookCode } from './groups.ts'
import { judgeNewNumber } from './new-number.ts'
import {
  type GroupKey,
  type GroupRecord,
  newCountry,
  newGroup,
  newOrg,
  newPhone,
  newUser,
  type Records,
} from './records.ts'
import { creditRules } from './rules.ts'
import { spendingOf } from './spending.ts'

const NOW = Date.UTC(2026, 5, 15, 12)
const HOUR = 3_600_000
const REQUEST = {
  block: '33612345',
  country: 'FR',
  network: '203.0.113',
  purpose: 'pre-enrollment',
} as const

function group(codes: number, answers = 0, at = NOW - 1_000): GroupRecord {
  let result = newGroup
  for (let code = 0; code < codes; code += 1) result = bookCode(result, at)
  for (let answer = 0; answer < answers; answer += 1) result = bookAnswer(result, at)
  return result
}
/** An org that hears answers, with these groups, and `proven` phones in the country. */
const records = (
  groups: Readonly<Partial<Record<GroupKey, GroupRecord>>>,
  { proven = 20, ...others }: Partial<Omit<Records, 'groups' | 'country'>> & { proven?: number } = {},
): Records => ({
  phone: newPhone,
  user: newUser,
  country: { ...newCountry, proven },
  org: { ...newOrg, answerHeardAt: NOW - 1_000 },
  ...others,
  groups: groups as Records['groups'],
})
const spending = (input: Records, blind = false) =>
  spendingOf(REQUEST, input, creditRules, { now: NOW, blind })
const heldBy = (input: Records): readonly GroupKey[] => spending(input).held
const SPENT: Readonly<Partial<Record<GroupKey, GroupRecord>>> = { 'country:FR': group(7) }

describe('a new number whose groups have credit', () => {
  it('spends theirs, and none that people share', () => {
    const { keys, held } = spending(records({ 'country:FR': group(2), 'spared:': group(50) }))
    assert.deepEqual(held, [])
    assert.deepEqual(
      keys.filter(key => key === 'spared:' || key === 'reserve:'),
      [],
    )
  })
})

describe('a new number in a country that is out of credit', () => {
  it('spends the reserve also when another of its groups, which is not established, is out of credit', () => {
    const both = { ...SPENT, 'p4:33612345': group(6), 'p6:336123': group(4, 3) } as const
    assert.deepEqual(heldBy(records(both)), ['p4:33612345'])
    const pools = { ...SPENT, 'new:': group(12) } as const
    assert.ok(!spending(records(pools)).keys.includes('spared:'))
  })

  it('is held in a small country, and spends the reserve from twenty proven phones on', () => {
    assert.deepEqual(heldBy(records(SPENT, { proven: 19 })), ['country:FR'])
    assert.deepEqual(heldBy(records(SPENT)), [])
    assert.ok(spending(records(SPENT)).keys.includes('reserve:others'))
    assert.deepEqual(heldBy(records({ ...SPENT, 'reserve:others': group(9) })), [])
    assert.deepEqual(heldBy(records({ ...SPENT, 'reserve:others': group(10) })), ['reserve:others'])
  })

  it('spends a reserve of its own if its prefix is established: numbers of other prefixes cannot use that up', () => {
    const established = { ...SPENT, 'p6:336123': group(3, 3), 'reserve:others': group(10) }
    assert.deepEqual(heldBy(records(established)), [])
    assert.deepEqual(heldBy(records({ ...established, 'reserve:': group(10) })), ['reserve:'])
  })

  it('is held in a block with one number without an answer, and in a prefix with three', () => {
    assert.deepEqual(heldBy(records({ ...SPENT, 'p4:33612345': group(1) })), ['p4:33612345'])
    assert.deepEqual(heldBy(records({ ...SPENT, 'p4:33612345': group(2, 1) })), [])
    assert.deepEqual(heldBy(records({ ...SPENT, 'p6:336123': group(2) })), [])
    assert.deepEqual(heldBy(records({ ...SPENT, 'p6:336123': group(3) })), ['p6:336123'])
    assert.deepEqual(heldBy(records({ 'p4:33612345': group(1) })), [])
  })

  it('is not held because of its own code of today', () => {
    const phone = { ...newPhone, countedAt: NOW - HOUR }
    assert.deepEqual(heldBy(records({ ...SPENT, 'p4:33612345': group(1) }, { phone })), [])
    const yesterday = { ...newPhone, countedAt: NOW - DAY_MS }
    assert.equal(heldBy(records({ ...SPENT, 'p4:33612345': group(1) }, { phone: yesterday })).length, 1)
  })

  it('spends the pool of known users instead, if the user answered before or the network answers', () => {
    const user = { ...newUser, isKnown: true }
    const full: Readonly<Partial<Record<GroupKey, GroupRecord>>> = { ...SPENT, 'reserve:others': group(10) }
    assert.ok(spending(records(full, { user })).keys.includes('spared:'))
    assert.deepEqual(heldBy(records(full, { user })), [])
    assert.deepEqual(heldBy(records({ ...full, 'ip:203.0.113': group(4, 3) })), [])
    assert.deepEqual(heldBy(records({ ...full, 'ip:203.0.113': group(2, 2) })), ['reserve:others'])
    assert.deepEqual(heldBy(records({ ...full, 'spared:': group(10) }, { user })), ['spared:'])
  })
})

describe('a new number with a prefix that is out of credit', () => {
  it('is held, and spends the reserve where three codes were answered', () => {
    assert.deepEqual(heldBy(records({ 'p6:336123': group(8) }, { proven: 0 })), ['p6:336123'])
    assert.deepEqual(heldBy(records({ 'p6:336123': group(12, 2) })), ['p6:336123'])
    const spent = spending(records({ 'p6:336123': group(13, 3) }))
    assert.deepEqual([spent.held, spent.keys.includes('reserve:')], [[], true])
  })
})

describe('a new number in an established country that is in credit', () => {
  const user = { ...newUser, isKnown: true }

  it('spends a pool of all countries if few phones with its prefix answered lately', () => {
    assert.ok(spending(records({})).keys.includes('prefixes:'))
    assert.equal(spending(records({ 'p6:336123': group(3, 3) })).keys.includes('prefixes:'), false)
    assert.equal(spending(records({}, { proven: 19 })).keys.includes('prefixes:'), false)
    assert.deepEqual(heldBy(records({ 'prefixes:': group(7) })), [])
    assert.deepEqual(heldBy(records({ 'prefixes:': group(8) })), ['prefixes:'])
    assert.deepEqual(heldBy(records({ 'prefixes:': group(8) }, { user })), [])
    assert.deepEqual(heldBy(records({ ...SPENT, 'prefixes:': group(8) })), []) // the reserve pays
  })

  it('spends a pool of all blocks in which a number did not answer, if its block is one', () => {
    const silent = { 'p4:33612345': group(1) } as const
    assert.ok(spending(records(silent)).keys.includes('blocks:'))
    assert.equal(spending(records({ 'p4:33612345': group(2, 1) })).keys.includes('blocks:'), false)
    assert.deepEqual(heldBy(records({ ...silent, 'blocks:': group(4) })), [])
    assert.deepEqual(heldBy(records({ ...silent, 'blocks:': group(5) })), ['blocks:'])
    assert.deepEqual(heldBy(records({ ...silent, 'blocks:': group(5) }, { user })), [])
    assert.deepEqual(heldBy(records({ 'blocks:': group(5) })), [])
  })
})

describe('a reset for a phone that answered once, on another network', () => {
  const phone = { ...newPhone, answers: 1, provenAt: NOW - HOUR }
  const spendingOfReset = (groups: Readonly<Partial<Record<GroupKey, GroupRecord>>>) =>
    spendingOf({ ...REQUEST, purpose: 'password-reset' }, records(groups, { phone }), creditRules, {
      now: NOW,
      blind: false,
    })

  it('spends no credit of people who enrol in its country, and is not held by theirs', () => {
    const spent = { ...SPENT, 'p6:336123': group(9), 'prefixes:': group(9), 'reserve:': group(20) } as const
    const { keys, held } = spendingOfReset(spent)
    assert.deepEqual([keys, held], [['p4:33612345', 'ip:203.0.113', 'recoveries:'], []])
  })

  it('is held by the pool of resets when the country has had its new numbers of a day while the rule is blind', () => {
    const country = { ...newCountry, proven: 10, newNumbers: { [Math.floor(NOW / DAY_MS)]: 40 } }
    const reset = { ...REQUEST, purpose: 'password-reset' } as const
    const judged = (request: Parameters<typeof spendingOf>[0]) =>
      spendingOf(request, { ...records({}), country }, creditRules, { now: NOW, blind: true }).held
    assert.deepEqual(judged(reset), ['recoveries:'])
    assert.deepEqual(judged(REQUEST), ['country:FR'])
  })

  it('is held when eight such resets of an hour were in vain', () => {
    assert.deepEqual(spendingOfReset({ 'recoveries:': group(7) }).held, [])
    assert.deepEqual(spendingOfReset({ 'recoveries:': group(8) }).held, ['recoveries:'])
  })
})

describe('a new number while the rule is blind', () => {
  const country = (today: number, biggest: number, proven = 10) => {
    const day = Math.floor(NOW / DAY_MS)
    return { ...newCountry, proven, newNumbers: { [day]: today, [day - 3]: biggest } }
  }
  const isHeld = (today: number, biggest: number, proven?: number): boolean =>
    spending({ ...records(SPENT), country: country(today, biggest, proven) }, true).held.length > 0

  it('is held after forty in a day, or three times the biggest day, where ten phones answered', () => {
    assert.deepEqual([isHeld(39, 5), isHeld(40, 5)], [false, true])
    assert.deepEqual([isHeld(59, 20), isHeld(60, 20)], [false, true])
    assert.equal(isHeld(0, 0, 9), true) // judged as always: its country is out of credit
  })

  it('is held against no group later', () => {
    assert.equal(spending({ ...records({}), country: country(0, 0) }, true).isUncounted, true)
  })
})

describe('probes of held groups', () => {
  /** Whether a request that is due is let through after these counts of vain probes. */
  const isLetThrough = (today: number, before: number): boolean => {
    const at = NOW - 3 * DAY_MS
    const add = (counts: Records['org']['probes'], time: number, count: number) =>
      Array.from({ length: count }).reduce<Records['org']['probes']>(
        all => addTo(all, 'code', { at: time, bucketMs: DAY_MS, kept: 7 }),
        counts,
      )
    const org = { ...newOrg, answerHeardAt: NOW - 1_000, probes: add(add({}, at, before), NOW, today) }
    const hold = {
      since: NOW - HOUR,
      lastAt: NOW - 1_000,
      probeAt: NOW,
      probeStepMs: 600_000,
      quietProbes: { day: 0, count: 0 },
    }
    const request = {
      ...REQUEST,
      id: 'r',
      number: 'n',
      user: 'u',
      sentAt: [],
    } as const
    const input = records({ 'p4:33612345': { ...group(5), hold } }, { org })
    return judgeNewNumber(request, input, creditRules, { now: NOW, blind: false }).kind === 'send'
  }

  it('may be vain ten times a day, and three times a day after twenty in a week', () => {
    assert.deepEqual([isLetThrough(9, 0), isLetThrough(10, 0)], [true, false])
    assert.deepEqual([isLetThrough(9, 10), isLetThrough(2, 18), isLetThrough(3, 17)], [true, true, false])
  })
})
