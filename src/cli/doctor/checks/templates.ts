import { coverage } from '../../../advice/coverage/coverage.ts'
import { preparePolicy } from '../../../core/policy/policy.ts'
import { defineCheck } from '../check.ts'

export const wordingsCheck = defineCheck({
  name: 'wordings',
  sentence: 'No user is refused for want of words.',
  severity: 'error',
  remedy: 'Add a wording with: hookline templates set; hookline coverage shows each hole.',
  needs: ['policy'],
  judge: ({ policy: { policy, rules, now } }) => {
    const { wordings } = coverage(preparePolicy(policy), rules, [], now)
    const holes = wordings.filter(({ hole }) => hole?.refuses !== undefined)
    const same = Map.groupBy(holes, ({ channel, hole }) => JSON.stringify([channel, hole?.sentence]))
    return [...same.values()].map(([first, ...others]) => {
      const locales = [...new Set([first, ...others].map(one => one?.locale))]
      return {
        severity: first?.words === 'none' ? ('error' as const) : ('warning' as const),
        cause: `${few(locales)} over ${first?.channel}: ${first?.hole?.sentence}`,
        ...(policy.templates.length === 0 && { healedBy: ['wordings'] as const }),
      }
    })
  },
})

function few(locales: readonly (string | undefined)[]): string {
  const shown = locales.slice(0, SHOWN_MAX).join(', ')
  return locales.length > SHOWN_MAX ? `${shown} and ${locales.length - SHOWN_MAX} more` : shown
}

const SHOWN_MAX = 8
