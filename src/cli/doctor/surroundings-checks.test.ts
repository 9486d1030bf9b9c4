import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { findingsOf, linesOf, READING } from '../../../test/fixtures/doctor-facts.ts'

describe('checks of the environment', () => {
  test('every problem of the settings is a finding', () => {
    assert.deepEqual(linesOf({ settingProblems: ['A is missing.', 'B is "x"; expected a number.'] }), [
      'error settings: A is missing.',
      'error settings: B is "x"; expected a number.',
    ])
    assert.deepEqual(linesOf({ settingProblems: [] }), [])
  })

  test('a clock may be off by a minute in both directions, not more', () => {
    const clock = (...ahead: readonly number[]) =>
      findingsOf({ clocks: ahead.map((aheadMs, index) => ({ who: index === 0 ? 'Okta' : 'AWS', aheadMs })) })
    assert.deepEqual(clock(60_000, -60_000), [])
    assert.match(clock(60_001)[0]?.cause ?? '', /clock is 60 seconds behind that of Okta: access tokens/)
    assert.match(clock(-600_000)[0]?.cause ?? '', /10 minutes ahead of that of Okta/)
    const [both] = clock(600_000, 600_400)
    assert.match(both?.cause ?? '', /behind that of Okta, 10 minutes behind that of AWS/)
    assert.match(both?.remedy ?? '', /^Synchronize the clock of this machine/)
    const [one] = clock(600_000, 400)
    assert.match(one?.cause ?? '', /behind that of Okta, but agrees with AWS:/)
    assert.match(one?.remedy ?? '', /^Compare this machine's clock/)
  })

  test('an issuer must name itself and have a key', () => {
    const expected = 'https://example.okta.com/oauth2/default'
    assert.deepEqual(linesOf({ issuer: { expected, issuer: expected, keys: 1 } }), [])
    assert.match(linesOf({ issuer: { expected, issuer: undefined, keys: 2 } }).join(), /names no issuer/)
    assert.match(
      linesOf({ issuer: { expected, issuer: expected, keys: 0 } }).join(),
      /has no RSA signing key/,
    )
  })

  const endpoint = (changed: object) =>
    linesOf({
      endpoint: {
        url: 'https://hook.example/mfa',
        status: 401,
        tookMs: [40, 50, 999],
        certificate: { daysLeft: 14 },
        ...changed,
      },
    }).join()

  test('an endpoint answers 401, and each other answer has its own remedy', () => {
    assert.equal(endpoint({}), '')
    for (const [status, says] of [
      [200, /lets unauthenticated callers in/],
      [302, /Okta does not follow/],
      [404, /the path is wrong/],
      [502, /answered 502 .* answers 401\.$/],
    ] as const)
      assert.match(endpoint({ status }), says)
  })

  test('an endpoint is slow from a second, and too slow from three', () => {
    assert.equal(endpoint({ tookMs: [20, 2_999, 999] }), '', 'one slow request is not a finding')
    assert.match(endpoint({ tookMs: [20, 1_000, 2_999] }), /^warning endpoint: .*half took 1\.0 s or more/)
    assert.match(endpoint({ tookMs: [20, 3_000, 20] }), /^error endpoint: .*the slowest 3\.0 s/)
  })

  test('a certificate is reported two weeks before it expires', () => {
    assert.match(endpoint({ certificate: { daysLeft: 13.9 } }), /^warning endpoint: .* expires in 13 days/)
    assert.equal(endpoint({ certificate: undefined }), '')
  })

  test('a preview must be a success for Okta', () => {
    const preview = (status: string) =>
      linesOf({ preview: { kind: 'read', reading: { ...READING, status } } })
    assert.deepEqual(preview('SUCCESSFUL'), [])
    assert.match(preview('PENDING').join(), /^error preview: .*read: PENDING/)
    assert.match(
      linesOf({ preview: { kind: 'failed', sentence: 'E0000134: no answer' } }).join(),
      /could not use the answer: E0000134/,
    )
  })

  test('a rotation of the hash key that is open is a warning, with what it costs and how it ends', () => {
    assert.deepEqual(linesOf({ rotation: { isOpen: false } }), [])
    const [finding, ...others] = findingsOf({ rotation: { isOpen: true } })
    assert.deepEqual([finding?.severity, finding?.check, others], ['warning', 'hash key', []])
    assert.match(finding?.cause ?? '', /HOOKLINE_OTHER_HASH_KEY is set.*two more write units/)
    assert.match(finding?.remedy ?? '', /180 days after the exchange, remove HOOKLINE_OTHER_HASH_KEY/)
  })

  test('fail-overs are counted by channel and reason', () => {
    const at = Date.parse('2026-03-01T12:00:00.500Z')
    const one = { at, channel: 'sms', reason: 'NO_ROUTE' } as const
    assert.deepEqual(linesOf({ failOvers: [] }), [])
    assert.deepEqual(
      linesOf({ failOvers: [one, { ...one, at: at + 60_000 }, { ...one, reason: undefined }] }),
      [
        'warning fail-overs: Okta sent with its own provider 2 times (sms), last at 2026-03-01T12:01:00Z: NO_ROUTE',
        'warning fail-overs: Okta sent with its own provider once (sms), last at 2026-03-01T12:00:00Z: the System Log gives no reason',
      ],
    )
  })
})
