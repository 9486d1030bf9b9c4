import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Secret } from '../../core/values/secret.ts'
import { createCanaryCredential } from './canary-credential.ts'
import { derivedKey, keyedDigest } from './hash-key.ts'

const NOW = Date.UTC(2026, 0, 5)
const KEY = new Secret('k'.repeat(32))
const OTHER = new Secret('o'.repeat(32))
const credential = createCanaryCredential([KEY])

describe('the credential of a canary', () => {
  it('is valid for a minute before and after it was written, and no longer', () => {
    const written = credential.write(NOW)
    for (const apart of [0, 59_999, -59_999, 60_000, -60_000])
      assert.equal(credential.isValid(written, NOW + apart), true)
    for (const apart of [60_001, -60_001, 86_400_000])
      assert.equal(credential.isValid(written, NOW + apart), false)
  })

  it('is valid only with the same hash key, whoever reads the store', () => {
    assert.equal(credential.isValid(createCanaryCredential([OTHER]).write(NOW), NOW), false)
    const digest = keyedDigest(KEY)
    for (const known of [String(NOW), `Canary ${NOW}`, 'hookline canary', `hookline canary ${NOW}`])
      assert.equal(credential.isValid(`Canary ${NOW}.${digest(known)}`, NOW), false)
    const keyFromStore = new Secret(digest('hookline canary'))
    assert.equal(credential.isValid(`Canary ${NOW}.${keyedDigest(keyFromStore)(String(NOW))}`, NOW), false)
  })

  it('is valid with either key while the hash key is rotated', () => {
    const rotating = createCanaryCredential([OTHER, KEY])
    assert.equal(rotating.isValid(credential.write(NOW), NOW), true)
    assert.equal(rotating.isValid(rotating.write(NOW), NOW), true)
    assert.equal(credential.isValid(rotating.write(NOW), NOW), false)
  })

  it('is refused in every other form', () => {
    const written = credential.write(NOW)
    const [, digest = ''] = written.split('.')
    const others = [
      ...[null, '', 'Canary', 'Canary .', `Canary ${NOW}`, `Canary ${NOW}.`, digest],
      ...[
        `canary ${NOW}.${digest}`,
        `Bearer ${NOW}.${digest}`,
        `${written}, ${written}`,
        ` ${written}`,
        `${written} `,
      ],
      ...[`Canary 0${NOW}.${digest}`, `Canary ${NOW}.${digest.slice(1)}`, `Canary ${NOW}.${digest}x`],
      ...[
        `Canary ${NOW + 1}.${digest}`,
        `Canary 1e12.${digest}`,
        `Canary NaN.${digest}`,
        'x'.repeat(100_000),
      ],
    ]
    for (const other of others)
      assert.equal(credential.isValid(other, NOW), false, String(other).slice(0, 80))
  })

  it('has a key that no other purpose has', () => {
    assert.notEqual(derivedKey(KEY, 'hookline canary').reveal(), derivedKey(KEY, 'another').reveal())
    assert.notEqual(derivedKey(KEY, 'hookline canary').reveal(), keyedDigest(KEY)('hookline canary'))
  })
})
