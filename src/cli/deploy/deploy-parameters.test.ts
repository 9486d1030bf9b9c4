import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { TrustedOrg } from '../../config/orgs.ts'
import {
  changedParameters,
  checkAuthenticationMethod,
  checkCallerValues,
  chooseParameters,
  readChosen,
} from './deploy-parameters.ts'

const declared = [
  { name: 'CodeBucket', default: undefined, description: undefined },
  { name: 'OktaIssuer', default: '', description: undefined },
  { name: 'RetentionDays', default: '30', description: undefined },
  { name: 'SettingsRevision', default: '1', description: undefined },
]
const choose = (input: Record<string, string>, previous: Record<string, string> = {}) =>
  chooseParameters(declared, new Map(Object.entries(input)), new Map(Object.entries(previous)), 'code')

describe('the parameters of a deployment', () => {
  it('are those of the command line, else of the last deployment, else the defaults of the template', () => {
    const { requested, values } = choose(
      { OktaIssuer: 'https://new' },
      { OktaIssuer: 'https://old', RetentionDays: '7' },
    )
    assert.deepEqual([values.get('OktaIssuer'), values.get('RetentionDays')], ['https://new', '7'])
    assert.deepEqual(
      [requested.get('OktaIssuer'), requested.get('RetentionDays'), requested.get('CodeBucket')],
      ['https://new', undefined, 'code'],
    )
    assert.ok(requested.has('RetentionDays'), 'kept: named without a value')
    assert.equal(
      choose({}).requested.has('RetentionDays'),
      false,
      'the default of the template is not frozen',
    )
  })

  it('an empty value clears an earlier one', () => {
    const { values } = choose({ OktaIssuer: '' }, { OktaIssuer: 'https://old' })
    assert.equal(values.get('OktaIssuer'), '')
  })

  it('the revision changes only with a value', () => {
    const revision = (...args: Parameters<typeof choose>) => choose(...args).values.get('SettingsRevision')
    assert.equal(revision({}), revision({}, { RetentionDays: '30', SettingsRevision: 'old' }))
    assert.notEqual(revision({}), revision({ RetentionDays: '31' }))
    assert.match(revision({}) ?? '', /^[0-9a-f]{12}$/)
  })

  it('a revision of your own starts new instances, after a secret has changed, and is kept', () => {
    const first = choose({ SettingsRevision: 'rotated' }).values
    assert.equal(first.get('SettingsRevision'), 'rotated')
    assert.equal(choose({}, Object.fromEntries(first)).values.get('SettingsRevision'), 'rotated')
  })

  it('shows what differs from the last deployment, or from the defaults at the first', () => {
    const rows = (...[input, previous = {}]: Parameters<typeof choose>) =>
      changedParameters(choose(input, previous), declared, new Map(Object.entries(previous)))
    assert.deepEqual(rows({ OktaIssuer: 'https://new' }), [['OktaIssuer', '(none)', 'https://new']])
    assert.deepEqual(rows({ RetentionDays: '30' }, { RetentionDays: '7' }), [['RetentionDays', '7', '30']])
    assert.deepEqual(rows({}, { RetentionDays: '7' }), [])
  })

  it('a value may contain = and commas; a repeated name is refused', () => {
    assert.deepEqual([...readChosen({ set: ['A=b=c,d'] })], [['A', 'b=c,d']])
    assert.throws(() => readChosen({ set: ['A=1', 'A=2'] }), /A is given twice/)
    assert.throws(() => readChosen({ issuer: 'x', set: ['OktaIssuer=y'] }), /OktaIssuer is given twice/)
    assert.throws(() => readChosen({ set: ['=1'] }), /expected Name=Value/)
  })

  it('a brand beyond ASCII is encoded as ASCII and shown decoded; other values beyond ASCII are refused', () => {
    const input = readChosen({ set: ['Brand=Café'] })
    assert.equal(input.get('Brand'), 'Caf\\u00e9')
    const brand = { name: 'Brand', default: 'Okta', description: undefined }
    const chosen = chooseParameters([...declared, brand], input, new Map(), 'code')
    assert.deepEqual(changedParameters(chosen, [...declared, brand], new Map()), [['Brand', 'Okta', 'Café']])
    for (const pair of ['AlarmEmail=é@example.com', 'ApiGatewayName=h\u00f6\u00f6k'])
      assert.throws(
        () => readChosen({ set: [pair] }),
        /CloudFormation keeps only ASCII, and would store ".*\?/,
      )
  })

  it('one complete authentication method: the access token of Okta or the secret header', () => {
    const okta = { OktaIssuer: 'i', OktaAudience: 'a', OktaClientId: 'c', OktaScope: 's' }
    const check = (values: Record<string, string>) =>
      checkAuthenticationMethod(new Map(Object.entries(values)))
    check(okta)
    check({ SecretHeaderName: 'X-Secret', OktaIssuer: '' })
    assert.throws(() => check({}), /No authentication method is set/)
    assert.throws(() => check({ ...okta, OktaScope: '' }), /needs four options\. Missing: --scope/)
    assert.throws(() => check({ ...okta, SecretHeaderName: 'X-Secret' }), /Two authentication methods/)
  })

  it('an issuer and a header name are refused with the reason, before anything is built', () => {
    const check = (values: Record<string, string>) => checkCallerValues(new Map(Object.entries(values)))
    check({ OktaIssuer: '', SecretHeaderName: 'X-Hookline-Secret' })
    check({ OktaIssuer: 'https://example.okta.com/oauth2/default', SecretHeaderName: '' })
    assert.throws(
      () => check({ OktaIssuer: 'https://example.okta.com' }),
      /^Error: OktaIssuer is "https:\/\/example.okta.com"\. It is the org authorization server/,
    )
    assert.throws(
      () => check({ SecretHeaderName: 'auth_secret' }),
      /drop headers with an underscore\. In Okta,/,
    )
  })

  it('several orgs are also an authentication method, alone or with others, all with the header that the gateway reads', () => {
    const okta = { OktaIssuer: 'i', OktaAudience: 'a', OktaClientId: 'c', OktaScope: 's' }
    const issuer = 'https://acme.okta.com/oauth2/default'
    const acme = {
      kind: 'access token',
      name: 'acme',
      issuer,
      audience: 'a',
      clientId: 'c',
      scope: 's',
    } as const
    const globex = { kind: 'secret header', name: 'globex', secretHeader: 'X-Secret' } as const
    const check = (orgs: readonly TrustedOrg[], more: Record<string, string> = {}) =>
      checkAuthenticationMethod(new Map([...readChosen({}, orgs), ...Object.entries(more)]))
    check([acme])
    check([acme], okta)
    check([globex], { SecretHeaderName: 'x-secret' })
    assert.throws(
      () => check([acme], { OktaScope: 's' }),
      /needs four options\. Missing: --issuer, --audience/,
    )
    assert.throws(
      () => check([acme, globex]),
      /that of access tokens, so globex could not authenticate.*--stack/,
    )
    assert.throws(() => check([acme], { SecretHeaderName: 'X-Secret' }), /it is X-Secret, so acme could not/)
    assert.throws(
      () => check([globex], { SecretHeaderName: 'X-Other' }),
      /it is X-Other, so globex could not/,
    )
    const many = Array.from({ length: 25 }, (_, n) => ({ ...acme, name: `acme-${n}`, clientId: `c${n}` }))
    check(many)
    assert.throws(
      () => check(many, { OneFunction: 'true' }),
      /^Error: OktaOrgs has \d{4} characters; with OneFunction=true, at most 2200/,
    )
    assert.throws(
      () => checkAuthenticationMethod(new Map([['OktaOrgs', '{}']])),
      /^Error: OktaOrgs is not usable: it names no/,
    )
  })
})
