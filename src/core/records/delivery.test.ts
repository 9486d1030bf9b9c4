import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NOW, otpRequest, planRules, policyOf } from '../../../test/fixtures/planning.ts'
import { plan } from '../plan/plan.ts'
import type { OtpRequest } from '../values/request.ts'
import { isOfUser, namesOfUser, newDelivery } from './delivery.ts'

function recordOf(user: Partial<OtpRequest['user']>) {
  const request = otpRequest({ user: { id: undefined, login: undefined, firstName: undefined, ...user } })
  const planned = plan(request, policyOf(), planRules, NOW)
  return newDelivery('delivery-1', request, 'caller', planned, text => `digest of ${text}`, NOW)
}

describe('the user of a delivery', () => {
  for (const [what, user, userDigest, loginDigest] of [
    ['is the user ID, which never changes', { id: '00uA', login: 'Ada@X.com' }, '00uA', 'ada@x.com'],
    ['is the login in lower case where Okta sends no ID', { login: 'Ada@X.com' }, 'ada@x.com', 'ada@x.com'],
    ['may be known by the ID alone', { id: '00uA' }, '00uA', undefined],
    ['may not be known', {}, undefined, undefined],
  ] as const) {
    it(what, () => {
      const record = recordOf(user)
      const digestOf = (text: string | undefined) => text && `digest of ${text}`
      assert.deepEqual([record.userDigest, record.loginDigest], [userDigest, loginDigest].map(digestOf))
    })
  }

  it('is found by ID, and by login in any case; other users are not', () => {
    const digests = (name: string) => namesOfUser(name).map(text => `digest of ${text}`)
    const record = recordOf({ id: '00uA', login: 'Ada@X.com' })
    for (const name of ['00uA', 'ada@x.com', 'ADA@X.COM']) assert.ok(isOfUser(record, digests(name)), name)
    for (const name of ['00UA', '00ua', 'ada@x', '']) assert.ok(!isOfUser(record, digests(name)), name)
    assert.ok(!isOfUser(recordOf({}), digests('undefined')))
  })
})
