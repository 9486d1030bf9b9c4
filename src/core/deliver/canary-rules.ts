import { defaultLimits, type Limits } from '../policy/limits.ts'
import { CANARY_EVENT_ID } from '../records/canary.ts'
import type { OtpRequest } from '../values/request.ts'
import { simulatorNumbers } from '../values/simulator-numbers.ts'

/**
 * What a canary may request: a text of a preview to AWS's simulator, for no user. A thief of its credential can
 * send nothing else.
 */
export function isCanaryRequest({ eventId, preview, channel, phoneNumber, user }: OtpRequest): boolean {
  const { id, login, firstName } = user
  return (
    eventId === CANARY_EVENT_ID &&
    preview &&
    channel === 'sms' &&
    [id, login, firstName].every(fact => fact === undefined) &&
    Object.values<string>(simulatorNumbers).includes(phoneNumber.reveal())
  )
}

/** The limits of canaries: the default ones, whatever an operator has set. 50 in a day, where one each hour makes 24. */
export const canaryLimits: Limits = {
  mode: 'enforce',
  windows: defaultLimits.windows.filter(({ scope }) => scope === 'number'),
}
