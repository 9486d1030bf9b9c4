import { isPlainTemplate } from '../message/plain-template.ts'
import { prepareTemplate, type Template, type TemplateText } from '../message/template.ts'
import { lookupChain } from '../values/locale.ts'
import type { CountryCode } from '../values/phone-number.ts'
import type { Channel, Purpose } from '../values/request.ts'
import type { AnswerFlows } from './answer-flow.ts'
import type { FraudPolicy } from './fraud-policy.ts'
import type { Limits } from './limits.ts'
import type { Route } from './route.ts'
import type { RoutingPolicy } from './routing-policy.ts'

/** What operators change while Hookline runs. Stored, and always read whole. */
export type Policy = {
  /** Changes with every edit. */
  readonly version: number
  readonly templates: ReadonlyMap<string, Template>
  readonly routes: ReadonlyMap<string, Route>
  readonly limits: Limits
  readonly fraud: FraudPolicy
  readonly routing: RoutingPolicy
  readonly answerFlows?: AnswerFlows
}

export type StoredPolicy = {
  readonly version: number
  readonly templates: readonly TemplateText[]
  readonly routes: readonly Route[]
  readonly limits: Limits
  readonly fraud: FraudPolicy
  readonly routing: RoutingPolicy
  /** Undefined until `noteAnswers` was called. */
  readonly answerFlows?: AnswerFlows
}

/** Loads ICU's formatter only where a template needs it. */
export async function preparePolicy(stored: StoredPolicy): Promise<Policy> {
  const isPlain = stored.templates.every(
    ({ text, short }) => isPlainTemplate(text) && (short === undefined || isPlainTemplate(short)),
  )
  if (isPlain) return policyOf(stored)
  const { readIcuTemplate } = await import('../message/icu-template.ts')
  return policyOf(stored, readIcuTemplate)
}

/** The same with what reads templates that are not plain, where it is at hand. */
export function policyOf(stored: StoredPolicy, readIcu?: Parameters<typeof prepareTemplate>[1]): Policy {
  return {
    version: stored.version,
    templates: new Map(stored.templates.map(text => [templateKey(text), prepareTemplate(text, readIcu)])),
    routes: new Map(stored.routes.map(route => [routeKey(route), route])),
    limits: stored.limits,
    fraud: stored.fraud,
    routing: stored.routing,
    ...(stored.answerFlows !== undefined && { answerFlows: stored.answerFlows }),
  }
}

/** The best template for a locale: along its lookup chain, with the purpose's own before `any`. */
export function findTemplate(
  policy: Policy,
  wanted: { readonly channel: Channel; readonly purpose: Purpose; readonly locale: string },
): Template | undefined {
  for (const locale of lookupChain(wanted.locale)) {
    for (const purpose of [wanted.purpose, 'any'] as const) {
      const found = policy.templates.get(templateKey({ channel: wanted.channel, locale, purpose }))
      if (found !== undefined) return found
    }
  }
  return undefined
}

/** The country's own route, else the default route `*`. */
export function findRoute(policy: Policy, country: CountryCode, channel: Channel): Route | undefined {
  return (
    policy.routes.get(routeKey({ country, channel })) ??
    policy.routes.get(routeKey({ country: '*', channel }))
  )
}

function templateKey(of: Pick<TemplateText, 'channel' | 'locale' | 'purpose'>): string {
  return `${of.channel}/${of.locale}/${of.purpose}`
}

function routeKey(of: Pick<Route, 'country' | 'channel'>): string {
  return `${of.country}/${of.channel}`
}
