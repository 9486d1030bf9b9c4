import { oktaId } from '../okta-ids.ts'
import { deepMerge } from '../overrides.ts'
import { phoneAuthenticator } from './authenticators.ts'
import { addEnrolmentPolicy, forbidPhone } from './enrolment-policies.ts'
import { newHookKey } from './hook-keys.ts'
import {
  activeTelephonyHook,
  changed,
  DEFAULT_SERVER,
  type InlineHook,
  newborn,
  type OrgState,
  TELEPHONY,
} from './org-state.ts'
import { textAt } from './route.ts'
import { rulesOf } from './rules.ts'

/** A change in the console with which an administrator could break the set-up unknowingly. */
export type Breakage =
  /** The hook signs with a new key that is not registered with its app. */
  | { readonly kind: 'rotate-hook-key' }
  | { readonly kind: 'change-audience'; readonly audience: string }
  /** Sets it on or off for the hook's app. */
  | { readonly kind: 'dpop'; readonly on: boolean }
  | { readonly kind: 'deactivate'; readonly what: (typeof DEACTIVATABLE)[number] }
  /** The access policy that names the hook's client is deleted, with its rules. */
  | { readonly kind: 'delete-policy' }
  /** No rule grants the hook's scope. */
  | { readonly kind: 'ungrant-scope' }
  | { readonly kind: 'edit-hook-url'; readonly url: string }
  /** The use for which the phone authenticator is allowed. */
  | { readonly kind: 'allow-phone-for'; readonly use: (typeof USES)[number] }
  /** No enrolment policy lets people enrol a phone. */
  | { readonly kind: 'forbid-phone-enrolment' }
  /** Another enrolment policy does not let its group enrol a phone. */
  | { readonly kind: 'add-enrolment-policy'; readonly name: string }
  /** Every sign-on rule requires a phishing-resistant factor, or denies. */
  | { readonly kind: 'refuse-phone-at-sign-on' }
  /** Okta's own bring-your-own telephony is configured. */
  | { readonly kind: 'own-telephony'; readonly isPrimary: boolean }
  /** The active hook is deactivated, and another one is activated. */
  | { readonly kind: 'another-hook'; readonly url: string }

const DEACTIVATABLE = [
  'hook',
  'app',
  'policy',
  'rule',
  'authenticator',
  'sms',
  'voice',
  'event-hook',
] as const

const USES = ['any', 'none', 'recovery', 'sso'] as const

/** Makes the change; returns a sentence if there is nothing to change. */
export async function breakSetup(org: OrgState, breakage: Breakage): Promise<string | undefined> {
  switch (breakage.kind) {
    case 'rotate-hook-key': {
      const key = await newHookKey(org, `rotated ${org.hookKeys.size + 1}`)
      return withHook(org, hook => {
        org.hookKeys.set(key.id, key)
        return setConfig(org, hook, { hookKeyId: key.id })
      })
    }
    case 'change-audience':
      return change(org, org.authorizationServers, DEFAULT_SERVER, { audience: breakage.audience })
    case 'dpop':
      return withHook(org, hook => {
        const app = appOf(org, hook)
        const settings = deepMerge(app?.settings ?? {}, {
          oauthClient: { dpop_bound_access_tokens: breakage.on },
        })
        return change(org, org.apps, app?.id, { settings })
      })
    case 'deactivate':
      return deactivate(org, breakage.what)
    case 'delete-policy': {
      const policy = policyOfHook(org)
      if (!policy) return NOTHING
      org.policies.delete(policy.id)
      for (const rule of [...org.rules.values()]) if (rule.policyId === policy.id) org.rules.delete(rule.id)
      return undefined
    }
    case 'ungrant-scope':
      return withHook(org, hook => {
        const scope = textAt(hook.channel, 'config.scope')
        for (const rule of [...org.rules.values()]) {
          const scopes = rule.scopes.filter(one => one !== scope && one !== '*')
          org.rules.set(rule.id, changed(org, rule, { scopes }))
        }
        return undefined
      })
    case 'allow-phone-for': {
      const settings = { allowedFor: breakage.use }
      return change(org, org.authenticators, phoneAuthenticator(org)?.id, { settings })
    }
    case 'forbid-phone-enrolment':
      return void forbidPhone(org)
    case 'add-enrolment-policy':
      return void addEnrolmentPolicy(org, breakage.name)
    case 'refuse-phone-at-sign-on':
      for (const rule of [...org.accessRules.values()]) {
        org.accessRules.set(rule.id, changed(org, rule, { actions: PHISHING_RESISTANT }))
      }
      return undefined
    case 'own-telephony': {
      const id = oktaId('oct')
      const isPrimaryProvider = breakage.isPrimary
      org.telephonyProviders.set(id, { id, enabled: true, isPrimaryProvider, providerName: 'TWILIO' })
      return undefined
    }
    case 'edit-hook-url':
      return withHook(org, hook => setHookUrl(org, hook, breakage.url))
    case 'another-hook':
      return withHook(org, hook => {
        org.inlineHooks.set(hook.id, changed(org, hook, { status: 'INACTIVE' }))
        const other: InlineHook = {
          ...newborn(org, 'cal'),
          name: 'Another provider',
          type: TELEPHONY,
          version: '1.0.0',
          status: 'ACTIVE',
          channel: {
            type: 'HTTP',
            version: '1.0.0',
            config: {
              uri: breakage.url,
              method: 'POST',
              headers: [],
              authScheme: { type: 'HEADER', key: 'Authorization', value: 'another secret' },
            },
          },
        }
        org.inlineHooks.set(other.id, other)
        return undefined
      })
  }
}

