import { findRoute, findTemplate, type Policy } from '../../core/policy/policy.ts'
import { nameOfTemplate } from '../../core/policy/policy-store.ts'
import { canSend, identityKind, type Route } from '../../core/policy/route.ts'
import { allCountries, type CountryCode } from '../../core/values/phone-number.ts'
import { type Channel, purposes } from '../../core/values/request.ts'
import { isSigned } from '../lint/lint-signature.ts'
import { servedLike } from './countries.ts'
import { gapOfCountry } from './country-rules.ts'
import { type Gap, gaps } from './coverage-texts.ts'

export type RouteCoverage = {
  /** `*`: every country without a route of its own. */
  readonly country: CountryCode | '*'
  readonly channel: Channel
  readonly route: 'own' | 'default' | 'none'
  /** Identities of the route that can send over the channel, in the order in which they are tried. */
  readonly able: readonly string[]
  /** Identities of the route that cannot send over the channel. */
  readonly unable: readonly string[]
  readonly gap: Gap | undefined
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
    gap:
      able.length === 0
        ? noRoute(policy, country, channel, route)
        : gapOfTexts(policy, country, channel, route),
  }
}

/** `*`: the route of any country without a route of its own. */
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
): Gap {
  if (route !== undefined) return gaps.cannotCall()
  const like = servedLike(country)
  return gaps.noRoute(like && findRoute(policy, like, channel) && like)
}

function gapOfTexts(
  policy: Policy,
  country: CountryCode | '*',
  channel: Channel,
  route: Route | undefined,
): Gap | undefined {
  if (channel !== 'sms' || country === '*' || route === undefined) return undefined
  const texts = [...policy.templates.values()].filter(template => template.channel === 'sms')
  return gapOfCountry(country, route.candidates, {
    hasIndiaTemplate: texts.some(({ indiaTemplateId }) => indiaTemplateId !== undefined),
    unsigned: unsignedIn(policy),
  })
}

/** What users in mainland China get for each purpose and cannot receive: texts without a signature. */
function unsignedIn(policy: Policy): readonly string[] {
  const names = purposes.flatMap(purpose => {
    const template = findTemplate(policy, { channel: 'sms', locale: 'zh-CN', purpose })
    if (template === undefined) return ["Okta's own text"]
    return isSigned(template) ? [] : [nameOfTemplate(template)]
  })
  return [...new Set(names)]
}
