import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inspect } from 'node:util'
import { A32, B32, problems, read } from '../../test/fixtures/settings.ts'
import { missingForCallers } from './callers.ts'
import { eventSecretProblems } from './event-settings.ts'

const acme = {
  issuer: 'https://acme.okta.com/oauth2/default',
  audience: 'api://default',
  clientId: '0oaacme',
  scope: 'telephony.send',
}
const globex = { secretHeader: 'X-Hookline-Secret' }
const settingsOf = (orgs: unknown, more = {}) => ({ HOOKLINE_ORGS: JSON.stringify(orgs), ...more })
const missing = (orgs: unknown, more = {}) => missingForCallers(read(settingsOf(orgs, more)).callers)

describe('several orgs', () => {
  it('are read by name, each with its authentication method', () => {
    assert.deepEqual(read(settingsOf({ acme, globex })).callers.orgs, [
      { name: 'acme', kind: 'access token', ...acme },
      { name: 'globex', kind: 'secret header', ...globex },
    ])
  })

  for (const [input, message] of [
    ['{', 'it is not a JSON object'],
    ['[]', 'it is not a JSON object'],
    ['null', 'it is not a JSON object'],
    ['{}', 'it names no org'],
    [{ 'two words': acme }, 'the name "two words" is not 1 to 40'],
    [{ [`a${'b'.repeat(40)}`]: acme }, 'is not 1 to 40 letters'],
    [{ acme: null }, 'acme is not an object'],
    [{ acme: { ...acme, scope: undefined } }, 'acme.scope is missing'],
    [{ acme: { ...acme, scope: 'two scopes' } }, 'acme.scope is empty or has blanks in it'],
    [{ acme: { ...acme, audience: 7 } }, 'acme.audience is not text'],
    [{ acme: { ...acme, issuer: 'http://acme.okta.com' } }, 'acme.issuer is not an https address'],
    [{ acme: { ...acme, issur: 'x' } }, 'acme has issur; expected issuer, audience, clientId, scope and'],
    [{ globex: { secretHeader: 'Authorization' } }, 'globex.secretHeader is not a usable header'],
    [{ globex: { ...globex, secret: A32 } }, 'globex has secret; expected secretHeader and nothing else'],
  ] as const) {
    it(`that are invalid are reported by org and property: ${message}`, () => {
      const text = typeof input === 'string' ? input : JSON.stringify(input)
      const [problem = '', ...others] = problems({ HOOKLINE_ORGS: text })
      assert.deepEqual(others, [])
      assert.ok(problem.startsWith('HOOKLINE_ORGS is not usable: '), problem)
      assert.ok(problem.includes(message), problem)
      assert.ok(!problem.includes(A32), problem)
    })
  }

  it('report all problems at once', () => {
    const [problem = ''] = problems(settingsOf({ acme: { ...acme, scope: '', audience: '' }, globex: {} }))
    for (const where of ['acme.scope', 'acme.audience', 'globex.issuer']) assert.ok(problem.includes(where))
  })
})

describe("the orgs' secrets", () => {
  it('are one for each org, or two during a rotation, and may contain an equals sign', () => {
    const text = `globex=${A32},initech=${B32}, globex=${B32}==`
    const secrets = read({ HOOKLINE_ORG_SECRETS: text }).callers.orgSecrets
    const revealed = [...(secrets ?? [])].map(([name, some]) => [name, some.map(one => one.reveal())])
    assert.deepEqual(revealed, [
      ['globex', [A32, `${B32}==`]],
      ['initech', [B32]],
    ])
    assert.ok(!inspect(secrets, { depth: 9 }).includes('aaaa'))
  })

  for (const text of [A32, 'globex=short', `=${A32}`, `globex=${A32},`, `a=${A32},a=${B32},a=${A32}c`])
    it('that are invalid are not shown', () => {
      const [problem = ''] = problems({ HOOKLINE_ORG_SECRETS: text })
      assert.match(problem, /^HOOKLINE_ORG_SECRETS is set, but not usable; expected name=secret/)
      assert.ok(!problem.includes('aaaa') && !problem.includes('short'), problem)
    })

  it('are required for each org with a secret header; one for an org that is not set yet is allowed', () => {
    assert.deepEqual(missing({ acme }), [])
    assert.deepEqual(missing({ acme, globex }, { HOOKLINE_ORG_SECRETS: `globex=${A32}` }), [])
    assert.deepEqual(missing({ acme, globex }), [
      'HOOKLINE_ORG_SECRETS has no secret for the org globex. Add globex=<secret>.',
    ])
    assert.deepEqual(missing({ acme }, { HOOKLINE_ORG_SECRETS: `globex=${A32}` }), [])
  })
})

describe('orgs that cannot be told apart', () => {
  it('are those with the same client of the same issuer, including the unnamed org', () => {
    const own = {
      HOOKLINE_OKTA_ISSUER: acme.issuer,
      HOOKLINE_OKTA_AUDIENCE: acme.audience,
      HOOKLINE_OKTA_CLIENT_ID: acme.clientId,
      HOOKLINE_OKTA_SCOPE: acme.scope,
    }
    assert.match(missing({ acme, twin: { ...acme, scope: 'other' } }).join(), /^acme and twin are the same/)
    assert.match(missing({ acme }, own).join(), /^HOOKLINE_OKTA_CLIENT_ID and acme are the same client/)
    assert.deepEqual(missing({ acme, other: { ...acme, clientId: '0oaother' } }), [])
    assert.deepEqual(missing({ other: { ...acme, clientId: '0oaother' } }, own), [])
  })

  it('are those with the same secret', () => {
    const orgs = { globex, initech: { secretHeader: 'X-Other' } }
    const [problem = '', ...others] = missing(orgs, {
      HOOKLINE_ORG_SECRETS: `globex=${A32},globex=${B32},initech=${A32}`,
    })
    assert.deepEqual(others, [])
    assert.match(problem, /^globex and initech have the same secret/)
    assert.ok(!problem.includes('aaaa'))
    const own = { HOOKLINE_SECRET_HEADER: 'X-Own', HOOKLINE_SECRETS: A32 }
    const more = { ...own, HOOKLINE_ORG_SECRETS: `globex=${A32}` }
    assert.match(missing({ globex }, more).join(), /^HOOKLINE_SECRETS and globex have the same secret/)
  })

  it('are those whose event hooks have the same secret', () => {
    const problems = (text: string): readonly string[] =>
      eventSecretProblems(read({ HOOKLINE_EVENT_SECRETS: A32, HOOKLINE_ORG_EVENT_SECRETS: text }).events)
    assert.deepEqual(problems(`acme=${B32}`), [])
    assert.match(problems(`acme=${A32}`).join(), /^HOOKLINE_EVENT_SECRETS and acme have the same secret/)
  })
})
