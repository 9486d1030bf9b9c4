import { randomUUID } from 'node:crypto'
import { oktaId } from './okta-ids.ts'

type Json = Readonly<Record<string, unknown>>

/** An event of the System Log, in the form in which an event hook also gets it. */
export type LogEvent = Json & {
  readonly uuid: string
  readonly published: string
  readonly eventType: string
}

export type LoggedDetails = {
  /** Default SUCCESS. */
  readonly result?: 'SUCCESS' | 'FAILURE'
  readonly reason?: string
  /** Default: the administrator. */
  readonly actor?: Json
  readonly target?: Json
  readonly debugData?: Json
  /** The request ID that all events of one call share. Default: a new one. */
  readonly transactionId?: string
}

export function logEvent(
  eventType: string,
  { result = 'SUCCESS', reason, actor, target, debugData = {}, transactionId }: LoggedDetails,
  at: Date,
): LogEvent {
  return {
    uuid: randomUUID(),
    published: at.toISOString(),
    eventType,
    version: '0',
    severity: result === 'SUCCESS' ? 'INFO' : 'WARN',
    displayMessage: eventType,
    actor,
    outcome: { result, ...(reason !== undefined && { reason }) },
    target: target ? [target] : [],
    transaction: { type: 'WEB', id: transactionId ?? oktaId('req'), detail: {} },
    debugContext: { debugData },
    authenticationContext: { authenticationStep: 0, externalSessionId: 'unknown' },
    securityContext: {},
    request: { ipChain: [] },
  }
}
