import type { Settings } from '../../../config/settings.ts'
import { Problem } from '../../terminal/problem.ts'
import type { DoctorAccess } from '../access.ts'
import type { PolicyFact } from '../facts.ts'
import type { PlannedFix } from './planned-fix.ts'

/** The shipped templates, for a store that has none. */
export async function templatesFix(
  doctor: DoctorAccess,
  settings: Settings,
  { where }: PolicyFact,
): Promise<PlannedFix> {
  const { count, putInto } = await doctor.shippedTemplates()
  const sentence = `The ${count} templates that Hookline comes with are put in.`
  return {
    fix: 'templates',
    title: where,
    description: `${sentence} There are none now.`,
    changes: [sentence],
    make: async say => {
      const store = await doctor.openStore(settings)
      if (store === undefined) throw new Problem('settings', `${where} has no store any more.`)
      try {
        await putInto(store)
      } finally {
        await store.close()
      }
      say(`✓ put in      ${count} templates`)
    },
  }
}
