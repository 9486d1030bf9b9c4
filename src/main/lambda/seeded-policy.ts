import type { StoredPolicy } from '../../core/policy/policy.ts'
import type { PolicyStore } from '../../core/policy/policy-store.ts'
import { seedTemplates, shippedTemplates } from '../shipped-templates.ts'
import { logWithMetrics } from './lambda-process.ts'

/**
 * The policy of a table that had no template: it gets the shipped ones. Where they cannot be written, they are used from the
 * code. A file of its own, because a start reads all its templates, and only that of a new deployment needs them.
 */
export async function seededPolicy(
  store: PolicyStore,
  stored: StoredPolicy,
  now: () => number,
): Promise<StoredPolicy> {
  await seedTemplates(store, now).catch(error => {
    logWithMetrics({ step: 'plan', outcome: 'store-unavailable', detail: String(error) })
  })
  const seeded = (await store.readPolicy()) ?? stored
  return seeded.templates.length > 0
    ? seeded
    : { ...seeded, templates: shippedTemplates.map(template => ({ ...template, version: 0 })) }
}
