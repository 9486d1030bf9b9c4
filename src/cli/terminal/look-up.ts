import type { ChangeLog } from '../../core/policy/change-log.ts'
import { messageOf } from '../../core/values/printable.ts'
import type { Context } from './context.ts'

/** What was searched for: the text itself is not logged, only its digests. */
export type SearchedFor = { readonly name: 'user' | 'number' | 'event'; readonly digests: readonly string[] }

/**
 * Logs that a person is looked up, before it happens. Someone who may only read the store can look up as well; a message
 * says then that it is not logged.
 */
export async function logLookUp(
  { logEvent }: Pick<ChangeLog, 'logEvent'>,
  { name, digests }: SearchedFor,
  context: Context,
): Promise<void> {
  const by = { author: context.author() ?? 'unknown', at: context.now() }
  try {
    await logEvent({ what: 'lookups', differences: [{ name, after: digests }] }, by)
  } catch (error) {
    context.progress(`This look-up is not in the log of changes: ${messageOf(error)}`)
  }
}
