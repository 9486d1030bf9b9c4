import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { A32, read } from '../../test/fixtures/settings.ts'
import { missingForAsking } from './asking-fields.ts'
import { type MeantOrg, settingsOfOrg } from './settings-of-org.ts'

const acme = {
  issuer: 'https://acme.okta.com/oauth2/default',
  audience: 'api://acme',
  clientId: '0oaacme',
  scope: 'telephony.send',
}
const globex = { secretHeader: 'X-Globex' }
const own = {
  HOOKLINE_OKTA_ISSUER: 'https://own.okta.com/oauth2/default',
  HOOKLINE_OKTA_AUDIENCE: 'api://own',
  HOOKLINE_OKTA_CLIENT_ID: '0oaown',
  HOOKLINE_OKTA_SCOPE: 'telephony.send',
}
const several = {
  HOOKLINE_ORGS: JSON.stringify({ acme, globex }),
  HOOKLINE_ORG_SECRETS: `globex=${A32}`,
  HOOKLINE_BRAND: 'Acme',
}
const meaning = (meant: Partial<MeantOrg>): MeantOrg => ({ name: undefined, url: undefined, ...meant })
const of = (environment: object, meant: Partial<MeantOrg>) =>
  settingsOfOrg(read({ ...environment }), meaning(meant))

describe('the settings of one org', () => {
  it('are all of them where orgs have no names', () => {
    const settings = read(own)
    assert.equal(settingsOfOrg(settings, meaning({ name: 'acme' })), settings)
  })

  it('are those of its name, or of its address, complete and without the others', () => {
    for (const meant of [{ name: 'acme' }, { url: 'https://acme.okta.com' }]) {
      const settings = of(several, meant)
      assert.ok(settings)
      assert.deepEqual(missingForAsking(settings), [])
      assert.equal(settings.HOOKLINE_OKTA_AUDIENCE, 'api://acme')
      assert.deepEqual([settings.HOOKLINE_ORGS, settings.HOOKLINE_SECRET_HEADER], [undefined, undefined])
      assert.equal(settings.HOOKLINE_BRAND, 'Acme')
    }
    const byHeader = of({ ...several, ...own }, { name: 'globex' })
    assert.ok(byHeader)
    assert.deepEqual(missingForAsking(byHeader), [])
    assert.equal(byHeader.HOOKLINE_OKTA_ISSUER, undefined)
    assert.equal(byHeader.HOOKLINE_SECRETS?.[0]?.reveal(), A32)
  })

  it('are those without a name where none of the named is meant, and nobody’s where there are none', () => {
    assert.equal(
      of({ ...several, ...own }, { url: 'https://own.okta.com' })?.HOOKLINE_OKTA_CLIENT_ID,
      '0oaown',
    )
    assert.equal(of({ ...several, ...own }, {})?.HOOKLINE_OKTA_CLIENT_ID, '0oaown')
    assert.equal(of(several, { url: 'https://own.okta.com' }), undefined)
    assert.equal(of(several, { name: 'initech' }), undefined)
    assert.equal(of(several, {}), undefined)
  })

  it('are those of the only org where nobody says which', () => {
    const one = { HOOKLINE_ORGS: JSON.stringify({ acme }) }
    assert.equal(of(one, {})?.HOOKLINE_OKTA_CLIENT_ID, '0oaacme')
  })
})
