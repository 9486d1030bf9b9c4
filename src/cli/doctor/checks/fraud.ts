import { countHeld } from '../../../advice/fraud/episodes.ts'
import { mayHaveBeenSent } from '../../../core/records/delivery.ts'
import { defineCheck } from '../check.ts'
import type { FactValues } from '../facts.ts'
import { texts } from '../texts.ts'

/** Proposes to enforce, with what that would have refused. */
export const fraudModeCheck = defineCheck({
  ...texts.fraudMode.check,
  severity: 'warning',
  needs: ['fraud'],
  judge: ({ fraud }) => {
    const { mode, modes } = fraud.policy
    const isObserved = [mode, ...Object.values(modes)].includes('observe')
    const isJudged = fraud.judgedSince !== undefined && fraud.judgedSince <= fraud.now - FORTNIGHT_MS
    return isObserved && isJudged && areAnswered(fraud)
      ? [texts.fraudMode.propose({ ...countHeld(fraud.deliveries), isWhole: fraud.isWhole })]
      : []
  },
  detail: ({ fraud }) =>
    texts.fraudMode.detail(fraud.policy.mode, fraud.policy.budgets !== undefined, {
      ...countHeld(fraud.deliveries),
      isWhole: fraud.isWhole,
    }),
})

/** Without answers the rule cannot judge new numbers, and holds none. */
export const fraudAnswersCheck = defineCheck({
  ...texts.fraudAnswers.check,
  severity: 'warning',
  needs: ['fraud'],
  judge: ({ fraud }) => {
    const sent = sentIn(fraud)
    return sent.length >= SENT_MIN && !areAnswered(fraud) ? [texts.fraudAnswers.none(sent.length)] : []
  },
})

/** A refusal that Okta answers by sending the code itself stops nobody. */
export const fraudSentCheck = defineCheck({
  ...texts.fraudSent.check,
  severity: 'warning',
  needs: ['failOvers'],
  judge: ({ failOvers }) => {
    const held = failOvers.filter(({ reason }) => HELD.test(reason ?? ''))
    return held.length === 0 ? [] : [texts.fraudSent.sent(held.length)]
  },
})

/** Codes that were judged and sent, and whose events had an hour to arrive. */
function sentIn({ deliveries, now }: FactValues['fraud']) {
  return deliveries.filter(
    ({ credit, end, openedAt }) => credit !== undefined && mayHaveBeenSent(end) && openedAt < now - DELAY_MS,
  )
}

function areAnswered({ deliveries }: FactValues['fraud']): boolean {
  return deliveries.some(({ answered }) => answered !== undefined)
}

export const FORTNIGHT_MS = 14 * 86_400_000
const DELAY_MS = 3_600_000
const SENT_MIN = 20
/** The reasons of the rule, as the hook writes them into Okta's System Log: `FRAUD_BLOCK: …`. */
const HELD = /^(?:FRAUD_[A-Z_]+|NUMBER_SILENT|NUMBER_STRANGE_NETWORK|NUMBER_UNPROVEN|USER_MANY_NUMBERS)\b/
