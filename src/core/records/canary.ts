import { defaultLimits, type Limits } from '../policy/limits.ts'
import type { OtpRequest } from '../values/request.ts'
import { simulatorNumbers } from '../values/simulator-numbers.ts'

/**
 * The caller of a canary: a code of Hookline's own, to AWS's simulator, which shows that codes go out. No org has this
 * name: names of orgs have no blanks.
 */
export const CANARY_CALLER = 'hookline canary'

/**
 * The `eventId` of every canary, so that a store finds them without reading others. Each has another code. It begins as a
 * preview of ours (`OWN_PREVIEW`), so that the same canary is recognised.
 */
export const CANARY_EVENT_ID = 'hookline-canary'

export function isCanary({ caller }: { readonly caller: string }): boolean {
  return caller === CANARY_CALLER
}

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

/**
 * The text whose digest a canary's delivery has instead of that of its number: it counts for no limit of the number, and
 * no code to the number counts for its own.
 */
export function nameOfCanaryNumber(number: string): string {
  return `${CANARY_CALLER} ${number}`
}

/** The limits of canaries: the default ones, whatever an operator has set. 50 in a day, where one each hour makes 24. */
export const canaryLimits: Limits = {
  mode: 'enforce',
  windows: defaultLimits.windows.filter(({ scope }) => scope === 'number'),
}
