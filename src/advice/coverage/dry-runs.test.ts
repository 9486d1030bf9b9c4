import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NOW, planRules, policyOf } from '../../../test/fixtures/planning.ts'
import type { Route } from '../../core/policy/route.ts'
import { allCountries } from '../../core/values/phone-number.ts'
import { countriesToTry } from './dry-runs.ts'

const US: Route = { country: 'US', channel: 'sms', candidates: [{ identity: '+12065550100' }] }
const ALL: Route = { country: '*', channel: 'sms', candidates: [{ identity: 'pool-a1' }] }
const namesOf = (routes: readonly Route[]): string =>
  countriesToTry(policyOf({ routes }), planRules, [], NOW)
    .map(({ country }) => country)
    .join(' ')

describe('the countries to ask AWS about', () => {
  it('are those with a route, Canada, and the territories beside them', () => {
    assert.equal(namesOf([US]), 'AS CA GU MP PR US VI')
    assert.equal(namesOf([{ ...US, country: 'GB' }]), 'GB GG IM JE')
    assert.equal(namesOf([{ ...US, country: 'FR' }]), 'FR')
    assert.equal(namesOf([{ ...US, channel: 'voice' }]), '', 'calls have no free dry run')
  })

  it('are, of the default route, all with the country codes 1 and 44', () => {
    const names = namesOf([ALL]).split(' ')
    assert.equal(names.length, 29)
    for (const name of ['US', 'CA', 'PR', 'JM', 'TT', 'GB', 'GG', 'IM', 'JE'])
      assert.ok(names.includes(name), name)
  })

  it('each have a number that is read as theirs, or say why they have none', () => {
    const policy = policyOf({ routes: [ALL] })
    const notTried = countriesToTry(policy, planRules, allCountries(), NOW).filter(
      ({ country, attempts: [first] }) => first?.destination.country !== country,
    )
    // Those that share all their numbers with a country, whose route serves them.
    assert.equal(notTried.map(({ country }) => country).join(' '), 'AX BL CC CX EH MF SJ VA')
    for (const { why } of notTried) assert.match(why ?? '', /^Its numbers are read as numbers of [A-Z]{2}/)
  })

  it('carry what a send would carry: every candidate in its order, at its price', () => {
    const route: Route = {
      ...US,
      candidates: [{ identity: '+12065550100', maxPricePerPart: 0.02 }, { identity: 'ACME' }],
    }
    const [one] = countriesToTry(policyOf({ routes: [route] }), planRules, ['US'], NOW)
    assert.deepEqual(
      one?.attempts.map(({ candidate }) => [candidate.identity, candidate.maxPrice]),
      [
        ['+12065550100', 0.02],
        ['ACME', planRules.maxPricePerPart],
      ],
    )
    assert.equal(one?.destination, 'simulator')
  })

  it('without a route, or with one that Hookline itself refuses, are not tried, with why', () => {
    const [none] = countriesToTry(policyOf({ routes: [US] }), planRules, ['FR'], NOW)
    assert.deepEqual([none?.attempts, none?.why], [[], 'It has no route.'])
    const [refused] = countriesToTry(policyOf({ routes: [US], templates: [] }), planRules, ['US'], NOW)
    assert.match(refused?.why ?? '', /^Hookline itself would refuse: .*NO_TEMPLATE/)
  })
})
