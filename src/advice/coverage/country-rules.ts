import { identityKind } from '../../core/policy/route.ts'
import type { CountryCode } from '../../core/values/phone-number.ts'
import { hasNoSenderIds } from '../account/judge-sender-id.ts'
import { type Gap, gaps } from './coverage-texts.ts'

/** What a text would carry that the rules of a country require. */
export type TextFacts = {
  readonly hasIndiaTemplate: boolean
  /** Texts for users in mainland China that do not begin with a signature in 【】. */
  readonly unsigned: readonly string[]
}

/** A candidate of a route or of a plan. */
type Identity = { readonly identity: string; readonly indiaEntityId?: string | undefined }

/** What AWS or the operators of a country do to texts from these candidates. Undefined: no known rule of the country affects them. */
export function gapOfCountry(
  country: CountryCode,
  candidates: readonly Identity[],
  facts: TextFacts,
): Gap | undefined {
  const senderIds = candidates.filter(({ identity }) => identityKind(identity) === 'sender ID')
  // AWS Notify sends from AWS's own identities with AWS's own registrations.
  const isNotify = candidates.every(({ identity }) => identityKind(identity) === 'notify configuration')
  if (isNotify) return undefined
  if (senderIds.length > 0 && hasNoSenderIds(country)) {
    return senderIds.length === candidates.length
      ? gaps.onlySenderIds(country)
      : gaps.someSenderIds(
          country,
          senderIds.map(({ identity }) => identity),
        )
  }
  if (country === 'IN') return indiaGap(candidates, senderIds, facts)
  if (country === 'CN' && facts.unsigned.length > 0) return gaps.chinaBlocks(facts.unsigned)
  return undefined
}

/** India's DLT registration: the route has the entity ID, the template has the template ID. */
function indiaGap(
  candidates: readonly Identity[],
  senderIds: readonly Identity[],
  { hasIndiaTemplate }: TextFacts,
): Gap | undefined {
  const judged = senderIds.length > 0 ? senderIds : candidates
  const missing = [
    ...(judged.some(({ indiaEntityId }) => indiaEntityId === undefined) ? (['entity'] as const) : []),
    ...(hasIndiaTemplate ? [] : (['template'] as const)),
  ]
  if (missing.length === 0) return undefined
  return senderIds.length > 0 ? gaps.indiaDrops(missing) : gaps.indiaInternational(missing)
}
