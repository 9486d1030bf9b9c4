import * as z from 'zod'
import { readFailOver } from './events.ts'
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
    const found = readFailOver(debugContext?.debugData)
    if (found === undefined) return []
    const { provider: other } = found
    const channel = eventType.startsWith('system.voice') ? 'voice' : 'sms'
    const known = reasons.get(transaction?.id ?? '') ?? outcome?.reason ?? undefined
    const reason = known ?? (other === undefined ? undefined : `The System Log names the provider ${other}.`)
    return [{ at: Date.parse(published), channel, reason }] as const
  })
}

const HOOK_EVENTS = 'inline_hook.'
const TYPES = ['system.sms.send_', 'system.voice.send_', HOOK_EVENTS]

const EVENT = z.object({
  eventType: z.string(),
  published: z.string(),
  transaction: z.object({ id: z.string().nullish() }).nullish(),
  outcome: z.object({ reason: z.string().nullish() }).nullish(),
  debugContext: z.object({ debugData: z.record(z.string(), z.unknown()).nullish() }).nullish(),
})
