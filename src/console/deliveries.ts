import { countryName } from '../advice/coverage/countries.ts'
import { statusOf } from '../core/records/delivery.ts'
import type { DeliveryFilter } from '../core/records/delivery-filter.ts'
import type { DeliveryPage, ListedDelivery, PageQuery, Period } from '../core/records/delivery-store.ts'
import { dimensions, labelsOf } from '../core/records/stats.ts'
import { isCountry } from '../core/values/phone-number.ts'
import { printable } from '../core/values/printable.ts'
import { reasons } from '../core/values/reasons.ts'
import { type Moment, orgOf, readSentence, secondsOf } from './delivery-view.ts'
import { address, type Html, html } from './page.ts'
import type { Answer, ConsoleParts, Screen, Visit } from './screen.ts'
import { texts } from './texts.ts'
import { clockText, time } from './times.ts'

/** Every code, newest first, with filters, and as a file. */
export const deliveriesScreen: Screen = {
  title: texts.deliveries.title,
  path: '/deliveries',
  routes: [
    { kind: 'page', path: '/deliveries', answer: answerList },
    { kind: 'page', path: '/deliveries.csv', answer: answerFile },
  ],
}

async function answerList({ query }: Visit, { store, now, timeZone }: ConsoleParts): Promise<Answer> {
  const moment = { now: now(), timeZone }
  const page = await store.pageDeliveries(readQuery(query))
  const { deliveries, next, readTo } = page
  const rest = Object.fromEntries([...query].filter(([name]) => name !== 'before'))
  const { title } = texts.deliveries
  const body = html`<h1>${title}</h1>
${filterForm(query)}
${describePeriod(query, moment)}
<div ${query.has('before') ? '' : html`data-live`}>
${deliveries.length === 0 ? html`<p>${texts.deliveries.none}</p>` : table(deliveries, moment)}
<p class="more">${texts.deliveries.shown(deliveries.length)} ${readSentence(readTo, next === undefined, moment)} ${
    next !== undefined &&
    html`<a href="${address('/deliveries', { ...rest, before: next })}">${texts.list.older}</a>`
  }</p>
</div>
<p><a href="${address('/deliveries.csv', rest)}">${texts.deliveries.file}</a> <span class="quiet">${texts.deliveries.fileMeans(FILE_PAGES_MAX * ON_A_PAGE)}</span></p>`
  return { kind: 'page', title, body }
}

async function answerFile({ query }: Visit, { store, now, timeZone }: ConsoleParts): Promise<Answer> {
  const rows: ListedDelivery[] = []
  let page: DeliveryPage | undefined
  for (let count = 0; count < FILE_PAGES_MAX && (page === undefined || page.next !== undefined); count += 1) {
    page = await store.pageDeliveries({
      ...readQuery(query),
      ...(page?.next !== undefined && { before: page.next }),
    })
    rows.push(...page.deliveries)
  }
  const at = clockText(page?.readTo ?? 0, now(), timeZone).replaceAll(/\W+/g, '-')
  return {
    kind: 'file',
    name: page?.next === undefined ? 'deliveries.csv' : `deliveries-back-to-${at}.csv`,
    type: 'text/csv; charset=utf-8',
    content: [COLUMNS, ...rows.map(cellsOf)].map(cells => `${cells.map(csvCell).join(',')}\r\n`).join(''),
  }
}

/** The filter of an address. Unknown names and values match nothing or are ignored. */
function readQuery(query: URLSearchParams): PageQuery {
  const text = (name: string): string | undefined => query.get(name)?.trim().slice(0, VALUE_MAX) || undefined
  const yesOrNo = (name: string): boolean | undefined => ({ yes: true, no: false })[text(name) ?? '']
  const status = text('status')
  const filter: DeliveryFilter = {
    ...Object.fromEntries(dimensions.flatMap(name => (text(name) === undefined ? [] : [[name, text(name)]]))),
    ...(text('country') !== undefined && { country: countryIn(text('country') ?? '') }),
    ...(isStatus(status) && { status }),
    ...(text('reason') !== undefined && { reason: text('reason') ?? '' }),
    ...(text('template') !== undefined && { template: text('template') ?? '' }),
    ...(yesOrNo('sent') !== undefined && { sent: yesOrNo('sent') === true }),
    ...(yesOrNo('answered') !== undefined && { answered: yesOrNo('answered') === true }),
  }
  const before = text('before')
  const period = periodIn(query)
  return {
    limit: ON_A_PAGE,
    filter,
    ...(period !== undefined && { period }),
    ...(before !== undefined && { before }),
  }
}

function periodIn(query: URLSearchParams): Period | undefined {
  const [from, to] = ['from', 'to'].map(name => {
    const text = query.get(name) ?? ''
    return /^\d{1,15}$/.test(text) ? Number(text) : undefined
  })
  return from === undefined && to === undefined
    ? undefined
    : { from: from ?? 0, to: to ?? Number.MAX_SAFE_INTEGER }
}

function isStatus(text: string | undefined): text is keyof typeof texts.statuses {
  return text !== undefined && Object.hasOwn(texts.statuses, text)
}

/** `es` as ES; `unknown` stays. */
function countryIn(text: string): string {
  const code = text.toUpperCase()
  return isCountry(code) ? code : text
}

