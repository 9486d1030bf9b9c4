import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { joinRanges, rangesBeyond, readRanges } from './address-ranges.ts'

describe('the ranges that Okta publishes', () => {
  it('are the IPv4 ranges of all cells, each once', () => {
    const published = {
      us_cell_1: { ip_ranges: ['192.0.2.0/24', '198.51.100.7/32', '2001:db8::/32', 7] },
      preview_cell_1: { ip_ranges: ['192.0.2.0/24', '0.0.0.0/0', '300.0.0.1/32', '10.0.0.0'] },
      note: 'none',
    }
    assert.deepEqual(readRanges(published), ['192.0.2.0/24', '198.51.100.7/32'])
    for (const nothing of [undefined, null, [], 'x', { a: null }]) assert.deepEqual(readRanges(nothing), [])
  })

  it('are one text, without those that are inside others', () => {
    assert.equal(
      joinRanges(['198.51.100.7/32', '192.0.2.0/24', '192.0.2.9/32'], 100),
      '192.0.2.0/24,198.51.100.7/32',
    )
    assert.equal(joinRanges([], 100), '')
  })

  it('are widened until they fit, without losing any', () => {
    const many = Array.from({ length: 900 }, (_, at) => `203.${at % 250}.${at % 7}.${(at * 13) % 256}/32`)
    const text = joinRanges(many, 4_000)
    assert.ok(text.length <= 4_000 && text.length > 100, String(text.length))
    assert.deepEqual(rangesBeyond(many, text.split(',')), [])
  })

  it('outside a list are those that no range of it covers', () => {
    assert.deepEqual(rangesBeyond(['192.0.2.7/32', '198.51.100.0/24'], ['192.0.2.0/24', 'junk']), [
      '198.51.100.0/24',
    ])
  })
})
