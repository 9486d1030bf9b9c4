import { findRoute, type Policy } from '../../core/policy/policy.ts'
import type { CountryCode } from '../../core/values/phone-number.ts'
import type { Channel } from '../../core/values/request.ts'

/**
 * The country whose numbers usually serve this one too: same country code of the telephone network, same operators or
 * treaties, another ISO code. AWS judges it by the pool and the number, so it is a hint for an operator, never a route.
 */
export function servedLike(country: CountryCode | '*'): CountryCode | undefined {
  return country === '*' ? undefined : LIKE.get(country)
}

/** Neighbours of the countries with a route of their own that get nothing, although that route might serve them. */
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
