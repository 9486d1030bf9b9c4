import { findRoute, type Policy } from '../../core/policy/policy.ts'
import { canSend, identityKind, type Route } from '../../core/policy/route.ts'
import { allCountries, type CountryCode } from '../../core/values/phone-number.ts'
import type { Channel } from '../../core/values/request.ts'
import { type Hole, hasChinaSignature, holeOfCountry } from './country-rules.ts'
import { servedLike } from './neighbours.ts'

export type RouteCoverage = {
  /** `*`: every country without a route of its own. */
  readonly country: CountryCode | '*'
  readonly channel: Channel
  readonly route: 'own' | 'default' | 'none'
  /** In the order to try them. */
  readonly able: readonly string[]
  /** In the route, and of no use for the channel. */
  readonly unable: readonly string[]
  readonly hole: Hole | undefined
}

/** What the users of a country get over a channel. */
export function coverCountry(policy: Policy, country: CountryCode | '*', channel: Channel): RouteCoverage {
  const route = routeOf(policy, country, channel)
  const identities = route?.candidates.map(({ identity }) => identity) ?? []
  const isAble = (identity: string): boolean => {
    const kind = identityKind(identity)
    return kind !== undefined && canSend(kind, channel)
  }
  const able = identities.filter(isAble)
  return {
    country,
    channel,
    route: route === undefined ? 'none' : route.country === '*' ? 'default' : 'own',
    able,
    unable: identities.filter(identity => !isAble(identity)),
    hole:
      able.length === 0
        ? noRoute(policy, country, channel, route)
        : holeOfTexts(policy, country, channel, route),
  }
}

/** Any country without a route of its own stands for all of them. */
function routeOf(policy: Policy, country: CountryCode | '*', channel: Channel): Route | undefined {
  const one =
    country === '*'
      ? allCountries().find(other => findRoute(policy, other, channel)?.country !== other)
      : country
  return one && findRoute(policy, one, channel)
}

function noRoute(
  policy: Policy,
  country: CountryCode | '*',
  channel: Channel,
  route: Route | undefined,
): Hole {
  const like = servedLike(country)
  const hint =
    route === undefined && like !== undefined && findRoute(policy, like, channel) !== undefined
      ? `, although numbers of ${like} usually serve it: try the route of ${like} there (hookline routes try), and import it for this country too`
      : ''
  const why =
    route === undefined ? 'no route' : 'the route has only sender IDs or short codes, which cannot call'
  return {
    sentence: `${why}${hint}. Refused (NO_ROUTE); Okta can send by its own provider.`,
    refuses: 'NO_ROUTE',
  }
}

function holeOfTexts(
  policy: Policy,
  country: CountryCode | '*',
  channel: Channel,
  route: Route | undefined,
): Hole | undefined {
  if (channel !== 'sms' || country === '*' || route === undefined) return undefined
  const texts = [...policy.templates.values()].filter(template => template.channel === 'sms')
  return holeOfCountry(country, route.candidates, {
    hasIndiaTemplate: texts.some(({ indiaTemplateId }) => indiaTemplateId !== undefined),
    hasChinaSignature: texts.some(({ text }) => hasChinaSignature(text)),
  })
}
