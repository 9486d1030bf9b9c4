import { mayHaveBeenSent } from '../../../core/records/delivery.ts'
import { eventHookFaults } from '../../../okta/setup/event-hook.ts'
import { defineCheck } from '../check.ts'
import type { FactValues } from '../facts.ts'
import { texts } from '../texts.ts'

export const eventHookCheck = defineCheck({
  ...texts.eventHook.check,
  severity: 'warning',
  needs: ['eventHook'],
  judge: ({ eventHook: { hook, url } }) => {
    if (hook === undefined) return [texts.eventHook.none]
    const faults = eventHookFaults(hook, url ?? hook.uri)
    return [
      ...(hook.isActive ? [] : [texts.eventHook.inactive(hook.name)]),
      ...(hook.isVerified ? [] : [texts.eventHook.unverified(hook.name)]),
      ...(faults.length === 0 ? [] : [texts.eventHook.differs(hook.name, faults)]),
    ]
  },
  detail: ({ eventHook: { hook } }) => texts.eventHook.detail(hook?.uri),
})

export const eventsCheck = defineCheck({
  ...texts.events.check,
  severity: 'warning',
  needs: ['eventLog', 'policy'],
  judge: ({ eventLog: { failures, answers }, policy }) => {
    const [last] = failures
    if (last !== undefined) return [texts.events.failed(failures.length, timeOf(last.at), last.reason)]
    // An event of the last hour may still arrive.
    const entered = answers.filter(at => at < policy.now - DELAY_MS)
    const oldest = entered.at(-1)
    if (oldest === undefined) return []
    const { sent, answered } = countsOf(policy, oldest - CODE_MS)
    return sent > 0 && answered === 0 ? [texts.events.noneAnswered(entered.length, sent)] : []
  },
  detail: ({ policy }) => {
    const { sent, answered } = countsOf(policy, policy.now - DAY_MS)
    return texts.events.detail(sent, answered)
  },
})

export const eventLimitCheck = defineCheck({
  ...texts.eventLimit.check,
  severity: 'warning',
  needs: ['eventLog'],
  judge: ({ eventLog: { eventsPerDay } }) =>
    eventsPerDay < NEAR_LIMIT ? [] : [texts.eventLimit.near(eventsPerDay, eventsPerDay >= LIMIT)],
  detail: ({ eventLog: { eventsPerDay } }) => texts.eventLimit.detail(eventsPerDay),
})

/** The deliveries since then that may have been sent, and those of them whose code was entered. */
function countsOf({ deliveries }: FactValues['policy'], since: number) {
  const sent = deliveries.filter(({ openedAt, end }) => openedAt >= since && mayHaveBeenSent(end))
  return { sent: sent.length, answered: sent.filter(({ answered }) => answered !== undefined).length }
}

function timeOf(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+/, '')
}

const DAY_MS = 86_400_000
/** Okta's support helps with delays of more than an hour. */
const DELAY_MS = 3_600_000
/** How long a code is valid. */
const CODE_MS = 300_000
/** "400,000 applicable events within a 24-hour period": then no event hook gets any. */
const LIMIT = 400_000
/** Where Okta's own System Log warns. */
const NEAR_LIMIT = 280_000