const PHISHING_RESISTANT = {
  appSignOn: {
    access: 'ALLOW',
    verificationMethod: {
      type: 'ASSURANCE',
      factorMode: '2FA',
      reauthenticateIn: 'PT2H',
      constraints: [{ possession: { required: true, phishingResistant: 'REQUIRED' } }],
    },
  },
}
const NOTHING = 'The org has nothing that this would change.'

function deactivate(org: OrgState, what: (typeof DEACTIVATABLE)[number]): string | undefined {
  const status = 'INACTIVE'
  const phone = phoneAuthenticator(org)
  switch (what) {
    case 'hook':
      return change(org, org.inlineHooks, activeTelephonyHook(org)?.id, { status })
    case 'event-hook':
      return change(org, org.eventHooks, [...org.eventHooks.keys()][0], { status })
    case 'app':
      return withHook(org, hook => change(org, org.apps, appOf(org, hook)?.id, { status }))
    case 'policy':
      return change(org, org.policies, policyOfHook(org)?.id, { status })
    case 'rule':
      return change(org, org.rules, rulesOf(org, policyOfHook(org)?.id ?? '')[0]?.id, { status })
    case 'authenticator':
      return change(org, org.authenticators, phone?.id, { status })
    case 'sms':
    case 'voice':
      return change(org, org.authenticators, phone?.id, { methods: { ...phone?.methods, [what]: status } })
  }
}

function change<Resource extends Parameters<typeof changed>[1]>(
  org: OrgState,
  resources: Map<string, Resource>,
  id: string | undefined,
  changes: Partial<Resource>,
): string | undefined {
  const resource = resources.get(id ?? '')
  if (!resource) return NOTHING
  resources.set(resource.id, changed(org, resource, changes))
  return undefined
}

function withHook(org: OrgState, use: (hook: InlineHook) => string | undefined): string | undefined {
  const hook = activeTelephonyHook(org)
  return hook ? use(hook) : 'There is no active telephony hook.'
}

/** Edits the address of a hook. */
export function setHookUrl(org: OrgState, hook: InlineHook, url: string): undefined {
  return setConfig(org, hook, { uri: url })
}

function setConfig(org: OrgState, hook: InlineHook, config: Readonly<Record<string, string>>): undefined {
  org.inlineHooks.set(hook.id, changed(org, hook, { channel: deepMerge(hook.channel, { config }) }))
}

function policyOfHook(org: OrgState) {
  const clientId = textAt(activeTelephonyHook(org)?.channel, 'config.clientId') ?? ''
  return [...org.policies.values()].find(policy => policy.clients.includes(clientId))
}

function appOf(org: OrgState, hook: InlineHook) {
  const clientId = textAt(hook.channel, 'config.clientId')
  return [...org.apps.values()].find(app => app.clientId === clientId)
}

/** Reads a breakage from JSON; undefined if it is unknown. */
export function parseBreakage(body: Readonly<Record<string, unknown>>): Breakage | undefined {
  const { kind } = body
  switch (kind) {
    case 'rotate-hook-key':
    case 'delete-policy':
    case 'ungrant-scope':
    case 'forbid-phone-enrolment':
    case 'refuse-phone-at-sign-on':
      return { kind }
    case 'add-enrolment-policy':
      return typeof body.name === 'string' ? { kind, name: body.name } : undefined
    case 'own-telephony':
      return { kind, isPrimary: body.isPrimary === true }
    case 'allow-phone-for': {
      const use = USES.find(one => one === body.use)
      return use && { kind, use }
    }
    case 'change-audience':
      return typeof body.audience === 'string' ? { kind, audience: body.audience } : undefined
    case 'dpop':
      return typeof body.on === 'boolean' ? { kind, on: body.on } : undefined
    case 'edit-hook-url':
    case 'another-hook':
      return typeof body.url === 'string' && URL.canParse(body.url) ? { kind, url: body.url } : undefined
    case 'deactivate': {
      const what = DEACTIVATABLE.find(one => one === body.what)
      return what && { kind, what }
    }
    default:
      return undefined
  }
}
