import type { StoredPolicy } from '../../core/policy/policy.ts'
import type { PolicyStore } from '../../core/policy/policy-store.ts'
import { seedTemplates } from '../seed-templates.ts'
import { shippedTemplates } from '../shipped-templates.ts'
import { logWithMetrics } from './lambda-process.ts'

/**
 * The policy of a table without templates: it gets the shipped ones. If they cannot be written, they are used from the
 * code. In a separate file, because loading it reads all shipped templates, which only a new deployment needs.
 */
export async function seededPolicy(
  store: Pick<PolicyStore, 'readPolicy' | 'saveTemplates'>,
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
