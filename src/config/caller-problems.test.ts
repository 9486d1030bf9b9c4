import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { problems, read } from '../../test/fixtures/settings.ts'
import vectors from '../../test/vectors/issuers.json' with { type: 'json' }
import { issuerProblem } from './caller-problems.ts'

describe('the issuer of access tokens', () => {
  for (const issuer of vectors.accepted) {
    it(`is accepted unchanged: ${issuer}`, () => {
      assert.equal(read({ HOOKLINE_OKTA_ISSUER: issuer }).callers.issuer, issuer)
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
      const [message = '', ...others] = problems({ HOOKLINE_OKTA_ISSUER: issuer })
      assert.deepEqual(others, [])
      assert.ok(message.startsWith(`HOOKLINE_OKTA_ISSUER is "${issuer}"; expected an https address`), message)
      assert.ok(message.endsWith(`. It ${problem}.`), message)
    })
  }

  it('of one org among several is refused by the same rule, under the name of the org', () => {
    const acme = { issuer: 'https://acme.okta.com', audience: 'api://default', clientId: '0oa1', scope: 's' }
    const [message = ''] = problems({ HOOKLINE_ORGS: JSON.stringify({ acme }) })
    assert.match(
      message,
      /acme\.issuer is the org authorization server, whose access tokens only Okta can verify/,
    )
  })
})

describe('the name of the secret header', () => {
  for (const name of [
    'X-Hookline-Secret',
    'x-hook-secret',
    'Hook',
    'X-Auth-Token',
    'Authentication',
    'X-Amzed',
  ]) {
    it(`is accepted: ${name}`, () => {
      assert.equal(read({ HOOKLINE_SECRET_HEADER: name }).callers.secretHeader, name)
    })
  }

  const inOkta =
    /In Okta, edit the inline hook and give it another authentication field, such as X-Hookline-Secret/
  const cases: readonly (readonly [RegExp, readonly string[]])[] = [
    [/access tokens are sent in Authorization/, ['Authorization', 'authorization', 'AUTHORIZATION']],
    [/drop headers with an underscore/, ['auth_secret', 'X_Hookline_Secret', 'x-auth_secret']],
    [
      /HTTP, Okta or a proxy sets this header/,
      [
        ...['Host', 'Content-Type', 'Content-Length', 'Cookie', 'Accept', 'User-Agent', 'Connection'],
        ...['Transfer-Encoding', 'TE', 'Upgrade', 'Expect', 'Via', 'Forwarded', 'X-Forwarded-For'],
        ...[
          'Proxy-Authorization',
          'X-Amz-Date',
          'X-Amzn-Trace-Id',
          'Date',
          'If-None-Match',
          'Content-MD5',
          'WWW-Authenticate',
        ],
      ],
    ],
  ]
  for (const [why, names] of cases) {
    for (const name of names) {
      it(`is refused with the reason and what to do in Okta: ${name}`, () => {
        const [problem = '', ...others] = problems({ HOOKLINE_SECRET_HEADER: name })
        assert.deepEqual(others, [])
        assert.ok(problem.startsWith(`HOOKLINE_SECRET_HEADER is "${name}"; expected a header name`), problem)
        assert.match(problem, why)
        assert.match(problem, inOkta)
      })
    }
  }

  for (const name of ['x secret', 'X-Secret: abc', '1x', '-x', 'Schlüssel', `x${'a'.repeat(64)}`]) {
    it(`is refused if it is not a valid header name: ${name.slice(0, 20)}`, () => {
      const [problem = ''] = problems({ HOOKLINE_SECRET_HEADER: name })
      assert.match(problem, /It is not a header name of at most 64 letters, digits and hyphens/)
    })
  }
})
