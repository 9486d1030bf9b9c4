import { coverage } from '../../../advice/coverage/coverage.ts'
import { countryName, forgottenNeighbours, servedLike } from '../../../advice/coverage/neighbours.ts'
import { coverCountry } from '../../../advice/coverage/route-coverage.ts'
import { type Policy, preparePolicy } from '../../../core/policy/policy.ts'
import { channels } from '../../../core/values/request.ts'
import { defineCheck } from '../check.ts'
import type { ClockReading } from '../facts.ts'

export const settingsCheck = defineCheck({
  name: 'settings',
  sentence: 'Every setting is known, right and complete.',
  severity: 'error',
  remedy: 'Correct it in the environment: docs/settings.md.',
  needs: ['settingProblems'],
  judge: ({ settingProblems }) => settingProblems.map(problem => ({ cause: problem })),
})

export const clockCheck = defineCheck({
  name: 'clock',
  sentence: "This machine's clock agrees with Okta's and AWS's to the minute.",
  severity: 'error',
  remedy: 'Set the clock of this machine by a time server (NTP).',
  needs: ['clocks'],
  judge: ({ clocks }) => {
    const wrong = clocks.filter(({ aheadMs }) => Math.abs(aheadMs) > APART_MAX_MS)
    const [first] = wrong
    if (first === undefined) return []
    const agreeing = clocks.filter(one => !wrong.includes(one)).map(({ who }) => who)
    const sides = wrong.map(describeReading).join(', ')
    const others = agreeing.length === 0 ? '' : `, and agrees with ${agreeing.join(' and ')}`
    return [
      {
        cause: `This machine's clock is ${sides}${others}: access tokens seem too old or from the future, and AWS refuses signatures.`,
        ...(agreeing.length > 0 && {
          remedy: `Compare this machine's clock with a time server (NTP); if it is right, wait for ${first.who}, or look for a proxy in between.`,
        }),
      },
    ]
  },
  detail: ({ clocks }) =>
    `Apart: ${clocks.map(({ who, aheadMs }) => `${who} ${(aheadMs / 1000).toFixed(1)} s`).join(', ')}.`,
})

function describeReading({ who, aheadMs }: ClockReading): string {
  const seconds = Math.round(Math.abs(aheadMs) / 1000)
  const apart = seconds < 120 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`
  return `${apart} ${aheadMs > 0 ? 'behind' : 'ahead of'} that of ${who}`
}

const APART_MAX_MS = 60_000

export const storeCheck = defineCheck({
  name: 'store',
  sentence: 'The store answers, with a policy in it.',
  severity: 'error',
  remedy: 'Add templates with: hookline templates import',
  needs: ['policy'],
  judge: ({ policy: { policy, where } }) =>
    policy.templates.length > 0
      ? []
      : [
          {
            cause: `${where} has no templates (policy version ${policy.version}): every call is refused.`,
            fixedBy: ['templates'],
          },
        ],
  detail: ({ policy: { policy, where } }) =>
    `${where}: policy version ${policy.version}, ${policy.routes.length} routes, ${policy.templates.length} templates.`,
})

export const routesCheck = defineCheck({
  name: 'routes',
  sentence: 'There are routes, and each one has an identity that can send.',
  severity: 'error',
  remedy: 'Change the route with: hookline routes import; hookline coverage shows all of them.',
  needs: ['policy'],
  judge: ({ policy: { policy } }) => {
    if (policy.routes.length === 0) {
      return [
        {
          cause: 'There are no routes: nothing can be sent.',
          remedy: 'Propose some from what the account has: hookline identities discover --apply',
        },
      ]
    }
    const prepared = preparePolicy(policy)
    const countries = new Set(policy.routes.map(({ country }) => country))
    return [...countries].flatMap(country =>
      channels.flatMap(channel => {
        // A country that is only texted, or only called, is a choice.
        if (!policy.routes.some(route => route.country === country && route.channel === channel)) return []
        const { hole } = coverCountry(prepared, country, channel)
        if (hole === undefined) return []
        const cause = `${country === '*' ? 'All other countries' : country} over ${channel}: ${hole.sentence}`
        return hole.refuses === undefined ? [{ cause, severity: 'warning' as const }] : [{ cause }]
      }),
    )
  },
  detail: ({ policy: { policy } }) => `${policy.routes.length} routes.${forgotten(preparePolicy(policy))}`,
})

/** Not to serve a territory is a choice; not to know of it is none. */
function forgotten(policy: Policy): string {
  const countries = [...new Set(channels.flatMap(channel => forgottenNeighbours(policy, channel)))]
  const byParent = Map.groupBy(countries, country => servedLike(country) ?? country)
  const sentences = [...byParent].map(
    ([parent, some]) =>
      ` ${some.map(country => `${country} (${countryName(country)})`).join(', ')}: no route, although numbers of ${parent} usually serve them. Ask AWS with: hookline routes try --countries ${some.join(',')}.`,
  )
  return sentences.join('')
}

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

export const defaultCountryCheck = defineCheck({
  name: 'default country',
  sentence: 'No number was refused because it has no + and may be several.',
  severity: 'warning',
  remedy:
    'Store numbers in E.164 in Okta. If those without + are of one country, HOOKLINE_DEFAULT_COUNTRY (parameter DefaultCountry) settles it.',
  needs: ['policy'],
  judge: ({ policy: { deliveries, rules } }) => {
    const refused = deliveries.filter(({ end }) => 'code' in end && end.code === 'NUMBER_AMBIGUOUS').length
    const country = rules.defaultCountry
    const where = country === undefined ? 'without a default country' : `in the default country ${country}`
    return refused === 0
      ? []
      : [
          {
            cause: `Of the newest ${deliveries.length} deliveries, ${refused} were refused as NUMBER_AMBIGUOUS ${where}.`,
            ...(country !== undefined && { remedy: 'Store these numbers in E.164 in Okta.' }),
          },
        ]
  },
  detail: ({ policy: { rules } }) =>
    rules.defaultCountry === undefined
      ? 'HOOKLINE_DEFAULT_COUNTRY is not set: without + only what can be one number alone is sent, and never eleven digits that begin with 1.'
      : `Numbers without + are read in ${rules.defaultCountry}.`,
})
