import type { Chosen } from './choose.ts'
import { MEMO_HEADER, PHONE_PARTS, writeMemo } from './marks.ts'
import type { Memo, Org, PhonePart, TelephonyHook } from './org.ts'
import { needsAllowing, signOnPolicyOf } from './phone-steps.ts'
import type { AuthenticationMethod, TargetHook, TargetState } from './target.ts'

/** The token URL of the hook. It is on the org's own domain, even if the issuer is on another one. */
export function tokenUrlOf({ url, server }: Org): string {
  return `${url}/oauth2/${server?.id ?? ''}/v1/token`
}

/** The changes that a hook needs; empty if it is right. */
export function hookFaults(
  org: Org,
  { key, app }: Chosen,
  hook: TelephonyHook,
  method: AuthenticationMethod,
  target: TargetHook,
  memo: Memo,
): readonly string[] {
  const isSame =
    method.kind === 'secret-header'
      ? hook.authenticatesBy === 'HTTP' && hook.secretHeader?.toLowerCase() === method.name.toLowerCase()
      : hook.authenticatesBy === 'OAUTH private_key_jwt'
  const isTokens = method.kind === 'token' && isSame
  return [
    ...(hook.uri === target.url ? [] : [`calls ${target.url} instead of ${hook.uri}`]),
    ...(isSame
      ? []
      : [method.kind === 'token' ? 'authenticates with an access token' : `sends ${method.name}`]),
    ...(isTokens && hook.clientId !== app?.clientId ? ['uses the client of the service app'] : []),
    ...(isTokens && hook.hookKeyId !== key?.id ? ['uses the hook key'] : []),
    ...(isTokens && hook.tokenUrl !== tokenUrlOf(org) ? [`gets tokens from ${tokenUrlOf(org)}`] : []),
    ...(isTokens && hook.scope !== method.scope ? [`requests the scope ${method.scope}`] : []),
    ...(hook.memo !== undefined && writeMemo(hook.memo) !== writeMemo(memo)
      ? ['records what hookline okta teardown must restore']
      : []),
  ]
}

/** What teardown must know about this hook. */
export function memoOf(
  org: Org,
  { hook, other }: Chosen,
  { isFixing }: Pick<TargetState, 'isFixing'>,
  { policyRule }: TargetHook,
): Memo {
  const before = hook?.memo
  const policy = signOnPolicyOf(org, policyRule)
  const isNewRule = policy !== undefined && !policy.rules.some(({ isOurs }) => isOurs)
  const on = new Set<PhonePart>([...(before?.turnedOn ?? []), ...(isFixing ? [] : partsOff(org))])
  return {
    replaces: other?.id ?? before?.replaces,
    turnedOn: PHONE_PARTS.filter(part => on.has(part)),
    ruleIn: isNewRule ? policy.id : before?.ruleIn,
    phoneWas: before?.phoneWas ?? (isFixing ? undefined : allowedForNow(org)),
  }
}

/** What teardown must restore, if the use of the phone authenticator will be changed. */
function allowedForNow({ phone }: Org): string | undefined {
  return phone !== undefined && needsAllowing(phone) ? phone.allowedFor : undefined
}

/** The hook's channel, in Okta's form. */
export function channelOf(
  org: Org,
  { key, app, hook }: Chosen,
  method: AuthenticationMethod,
  uri: string,
  memo: Memo | undefined,
): object {
  const headers = memo === undefined ? headersOf(hook) : [{ key: MEMO_HEADER, value: writeMemo(memo) }]
  if (method.kind === 'secret-header') {
    const authScheme = { type: 'HEADER', key: method.name, value: method.secret?.reveal() }
    return { type: 'HTTP', version: '1.0.0', config: { uri, method: 'POST', headers, authScheme } }
  }
  const config = {
    authType: 'private_key_jwt',
    clientId: app?.clientId,
    hookKeyId: key?.id,
    tokenUrl: tokenUrlOf(org),
    scope: method.scope,
    uri,
    method: 'POST',
    headers,
    authScheme: null, // "Not applicable. Must be null"
  }
  return { type: 'OAUTH', version: '1.0.0', config }
}

/** A hook made by hand keeps its headers. */
function headersOf(hook: TelephonyHook | undefined): unknown {
  const channel = hook?.json.channel as { readonly config?: { readonly headers?: unknown } } | undefined
  return channel?.config?.headers ?? []
}

/** The parts of the phone authenticator that are off. */
export function partsOff({ phone }: Org): readonly PhonePart[] {
  if (phone === undefined) return PHONE_PARTS
  const isOn = { phone: phone.isActive, sms: phone.sms, voice: phone.voice }
  return PHONE_PARTS.filter(part => !isOn[part])
}
