import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkDeployedVersion, compareVersions } from './deployed-version.ts'

const own = { version: '0.2.0', tableForm: 2 }

function check(outputs: Readonly<Record<string, string>>, goBack?: boolean): string {
  return checkDeployedVersion({ name: 'hookline', outputs: new Map(Object.entries(outputs)) }, own, goBack)
}

describe('a deployment over another one', () => {
  it('is made over the same version and over an earlier one with the same form', () => {
    assert.equal(check({ Version: '0.2.0', TableForm: '2' }), '0.2.0, which is deployed')
    assert.equal(check({ Version: '0.1.9', TableForm: '2' }), '0.2.0 replaces 0.1.9')
    assert.equal(check({ Version: '0.2.0-rc.1', TableForm: '2' }), '0.2.0 replaces 0.2.0-rc.1')
  })

  it('goes back to an earlier version only if it is asked to', () => {
    assert.throws(
      () => check({ Version: '0.10.0', TableForm: '2' }),
      /^Error: hookline runs Hookline 0\.10\.0, and this is 0\.2\.0, which is older\. Nothing was changed\. Install 0\.10\.0 or later .* --go-back\.$/,
    )
    assert.equal(check({ Version: '0.10.0', TableForm: '2' }, true), '0.2.0 replaces 0.10.0')
  })

  for (const [what, outputs, expected] of [
    ['a newer form', { Version: '0.3.0', TableForm: '3' }, /has form 3; this Hookline uses form 2\..*newer/],
    [
      'an earlier form',
      { Version: '0.1.0', TableForm: '1' },
      /has form 1; this Hookline uses form 2\..*earlier/,
    ],
    ['no version', { Release: 'abc' }, /from before 0\.1\.0.*--stack <another name>/],
    ['no form', { Version: '0.1.0' }, /from before 0\.1\.0/],
    ['a form that is none', { Version: '0.1.0', TableForm: 'one' }, /from before 0\.1\.0/],
  ] as const)
    it(`is never made over ${what}, also not to go back`, () => {
      for (const goBack of [false, true]) assert.throws(() => check(outputs, goBack), expected)
    })
})

it('orders versions by their numbers, and a candidate before its version', () => {
  const ordered = ['0.1.0-rc.2', '0.1.0-rc.10', '0.1.0', '0.1.1', '0.2.0', '0.10.0', '1.0.0']
  for (const [index, one] of ordered.entries())
    for (const [other, version] of ordered.entries())
      assert.equal(Math.sign(compareVersions(one, version)), Math.sign(index - other), `${one}, ${version}`)
})
