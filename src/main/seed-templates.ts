import type { PolicyStore } from '../core/policy/policy-store.ts'

/**
 * Adds the shipped templates to a store without templates. If two programs find it empty at once, one adds them. Only then
 * are they loaded: a store usually has templates.
 */
export async function seedTemplates(
  store: Pick<PolicyStore, 'readPolicy' | 'saveTemplates'>,
  now: () => number,
): Promise<void> {
  const policy = await store.readPolicy()
  if (policy?.templates.length !== 0) return
  const { shippedTemplates } = await import('./shipped-templates.ts')
  const changes = shippedTemplates.map(template => ({ ...template, replaces: 0 }))
  await store.saveTemplates(changes, {
    author: 'Hookline',
    at: now(),
    because: 'The store had no templates.',
  })
}
