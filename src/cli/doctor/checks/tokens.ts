import { grants, includes } from '../../../okta/setup/choose.ts'
import { defineCheck, type Fault } from '../check.ts'

export const issuerCheck = defineCheck({
  name: 'issuer',
  sentence: 'The issuer answers, says its own name, and has keys.',
  severity: 'error',
  remedy:
    'Take the issuer of the settings from the authorization server in Okta (Security > API), exactly as it is.',
  needs: ['issuer'],
  judge: ({ issuer: { expected, issuer, keys } }) => [
    ...(issuer === expected
      ? []
      : [
          {
            cause: `The issuer's metadata names ${issuer ?? 'no issuer'}, and the settings ${expected}: every access token is refused.`,
          },
        ]),
    ...(keys > 0
      ? []
      : [
          {
            cause: `${expected}/v1/keys has no RSA key for signatures: no access token can be verified.`,
            remedy: 'Look at the signing keys of the authorization server in Okta (Security > API).',
          },
        ]),
  ],
})

export const clientCheck = defineCheck({
  name: 'client',
  sentence: "The hook's service app is active, takes the hook's key, and asks for no DPoP.",
  severity: 'error',
  remedy: 'Run hookline okta setup again, or change it in Okta: Applications.',
  needs: ['tokens'],
  judge: ({ tokens: { org, hook, clientId } }) => {
    const app = org.apps.find(one => one.clientId === clientId)
    if (app === undefined) {
      return [
        {
          cause: `The org has no service app with the client ID ${clientId}: the hook gets no access token.`,
          remedy: 'Run hookline okta setup, and give the deployment the client ID that it prints.',
          fixedBy: ['create app'],
        },
      ]
    }
    const of = `service app "${app.name}" (${clientId})`
    const key = org.hookKeys.find(({ id }) => id === hook?.hookKeyId)
    const faults: (Fault | false)[] = [
      !app.isActive && {
        cause: `The ${of} is not active: the hook gets no access token.`,
        fixedBy: ['change app'],
      },
      app.needsDpop && {
        cause: `The ${of} asks for DPoP, which a hook cannot do: the hook gets no access token.`,
        remedy:
          'Turn off "Require Demonstrating Proof of Possession (DPoP)" in the app in Okta, or run hookline okta setup again.',
        fixedBy: ['change app'],
      },
      app.authMethod !== 'private_key_jwt' && {
        cause: `The ${of} authenticates by ${app.authMethod || 'nothing'}, and the hook by private_key_jwt.`,
        fixedBy: ['change app'],
      },
      !app.grantTypes.includes('client_credentials') && {
        cause: `The ${of} lacks the grant type client_credentials: the hook gets no access token.`,
        fixedBy: ['change app'],
      },
      key !== undefined &&
        !app.kids.includes(key.kid) && {
          cause: `The hook signs with the key "${key.name}" (${key.kid}), which is not among the public keys of the ${of}: the hook gets no access token.`,
          remedy: 'Run hookline okta setup again, or add the public key of the hook key to the app in Okta.',
          fixedBy: ['change app', 'change hook'],
        },
    ]
    return faults.filter(fault => fault !== false)
  },
})

export const scopeCheck = defineCheck({
  name: 'scope',
  sentence: 'The authorization server knows the scope.',
  severity: 'error',
  remedy: 'Run hookline okta setup again, or add it in Okta: Security > API > Scopes.',
  needs: ['tokens'],
  judge: ({ tokens: { org, scope } }) =>
    org.server === undefined || org.scopes.some(({ name }) => name === scope)
      ? []
      : [
          {
            cause: `The authorization server "${org.server.name}" has no scope ${scope}: the hook gets no access token.`,
            fixedBy: ['create scope'],
          },
        ],
})

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

export const audienceCheck = defineCheck({
  name: 'audience',
  sentence: 'The authorization server is active, and issues for the audience and issuer of the settings.',
  severity: 'error',
  remedy: 'Make them equal: the setting, or the authorization server in Okta (Security > API > Settings).',
  needs: ['tokens'],
  judge: ({ tokens: { org, issuer, audience } }) => {
    const { server } = org
    if (server === undefined) {
      return [
        {
          cause: `The org has no authorization server for the issuer ${issuer}: the hook gets no access token.`,
          remedy: 'Take the issuer of the settings from Okta (Security > API), of this very org.',
        },
      ]
    }
    const faults: (Fault | false)[] = [
      !server.isActive && {
        cause: `The authorization server "${server.name}" is not active: the hook gets no access token.`,
        remedy: 'Turn it on in Okta: Security > API.',
      },
      server.issuer !== issuer && {
        cause: `The authorization server "${server.name}" issues as ${server.issuer}, and the settings say ${issuer}: every access token is refused.`,
      },
      server.audience !== audience && {
        cause: `The authorization server "${server.name}" issues for the audience ${server.audience}, and the settings say ${audience}: every access token is refused.`,
      },
    ]
    return faults.filter(fault => fault !== false)
  },
})

export const tokenCheck = defineCheck({
  name: 'token',
  sentence: "Okta's access token, as the deployment verified it in the preview, is what the settings say.",
  severity: 'error',
  remedy:
    'The settings here are not those of the deployment that Okta calls. Give doctor its own: --stack, or the environment of `serve`.',
  needs: ['claims', 'tokens'],
  judge: ({ claims, tokens }) => {
    const expected = [
      ['issuer', claims.issuer, tokens.issuer],
      ['audience', claims.audience, tokens.audience],
      ['client ID', claims.clientId, tokens.clientId],
    ] as const
    const others = expected
      .filter(([, is, wanted]) => is !== wanted)
      .map(([what, is, wanted]) => ({
        cause: `The deployment has let Okta in by an access token with the ${what} ${is}, and the settings here say ${wanted}.`,
      }))
    if (claims.scopes.includes(tokens.scope)) return others
    return [
      ...others,
      {
        cause: `The deployment has let Okta in by an access token with the scope ${claims.scopes.join(' ')}, and the settings here say ${tokens.scope}.`,
      },
    ]
  },
  detail: ({ claims }) =>
    `Issuer ${claims.issuer}, audience ${claims.audience}, client ${claims.clientId}, scope ${claims.scopes.join(' ')}.`,
})
