import { type Plan, type PlanRules, plan, type RefusedPlan } from '../core/plan/plan.ts'
import type { Policy } from '../core/policy/policy.ts'
import type { Channel, OtpRequest } from '../core/values/request.ts'
import { countryName } from './coverage/countries.ts'
import { gapOfCountry } from './coverage/country-rules.ts'
import type { Gap } from './coverage/coverage-texts.ts'
import { coverCountry } from './coverage/route-coverage.ts'
import { signatureOf } from './lint/lint-signature.ts'

export type Explained = {
  readonly planned: Plan | RefusedPlan
  /** What the plan cannot know: what AWS or the country's operators do. */
  readonly notes: readonly string[]
}

/** What would become of a request, with each decision on the way. */
export function explainRequest(
  request: OtpRequest,
  policy: Policy,
  rules: PlanRules,
  now: number,
): Explained {
  const planned = plan(request, policy, rules, now)
  return { planned, notes: notesOn(planned, policy, request.channel) }
}

function notesOn(planned: Plan | RefusedPlan, policy: Policy, channel: Channel): readonly string[] {
  const country = planned.destination?.country
  if (country === undefined) return []
  const gap = planned.kind === 'plan' ? gapOfPlan(planned) : coverCountry(policy, country, channel).gap
  return gap === undefined ? [] : [`${countryName(country)} (${country}) over ${channel}: ${gap.sentence}`]
}

/** Judges this message; `coverage` judges the templates. */
function gapOfPlan({ destination: { country }, message, candidates }: Plan): Gap | undefined {
  if (message.channel !== 'sms') return undefined
  return gapOfCountry(country, candidates, {
    hasIndiaTemplate: candidates.every(({ indiaTemplateId }) => indiaTemplateId !== undefined),
    unsigned: signatureOf(message.body.reveal()) === 'valid' ? [] : ['this one'],
  })
}
