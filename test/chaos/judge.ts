import { type Status, statusOf } from '../../src/core/records/delivery.ts'
import type { ListedDelivery } from '../../src/core/records/delivery-store.ts'
import type { Message } from '../world/controls.ts'
import type { Call } from './caller.ts'
import type { Row } from './matrix.ts'
import { BUDGET_MS } from './world.ts'

/** The results of one row, after everything has settled. */
export type Evidence = {
  readonly row: Row
  readonly calls: readonly Call[]
  /** The messages to the numbers of these calls. */
  readonly messages: readonly Message[]
  readonly deliveries: ReadonlyMap<string, ListedDelivery>
  /** Deliveries that the store did not keep, according to the log. */
  readonly lost: ReadonlySet<string>
}

const LATE_MS = 150
const STARVED_MS = 100

/** A sentence for each broken guarantee; empty if there is none. */
export function judge(evidence: Evidence): readonly string[] {
  return [
    ...lateAnswers(evidence),
    ...wrongAnswers(evidence),
    ...wrongMessages(evidence),
    ...wrongRecords(evidence),
  ]
}

export function isLate({ ms, stalledMs }: Call): boolean {
  return ms - stalledMs > BUDGET_MS + LATE_MS
}

/** The machine did not run hook or carrier in time, so the budget was not used up by the fault. */
export function isStarved({ kind, ms, starvedMs }: Call): boolean {
  return kind === 'failed' && ms > BUDGET_MS * 0.75 && starvedMs > STARVED_MS
}

function lateAnswers({ calls }: Evidence): readonly string[] {
  return calls
    .filter(isLate)
    .map(
      ({ ms, stalledMs }) =>
        `late: ${ms} ms, of which caller and hook waited for the machine for ${stalledMs.toFixed(0)}`,
    )
}

function wrongAnswers({ row, calls }: Evidence): readonly string[] {
  const wrong = calls.filter(call => !row.answers.includes(call.kind) && !isStarved(call))
  const byEvent = Map.groupBy(calls, ({ order }) => order.eventId)
  const different = [...byEvent.values()].filter(
    same => new Set(same.map(({ kind, messageId }) => (kind === 'successful' ? messageId : kind))).size > 1,
  )
  return [
    ...wrong.map(({ kind, sentence }) => `answer: ${kind}. ${sentence}`),
    ...different.map(same => `one request, different answers: ${same.map(({ kind }) => kind).join(', ')}`),
  ]
}

function wrongMessages({ row, calls, messages }: Evidence): readonly string[] {
  const problems: string[] = []
  for (const [to, several] of Map.groupBy(messages, message => message.to)) {
    if (several.length > (row.oneNumberAtMost ?? 1))
      problems.push(`sent ${several.length} times to …${to.slice(-4)}`)
  }
  const sent = new Map(messages.map(message => [message.messageId, message]))
  for (const { kind, messageId = '', order } of calls) {
    const message = sent.get(messageId)
    if (kind !== 'successful') continue
    if (message === undefined) problems.push(`SUCCESSFUL, but the carrier has no message ${messageId}`)
    else if (message.to !== order.to || !spoken(message).includes(order.code ?? ''))
      problems.push(`message ${messageId} has another number or code than requested`)
  }
  return problems
}

function wrongRecords({ row, calls, messages, deliveries, lost }: Evidence): readonly string[] {
  const answers = new Map(calls.map(call => [call.deliveryId, call.kind]))
  return messages.flatMap(message => {
    const { deliveryId = '' } = message.context ?? {}
    const delivery = deliveries.get(deliveryId)
    if (row.recordsMayBeLost && lost.has(deliveryId)) return []
    if (delivery === undefined) return [`sent, and no delivery ${deliveryId} in the store`]
    const status = statusOf(delivery)
    const end = answers.get(deliveryId) === 'successful' ? 'accepted' : 'unknown'
    const problems: string[] = []
    if (message.finalEvent !== undefined && status !== statusAfter(message.finalEvent))
      problems.push(`${deliveryId} is ${status} after ${message.finalEvent}`)
    if (delivery.end.state !== end) problems.push(`${deliveryId} ended ${delivery.end.state}, not ${end}`)
    return problems
  })
}

function statusAfter(finalEvent: string): Status {
  const type = finalEvent.replace(/^(TEXT|RCS|VOICE)_/, '')
  if (['DELIVERED', 'SUCCESSFUL', 'READ', 'COMPLETED', 'ANSWERED'].includes(type)) return 'delivered'
  return type === 'UNKNOWN' ? 'unknown' : 'undeliverable'
}

/** The digits of a text or of speech, without anything between them. */
function spoken({ body }: Message): string {
  return body.replaceAll(/<[^>]*>/g, '')
}
