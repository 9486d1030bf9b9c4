import type { LogEvent } from '../core/policy/change-log.ts'
import { activeOverrides, BECAUSE_MAX, type Override, withOverride } from '../core/policy/fraud-policy.ts'
import { changeFraudPolicy } from '../core/policy/policy-store.ts'
import { type FollowedDelivery, namesOfUser } from '../core/records/delivery.ts'
import type { Whose } from '../core/records/delivery-filter.ts'
import type { DeliveryPage, ListedDelivery } from '../core/records/delivery-store.ts'
import { readPhoneNumber } from '../core/values/phone-number.ts'
import { printable } from '../core/values/printable.ts'
import { isRefusal, type reasons } from '../core/values/reasons.ts'
import { Secret } from '../core/values/secret.ts'
import { adviceCard, deliveryCard, type Moment, readSentence } from './delivery-view.ts'
import { address, changeButton, type Html, html, postForm } from './page.ts'
import type { Answer, ConsoleParts, Screen, Visit } from './screen.ts'
import { texts } from './texts.ts'

/** What happened to the codes of one person, what to say to them, and what a help desk can do. */
export const personScreen: Screen = {
  title: texts.person.title,
  path: '/person',
  routes: [
    { kind: 'page', path: '/person', answer: answerStart },
    { kind: 'lookup', path: '/person/search', answer: search },
    { kind: 'change', path: '/person/allow/:id', answer: allow },
    { kind: 'change', path: '/person/opt-in/:id', answer: optIn },
    { kind: 'page', path: '/person/:by/:key', answer: answerPerson },
    { kind: 'page', path: '/delivery/:id', answer: answerDelivery },
  ],
}

function answerStart(): Answer {
  const body = html`<h1>${texts.person.title}</h1>
<p>${texts.person.howToSearch}</p>
<ul>${texts.person.examples.map(example => html`<li>${example}</li>`)}</ul>`
  return { kind: 'page', title: texts.person.title, body }
}

/** Leads to an address without the number or the login: it has their keyed digests. */
async function search({ form }: Visit, { digests, planRules }: ConsoleParts): Promise<Answer> {
  const words = form.get('q')?.trim().slice(0, WORDS_MAX) ?? ''
  if (words === '') return { kind: 'redirect', to: '/person' }
  if (/^\+?[\d\s().-]{6,}$/.test(words)) {
    return { kind: 'redirect', to: `/person/number/${(await digests(numberIn(words, planRules))).join('.')}` }
  }
  if (OKTA_REQUEST.test(words)) return { kind: 'redirect', to: `/person/request/${words}` }
  if (OKTA_EVENT.test(words)) return { kind: 'redirect', to: `/person/event/${words}` }
  const ofUser = await Promise.all(namesOfUser(words).map(digests))
  return { kind: 'redirect', to: `/person/user/${ofUser.flat().join('.')}` }
}

async function answerPerson({ params, query, visitor }: Visit, parts: ConsoleParts): Promise<Answer> {
  const { by = '', key = '' } = params
  const before = query.get('before') ?? undefined
  const page = await readPage(by, key, before, parts)
  if (page === undefined) return notFound()
  const isLogged = await logLookUp(by, key, visitor, parts)
  const moment = { now: parts.now(), timeZone: parts.timeZone }
  const [newest] = page.deliveries
  const title = titleOf(by, newest)
  const body = html`<h1>${title}</h1>
${newest === undefined && (page.next === undefined ? nothing() : html`<p>${texts.person.nothingYet}</p>`)}
${newest !== undefined && before === undefined && html`<div class="beside">${adviceCard(newest, moment)}${actions(newest, visitor)}</div>`}
${done(query.get('done'))}
${page.deliveries.length > 0 && html`<h2>${texts.person.codes}</h2>`}
${page.deliveries.map(delivery => deliveryCard(delivery, moment))}
${more(page, `/person/${by}/${key}`, moment)}
<p class="quiet">${isLogged ? texts.person.logged : texts.person.notLogged}</p>`
  return { kind: 'page', title, body }
}

function done(what: string | null): Html | undefined {
  const sentence =
    what === 'allowed' ? texts.person.allowed : what === 'opted-in' ? texts.person.optedIn : undefined
  return sentence === undefined ? undefined : html`<p class="done" role="status">${sentence}</p>`
}

