import { adviseCaller, type CallerAdvice } from '../advice/caller-advice.ts'
import { explainOktasTextFlaw } from '../core/message/oktas-text.ts'
import { explainHold, textOfExplanation } from '../core/policy/credit/explain.ts'
import {
  type AttemptRecord,
  explainStatus,
  type FollowedDelivery,
  statusOf,
} from '../core/records/delivery.ts'
import { printable } from '../core/values/printable.ts'
import { reasons } from '../core/values/reasons.ts'
import { address, type Html, html } from './page.ts'
import { texts } from './texts.ts'
import { clockText, time } from './times.ts'

/** When pages are made, and where. */
export type Moment = { readonly now: number; readonly timeZone: string }

/** What to say to the person, and who can act. */
export function adviceCard(delivery: FollowedDelivery, { now }: Moment): Html {
  return describeAdvice(adviseCaller(delivery, now))
}

function describeAdvice({ say, actor, todo }: CallerAdvice): Html {
  return html`<section class="card say" aria-labelledby="say">
<h2 id="say">${texts.person.say}</h2>
<blockquote><p>${say}</p></blockquote>
<p><strong>${texts.person.actor}</strong> ${texts.actors[actor]}${todo !== undefined && html`. ${todo}`}</p>
</section>`
}

/** Everything about one code, in the order in which it happened. */
export function deliveryCard(delivery: FollowedDelivery, moment: Moment): Html {
  const { id, openedAt, channel, purpose, numberDigest, userDigest } = delivery
  const { now, timeZone } = moment
  const status = statusOf(delivery)
  const line = `audit-${id}`
  return html`<section class="card" aria-labelledby="${`h-${id}`}">
<h3 id="${`h-${id}`}">${time(openedAt, now, timeZone)} ${texts.channels[channel]} ${texts.purposes[purpose]}
<span class="status ${status}">${texts.statuses[status]}</span>${
    delivery.answered !== undefined && html` <span class="status answered">${texts.answered}</span>`
  }</h3>
<p>${explainStatus(delivery)}</p>
<ol class="steps">${stepsOf(delivery, moment).map(
    ({ at, what }) =>
      html`<li><span class="when">${at !== undefined && time(at, now, timeZone)}</span> <span>${what}</span></li>`,
  )}</ol>
<p class="links"><a href="${address(`/person/number/${numberDigest}`)}">${texts.person.ofNumber(delivery.lastDigits)}</a>
${userDigest !== undefined && html`<a href="${address(`/person/user/${userDigest}`)}">${texts.person.ofUser}</a>`}
<a href="${address(`/delivery/${encodeURIComponent(id)}`)}">${texts.person.link}</a></p>
<p class="audit"><code id="${line}">${auditLine(delivery)}</code>
<button type="button" hidden data-copies="${line}" data-done="${texts.copied}">${texts.copy}</button></p>
</section>`
}

type Step = { readonly at: number | undefined; readonly what: Html | string }

function stepsOf(delivery: FollowedDelivery, moment: Moment): readonly Step[] {
  const { openedAt, end, progress, answered, eventId, oktaRequestId, caller } = delivery
  const attempts = end.state === 'sending' ? [] : end.attempts
  const ids = [
    eventId && `${texts.steps.event} ${eventId}`,
    oktaRequestId && `${texts.steps.request} ${oktaRequestId}`,
  ]
  return [
    { at: openedAt, what: texts.steps.asked(orgOf(caller), ids.filter(Boolean).join(', ')) },
    ...planned(delivery),
    ...observedHold(delivery),
    ...attempts.map(attempt => ({ at: undefined, what: describeAttempt(attempt) })),
    ...('code' in end
      ? [
          {
            at: end.at,
            what: html`<a href="${address('/deliveries', { reason: end.code })}">${end.code}</a>: ${reasons[end.code].meaning} ${end.detail !== reasons[end.code].meaning && end.detail}`,
          },
        ]
      : end.state === 'accepted'
        ? [{ at: end.at, what: texts.steps.accepted(end.messageId) }]
        : [{ at: undefined, what: texts.steps.sending }]),
    ...(progress === undefined
      ? []
      : [
          {
            at: progress.at,
            what: html`${texts.steps.receipt(progress.carrierName)} ${texts.stages[progress.stage]} <code>${progress.type}</code>${
              progress.fellBackToSms && html` ${texts.steps.fellBack}`
            }${progress.price !== undefined && html` $${progress.price}`}`,
          },
        ]),
    ...(answered === undefined
      ? []
      : [{ at: answered.at, what: texts.steps.answered(secondsOf(answered.afterMs)) }]),
    ...(end.state === 'accepted' && answered === undefined && isNotAnsweredYet(delivery, moment)
      ? [{ at: undefined, what: texts.steps.unanswered }]
      : []),
  ]
}

