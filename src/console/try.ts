import { exampleNumber } from '../advice/coverage/dry-runs.ts'
import { explainDecision } from '../advice/explain-plan.ts'
import { type Explained, explainRequest } from '../advice/explain-request.ts'
import { type Policy, preparePolicy } from '../core/policy/policy.ts'
import { digestsOfUser } from '../core/records/delivery.ts'
import { normalizeLocale } from '../core/values/locale.ts'
import { isCountry } from '../core/values/phone-number.ts'
import { messageOf } from '../core/values/printable.ts'
import { isRefusal, reasons } from '../core/values/reasons.ts'
import { channels, type OtpRequest, purposes } from '../core/values/request.ts'
import { type ExampleRequest, readExample } from '../okta/hook-request.ts'
import { commandLine, type Html, html, postForm, prose, type Visitor } from './page.ts'
import { messageOnPhone } from './phone.ts'
import type { Answer, ConsoleParts, Screen, Visit } from './screen.ts'
import { texts } from './texts.ts'

/** What would be sent to somebody, with each decision on the way. Nothing is sent. */
export const tryScreen: Screen = {
  title: texts.tryIt.title,
  path: '/try',
  routes: [
    { kind: 'page', path: '/try', answer: answerForm },
    { kind: 'lookup', path: '/try', answer: answerTried },
  ],
}

/** `country` and `channel` of the address fill in an example. */
function answerForm({ query, visitor }: Visit, { planRules }: ConsoleParts): Answer {
  const country = query.get('country') ?? ''
  const example = {
    to: (isCountry(country) ? exampleNumber(country) : undefined) ?? '',
    channel: query.get('channel') === 'voice' ? 'voice' : 'sms',
    purpose: 'mfa-verification',
    locale: planRules.defaultLocale,
  }
  return pageOf(visitor, example, html`<p>${texts.tryIt.empty}</p>`)
}

async function answerTried({ form, visitor }: Visit, parts: ConsoleParts): Promise<Answer> {
  const [to, locale, oktaText] = ['to', 'locale', 'oktaText'].map(name => form.get(name)?.trim() ?? '')
  const example = {
    to: to ?? '',
    channel: form.get('channel') ?? '',
    purpose: form.get('purpose') ?? '',
    ...(locale !== '' && locale !== undefined && { locale }),
    ...(oktaText !== '' && oktaText !== undefined && { oktaText }),
  }
  const now = parts.now()
  const request = readExample(example, now)
  if (isRefusal(request)) {
    const { meaning } = reasons[request.code]
    return pageOf(
      visitor,
      withoutPerson(example, undefined),
      html`<p class="bad" role="alert">${meaning} <code>${request.code}</code></p>`,
    )
  }
  const stored = await parts.store.readPolicy()
  if (stored === undefined) throw new Error('The store returned no policy')
  const policy = await preparePolicy(stored)
  const explained = explainRequest(request, policy, parts.planRules, now)
  const rule = await askRule(form, request, explained, policy, visitor, parts)
  return pageOf(
    visitor,
    withoutPerson(example, explained),
    result({ ...explained, notes: [...explained.notes, ...rule] }, request.locale, parts),
  )
}

/** The fraud rule's decision, if a person or an address is named. To ask what it knows of a person is to look them up. */
async function askRule(
  form: URLSearchParams,
  request: OtpRequest,
  { planned }: Explained,
  policy: Policy,
  visitor: Visitor,
  { explainRule, digests, store, now }: ConsoleParts,
): Promise<readonly string[]> {
  const [user = '', from = ''] = ['user', 'from'].map(name => form.get(name)?.trim() ?? '')
  if (planned.kind === 'refusal' || (user === '' && from === '')) return []
  const notes: string[] = []
  const number = await digests(planned.destination.e164.reveal())
  const differences = [
    ...(user === '' ? [] : [{ name: 'user', after: await digestsOfUser(user, digests) }]),
    { name: 'number', after: number },
  ]
  await store
    .logEvent({ what: 'lookups', differences }, { author: visitor.name, at: now() })
    .catch((error: unknown) => notes.push(texts.tryIt.notLogged(messageOf(error))))
  const who = { ...(user !== '' && { user }), ...(from !== '' && { from }) }
  return [...notes, await explainRule(request, planned, policy, who).catch(messageOf)]
}