/** Who may only read the store can look up as well; the page says then that it is not logged. */
async function logLookUp(
  by: string,
  key: string,
  { name: author }: Visit['visitor'],
  { store, now, digests }: ConsoleParts,
): Promise<boolean> {
  try {
    const after = by === 'user' || by === 'number' ? key.split('.').slice(0, 4) : await digests(key)
    const event: LogEvent = { what: 'lookups', differences: [{ name: by, after }] }
    await store.logEvent(event, { author, at: now() })
    return true
  } catch {
    return false
  }
}

async function answerDelivery(
  { params, visitor }: Visit,
  { store, now, timeZone }: ConsoleParts,
): Promise<Answer> {
  const delivery = await store.findDelivery(params.id ?? '')
  if (delivery === undefined) return notFound()
  const moment = { now: now(), timeZone }
  const title = texts.person.oneCode
  const body = html`<h1>${title}</h1>
<div class="beside">${adviceCard(delivery, moment)}${actions(delivery, visitor)}</div>
${deliveryCard(delivery, moment)}`
  return { kind: 'page', title, body }
}

function nothing(): Html {
  return html`<p>${texts.person.nothing}</p><p>${texts.person.nothingMeans}</p>`
}

function notFound(): Answer {
  const body = html`<h1>${texts.person.title}</h1>${nothing()}`
  return { kind: 'page', title: texts.person.title, body, status: 404 }
}

/** Undefined for an address that no page has, such as one with a number in the place of its digest, which would be logged. */
function readPage(
  by: string,
  key: string,
  before: string | undefined,
  { store }: ConsoleParts,
): Promise<DeliveryPage> | undefined {
  const place = { limit: ON_A_PAGE, ...(before !== undefined && { before }) }
  if (by === 'request') return store.pageDeliveries({ ...place, filter: { oktaRequestId: key } })
  const whose = whoseOf(by, key)
  return whose && store.pageDeliveries({ ...place, whose })
}

function whoseOf(by: string, key: string): Whose | undefined {
  switch (by) {
    case 'number':
    case 'user': {
      const digests = key.split('.').slice(0, 4)
      return digests.every(digest => DIGEST.test(digest)) ? { kind: by, digests } : undefined
    }
    case 'event':
      return { kind: 'event', eventId: key }
    default:
      return undefined
  }
}

function titleOf(by: string, newest: ListedDelivery | undefined): string {
  switch (by) {
    case 'number':
      return texts.person.ofNumber(newest?.lastDigits)
    case 'user':
      return texts.person.ofUser
    default:
      return texts.person.oneCode
  }
}

/** How far the list goes, and the way on. */
function more({ readTo, next, deliveries }: DeliveryPage, path: string, moment: Moment): Html {
  if (next === undefined && deliveries.length === 0) return html``
  return html`<p class="more">${readSentence(readTo, next === undefined, moment)} ${
    next !== undefined && html`<a href="${address(path, { before: next })}">${texts.list.older}</a>`
  }</p>`
}

/** What a help desk can change for this code, if it helps. */
function actions(delivery: FollowedDelivery, visitor: Visit['visitor']): Html {
  const { id, end, lastDigits = '??' } = delivery
  if (!('code' in end)) return html``
  if (end.code === 'RECIPIENT_OPTED_OUT') return optInCard(delivery, visitor)
  if (end.state !== 'refused' || !isHeld(end.code)) return html``
  const content = html`<h2>${texts.person.allowTitle(lastDigits)}</h2>
<p>${texts.person.allowMeans}</p>
<label>${texts.person.because} <input name="because" required maxlength="${BECAUSE_MAX}" autocomplete="off" placeholder="${texts.person.becauseHint}"></label>
${changeButton(visitor, texts.person.allow, `hookline fraud allow ${texts.person.number} --for 1d --because "…"`)}`
  return html`<section class="card">${postForm(visitor, `/person/allow/${encodeURIComponent(id)}`, content)}</section>`
}

function optInCard({ id, lastDigits = '??' }: FollowedDelivery, visitor: Visit['visitor']): Html {
  const content = html`<h2>${texts.person.optInTitle(lastDigits)}</h2>
<p>${texts.person.optInMeans}</p>
<label>${texts.person.wholeNumber} <input name="number" type="tel" required maxlength="40" autocomplete="off"></label>
<label>${texts.person.because} <input name="because" required maxlength="${BECAUSE_MAX}" autocomplete="off" placeholder="${texts.person.becauseHint}"></label>
${changeButton(visitor, texts.person.optIn, 'hookline optouts remove --phone +NUMBER --because "…"')}`
  return html`<section class="card">${postForm(visitor, `/person/opt-in/${encodeURIComponent(id)}`, content)}</section>`
}

