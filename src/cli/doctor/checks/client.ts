import { defineCheck, type Fault } from '../check.ts'

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
