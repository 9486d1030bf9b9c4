import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Secret } from '../core/values/secret.ts'
import { isKnownSecret } from './secret-header.ts'

const OLD = 'o'.repeat(32)
const NEW = 'n'.repeat(40)
const rules = { name: 'x-hook-secret', secrets: [new Secret(OLD), new Secret(NEW)] }

describe('the secret of the header', () => {
  it('is known, whichever of the two it is', () => {
    assert.equal(isKnownSecret(OLD, rules), true)
    assert.equal(isKnownSecret(NEW, rules), true)
  })

  for (const given of [
    '',
    OLD.slice(1),
    `${OLD}o`,
    OLD.toUpperCase(),
    `${OLD},${NEW}`,
    `${OLD} `,
    '••••••',
    'undefined',
  ]) {
    it(`is unknown when it is anything else: "${given}"`, () =>
      assert.equal(isKnownSecret(given, rules), false))
  }

  it('is unknown where there is none', () => {
    assert.equal(isKnownSecret('', { name: 'x', secrets: [] }), false)
  })
})
