import { identityKind } from '../../core/policy/route.ts'
import type { CountryCode } from '../../core/values/phone-number.ts'
import type { ReasonCode } from '../../core/values/reasons.ts'
import { hasNoSenderIds } from '../account/judge-sender-id.ts'

/** What a text to a country with rules of its own would carry. */
export type TextFacts = { readonly hasIndiaTemplate: boolean; readonly hasChinaSignature: boolean }

/** Of a route or of a plan. */
type Identity = { readonly identity: string; readonly indiaEntityId?: string | undefined }

/**
 * What AWS or the operators of a country do to texts that come over a route with these candidates, where the plan itself
 * would send them. Undefined: no rule of the country is known to be against them.
 */
export function holeOfCountry(
  country: CountryCode,
  candidates: readonly Identity[],
  facts: TextFacts,
): Hole | undefined {
  const names = candidates.filter(({ identity }) => identityKind(identity) === 'sender ID')
  // AWS Notify sends from AWS's own identities with AWS's own registrations.
  const isNotify = candidates.every(({ identity }) => identityKind(identity) === 'notify configuration')
  if (isNotify) return undefined
  if (names.length > 0 && hasNoSenderIds(country)) return noSenderIds(country, names, candidates)
  if (country === 'IN') return india(candidates, names, facts)
  if (country === 'CN' && !facts.hasChinaSignature) return CHINA
  return undefined
}

/** A company's name in lenticular brackets, as China's operators ask for it. */
export function hasChinaSignature(text: string): boolean {
  const start = text.indexOf('【')
  return start >= 0 && text.indexOf('】', start) > start + 1
}

function noSenderIds(
  country: CountryCode,
  names: readonly Identity[],
  candidates: readonly Identity[],
): Hole {
  if (names.length === candidates.length) {
    return {
      sentence: `only sender IDs, which ${country} does not have. The carrier refuses each text (CARRIER_REFUSED): route ${country} to a number or pool.`,
      refuses: 'CARRIER_REFUSED',
    }
  }
  const which = names.map(({ identity }) => identity).join(', ')
  return {
    sentence: `${country} does not have sender IDs: the carrier refuses ${which}, and the next identity is tried. Take it out of the route.`,
    refuses: undefined,
  }
}

/** India's DLT registration: the entity ID is the route's, the template ID the template's. */
function india(
  candidates: readonly Identity[],
  names: readonly Identity[],
  { hasIndiaTemplate }: TextFacts,
): Hole | undefined {
  const judged = names.length > 0 ? names : candidates
  const missing = [
    ...(judged.some(({ indiaEntityId }) => indiaEntityId === undefined)
      ? ['an entity ID (indiaEntityId in the route)']
      : []),
    ...(hasIndiaTemplate ? [] : ['a template ID (templates set --india-template)']),
  ]
  if (missing.length === 0) return undefined
  const lacks = missing.join(' and ')
  return names.length > 0
    ? {
        sentence: `India's operators drop texts from a sender ID without ${lacks}.`,
        refuses: 'CARRIER_REFUSED',
      }
    : {
        sentence: `without a registered sender ID and ${lacks}, texts reach India as international ones: expensive, from a number that changes, and often filtered.`,
        refuses: undefined,
      }
}

const CHINA: Hole = {
  sentence:
    'mainland China takes only texts whose template is registered at AWS with a signature in 【】, and no template has one: its operators block the rest. Register it by a case in AWS Support, and use that text.',
  refuses: 'CARRIER_REFUSED',
}

/** What somebody gets who is not served as meant; `refuses` is why nothing would be sent, where it can be so. */
export type Hole = { readonly sentence: string; readonly refuses: ReasonCode | undefined }
