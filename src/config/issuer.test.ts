import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { problems, read } from '../../test/fixtures/settings.ts'
import vectors from '../../test/vectors/issuers.json' with { type: 'json' }
import { issuerProblem } from './issuer.ts'

describe('the issuer of access tokens', () => {
  for (const issuer of vectors.accepted) {
    it(`is taken as it is: ${issuer}`, () => {
      assert.equal(read({ HOOKLINE_OKTA_ISSUER: issuer }).HOOKLINE_OKTA_ISSUER, issuer)
    })
  }

  for (const { issuer, why, write } of vectors.refused) {
    it(`is refused, with the reason and what to write: ${issuer}`, () => {
      const problem = issuerProblem(issuer) ?? assert.fail('It was taken')
      assert.ok(problem.includes(why), problem)
      if (write !== undefined) {
        assert.ok(problem.endsWith(`: write ${write}`), problem)
        assert.equal(issuerProblem(write), undefined, 'what it says to write is taken')
      }
      const [told = '', ...others] = problems({ HOOKLINE_OKTA_ISSUER: issuer })
      assert.deepEqual(others, [])
      assert.ok(told.startsWith(`HOOKLINE_OKTA_ISSUER is "${issuer}"; expected an https address`), told)
      assert.ok(told.endsWith(`. It ${problem}.`), told)
    })
  }

  it('of one org among several is refused by the same rule, under the name of the org', () => {
    const acme = { issuer: 'https://acme.okta.com', audience: 'api://default', clientId: '0oa1', scope: 's' }
    const [told = ''] = problems({ HOOKLINE_ORGS: JSON.stringify({ acme }) })
    assert.match(
      told,
      /acme\.issuer is the org authorization server, whose access tokens only Okta can verify/,
    )
  })
})
