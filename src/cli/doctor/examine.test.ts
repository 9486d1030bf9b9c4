import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { factsOf } from '../../../test/fixtures/doctor-facts.ts'
import { defineCheck } from './check.ts'
import { checks } from './checks.ts'
import { describeExamination } from './describe-examination.ts'
import { examine } from './examine.ts'

const warns = defineCheck({
  name: 'warns',
  sentence: 'The check passes.',
  severity: 'warning',
  remedy: 'Do the default.',
  needs: ['tier'],
  judge: ({ tier }) => (tier.isInSandbox ? [{ cause: 'A sandbox.' }] : []),
})
const fails = defineCheck({
  name: 'fails',
  sentence: 'The check passes.',
  severity: 'error',
  remedy: 'Do the default.',
  needs: ['tier', 'spendLimits'],
  judge: () => [{ cause: 'One.' }, { cause: 'Two.', severity: 'warning', remedy: 'Do this.' }],
})
const tier = { region: 'us-east-1', isInSandbox: true }

describe('an examination', () => {
  test('lists errors first, then in the order of the checks, each with its own remedy or the default one', () => {
    const { findings } = examine([warns, fails], factsOf({ tier, spendLimits: [] }))
    assert.deepEqual(findings, [
      { check: 'fails', severity: 'error', cause: 'One.', remedy: 'Do the default.' },
      { check: 'warns', severity: 'warning', cause: 'A sandbox.', remedy: 'Do the default.' },
      { check: 'fails', severity: 'warning', cause: 'Two.', remedy: 'Do this.' },
    ])
  })

  test('a fact that was not read skips its checks, with the reason', () => {
    const { findings, passed, skipped } = examine(
      [warns, fails],
      factsOf({ tier: { ...tier, isInSandbox: false } }),
    )
    assert.deepEqual(findings, [])
    assert.deepEqual(passed, [{ check: 'warns', sentence: 'The check passes.' }])
    assert.deepEqual(skipped, [{ check: 'fails', why: 'Not read.' }])
  })

  test('one reason why several facts were not read is reported once, with cause and remedy apart', () => {
    const why = 'Okta refused it. E0000011: Invalid token. The API token is not valid. Make a new one.'
    const unread = { kind: 'unread', why } as const
    const { findings, passed, skipped } = examine(checks, { ...factsOf({}), org: unread, failOvers: unread })
    assert.deepEqual(findings, [
      {
        check: 'hook active',
        severity: 'error',
        cause: "The org's setup could not be read: Okta refused it. E0000011: Invalid token.",
        remedy: 'The API token is not valid. Make a new one.',
      },
    ])
    assert.deepEqual([passed.length, skipped.length], [0, checks.length])
  })

  test('a message without a remedy gets the remedy of the check', () => {
    const { findings } = examine([warns], { ...factsOf({}), tier: { kind: 'unread', why: 'AccessDenied' } })
    assert.deepEqual(findings, [
      {
        check: 'warns',
        severity: 'warning',
        cause: 'The account tier could not be read: AccessDenied',
        remedy: 'Do the default.',
      },
    ])
  })

  test('every check has a name of its own', () => {
    assert.equal(new Set(checks.map(({ name }) => name)).size, checks.length)
  })
})

describe('an examination, printed', () => {
  const examination = examine([warns, fails], factsOf({ tier }))

  test('counts the results, and says how to see the rest', () => {
    const text = describeExamination(examination, false)
    assert.match(text, /^! {2}warns {2}A sandbox\. → Do the default\.$/m)
    assert.match(text, /^! 0 errors, 1 warning, 0 passed, 1 skipped\. --verbose shows which and why\.$/m)
  })

  test('lists everything with --verbose', () => {
    assert.match(describeExamination(examination, true), /^· {2}fails {2}Skipped\. Not read\.$/m)
    const good = examine([warns], factsOf({ tier: { ...tier, isInSandbox: false } }))
    assert.equal(describeExamination(good, false), '✓ 1 passed.')
    assert.match(describeExamination(good, true), /^✓ {2}warns {2}The check passes\.$/m)
  })
})
