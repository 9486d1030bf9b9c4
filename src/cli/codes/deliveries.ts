import type { Command } from 'commander'
import { explainOktasTextFlaw } from '../../core/message/oktas-text.ts'
import { explainHold, type FraudExplanation, textOfExplanation } from '../../core/policy/credit/explain.ts'
import { digestsOfUser, explainStatus, statusOf } from '../../core/records/delivery.ts'
import type { DeliveryQuery, ListedDelivery } from '../../core/records/delivery-store.ts'
import type { Store } from '../../core/records/store.ts'
import { printable } from '../../core/values/printable.ts'
import { reasons } from '../../core/values/reasons.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { logLookUp, type SearchedFor } from '../terminal/look-up.ts'
import { readNumber, readText, readUserName } from '../terminal/option-values.ts'
import { table } from '../terminal/table.ts'
import { orgOf } from './caller-of-org.ts'
import { numberOf } from './person-options.ts'

type Options = {
  readonly limit: string
  readonly user?: string
  readonly phone?: string
  readonly event?: string
  readonly follow?: boolean
  readonly json?: boolean
}

/** `hookline deliveries`: what happened to the codes; with `--user`, `--phone` or `--event`, to one person's. */
export function deliveriesCommand(command: Command, context: Context): void {
  command
    .option('--user <login>', 'only those of this user, by login or user ID in Okta')
    .option('--phone <number>', 'only those to this number, as +34683783440')
    .option('--event <id>', "only those of this eventId of Okta's")
    .option('--limit <count>', 'how many, 1 to 1000', '20')
    .option('--follow', 'keep printing new ones until Ctrl-C')
    .option('--json', 'print one JSON object per line, for programs')
    .action(async (options: Options) => {
      const query = await queryOf(options, context)
      const isAboutOnePerson = options.user ?? options.phone ?? options.event
      await withStore(context, async store => {
        await logSearch(query, store, context)
        let after: string | undefined
        for (let isFirst = true; isFirst || options.follow; isFirst = false) {
          const deliveries = await store.listDeliveries(
            after === undefined ? query : { ...query, after, limit: LIMIT_MAX },
          )
          if (options.json)
            for (const delivery of deliveries)
              context.print(JSON.stringify({ status: statusOf(delivery), ...delivery }))
          else if (isAboutOnePerson !== undefined)
            for (const delivery of deliveries) context.print(describeDelivery(delivery))
          else if (deliveries.length > 0) context.print(list(deliveries, isFirst))
          if (isFirst && deliveries.length === 0 && !options.json) context.print('No deliveries.')
          after = deliveries.at(-1)?.position ?? after
          if (options.follow) await context.pause(FOLLOW_MS)
        }
      })
    })
}

async function queryOf({ limit, user, phone, event }: Options, context: Context): Promise<DeliveryQuery> {
  return {
    limit: readNumber('--limit', limit, { min: 1, max: LIMIT_MAX }),
    ...(user !== undefined && { userDigests: await digestsOfUser(readUserName(user), context.digests) }),
    ...(phone !== undefined && { numberDigests: await context.digests(numberOf(phone, context)) }),
    ...(event !== undefined && { eventId: readText('--event', event, "an eventId of Okta's") }),
  }
}

/** A search for one person is in the log of changes. */
async function logSearch(
  { userDigests, numberDigests, eventId }: DeliveryQuery,
  store: Store,
  context: Context,
): Promise<void> {
  const searched: readonly SearchedFor[] = [
    ...(userDigests === undefined ? [] : [{ name: 'user', digests: userDigests } as const]),
    ...(numberDigests === undefined ? [] : [{ name: 'number', digests: numberDigests } as const]),
    ...(eventId === undefined ? [] : [{ name: 'event', digests: await context.digests(eventId) } as const]),
  ]
  for (const one of searched) await logLookUp(store, one, context)
}

function list(deliveries: readonly ListedDelivery[], withHead: boolean): string {
  const rows = deliveries.map(delivery => [
    timeOf(delivery.openedAt),
    orgOf(delivery),
    delivery.channel,
    delivery.country ?? '?',
    `…${delivery.lastDigits ?? '??'}`,
    delivery.purpose,
    statusOf(delivery),
    delivery.answered === undefined ? '' : `after ${durationOf(delivery.answered.afterMs)}`,
    describeEnd(delivery),
  ])
  const head = [
    'opened (UTC)',
    'org',
    'channel',
    'country',
    'number',
    'purpose',
    'status',
    'answered',
    'reason or message ID',
  ]
  const lines = table(head, rows)
  return withHead ? lines : lines.split('\n').slice(2).join('\n')
}

