import { grants, includes } from '../../../okta/setup/choose.ts'
import { defineCheck, type Fault } from '../check.ts'
import { texts } from '../texts.ts'

export const issuerCheck = defineCheck({
  ...texts.issuer.check,
  severity: 'error',
  needs: ['issuer'],
  judge: ({ issuer: { expected, issuer, keys } }) => [
    ...(issuer === expected ? [] : [texts.issuer.differs(issuer, expected)]),
    ...(keys > 0 ? [] : [texts.issuer.noKeys(expected)]),
  ],
})

export const clientCheck = defineCheck({
  ...texts.client.check,
  severity: 'error',
  needs: ['tokens'],
  judge: ({ tokens: { org, hook, clientId } }) => {
    const app = org.apps.find(one => one.clientId === clientId)
    if (app === undefined) return [{ ...texts.client.none(clientId), fixedBy: ['create app'] }]
    const name = `service app "${app.name}" (${clientId})`
    const key = org.hookKeys.find(({ id }) => id === hook?.hookKeyId)
    const faults: (Fault | false)[] = [
      !app.isActive && { ...texts.client.inactive(name), fixedBy: ['change app'] },
      app.needsDpop && { ...texts.client.needsDpop(name), fixedBy: ['change app'] },
      app.authMethod !== 'private_key_jwt' && {
        ...texts.client.method(name, app.authMethod),
        fixedBy: ['change app'],
      },
      !app.grantTypes.includes('client_credentials') && {
        ...texts.client.noGrant(name),
        fixedBy: ['change app'],
      },
      key !== undefined &&
        !app.kids.includes(key.kid) && {
          ...texts.client.noKey(name, key.name, key.kid),
          fixedBy: ['change app', 'change hook'],
        },
    ]
    return faults.filter(fault => fault !== false)
  },
})

export const scopeCheck = defineCheck({
  ...texts.scope.check,
  severity: 'error',
  needs: ['tokens'],
  judge: ({ tokens: { org, scope } }) =>
    org.server === undefined || org.scopes.some(({ name }) => name === scope)
      ? []
      : [{ ...texts.scope.none(org.server.name, scope), fixedBy: ['create scope'] }],
})

export const accessPolicyCheck = defineCheck({
  ...texts.accessPolicy.check,
  severity: 'error',
  needs: ['tokens'],
  judge: ({ tokens: { org, clientId, scope } }) => {
    const { server } = org
    if (server === undefined) return []
    const policies = org.policies.filter(policy => includes(policy, clientId))
    if (policies.some(({ rules }) => rules.some(rule => grants(rule, scope)))) return []
    const [policy] = policies
    if (policy !== undefined) {
      const fixedBy = ['create rule', 'change rule', 'create policy'] as const
      return [{ ...texts.accessPolicy.noRule(policy.name, scope), fixedBy }]
    }
    const off = org.policies.find(({ isActive, clients }) => !isActive && clients.includes(clientId))
    const text =
      off === undefined
        ? texts.accessPolicy.none(server.name, clientId)
        : texts.accessPolicy.off(server.name, off.name)
    return [{ ...text, fixedBy: ['create policy', 'change policy'] }]
  },
})

export const audienceCheck = defineCheck({
  ...texts.audience.check,
  severity: 'error',
  needs: ['tokens'],
  judge: ({ tokens: { org, issuer, audience } }) => {
    const { server } = org
    if (server === undefined) return [texts.audience.noServer(issuer)]
    const { inactive, otherIssuer, otherAudience } = texts.audience
    const faults: (Fault | false)[] = [
      !server.isActive && inactive(server.name),
      server.issuer !== issuer && otherIssuer(server.name, server.issuer, issuer),
      server.audience !== audience && otherAudience(server.name, server.audience, audience),
    ]
    return faults.filter(fault => fault !== false)
  },
})

export const tokenCheck = defineCheck({
  ...texts.token.check,
  severity: 'error',
  needs: ['claims', 'tokens'],
  judge: ({ claims, tokens }) => {
    const expected = [
      ['issuer', claims.issuer, tokens.issuer],
      ['audience', claims.audience, tokens.audience],
      ['client ID', claims.clientId, tokens.clientId],
    ] as const
    const others = expected
      .filter(([, is, target]) => is !== target)
      .map(([what, is, target]) => texts.token.differs(what, is, target))
    if (claims.scopes.includes(tokens.scope)) return others
    return [...others, texts.token.differs('scope', claims.scopes.join(' '), tokens.scope)]
  },
  detail: ({ claims: { issuer, audience, clientId, scopes } }) =>
    texts.token.detail(issuer, audience, clientId, scopes),
})
