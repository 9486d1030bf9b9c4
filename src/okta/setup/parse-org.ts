import * as z from 'zod'
import { isMarked, MEMO_HEADER, names, readMemo } from './marks.ts'
import type {
  AccessPolicy,
  AccessRule,
  AuthorizationServer,
  HookKey,
  Json,
  Named,
  ServiceApp,
  TelephonyHook,
} from './org.ts'

/** Okta's JSON is read tolerantly: missing values are empty, and objects of another kind are left out. */
export function parseHookKey(value: unknown): HookKey | undefined {
  const { data } = HOOK_KEY.safeParse(value)
  return (
    data && {
      id: data.id,
      name: data.name,
      kid: data.keyId,
      isOurs: data.name === names.hookKey,
      embedded: data._embedded,
    }
  )
}

export function parseServiceApp(value: unknown): ServiceApp | undefined {
  const { data } = APP.safeParse(value)
  if (data?.settings.oauthClient.application_type !== 'service') return undefined
  const { oauthClient, notes } = data.settings
  return {
    id: data.id,
    name: data.label,
    clientId: data.credentials.oauthClient.client_id ?? data.id,
    isOurs: data.label === names.app && isMarked(notes?.admin),
    isActive: data.status === 'ACTIVE',
    authMethod: data.credentials.oauthClient.token_endpoint_auth_method ?? '',
    needsDpop: oauthClient.dpop_bound_access_tokens ?? false,
    grantTypes: oauthClient.grant_types ?? [],
    kids: (oauthClient.jwks?.keys ?? []).flatMap(({ kid, status }) =>
      kid === undefined || status === 'INACTIVE' ? [] : [kid],
    ),
    json: value as Json,
  }
}

export function parseServer(value: unknown): AuthorizationServer | undefined {
  const { data } = SERVER.safeParse(value)
  return (
    data && {
      id: data.id,
      name: data.name,
      issuer: data.issuer,
      audience: data.audiences[0] ?? '',
      isActive: data.status === 'ACTIVE',
    }
  )
}

export function parseScope(value: unknown): Named | undefined {
  const { data } = NAMED.safeParse(value)
  return data && { id: data.id, name: data.name, isOurs: isMarked(data.description) }
}

export function parsePolicy(value: unknown, rules: readonly AccessRule[]): AccessPolicy | undefined {
  const { data } = NAMED.safeParse(value)
  return (
    data && {
      id: data.id,
      name: data.name,
      isOurs: isMarked(data.description),
      isActive: data.status === 'ACTIVE',
      clients: data.conditions?.clients?.include ?? [],
      rules,
      json: value as Json,
    }
  )
}

export function parseRule(value: unknown): AccessRule | undefined {
  const { data } = NAMED.safeParse(value)
  return (
    data && {
      id: data.id,
      name: data.name,
      isOurs: data.name === names.rule || data.name === names.signOnRule,
      isActive: data.status === 'ACTIVE',
      grantTypes: data.conditions?.grantTypes?.include ?? [],
      scopes: data.conditions?.scopes?.include ?? [],
      json: value as Json,
    }
  )
}

export function parseHook(value: unknown): (TelephonyHook & { readonly type: string }) | undefined {
  const { data } = HOOK.safeParse(value)
  if (data === undefined) return undefined
  const { config = {}, type = '' } = data.channel
  const memo = config.headers?.find(({ key }) => key.toLowerCase() === MEMO_HEADER.toLowerCase())
  return {
    type: data.type,
    id: data.id,
    name: data.name,
    isActive: data.status === 'ACTIVE',
    uri: config.uri ?? '',
    authenticatesBy: [type, config.authType ?? ''].join(' ').trim(),
    clientId: config.clientId ?? undefined,
    hookKeyId: config.hookKeyId ?? undefined,
    tokenUrl: config.tokenUrl ?? undefined,
    scope: config.scope ?? undefined,
    secretHeader: config.authScheme?.key ?? undefined,
    memo: readMemo(memo?.value),
    json: value as Json,
  }
}

const HOOK_KEY = z.object({
  id: z.string(),
  keyId: z.string(),
  name: z.string(),
  _embedded: z.unknown().optional(),
})

const APP = z.object({
  id: z.string(),
  label: z.string(),
  status: z.string(),
  credentials: z.object({
    oauthClient: z.object({
      client_id: z.string().nullish(),
      token_endpoint_auth_method: z.string().nullish(),
    }),
  }),
  settings: z.object({
    notes: z.object({ admin: z.string().nullish() }).nullish(),
    oauthClient: z.object({
      application_type: z.string().nullish(),
      grant_types: z.array(z.string()).nullish(),
      dpop_bound_access_tokens: z.boolean().nullish(),
      jwks: z
        .object({
          keys: z.array(z.object({ kid: z.string().optional(), status: z.string().nullish() })),
        })
        .nullish(),
    }),
  }),
})

const SERVER = z.object({
  id: z.string(),
  name: z.string(),
  issuer: z.string(),
  audiences: z.array(z.string()),
  status: z.string(),
})

const INCLUDED = z.object({ include: z.array(z.string()).nullish() }).nullish()

const NAMED = z.object({
  id: z.string(),
  name: z.string(),
  status: z.string().nullish(),
  description: z.string().nullish(),
  conditions: z.object({ clients: INCLUDED, grantTypes: INCLUDED, scopes: INCLUDED }).nullish(),
})

const HOOK = z.object({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  type: z.string(),
  channel: z.object({
    type: z.string().optional(),
    config: z
      .object({
        uri: z.string().nullish(),
        authType: z.string().nullish(),
        clientId: z.string().nullish(),
        hookKeyId: z.string().nullish(),
        tokenUrl: z.string().nullish(),
        scope: z.string().nullish(),
        authScheme: z.object({ key: z.string().nullish() }).nullish(),
        headers: z
          .array(z.object({ key: z.string(), value: z.string() }))
          .nullish()
          .transform(headers => headers ?? []),
      })
      .partial({ headers: true })
      .optional(),
  }),
})