function describeEnd(delivery: ListedDelivery): string {
  const { end, progress } = delivery
  const held = explanationOf(delivery)
  if (end.state === 'sending') return ''
  if ('code' in end)
    return end.code === held?.reason ? `${end.code} (${held.group})` : `${end.code} (${end.detail})`
  const notes = [
    ...(progress?.fellBackToSms ? ['by SMS, after RCS'] : []),
    ...(held === undefined ? [] : [`sent although held: ${held.reason}`]),
  ]
  return notes.length === 0 ? end.messageId : `${end.messageId} (${notes.join('; ')})`
}

/** What the fraud rule held, or would have held. */
function explanationOf({ credit, country }: ListedDelivery): FraudExplanation | undefined {
  return credit?.hold && explainHold(credit.hold, country)
}

/** For a code that the fraud rule did not stop. */
function describeObserved(delivery: ListedDelivery): string | undefined {
  const held = explanationOf(delivery)
  if (held === undefined || ('code' in delivery.end && delivery.end.code === held.reason)) return undefined
  const why =
    held.reason === 'FRAUD_ALLOWED'
      ? 'Sent because of an override'
      : 'The fraud rule would hold it, but only observes'
  return `  ${why}: ${held.reason}. ${textOfExplanation(held)}`
}

/** Everything about one delivery, for a help desk that is asked "what happened to my code?". */
function describeDelivery(delivery: ListedDelivery): string {
  const { end, progress, answered } = delivery
  const template = describeTemplateUsed(delivery)
  const attempts = end.state === 'sending' ? [] : end.attempts
  const reason = 'code' in end ? reasons[end.code] : undefined
  return [
    `${timeOf(delivery.openedAt)} UTC  ${statusOf(delivery).toUpperCase()}`,
    `  ${explainStatus(delivery)}`,
    reason !== undefined && 'code' in end && `  Why: ${end.code}. ${reason.meaning} (${end.detail})`,
    describeObserved(delivery),
    reason !== undefined && `  What to do (${reason.actor}): ${reason.remedy}`,
    `  Caller: ${delivery.caller}`,
    `  ${delivery.channel} to ${delivery.country ?? 'unknown country'} …${delivery.lastDigits ?? '??'}, for ${delivery.purpose}`,
    ...template,
    ...attempts.map(
      a =>
        `  Attempt from ${a.identity}: ${a.result}${a.detail === undefined ? '' : `, ${a.detail}`} (${a.durationMs} ms)`,
    ),
    progress?.fellBackToSms && '  Fell back to SMS: RCS did not reach the phone.',
    progress !== undefined &&
      `  Carrier${progress.carrierName === undefined ? '' : ` ${progress.carrierName}`}: ${progress.type} at ${timeOf(progress.at)} UTC${progress.price === undefined ? '' : `, $${progress.price}`}`,
    answered !== undefined &&
      `  Answered: the code was entered at ${timeOf(answered.at)} UTC, ${durationOf(answered.afterMs)} after the request.`,
    `  Delivery ${delivery.id}${end.state === 'accepted' ? `, message ${end.messageId}` : ''}, Okta event ${delivery.eventId ?? '(none)'}, request ${delivery.oktaRequestId ?? '(none)'}`,
    '',
  ]
    .filter(line => typeof line === 'string')
    .map(printable)
    .join('\n')
}

/** Which template, and where to read its text: the record does not contain the message. */
function describeTemplateUsed({ channel, templateUsed, parts }: ListedDelivery): readonly string[] {
  if (templateUsed === undefined) return []
  const size = parts === undefined ? '' : `, ${parts} part(s)`
  if (templateUsed.source === 'okta') return [`  Template: Okta's own text${size}`]
  const name = `${channel}/${templateUsed.locale}/${templateUsed.purpose}`
  return [
    `  Template: ${name}, version ${templateUsed.version}${size}`,
    `    Its text: hookline templates history ${name}`,
    ...(templateUsed.oktasTextFlaw === undefined
      ? []
      : [`    ${explainOktasTextFlaw(templateUsed.oktasTextFlaw)}`]),
  ]
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ')
}

function durationOf(milliseconds: number): string {
  return `${Math.round(milliseconds / 1_000)} s`
}

const LIMIT_MAX = 1_000
const FOLLOW_MS = 500
