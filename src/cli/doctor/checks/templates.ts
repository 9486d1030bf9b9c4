import { coverage } from '../../../advice/coverage/coverage.ts'
import { preparePolicy } from '../../../core/policy/policy.ts'
import { defineCheck } from '../check.ts'

export const templatesCheck = defineCheck({
  name: 'templates',
  sentence: 'No user is refused for want of words.',
  severity: 'error',
  remedy: 'Add a template with: hookline templates set; hookline coverage shows each hole.',
  needs: ['policy'],
  judge: ({ policy: { policy, rules, now } }) => {
    const { templates } = coverage(preparePolicy(policy), rules, [], now)
    const holes = templates.filter(({ hole }) => hole?.refuses !== undefined)
    const same = Map.groupBy(holes, ({ channel, hole }) => JSON.stringify([channel, hole?.sentence]))
    return [...same.values()].map(([first, ...others]) => {
      const locales = [...new Set([first, ...others].map(one => one?.locale))]
      return {
        severity: first?.words === 'none' ? ('error' as const) : ('warning' as const),
        cause: `${few(locales)} over ${first?.channel}: ${first?.hole?.sentence}`,
        ...(policy.templates.length === 0 && { fixedBy: ['templates'] as const }),
      }
    })
  },
})

function few(locales: readonly (string | undefined)[]): string {
  const shown = locales.slice(0, SHOWN_MAX).join(', ')
  return locales.length > SHOWN_MAX ? `${shown} and ${locales.length - SHOWN_MAX} more` : shown
}

const SHOWN_MAX = 8
