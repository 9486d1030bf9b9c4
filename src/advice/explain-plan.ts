import { explainOktasTextFlaw } from '../core/message/oktas-text.ts'
import type { Decision, Step } from '../core/plan/plan.ts'
import { nameOfTemplate } from '../core/policy/policy-store.ts'
import { describeNumber } from '../core/values/phone-number.ts'
import { reasons } from '../core/values/reasons.ts'

/** One decision of the plan, in a sentence without the number or the code. */
export type Explanation = { readonly step: Step; readonly sentence: string }

export function explainDecision(decision: Decision): Explanation {
  return {
    step: decision.kind === 'refusal' ? decision.step : decision.kind,
    sentence: sentenceOf(decision),
  }
}

function sentenceOf(decision: Decision): string {
  switch (decision.kind) {
    case 'request':
      return `${decision.channel}, ${decision.purpose}${decision.preview ? ', a preview' : ''}.`
    case 'phone-number':
      return describeNumber(decision.destination)
    case 'route':
      return explainRoute(decision)
    case 'template':
      return `Okta's locale is ${decision.locale}${explainReading(decision)}: ${explainTemplate(decision)}`
    case 'message':
      return explainMessage(decision)
    case 'candidates':
      return explainCandidates(decision)
    case 'limits': {
      const what = decision.channel === 'sms' ? 'for the text' : 'per minute'
      return `Valid for ${decision.timeToLiveSeconds} s. The price is at most $${decision.maxPrice} ${what}.`
    }
    case 'refusal':
      return `${decision.detail} ${reasons[decision.code].meaning} (${decision.code})`
  }
}

type Of<Kind extends Decision['kind']> = Extract<Decision, { readonly kind: Kind }>

function explainRoute({ route, able, country }: Of<'route'>): string {
  const which =
    route.country === '*'
      ? `The default route (${country} has no route of its own)`
      : `The route of ${country}`
  const skipped = route.candidates.length - able.length
  const note = skipped === 0 ? '' : ` (${skipped} skipped: sender IDs and short codes cannot call)`
  return `${which}: ${able.map(({ identity }) => identity).join(', then ')}${note}.`
}

function explainReading({ readAs }: Of<'template'>): string {
  return readAs === undefined ? '' : `, read as ${readAs} because of the country of the number`
}

function explainTemplate({ channel, hasOwn, templateUsed }: Of<'template'>): string {
  if (templateUsed.source === 'okta')
    return hasOwn ? "the settings prefer Okta's own text." : "no template for it, so Okta's own text is sent."
  const { version, oktasTextFlaw } = templateUsed
  const fallback = hasOwn ? '' : ', a fallback'
  const flaw = oktasTextFlaw === undefined ? '' : ` ${explainOktasTextFlaw(oktasTextFlaw)}`
  return `template ${nameOfTemplate({ channel, ...templateUsed })} version ${version}${fallback}.${flaw}`
}

function explainMessage({ message }: Of<'message'>): string {
  const form = message.form === 'short' ? 'The short form. ' : ''
  return message.channel === 'sms'
    ? `${form}${message.parts} ${message.parts === 1 ? 'part' : 'parts'}, ${message.encoding}.`
    : `${form}Spoken by ${message.voiceId}, ${message.body.reveal().length} characters of SSML.`
}

function explainCandidates({ candidates }: Of<'candidates'>): string {
  const [first, ...others] = candidates.map(({ identity, region }) =>
    region === undefined ? identity : `${identity} in ${region}`,
  )
  const rest =
    others.length === 0 ? '' : `; then, only on proof that nothing was sent, ${others.join(', then ')}`
  return `Tried first: ${first}${rest}. An identity at its pace limit, or with recent failures, is tried last.`
}
