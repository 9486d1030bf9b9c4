import type { PlanRules } from '../../core/plan/plan.ts'
import type { Policy } from '../../core/policy/policy.ts'
import type { CountryCode } from '../../core/values/phone-number.ts'
import { channels, purposes } from '../../core/values/request.ts'
import { forgottenNeighbours } from './countries.ts'
import { coverCountry, type RouteCoverage } from './route-coverage.ts'
import { coverLocale, type TemplateCoverage } from './template-coverage.ts'

/** What users get by country and by language, from the functions that plan each request. */
export type Coverage = {
  readonly routes: readonly RouteCoverage[]
  readonly templates: readonly TemplateCoverage[]
}

/** Countries with a route, their neighbours without one, those in `requested`, and all others as one; every language of Okta or of a template. */
export function coverage(
  policy: Policy,
  rules: PlanRules,
  requested: readonly CountryCode[],
  now: number,
): Coverage {
  const own = [...policy.routes.values()].flatMap(({ country }) => (country === '*' ? [] : [country]))
  const forgotten = channels.flatMap(channel => forgottenNeighbours(policy, channel))
  const countries = [...new Set([...own, ...forgotten, ...requested])].toSorted()
  const locales = [
    ...new Set([
      ...oktaLocales,
      rules.defaultLocale,
      rules.fallbackVoiceLocale,
      ...[...policy.templates.values()].map(({ locale }) => locale),
    ]),
  ].toSorted()
  return {
    routes: [...countries, '*' as const].flatMap(country =>
      channels.map(channel => coverCountry(policy, country, channel)),
    ),
    templates: locales.flatMap(locale =>
      channels.flatMap(channel =>
        purposes.map(purpose => coverLocale(policy, rules, { locale, channel, purpose }, now)),
      ),
    ),
  }
}

/** The 28 languages in which Okta itself writes to users, as named in `locale`. */
export const oktaLocales: readonly string[] =
  // Okta's default message templates: https://developer.okta.com/docs/reference/api/templates/
  'cs da de el en es fi fr ht hu id it ja ko ms nb nl-NL pl pt-BR ro ru sv th tr uk vi zh-CN zh-TW'.split(' ')