/** A page shows no whole number, unless it is an example of its country that belongs to nobody. */
function withoutPerson(example: ExampleRequest, explained: Explained | undefined): ExampleRequest {
  const { country, e164 } = explained?.planned.destination ?? {}
  const isExample = country !== undefined && exampleNumber(country) === e164?.reveal()
  return isExample ? example : { ...example, to: '' }
}

function result({ planned, notes }: Explained, locale: string | undefined, parts: ConsoleParts): Html {
  const { lastDigits } = planned.destination ?? {}
  const isPlan = planned.kind === 'plan'
  return html`<section class="card" aria-label="${texts.tryIt.result}">
<h2 class="${isPlan ? 'good' : 'bad'}" role="status">${isPlan ? texts.tryIt.sent : texts.tryIt.notSent}</h2>
${lastDigits !== undefined && html`<p class="quiet">${texts.tryIt.to(lastDigits)}</p>`}
<ol>${planned.decisions.map(explainDecision).map(({ step, sentence }) => html`<li><strong>${step}</strong> ${sentence}</li>`)}</ol>
${notes.map(note => html`<p class="warn">${note}</p>`)}
${
  planned.kind === 'refusal'
    ? html`<p><strong>${texts.tryIt.whatToDo} (${texts.actors[reasons[planned.code].actor]}):</strong> ${prose(reasons[planned.code].remedy)}</p>`
    : messageOnPhone(
        planned.message,
        planned.templateUsed.source === 'template' ? planned.templateUsed.locale : localeOr(locale, parts),
        parts.planRules.brand,
        parts.speech,
      )
}
</section>`
}

function localeOr(locale: string | undefined, { planRules }: ConsoleParts): string {
  return normalizeLocale(locale) ?? planRules.defaultLocale
}

function pageOf(visitor: Visitor, example: ExampleRequest, below: Html): Answer {
  const { title, lead } = texts.tryIt
  return {
    kind: 'page',
    title,
    body: html`<h1>${title}</h1>
<p class="lead">${lead}</p>
${postForm(visitor, '/try', fields(example), 'fields')}
${below}
${commandLine(commandOf(example))}`,
  }
}

function fields({ to, channel, purpose, locale = '', oktaText = '' }: ExampleRequest): Html {
  const option = (value: string, label: string, chosen: string): Html =>
    html`<option value="${value}"${value === chosen ? html` selected` : ''}>${label}</option>`
  const { fields: labels } = texts.tryIt
  return html`<label>${labels.to} <input name="to" type="tel" required maxlength="40" value="${to}" placeholder="+34 683 78 34 40" autocomplete="off"></label>
<label>${labels.channel} <select name="channel">${channels.map(one => option(one, texts.channels[one], channel))}</select></label>
<label>${labels.purpose} <select name="purpose">${purposes.map(one => option(one, texts.templates.purposes[one], purpose))}</select></label>
<label>${labels.locale} <input name="locale" maxlength="35" value="${locale}" autocomplete="off"></label>
<label>${labels.oktaText} <input name="oktaText" maxlength="1000" value="${oktaText}" autocomplete="off"></label>
<label>${labels.user} <input name="user" maxlength="255" autocomplete="off"></label>
<label>${labels.from} <input name="from" maxlength="45" placeholder="203.0.113.7" autocomplete="off"></label>
<button type="submit">${texts.tryIt.button}</button>`
}

function commandOf({ to, channel, purpose, locale }: ExampleRequest): string {
  const number = to === '' ? texts.person.number : to.replaceAll(/[^+\d]/g, '')
  const language = locale === undefined ? '' : ` --locale ${locale.replaceAll(/[^\w-]/g, '')}`
  const known = (all: readonly string[], value: string): string =>
    all.find(one => one === value) ?? all[0] ?? ''
  return `hookline explain --to ${number} --channel ${known(channels, channel)} --purpose ${known(purposes, purpose)}${language}`
}
