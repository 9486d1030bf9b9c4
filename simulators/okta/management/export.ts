import { without } from '../overrides.ts'
import type { OrgState } from './org-state.ts'

/**
 * The whole set-up as canonical JSON: keys in alphabetical order, lists in order of creation, no dates, no secrets, no
 * log. Two exports are equal, byte for byte, if and only if the set-up is the same. An inactive authenticator counts as
 * never added, because Okta cannot delete one.
 */
export function exportOrg(org: OrgState): string {
  const isPhoneOn = [...org.authenticators.values()].some(
    ({ key, status }) => key === 'phone_number' && status === 'ACTIVE',
  )
  const setUp = {
    hookKeys: list(org.hookKeys, ({ id, name, key }) => ({ id, name, kid: key.kid })),
    apps: list(org.apps),
    authorizationServers: list(org.authorizationServers),
    scopes: list(org.scopes),
    policies: list(org.policies),
    rules: list(org.rules),
    inlineHooks: list(org.inlineHooks, ({ channel, ...hook }) => ({
      ...hook,
      channel: without(channel, ['config.authScheme.value']),
    })),
    eventHooks: list(org.eventHooks, ({ channel, ...hook }) => ({
      ...hook,
      channel: without(channel, ['config.authScheme.value']),
    })),
    authenticators: [...org.authenticators.values()].filter(({ status }) => status === 'ACTIVE'),
    accessPolicies: list(org.accessPolicies),
    accessRules: list(org.accessRules),
    enrolmentPolicies: list(org.enrolmentPolicies, ({ enrol, ...policy }) => ({
      ...policy,
      enrol: isPhoneOn ? enrol : withoutPhone(enrol),
    })),
    telephonyProviders: list(org.telephonyProviders),
    apiTokens: list(org.apiTokens, ({ id, name }) => ({ id, name })),
  }
  return `${JSON.stringify(canonical(setUp), undefined, 2)}\n`
}

function list<Thing>(
  things: ReadonlyMap<string, Thing>,
  write?: (thing: Thing) => unknown,
): readonly unknown[] {
  return [...things.values()].map(thing => (write ? write(thing) : thing))
}

/** A policy shows only active authenticators. */
function withoutPhone({ phone_number: _, ...rest }: Readonly<Record<string, unknown>>): object {
  return rest
}

const VOLATILE = new Set(['created', 'lastUpdated'])

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([name]) => !VOLATILE.has(name))
  return Object.fromEntries(
    entries
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, inner]) => [name, canonical(inner)]),
  )
}
