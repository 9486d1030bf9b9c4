import * as z from 'zod'
import type { OktaApi } from './setup/okta-api.ts'

/**
 * Whether Okta sends codes itself when the hook does not. Okta switches that off on request and has no API for it, so
 * its System Log is read: `sends` and `none` are what Okta did the last time; `unknown`: the log shows no such event.
 */
export type OwnTelephony = 'sends' | 'none' | 'unknown'

/** Reads at most the 200 newest events of a span of time (Okta keeps 90 days). */
export async function readOwnTelephony(
  api: OktaApi,
  { since, until }: { readonly since: number; readonly until: number },
): Promise<OwnTelephony> {
  for (const filter of [FAIL_OVERS, SENT]) {
    const query = new URLSearchParams({
      since: new Date(since).toISOString(),
      until: new Date(until).toISOString(),
      filter,
      sortOrder: 'DESCENDING',
      limit: '100',
    })
    const found = ownTelephonyOf(await api.get(`/api/v1/logs?${query}`))
    if (found !== 'unknown') return found
  }
  return 'unknown'
}

/**
 * From events of codes, in any order. One that Okta sent is enough; others may have failed for other reasons. @internal
 */
export function ownTelephonyOf(log: unknown): OwnTelephony {
  const results = (z.array(z.unknown()).safeParse(log).data ?? []).flatMap(value => {
    const event = EVENT.safeParse(value).data
    return event !== undefined && isOktas(event) ? [event.outcome?.result] : []
  })
  if (results.includes('SUCCESS')) return 'sends'
  return results.includes('FAILURE') ? 'none' : 'unknown'
}

/** A fail-over, or a code of an org without a hook: events of a hook name the hook's provider. */
function isOktas({ debugContext }: z.output<typeof EVENT>): boolean {
  const { is_sms_hook_failover: sms, is_call_hook_failover: call, provider } = debugContext?.debugData ?? {}
  return [sms, call].some(flag => String(flag) === 'true') || /^okta\b/i.test(String(provider ?? ''))
}

const FLAG = 'debugContext.debugData.is'
const FAIL_OVERS = `(eventType sw "system.sms.send_" and ${FLAG}_sms_hook_failover eq "true") or (eventType sw "system.voice.send_" and ${FLAG}_call_hook_failover eq "true")`
const SENT = 'eventType sw "system.sms.send_" or eventType sw "system.voice.send_"'

const EVENT = z.object({
  eventType: z.string(),
  outcome: z.object({ result: z.string().nullish() }).nullish(),
  debugContext: z.object({ debugData: z.record(z.string(), z.unknown()).nullish() }).nullish(),
})
