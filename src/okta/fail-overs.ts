import * as z from 'zod'
import { PROVIDER } from './hook-response.ts'
import type { OktaApi } from './setup/okta-api.ts'

/** A code that Okta sent with its own provider, because the hook did not send it. */
export type FailOver = {
  readonly at: number
  readonly channel: 'sms' | 'voice'
  /** The reason from Okta or the hook; undefined if the System Log has none. */
  readonly reason: string | undefined
}

/** The fail-overs in Okta's System Log in a span of time, oldest first. */
export async function readFailOvers(
  api: OktaApi,
  { since, until }: { readonly since: number; readonly until: number },
): Promise<readonly FailOver[]> {
  const query = new URLSearchParams({
    since: new Date(since).toISOString(),
    until: new Date(until).toISOString(), // without it the log has no last page
    filter: TYPES.map(type => `eventType sw "${type}"`).join(' or '),
    limit: '1000',
  })
  return failOversOf(await api.list(`/api/v1/logs?${query}`))
}

/**
 * The reason is in the events of the call of the hook, which have the same transaction as the event of the code.
 * @internal
 */
export function failOversOf(log: readonly unknown[]): readonly FailOver[] {
  const events = log.flatMap(value => EVENT.safeParse(value).data ?? [])
  const reasons = new Map<string, string>()
  for (const { eventType, transaction, outcome, debugContext } of events) {
    const id = transaction?.id
    if (!eventType.startsWith(HOOK_EVENTS) || id === undefined || id === null) continue
    const { code, meaning } = debugContext?.debugData ?? {}
    const ours = [code, meaning].filter(part => typeof part === 'string').join(': ')
    const reason = ours === '' ? outcome?.reason : ours
    if (reason && (ours !== '' || !reasons.has(id))) reasons.set(id, reason)
  }
  return events.flatMap(({ eventType, published, transaction, outcome, debugContext }) => {
    if (eventType.startsWith(HOOK_EVENTS)) return []
    const debugData = debugContext?.debugData ?? {}
    const { is_sms_hook_failover: sms, is_call_hook_failover: call } = debugData
    const flags = [sms, call].filter(flag => flag !== undefined && flag !== null).map(String)
    const other = flags.length === 0 ? otherProvider(debugData) : undefined
    if (other === undefined && !flags.includes('true')) return []
    const channel = eventType.startsWith('system.voice') ? 'voice' : 'sms'
    const known = reasons.get(transaction?.id ?? '') ?? outcome?.reason ?? undefined
    const reason = known ?? (other === undefined ? undefined : `The System Log names the provider ${other}.`)
    return [{ at: Date.parse(published), channel, reason }] as const
  })
}

/** For events without Okta's flag: the provider that sent, if it is named and is not the hook. */
function otherProvider(debugData: Readonly<Record<string, unknown>>): string | undefined {
  const names = PROVIDER_FIELDS.map(field => debugData[field]).filter(name => typeof name === 'string')
  const [name] = names.filter(one => one !== '')
  return names.includes(PROVIDER) ? undefined : name
}

/** The last two are in Okta's example events, the first in the hook's response. */
const PROVIDER_FIELDS = ['provider', 'smsProvider', 'callProvider']
const HOOK_EVENTS = 'inline_hook.'
const TYPES = ['system.sms.send_', 'system.voice.send_', HOOK_EVENTS]

const EVENT = z.object({
  eventType: z.string(),
  published: z.string(),
  transaction: z.object({ id: z.string().nullish() }).nullish(),
  outcome: z.object({ reason: z.string().nullish() }).nullish(),
  debugContext: z.object({ debugData: z.record(z.string(), z.unknown()).nullish() }).nullish(),
})
