import { findRoute, type Policy } from '../../core/policy/policy.ts'
import type { CountryCode } from '../../core/values/phone-number.ts'
import type { Channel } from '../../core/values/request.ts'

/**
 * The country whose numbers usually serve this one too: it shares the calling code and the operators, but has another ISO
 * code. AWS decides by pool and number, so this is a hint for operators and never a route.
 */
export function servedLike(country: CountryCode | '*'): CountryCode | undefined {
  return country === '*' ? undefined : LIKE.get(country)
}

/** Countries without a route whose neighbour has one that might serve them too. */
export function forgottenNeighbours(policy: Policy, channel: Channel): readonly CountryCode[] {
  return [...LIKE].flatMap(([country, like]) =>
    findRoute(policy, country, channel) === undefined && findRoute(policy, like, channel) !== undefined
      ? [country]
      : [],
  )
}

/** In English, for operators: "Puerto Rico". */
export function countryName(country: CountryCode): string {
  return NAMES.of(country) ?? country
}

/** ISO 3166-1: territories of the United States (+1) and the Crown dependencies (+44). */
const LIKE: ReadonlyMap<CountryCode, CountryCode> = new Map<CountryCode, CountryCode>([
  ...(['AS', 'GU', 'MP', 'PR', 'VI'] as const).map(country => [country, 'US'] as const),
  ...(['GG', 'IM', 'JE'] as const).map(country => [country, 'GB'] as const),
])
const NAMES = new Intl.DisplayNames('en', { type: 'region' })
