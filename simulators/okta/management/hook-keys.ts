import { randomUUID } from 'node:crypto'
import { newSigningKey } from '../signing-keys.ts'
import { changed, type HookKey, newborn, now, type OrgState } from './org-state.ts'
import {
  type Answer,
  at,
  blanks,
  found,
  invalid,
  type Json,
  noContent,
  notFound,
  ok,
  oktaError,
  type Route,
  textAt,
} from './route.ts'

const KEYS_MAX = 50

/** `/api/v1/hook-keys`: the keys that hooks sign their client assertions with. */
export function hookKeyRoutes(org: OrgState): readonly Route[] {
  const one = '/api/v1/hook-keys/:hookKeyId'
  return [
    { method: 'GET', path: '/api/v1/hook-keys', handle: () => ok([...org.hookKeys.values()].map(brief)) },
    { method: 'POST', path: '/api/v1/hook-keys', handle: ({ body }) => create(org, body) },
    {
      method: 'GET',
      path: '/api/v1/hook-keys/public/:keyId',
      handle: ({ params }) => publicKey(org, params.keyId ?? ''),
    },
    {
      method: 'GET',
      path: one,
      handle: ({ params, query }) =>
        found(org.hookKeys, params.hookKeyId, 'HookKey', key =>
          ok(query.get('expand') === 'publickey' ? detailed(key) : brief(key)),
        ),
    },
    {
      method: 'PUT',
      path: one,
      handle: ({ params, body }) =>
        found(org.hookKeys, params.hookKeyId, 'HookKey', key => rename(org, key, body)),
    },
    {
      method: 'DELETE',
      path: one,
      handle: ({ params }) => found(org.hookKeys, params.hookKeyId, 'HookKey', key => remove(org, key)),
    },
  ]

  function brief({ id, name, key, created, lastUpdated }: HookKey): Json {
    // Okta writes a string here, not a boolean.
    return { id, keyId: key.kid, name, created, lastUpdated, isUsed: String(isUsed(org, id)) }
  }

  function detailed(key: HookKey): Json {
    const whole = asOktaWrites(key)
    const isBroken = org.behaviours.now.publicKey === 'without-n'
    return { ...brief(key), _embedded: isBroken ? withoutN(whole) : whole }
  }

  async function create(into: OrgState, body: Json): Promise<Answer> {
    const problems = problemsOf(into, body)
    if (problems.length > 0) return invalid(problems)
    if (into.hookKeys.size >= KEYS_MAX) {
      return oktaError(400, 'E0000001', 'Api validation failed: hookKey', [
        `hookKey: An org can have at most ${KEYS_MAX} hook keys`,
      ])
    }
    const key = await newHookKey(into, textAt(body, 'name') ?? '')
    into.hookKeys.set(key.id, key)
    return ok(detailed(key))
  }

  function rename(within: OrgState, key: HookKey, body: Json): Answer {
    const problems = problemsOf(within, body, key.id)
    if (problems.length > 0) return invalid(problems)
    const renamed = changed(within, key, { name: textAt(body, 'name') ?? '' })
    within.hookKeys.set(key.id, renamed)
    return ok(detailed(renamed))
  }
}

/** A new key with a name, not yet in the org. */
export async function newHookKey(org: OrgState, name: string): Promise<HookKey> {
  const key = await newSigningKey()
  return {
    ...newborn(org, 'HKY'),
    name,
    key: { ...key, kid: randomUUID() },
    lastUpdated: now(org).toISOString(),
  }
}

function problemsOf(org: OrgState, body: Json, ownId?: string): readonly string[] {
  const name = textAt(body, 'name')
  if (name === undefined) return blanks(body, ['name'])
  if (name.length > 255) return ['name: The field is too long, 255 characters are allowed']
  const isTaken = [...org.hookKeys.values()].some(key => key.name === name && key.id !== ownId)
  return isTaken ? ['name: A hook key with this name already exists'] : []
}

function publicKey(org: OrgState, keyId: string): Answer {
  const key = [...org.hookKeys.values()].find(one => one.key.kid === keyId)
  if (!key) return notFound(keyId, 'HookKey')
  const whole = asOktaWrites(key)
  switch (org.behaviours.now.publicKey) {
    case 'flat':
      return ok(whole)
    case 'embedded':
      return ok({ _embedded: whole })
    case 'without-n':
      return ok(withoutN(whole))
  }
}

/**
 * The public half. `alg` is not an algorithm and `use` is null: Okta returns it like this, and its own apps refuse it.
 */
function asOktaWrites({ key: { kid, n, e } }: HookKey): Json {
  return { kty: 'RSA', alg: 'RSA', kid, use: null, e, n }
}

function withoutN({ n: _, ...rest }: Json): Json {
  return rest
}

function isUsed(org: OrgState, hookKeyId: string): boolean {
  return [...org.inlineHooks.values()].some(hook => at(hook.channel, 'config.hookKeyId') === hookKeyId)
}

function remove(org: OrgState, { id }: HookKey): Answer {
  if (isUsed(org, id)) {
    return oktaError(403, 'E0000107', 'Entity not in the expected state for the requested transition.', [
      'hookKeyId: The key is in use by an inline hook',
    ])
  }
  org.hookKeys.delete(id)
  return noContent()
}