/** Takes the number off the opt-out lists. The store has only its digest, so the person says the number again. */
async function optIn({ params, form, visitor }: Visit, parts: ConsoleParts): Promise<Answer> {
  const { store, digests, planRules, now, removeOptOuts } = parts
  const delivery = await store.findDelivery(params.id ?? '')
  if (delivery === undefined) return notFound()
  const because = printable(form.get('because')?.trim() ?? '')
  if (because === '' || because.length > BECAUSE_MAX) return refusal(texts.person.becauseMissing)
  const number = new Secret(numberIn(form.get('number') ?? '', planRules))
  if (!(await digests(number.reveal())).includes(delivery.numberDigest))
    return refusal(texts.person.otherNumber)
  const author = printable(visitor.name).slice(0, AUTHOR_MAX)
  const removed = await removeOptOuts(number, { author, at: now(), because })
  if (removed.length === 0) return refusal(texts.person.notOptedOut)
  return { kind: 'redirect', to: address(`/person/number/${delivery.numberDigest}`, { done: 'opted-in' }) }
}

/** Read as the hook reads it, so that both digests are of the same text. */
function numberIn(words: string, planRules: ConsoleParts['planRules']): string {
  const number = readPhoneNumber(new Secret(words), 'voice', planRules)
  const read = isRefusal(number) ? number.number : number
  return read?.e164.reveal() ?? words.trim()
}

/** Whether an operator's `allow` would have let it through: the fraud rule held it, and no operator denied it. */
function isHeld(code: keyof typeof reasons): boolean {
  return (
    code !== 'FRAUD_DENIED' &&
    /^(?:FRAUD_|NUMBER_(?:SILENT|STRANGE_NETWORK|UNPROVEN)$|USER_MANY_NUMBERS$)/.test(code)
  )
}

/** Allows the number of a code that was held, for a day. A person may do this for 20 numbers a day. */
async function allow({ params, form, visitor }: Visit, { store, now }: ConsoleParts): Promise<Answer> {
  const delivery = await store.findDelivery(params.id ?? '')
  const because = printable(form.get('because')?.trim() ?? '')
  if (delivery === undefined || !('code' in delivery.end) || !isHeld(delivery.end.code)) return notFound()
  const { numberDigest: digest, lastDigits = '' } = delivery
  if (because === '' || because.length > BECAUSE_MAX) return refusal(texts.person.becauseMissing)
  const at = now()
  const author = printable(visitor.name).slice(0, AUTHOR_MAX)
  const override: Override = {
    ...{ what: 'allow', whom: { kind: 'number', digest, lastDigits } },
    ...{ author, because, at, until: at + DAY_MS },
  }
  let problem: string = texts.person.tooMany
  const result = await changeFraudPolicy(store, { author, at, because }, policy => {
    const active = activeOverrides(policy, at)
    const isDenied = active.some(
      ({ what, whom }) => what === 'deny' && whom.kind === 'number' && whom.digest === digest,
    )
    if (isDenied) {
      problem = texts.person.denied
      return undefined
    }
    const own = active.filter(
      one =>
        one.author === author && one.what === 'allow' && one.whom.kind === 'number' && one.at > at - DAY_MS,
    )
    return own.length >= ALLOWED_A_DAY ? undefined : withOverride(policy, override, at)
  })
  switch (result.kind) {
    case 'saved':
      return { kind: 'redirect', to: address(`/person/number/${digest}`, { done: 'allowed' }) }
    case 'refused':
      return refusal(problem)
    case 'conflict':
      return refusal(texts.person.conflict)
  }
}

function refusal(problem: string): Answer {
  const body = html`<h1>${texts.problem}</h1><p>${problem}</p>`
  return { kind: 'page', title: texts.problem, body }
}

/** A keyed digest: HMAC-SHA-256 in base64url. */
const DIGEST = /^[\w-]{43}$/
const ON_A_PAGE = 20
const WORDS_MAX = 255
const ALLOWED_A_DAY = 20
const AUTHOR_MAX = 100
const DAY_MS = 86_400_000
/** As Okta writes them today; any other word is taken for a login or a user ID. */
const OKTA_REQUEST = /^req[\w-]{17,}$/
const OKTA_EVENT = /^(?:[\w-]{22}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/
