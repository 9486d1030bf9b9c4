import { getCountryCallingCode, getExampleNumber } from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import type { Attempt } from '../../core/deliver/ports.ts'
import { type Plan, type PlanRules, plan, type RefusedPlan } from '../../core/plan/plan.ts'
import { findRoute, type Policy } from '../../core/policy/policy.ts'
import type { Route } from '../../core/policy/route.ts'
import { allCountries, type CountryCode } from '../../core/values/phone-number.ts'
import type { OtpRequest } from '../../core/values/request.ts'
import { Secret } from '../../core/values/secret.ts'
import { isSimulatorCountry, simulatorNumbers } from '../../core/values/simulator-numbers.ts'
import { explainDecision } from '../explain-plan.ts'
import { servedLike } from './countries.ts'
import { notTried } from './coverage-texts.ts'

/** What to ask AWS about one country: its candidates in the order of the route, or why it cannot be tried. */
export type CountryToTry = {
  readonly country: CountryCode
  /** `neighbour`: the country has no route, so the route of the country `of` is tried for it. */
  readonly route: 'own' | 'default' | 'neighbour' | 'none'
  readonly of: Route['country'] | undefined
  /** A number of AWS's simulator, or the country's example number, which gets only dry runs. */
  readonly destination: 'simulator' | 'example'
  readonly attempts: readonly Attempt[]
  /** Why there are no attempts. */
  readonly why: string | undefined
}

export type DryRunAnswer =
  | { readonly kind: 'no objection' }
  /** AWS's error and reason, and what they mean for such a message. */
  | { readonly kind: 'refused'; readonly detail: string; readonly why: string }

/**
 * The countries to try by text: those in `requested`. If it is empty: those with a route, their neighbours (Canada and
 * territories), and the countries of the default route with calling code 1 or 44, because many countries share these codes
 * and AWS judges each separately.
 */
export function countriesToTry(
  policy: Policy,
  rules: PlanRules,
  requested: readonly CountryCode[],
  now: number,
): readonly CountryToTry[] {
  const countries = requested.length > 0 ? [...new Set(requested)] : routedCountries(policy)
  return countries.toSorted().map(country => countryToTry(policy, rules, country, now))
}

function routedCountries(policy: Policy): readonly CountryCode[] {
  return allCountries().filter(country => {
    const route = findRoute(policy, country, 'sms')
    if (route?.country === country) return true
    if (route !== undefined) return ['1', '44'].includes(getCountryCallingCode(country))
    return neighbourRoute(policy, country) !== undefined
  })
}

function countryToTry(policy: Policy, rules: PlanRules, country: CountryCode, now: number): CountryToTry {
  const served = findRoute(policy, country, 'sms')
  const route = served ?? neighbourRoute(policy, country)
  const kind =
    served === undefined
      ? route === undefined
        ? ('none' as const)
        : ('neighbour' as const)
      : served.country === '*'
        ? ('default' as const)
        : ('own' as const)
  const simulator = simulatorNumber(country)
  const number = exampleNumber(country)
  const head = {
    country,
    route: kind,
    of: route?.country,
    destination: simulator === undefined ? ('example' as const) : ('simulator' as const),
  }
  if (route === undefined) return { ...head, attempts: [], why: notTried.noRoute }
  if (number === undefined) return { ...head, attempts: [], why: notTried.noNumber }
  const routes = new Map([...policy.routes, [`${country}/sms`, { ...route, country }] as const])
  const planned = plan(requestTo(number, rules, now), { ...policy, routes }, rules, now)
  if (planned.destination !== undefined && planned.destination.country !== country)
    return {
      ...head,
      attempts: [],
      why: notTried.otherCountry(planned.destination.country),
    }
  return planned.kind === 'refusal'
    ? { ...head, attempts: [], why: notTried.refused(reasonOf(planned)) }
    : { ...head, attempts: attemptsOf(planned), why: undefined }
}

/** A number of AWS's simulator, else the country's example number, which belongs to nobody. */
export function exampleNumber(country: CountryCode): string | undefined {
  return simulatorNumber(country) ?? OWN_EXAMPLES.get(country) ?? getExampleNumber(country, examples)?.number
}

/** Countries with a number of AWS's simulator, which accepts texts and delivers none. */
export function simulatorNumber(country: CountryCode): string | undefined {
  return isSimulatorCountry(country) ? simulatorNumbers[country] : undefined
}

/** The route of a neighbour. Canada is one of the United States: the same pool may serve it. */
function neighbourRoute(policy: Policy, country: CountryCode): Route | undefined {
  const like = country === 'CA' ? 'US' : servedLike(country)
  return like && findRoute(policy, like, 'sms')
}

/** Why a plan refuses. */
export function reasonOf({ decisions, code }: RefusedPlan): string {
  const last = decisions.at(-1)
  return last === undefined ? code : explainDecision(last).sentence
}

/** One attempt for each candidate, in the order of the route. */
export function attemptsOf({
  code,
  destination,
  message,
  candidates,
  timeToLiveSeconds,
}: Plan): readonly Attempt[] {
  return candidates.map(candidate => ({
    deliveryId: 'dry-run',
    code,
    destination,
    message,
    candidate,
    timeToLiveSeconds,
    hasFeedback: false,
  }))
}

function requestTo(number: string, { defaultLocale: locale }: PlanRules, now: number): OtpRequest {
  return {
    eventId: undefined,
    oktaRequestId: undefined,
    preview: false,
    network: undefined,
    purpose: 'mfa-verification',
    channel: 'sms',
    phoneNumber: new Secret(number),
    code: new Secret('123456'),
    locale,
    expiresAt: now + 300_000,
    msgTemplate: undefined,
    user: { id: undefined, login: undefined, firstName: undefined },
  }
}

/** For countries whose example number in the library is read as a number of another country. */
const OWN_EXAMPLES: ReadonlyMap<CountryCode, string> = new Map<CountryCode, string>([['IM', '+447624123456']])
