import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readCountries, readNumber, readRegion, readRegions } from './option-values.ts'

describe('the values of options', () => {
  it('are countries in any case, or all of them', () => {
    assert.deepEqual(readCountries('us, De'), ['US', 'DE'])
    assert.deepEqual(readCountries(undefined), [])
    assert.ok(readCountries('all').length > 200)
  })

  for (const [text, suggestion] of [
    ['UK', / Did you mean GB \(United Kingdom\)\?$/],
    ['Germny', / Did you mean DE \(Germany\)\?$/],
    ['brazil', / Did you mean BR \(Brazil\)\?$/],
    ['Narnia', /, or all\.$/],
    ['', /, or all\.$/],
    ['12', /, or all\.$/],
  ] as const)
    it(`refuse the country "${text}", with a suggestion if one is close`, () => {
      assert.throws(() => readCountries(text), suggestion)
    })

  it('are regions, one or several', () => {
    assert.deepEqual(readRegions('us-east-1, eu-west-1'), ['us-east-1', 'eu-west-1'])
    assert.equal(readRegion('us-east-1'), 'us-east-1')
    assert.equal(readRegion(undefined), undefined)
    assert.throws(() => readRegion('us-east-1,eu-west-1'), /takes one region here/)
    assert.throws(() => readRegions('Mars'), /--region has "Mars"/)
  })

  it('are whole numbers in a range, and not empty', () => {
    assert.equal(readNumber('--max', '0', { min: 0, max: 10 }), 0)
    for (const text of ['', '11', '-1', '1.5', '1e1', ' 1', '0x1'])
      assert.throws(
        () => readNumber('--max', text, { min: 0, max: 10 }),
        /expected a whole number from 0 to 10/,
      )
    assert.throws(() => readNumber('--to', '0', { min: 1 }), /expected a whole number of 1 or more/)
  })
})
