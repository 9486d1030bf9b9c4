import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { networkOf } from './network.ts'

describe('the network of an address', () => {
  const cases: readonly (readonly [string | undefined, string | undefined])[] = [
    ['203.0.113.7', '203.0.113'],
    ['0.0.0.0', '0.0.0'],
    ['255.255.255.255', '255.255.255'],
    ['01.002.3.4', undefined],
    ['01.02.3.4', '1.2.3'],
    ['::ffff:203.0.113.7', '203.0.113'],
    ['::FFFF:cb00:7107', '203.0.113'],
    ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113'],
    ['::ffff:203.0.113.300', undefined],
    ['64:ff9b::203.0.113.7', '64:ff9b:0'],
    ['2001:db8:12:34:56:78:9a:bc', '2001:db8:12'],
    ['2001:0DB8:0012::1', '2001:db8:12'],
    ['2001:db8::1', '2001:db8:0'],
    ['::1', '0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0'],
    ['256.0.0.1', undefined],
    ['1.2.3', undefined],
    ['1.2.3.4.5', undefined],
    ['2001:db8', undefined],
    ['2001:db8:1:2:3:4:5:6:7', undefined],
    ['example.org', undefined],
    ['', undefined],
    [undefined, undefined],
  ]
  for (const [address, network] of cases)
    it(`of ${address} is ${network}`, () => assert.equal(networkOf(address), network))
})
