import { grants, includes } from '../../../okta/setup/choose.ts'
import { defineCheck } from '../check.ts'

export const accessPolicyCheck = defineCheck({
  name: 'access policy',
  sentence: "An access policy lets the hook's client have the scope.",
  severity: 'error',
  remedy: 'Run hookline okta setup again, or add it in Okta: Security > API > Access Policies.',
  needs: ['tokens'],
  judge: ({ tokens: { org, clientId, scope } }) => {
    if (org.server === undefined) return []
    const of = `the authorization server "${org.server.name}"`
    const policies = org.policies.filter(policy => includes(policy, clientId))
    if (policies.some(({ rules }) => rules.some(rule => grants(rule, scope)))) return []
    const off = org.policies.find(({ isActive, clients }) => !isActive && clients.includes(clientId))
    const [policy] = policies
    if (policy === undefined) {
      return [
        {
          cause:
            off === undefined
              ? `No access policy of ${of} includes the client ${clientId}: the hook gets no access token.`
              : `The access policy "${off.name}" of ${of} is off: the hook gets no access token.`,
          fixedBy: ['create policy', 'change policy'],
        },
      ]
    }
    return [
      {
        cause: `No active rule of the access policy "${policy.name}" grants the scope ${scope} by client credentials: the hook gets no access token.`,
        fixedBy: ['create rule', 'change rule', 'create policy'],
      },
    ]
  },
})