function isNotAnsweredYet({ openedAt, expiresAt }: FollowedDelivery, { now }: Moment): boolean {
  return now > (expiresAt ?? openedAt + 300_000)
}

function planned({ channel, templateUsed, parts }: FollowedDelivery): readonly Step[] {
  if (templateUsed === undefined) return []
  const size = parts === undefined ? '' : texts.steps.parts(parts)
  if (templateUsed.source === 'okta') return [{ at: undefined, what: `${texts.steps.oktasText}${size}` }]
  const name = `${channel}/${templateUsed.locale}/${templateUsed.purpose}`
  const flaw = templateUsed.oktasTextFlaw
  return [
    {
      at: undefined,
      what: html`${texts.steps.template} <a href="${address('/deliveries', { template: `${name}@${templateUsed.version}` })}">${name}, ${texts.steps.version(templateUsed.version)}</a>${size}${
        flaw !== undefined && html` ${explainOktasTextFlaw(flaw)}`
      }`,
    },
  ]
}

/** What the fraud rule would have held, or an operator let through; a hold that stopped the code is in its reason. */
function observedHold({ credit, country, end }: FollowedDelivery): readonly Step[] {
  const hold = credit?.hold
  if (hold === undefined || ('code' in end && end.code === hold.reason)) return []
  const { reason, ...explanation } = explainHold(hold, country)
  const why = reason === 'FRAUD_ALLOWED' ? texts.steps.allowed : texts.steps.wouldHold
  return [{ at: undefined, what: `${why} ${reason}. ${textOfExplanation(explanation)}` }]
}

function describeAttempt({ identity, result, detail, durationMs }: AttemptRecord): Html {
  return html`${texts.steps.attempt} <a href="${address('/deliveries', { identity })}">${identity}</a>: ${texts.results[result]}${
    detail !== undefined && html` (${detail})`
  }, ${durationMs} ms`
}

/** One line for a ticket: never the whole number. The time is in UTC, as in the log. */
function auditLine(delivery: FollowedDelivery): string {
  const {
    openedAt,
    channel,
    country = '?',
    lastDigits = '??',
    purpose,
    eventId = '-',
    id,
    end,
    answered,
  } = delivery
  const at = new Date(openedAt).toISOString()
  const reason = 'code' in end ? ` (${end.code})` : ''
  const entered = answered === undefined ? '' : `, answered after ${secondsOf(answered.afterMs)} s`
  return printable(
    `${at} ${channel} to ${country} …${lastDigits} for ${purpose}: ${statusOf(delivery)}${reason}${entered}; delivery ${id}, Okta event ${eventId}`,
  )
}

/** Its name; without one the host of its issuer, or `secret header`. */
export function orgOf(caller: string): string {
  return URL.parse(caller)?.host ?? caller
}

export function secondsOf(milliseconds: number): number {
  return Math.round(milliseconds / 1_000)
}

/** How far a list has been read, in one sentence. */
export function readSentence(readTo: number, isWhole: boolean, { now, timeZone }: Moment): string {
  return isWhole ? texts.list.whole : texts.list.readTo(clockText(readTo, now, timeZone))
}
