import { type Chosen, grants, includes } from './choose.ts'
import { names } from './marks.ts'
import type { Named, Org } from './org.ts'
import type { Action, Permission, Step } from './step.ts'

/** What the hook needs to get an access token: key, app, scope, policy and rule. */
export function tokenSteps(org: Org, chosen: Chosen, scope: string): readonly Step[] {
  return [keyStep(chosen), appStep(chosen), scopeStep(org, scope), ...policySteps(org, chosen, scope)]
}

function keyStep({ key }: Chosen): Step {
  const about = { what: 'hook key', needs: 'okta.inlineHooks.manage' } as const
  return key === undefined
    ? {
        ...about,
        mark: 'created',
        name: names.hookKey,
        sentence: 'Okta keeps the private key; it never leaves Okta.',
        action: 'create hook key',
      }
    : { ...about, ...existing(key), sentence: `Key ID ${key.kid}.`, action: undefined }
}

function appStep({ app, key }: Chosen): Step {
  const about = { what: 'service app', needs: 'okta.apps.manage' } as const
  if (app === undefined) {
    return {
      ...about,
      mark: 'created',
      name: names.app,
      sentence:
        'Authenticates with the hook key (private_key_jwt). DPoP is off, because with DPoP its token requests would fail.',
      action: 'create app',
    }
  }
  const changes = [
    ...(app.isActive ? [] : ['is turned on']),
    ...(app.authMethod === 'private_key_jwt'
      ? []
      : [`authenticates with its key instead of ${app.authMethod}`]),
    ...(app.needsDpop ? ['DPoP is turned off, because with it token requests fail'] : []),
    ...(app.grantTypes.includes('client_credentials') ? [] : ['may use client credentials']),
    ...(key !== undefined && app.kids.includes(key.kid) ? [] : ["gets the hook key's public key"]),
  ]
  return changed(
    { ...about, ...existing(app), sentence: `Client ID ${app.clientId}.`, action: undefined },
    changes,
    'change app',
  )
}

function scopeStep({ scopes, server }: Org, name: string): Step {
  const about = { what: 'scope', name, needs: 'okta.authorizationServers.manage' } as const
  const scope = scopes.find(one => one.name === name)
  const on = `On the authorization server ${server?.name ?? ''}.`
  return scope === undefined
    ? { ...about, mark: 'created', sentence: on, action: 'create scope' }
    : { ...about, ...existing(scope), sentence: on, action: undefined }
}

function policySteps(org: Org, { policy, rule, app }: Chosen, scope: string): readonly Step[] {
  const needs: Permission = 'okta.authorizationServers.manage'
  const policyStep: Step =
    policy === undefined
      ? {
          what: 'access policy',
          needs,
          mark: 'created',
          name: names.policy,
          sentence: `For this client only.${org.policies.length === 0 ? ' The server has no policy yet, and without one every token request fails.' : ''}`,
          action: 'create policy',
        }
      : changed(
          {
            what: 'access policy',
            needs,
            ...existing(policy),
            sentence: 'Allows the client to request tokens.',
            action: undefined,
          },
          app !== undefined && includes(policy, app.clientId)
            ? []
            : [policy.isActive ? 'applies to this client' : 'is turned on and applies to this client'],
          'change policy',
        )
  const ruleStep: Step =
    rule === undefined
      ? {
          what: 'rule',
          needs,
          mark: 'created',
          name: names.rule,
          sentence: `Client credentials, scope ${scope}.`,
          action: 'create rule',
          ...(policy !== undefined && ownerOf(policy)),
        }
      : changed(
          { what: 'rule', needs, ...existing(rule), sentence: 'Grants the scope.', action: undefined },
          grants(rule, scope) ? [] : [`grants ${scope} by client credentials`],
          'change rule',
        )
  return [policyStep, ruleStep]
}

function existing(thing: Named): Pick<Step, 'mark' | 'name' | 'isByHand'> {
  return { name: thing.name, mark: thing.isOurs ? 'exists' : 'adopted', ...ownerOf(thing) }
}

function ownerOf({ isOurs }: Named): Pick<Step, 'isByHand'> {
  return isOurs ? {} : { isByHand: true }
}

/** The sentence also says if the object was made by hand. */
function changed(step: Step, changes: readonly string[], action: Action): Step {
  if (changes.length === 0) return step
  const whose = step.mark === 'adopted' ? 'Made by hand, now adopted: ' : ''
  return { ...step, mark: 'changed', sentence: `${whose}${changes.join('; ')}.`, action }
}