function filterForm(query: URLSearchParams): Html {
  const value = (name: string): string => query.get(name) ?? ''
  const choice = (
    name: string,
    label: string,
    values: readonly (readonly [value: string, label: string])[],
  ) =>
    html`<label>${label} <select name="${name}"><option value="">${texts.deliveries.any}</option>${values.map(
      ([each, text]) =>
        html`<option value="${each}"${each === value(name) ? html` selected` : ''}>${text}</option>`,
    )}</select></label>`
  const field = (name: string, label: string, hint: string) =>
    html`<label>${label} <input name="${name}" value="${value(name)}" maxlength="${VALUE_MAX}" autocomplete="off" placeholder="${hint}"></label>`
  const kept = ['from', 'to', 'channel', 'purpose', 'language', 'sent'].filter(name => query.has(name))
  const { fields } = texts.deliveries
  return html`<form method="get" action="${address('/deliveries')}" class="fields">
${choice('status', fields.status, Object.entries(texts.statuses))}
${choice(
  'reason',
  fields.reason,
  Object.keys(reasons).map(code => [code, code] as const),
)}
${field('country', fields.country, 'ES')}
${field('identity', fields.identity, 'pool-… or +1…')}
${field('template', fields.template, 'sms/es/any@3')}
${field('org', fields.org, 'acme')}
${choice('answered', fields.answered, [
  ['yes', texts.deliveries.yes],
  ['no', texts.deliveries.no],
])}
${kept.map(name => html`<input type="hidden" name="${name}" value="${value(name)}">`)}
<button type="submit">${texts.deliveries.apply}</button>
<a href="${address('/deliveries')}">${texts.deliveries.clear}</a>
</form>`
}

function describePeriod(query: URLSearchParams, { now, timeZone }: Moment): Html {
  const period = periodIn(query)
  const others = ['channel', 'purpose', 'language', 'sent'].flatMap(name =>
    query.has(name) ? [`${name}: ${query.get(name)}`] : [],
  )
  const between =
    period &&
    texts.deliveries.between(
      clockText(period.from, now, timeZone),
      clockText(Math.min(period.to, now), now, timeZone),
    )
  const sentence = [between, ...others].filter(Boolean).join(' · ')
  return sentence === '' ? html`` : html`<p class="quiet">${sentence}</p>`
}

function table(deliveries: readonly ListedDelivery[], { now, timeZone }: Moment): Html {
  const rows = deliveries.map(delivery => {
    const { id, openedAt, caller, channel, country, lastDigits, purpose, numberDigest, answered } = delivery
    const status = statusOf(delivery)
    return html`<tr>
<th scope="row"><a href="${address(`/delivery/${encodeURIComponent(id)}`)}">${time(openedAt, now, timeZone)}</a></th>
<td><span class="status ${status}">${texts.statuses[status]}</span></td>
<td>${answered === undefined ? '' : texts.deliveries.after(secondsOf(answered.afterMs))}</td>
<td>${texts.channels[channel]}</td>
<td>${country === undefined ? '?' : html`<abbr title="${nameOf(country)}">${country}</abbr>`} <a href="${address(`/person/number/${numberDigest}`)}">…${lastDigits ?? '??'}</a></td>
<td>${texts.purposes[purpose]}</td>
<td>${describeEnd(delivery)}</td>
<td>${orgOf(caller)}</td>
</tr>`
  })
  const { columns } = texts.deliveries
  return html`<div class="table" role="region" aria-label="${texts.deliveries.title}" tabindex="0"><table>
<thead><tr>${columns.map(name => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows}</tbody>
</table></div>`
}

function describeEnd({ end, progress }: ListedDelivery): Html {
  if ('code' in end) return html`<a href="${address('/deliveries', { reason: end.code })}">${end.code}</a>`
  return html`${progress?.type}`
}

function nameOf(country: string): string {
  return isCountry(country) ? countryName(country) : country
}

const COLUMNS = [
  ...[
    'opened',
    'delivery',
    'org',
    'channel',
    'country',
    'last digits',
    'purpose',
    'status',
    'reason',
    'detail',
  ],
  ...[
    'identity',
    'language',
    'template version',
    'receipt',
    'carrier',
    'price USD',
    'answered after ms',
    'Okta event',
  ],
]

function cellsOf(delivery: ListedDelivery): readonly string[] {
  const {
    openedAt,
    id,
    caller,
    channel,
    country,
    lastDigits,
    purpose,
    end,
    progress,
    answered,
    templateUsed,
  } = delivery
  const labels = labelsOf(delivery)
  return [
    ...[new Date(openedAt).toISOString(), id, caller, channel, country ?? '', lastDigits ?? '', purpose],
    ...[statusOf(delivery), 'code' in end ? end.code : '', 'code' in end ? end.detail : ''],
    ...[labels.identity, labels.language],
    templateUsed?.source === 'template' ? String(templateUsed.version) : '',
    ...[progress?.type ?? '', progress?.carrierName ?? '', String(progress?.price ?? '')],
    ...[String(answered?.afterMs ?? ''), delivery.eventId ?? ''],
  ]
}

/**
 * A cell that a spreadsheet takes for text: one that begins like a formula gets an apostrophe (OWASP, CSV injection).
 * @internal
 */
export function csvCell(text: string): string {
  const line = printable(text)
  return `"${/^[=+\-@\t\r|%]/.test(line) ? "'" : ''}${line.replaceAll('"', '""')}"`
}

const ON_A_PAGE = 50
const FILE_PAGES_MAX = 40
const VALUE_MAX = 200
