import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { A32, read } from '../../test/fixtures/settings.ts'
import { missingForCallers, type OrgSelector } from './callers.ts'
import { settingsOfOrg } from './settings.ts'

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
const selecting = (selector: Partial<OrgSelector>): OrgSelector => ({
  name: undefined,
  url: undefined,
  ...selector,
})
const of = (environment: object, selector: Partial<OrgSelector>) =>
  settingsOfOrg(read({ ...environment }), selecting(selector))

describe('the settings of one org', () => {
  it('are all settings if orgs have no names', () => {
    const settings = read(own)
    assert.deepEqual(settingsOfOrg(settings, selecting({ name: 'acme' })), settings)
  })

  it('are those of its name or address, complete and without the others', () => {
    for (const selector of [{ name: 'acme' }, { url: 'https://acme.okta.com' }]) {
      const settings = of(several, selector)
      assert.ok(settings)
      assert.deepEqual(missingForCallers(settings.callers), [])
      assert.equal(settings.callers.audience, 'api://acme')
      assert.deepEqual([settings.callers.orgs, settings.callers.secretHeader], [undefined, undefined])
      assert.equal(settings.texts.brand, 'Acme')
    }
    const byHeader = of({ ...several, ...own }, { name: 'globex' })
    assert.ok(byHeader)
    assert.deepEqual(missingForCallers(byHeader.callers), [])
    assert.equal(byHeader.callers.issuer, undefined)
    assert.equal(byHeader.callers.secrets?.[0]?.reveal(), A32)
  })

  it('are those without a name if no named org is selected, and none if there are none', () => {
    assert.equal(of({ ...several, ...own }, { url: 'https://own.okta.com' })?.callers.clientId, '0oaown')
    assert.equal(of({ ...several, ...own }, {})?.callers.clientId, '0oaown')
    assert.equal(of(several, { url: 'https://own.okta.com' }), undefined)
    assert.equal(of(several, { name: 'initech' }), undefined)
    assert.equal(of(several, {}), undefined)
  })

  it('are those of the only org if none is selected', () => {
    const one = { HOOKLINE_ORGS: JSON.stringify({ acme }) }
    assert.equal(of(one, {})?.callers.clientId, '0oaacme')
  })
})
