import { PROVIDER } from './provider.ts'
import { at } from './wire-values.ts'

/**
 * Whether Okta sent a code with its own provider, by `debugData` of the event of the code; undefined if it did not. `provider`:
 * only in events without Okta's flag, where another provider than the hook's is named.
 */
export function readFailOver(debugData: unknown): { readonly provider?: string } | undefined {
  const flags = FLAGS.map(name => at(debugData, name)).filter(flag => flag !== undefined && flag !== null)
  if (flags.length > 0) return flags.map(String).includes('true') ? {} : undefined
  const names = PROVIDER_FIELDS.map(name => at(debugData, name)).filter(name => typeof name === 'string')
  const provider = names.find(name => name !== '')
  return provider === undefined || names.includes(PROVIDER) ? undefined : { provider }
}

const FLAGS = ['is_sms_hook_failover', 'is_call_hook_failover']
/** The last two are in Okta's example events, the first in the hook's response. */
const PROVIDER_FIELDS = ['provider', 'smsProvider', 'callProvider']
