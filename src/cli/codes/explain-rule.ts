import type { Plan } from '../../core/plan/plan.ts'
import { decide } from '../../core/policy/credit/decide.ts'
import { explainHold, textOfExplanation } from '../../core/policy/credit/explain.ts'
import { networkOf } from '../../core/policy/credit/network.ts'
import type { Hold } from '../../core/policy/credit/verdict.ts'
import { fraudModeOf } from '../../core/policy/fraud-policy.ts'
import type { Policy } from '../../core/policy/policy.ts'
import { requestedCodeOf, termsOf } from '../../core/records/credited-code.ts'
import { type Delivery, mayHaveBeenSent, namesOfUser, newDelivery } from '../../core/records/delivery.ts'
import type { Store } from '../../core/records/store.ts'
import type { OtpRequest } from '../../core/values/request.ts'
import type { Context } from '../terminal/context.ts'
import { Problem } from '../terminal/problem.ts'
import { callerOfOrg } from './caller-of-org.ts'

export type RuleOptions = { readonly user?: string; readonly from?: string; readonly org?: string }

/** What the fraud rule and the limits would decide about a code now, in a sentence. It changes nothing. */
export async function explainRule(
  request: OtpRequest,
  planned: Plan,
  policy: Policy,
  store: Store,
  options: RuleOptions,
  context: Pick<Context, 'digests' | 'now'>,
): Promise<string> {
  const opened = await openedBy(request, planned, store, options, context)
  if (opened === undefined)
    return 'The fraud rule was not asked, because no kept delivery names an org. Give --org.'
  const { delivery, otherDigests } = opened
  const mode = fraudModeOf(policy.fraud, delivery.caller)
  const terms = termsOf(delivery, policy.fraud, otherDigests)
  const code = requestedCodeOf(delivery, otherDigests)
  if (terms === undefined || code === undefined) return `The fraud rule is off for ${delivery.caller}.`
  const records = await store.readFraudRecords(delivery.caller, code)
  const sent = await store.listDeliveries({ limit: 100, numberDigests: opened.numberDigests })
  const number = sent.filter(({ end }) => mayHaveBeenSent(end)).map(({ openedAt }) => openedAt)
  const history = { number, user: [], 'number-and-channel': [] }
  const noLimits = { mode: 'observe', windows: [] } as const
  const decision = decide(code, records, terms, { limits: noLimits, history }, delivery.openedAt)
  const hold = decision.kind === 'limited' ? undefined : decision.hold
  return `The fraud rule (${delivery.caller}, mode ${mode}) ${describe(decision.kind, hold, delivery.country)}`
}

function describe(
  kind: 'send' | 'held' | 'limited',
  hold: Hold | undefined,
  country: string | undefined,
): string {
  if (hold === undefined) return 'would send it.'
  const { reason, ...explanation } = explainHold(hold, country)
  const verb = kind === 'held' ? 'would hold it' : 'would hold it, but sends it'
  return `${verb}: ${reason}. ${textOfExplanation(explanation)}`
}

/** As the hook would open it, of the org that is named, or else of the user's or anybody's last delivery. */
async function openedBy(
  request: OtpRequest,
  planned: Plan,
  store: Store,
  { user, from, org }: RuleOptions,
  { digests, now }: Pick<Context, 'digests' | 'now'>,
) {
  const network = networkOf(from)
  if (from !== undefined && network === undefined)
    throw new Problem('usage', `--from is "${from}"; expected an address, such as 203.0.113.7.`)
  const e164 = planned.destination.e164.reveal()
  const names = user === undefined ? [] : await Promise.all(namesOfUser(user.trim()).map(digests))
  const userDigests = names.flat()
  const numberDigests = await digests(e164)
  const [numberDigest, otherNumberDigest] = numberDigests
  const [last] = await store.listDeliveries({ limit: 1, ...(user !== undefined && { userDigests }) })
  const named = org === undefined ? undefined : ((await callerOfOrg(org, store)).caller ?? org)
  const caller = named ?? last?.caller ?? (await store.listDeliveries({ limit: 1 }))[0]?.caller
  if (caller === undefined) return undefined
  const opened = newDelivery('explain', request, caller, planned, () => numberDigest, now())
  const delivery: Delivery = {
    ...opened,
    userDigest: user === undefined ? undefined : (last?.userDigest ?? userDigests[0]),
    loginDigest: names.at(-1)?.[0],
    credit: { block: e164.slice(1, -4), ...(network !== undefined && { network }) },
  }
  const otherDigests = otherNumberDigest !== undefined && {
    duplicateKey: undefined,
    numberDigest: otherNumberDigest,
    userDigest: names[0]?.[1],
    loginDigest: names.at(-1)?.[1],
  }
  return { delivery, numberDigests, ...(otherDigests && { otherDigests }) }
}
