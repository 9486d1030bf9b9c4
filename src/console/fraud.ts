import { countHeld, type Episode, episodesOf } from '../advice/fraud/episodes.ts'
import { counted } from '../advice/health-sentence.ts'
import { changeFraudPolicy } from '../core/policy/change-fraud-policy.ts'
import { describeGroup, describeWhom, explainHold, textOfExplanation } from '../core/policy/credit/explain.ts'
import type { GroupKey } from '../core/policy/credit/records.ts'
import {
  activeOverrides,
  BECAUSE_MAX,
  type FraudMode,
  type FraudPolicy,
  fraudModes,
  type NewFraudPolicy,
  type Override,
  type Whom,
  withOverride,
  withoutOverride,
} from '../core/policy/fraud-policy.ts'
import { describeLimit } from '../core/policy/limits.ts'
import type { FollowedDelivery } from '../core/records/delivery.ts'
import { isCountry } from '../core/values/phone-number.ts'
import { printable } from '../core/values/printable.ts'
import { orgOf } from './delivery-view.ts'
import { address, changeButton, commandLine, type Html, html, postForm } from './page.ts'
import type { Answer, ConsoleParts, Screen, Visit } from './screen.ts'
import { texts } from './texts.ts'
import { clockText, time } from './times.ts'

/** What the fraud rule holds or would hold, what operators decided themselves, and the limits. */
export const fraudScreen: Screen = {
  title: texts.fraud.title,
  path: '/fraud',
  routes: [
    { kind: 'page', path: '/fraud', answer: answerFraud },
    { kind: 'change', path: '/fraud/mode', answer: changeMode },
    { kind: 'change', path: '/fraud/allow', answer: allowGroup },
    { kind: 'change', path: '/fraud/end', answer: endOverride },
  ],
}

async function answerFraud({ visitor, query }: Visit, parts: ConsoleParts): Promise<Answer> {
  const { store, now, timeZone } = parts
  const at = now()
  const policy = await store.readPolicy()
  if (policy === undefined) throw new Error('The store returned no policy')
  const { fraud, limits } = policy
  const { deliveries, readTo } = await readDay(parts, at)
  const episodes = episodesOf(deliveries, at)
  const held = episodes.filter(({ isOver }) => !isOver)
  const { title } = texts.fraud
  const body = html`<h1>${title}</h1>
${query.get('done') === 'saved' && html`<p class="done" role="status">${texts.fraud.saved}</p>`}
${modeCard(fraud, deliveries, visitor, clockText(readTo, at, timeZone))}
<h2>${texts.fraud.held}</h2>
${held.length === 0 && html`<p>${texts.fraud.noneHeld}</p>`}
${held.map(episode => heldCard(episode, visitor))}
<h2>${texts.fraud.overrides}</h2>
${overridesTable(activeOverrides(fraud, at), visitor, at, timeZone)}
<h2>${texts.fraud.episodes}</h2>
${episodesTable(episodes, at, timeZone)}
<p class="quiet">${texts.list.readTo(clockText(readTo, at, timeZone))}</p>
${commandLine('hookline fraud episodes --days 7')}
<h2>${texts.fraud.limits}</h2>
<p>${texts.fraud.limitsMode[limits.mode]}</p>
<ul>${limits.windows.map(limit => html`<li>${describeLimit(limit)}</li>`)}</ul>
${commandLine('hookline limits set --scope number --window 3600 --max 5')}`
  return { kind: 'page', title, body }
}

/** The deliveries of a day, as far as a few pages go. */
async function readDay({ store }: ConsoleParts, now: number) {
  const deliveries: FollowedDelivery[] = []
  const period = { from: now - DAY_MS, to: now + 1 }
  let before: string | undefined
  for (let count = 1; ; count += 1) {
    const page = await store.pageDeliveries({ limit: 100, period, ...(before !== undefined && { before }) })
    deliveries.push(...page.deliveries)
    before = page.next
    if (before === undefined || count === PAGES_MAX) return { deliveries, readTo: page.readTo }
  }
}

function modeCard(
  { mode, modes }: FraudPolicy,
  deliveries: readonly FollowedDelivery[],
  visitor: Visit['visitor'],
  since: string,
): Html {
  const { people, refused, answeredLater } = countHeld(deliveries)
  const own = Object.entries(modes)
  const choices = fraudModes.map(
    each => html`<option value="${each}"${each === mode ? html` selected` : ''}>${each}</option>`,
  )
  return html`<section class="card" aria-labelledby="mode">
<h2 id="mode">${texts.fraud.mode}: ${mode}</h2>
<p>${texts.fraud.modes[mode]}</p>
${own.map(([org, each]) => html`<p>${orgOf(org)}: ${each}. ${texts.fraud.modes[each]}</p>`)}
<p>${people === 0 ? texts.fraud.nothingJudged : texts.fraud.judged(counted(refused), counted(people), counted(answeredLater), since)}</p>
${postForm(
  visitor,
  '/fraud/mode',
  html`<label>${texts.fraud.newMode} <select name="mode">${choices}</select></label>
${becauseField()}
${changeButton(visitor, texts.fraud.change, 'hookline fraud mode observe')}`,
)}
</section>`
}

function becauseField(): Html {
  return html`<label>${texts.person.because} <input name="because" required maxlength="${BECAUSE_MAX}" autocomplete="off" placeholder="${texts.person.becauseHint}"></label>`
}

/** A held group in one sentence, and what an operator can do about it. */
function heldCard({ org, hold, country, held, observed, group }: Episode, visitor: Visit['visitor']): Html {
  const { reason, ...explanation } = explainHold(hold, country)
  const whom = whomOf(group)
  return html`<section class="card">
<h3><a href="${address('/deliveries', { reason })}">${reason}</a> ${orgOf(org)}</h3>
<p>${textOfExplanation(explanation)} ${texts.fraud.counts(held, observed)}</p>
${
  whom !== undefined &&
  postForm(
    visitor,
    '/fraud/allow',
    html`<input type="hidden" name="group" value="${group}">
${whom.kind === 'country' && html`<label>${texts.fraud.expected} <input name="count" type="number" min="1" max="${EXPECTED_MAX}" value="50" required></label>`}
${becauseField()}
${changeButton(visitor, whom.kind === 'country' ? texts.fraud.expect : texts.fraud.allow, commandOf(whom))}`,
  )
}
</section>`
}

/** Whom an operator can allow or expect for a group; undefined for a pool of countries. */
function whomOf(group: GroupKey): Whom | undefined {
  const [kind, name = ''] = [group.slice(0, group.indexOf(':')), group.slice(group.indexOf(':') + 1)]
  switch (kind) {
    case 'p4':
    case 'p6':
      return { kind: 'prefix', digits: name }
    case 'ip':
      return { kind: 'network', cidr: name.includes(':') ? `${name}::/48` : `${name}.0/24` }
    case 'country':
      return isCountry(name) ? { kind: 'country', country: name } : undefined
    default:
      return undefined
  }
}

function commandOf(whom: Whom): string {
  const rest = `--for 7d --because "…"`
  switch (whom.kind) {
    case 'prefix':
      return `hookline fraud allow "+${whom.digits}*" ${rest}`
    case 'network':
      return `hookline fraud allow ${whom.cidr} ${rest}`
    case 'country':
      return `hookline fraud expect ${whom.country} 50 ${rest}`
    default:
      return `hookline fraud allow +NUMBER ${rest}`
  }
}

function overridesTable(
  overrides: readonly Override[],
  visitor: Visit['visitor'],
  now: number,
  timeZone: string,
): Html {
  if (overrides.length === 0) return html`<p>${texts.fraud.noOverrides}</p>`
  const rows = overrides.map(override => {
    const { what, whom, until, author, because } = override
    const about = what === 'expect' ? texts.fraud.phonesIn(override.count, whom.country) : describeWhom(whom)
    return html`<tr><th scope="row">${texts.fraud.whats[what]}</th><td>${about}</td><td>${time(until, now, timeZone)}</td><td>${author}</td><td>${because}</td>
<td>${postForm(
      visitor,
      '/fraud/end',
      html`<input type="hidden" name="override" value="${keyOf(override)}">
<button type="submit"${visitor.isReadOnly ? html` disabled` : ''} aria-label="${texts.fraud.endOf(about)}">${texts.fraud.end}</button>`,
    )}</td></tr>`
  })
  return html`${tableOf(texts.fraud.overrides, texts.fraud.overrideColumns, rows)}
${commandLine('hookline fraud remove WHOM')}`
}

function episodesTable(episodes: readonly Episode[], now: number, timeZone: string): Html {
  if (episodes.length === 0) return html`<p>${texts.fraud.noEpisodes}</p>`
  const rows = episodes.slice(0, ROWS_MAX).map(
    ({ since, lastAt, isOver, org, hold, group, held, observed, phones, answeredLater, notSpentUsd }) =>
      html`<tr><th scope="row">${time(since, now, timeZone)}</th><td>${isOver ? time(lastAt, now, timeZone) : texts.fraud.stillHeld}</td><td>${orgOf(org)}</td>
<td><a href="${address('/deliveries', { reason: hold.reason })}">${hold.reason}</a> ${describeGroup(group)}</td>
<td class="number">${held}</td><td class="number">${observed}</td><td class="number">${texts.fraud.of(answeredLater, phones)}</td>
<td class="number">${notSpentUsd === undefined ? '' : `$${notSpentUsd.toFixed(2)}`}</td></tr>`,
  )
  return tableOf(texts.fraud.episodes, texts.fraud.episodeColumns, rows)
}

function tableOf(label: string, columns: readonly string[], rows: readonly Html[]): Html {
  return html`<div class="table" role="region" aria-label="${label}" tabindex="0"><table>
<thead><tr>${columns.map(name => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows}</tbody>
</table></div>`
}

async function changeMode({ form, visitor }: Visit, parts: ConsoleParts): Promise<Answer> {
  const mode = fraudModes.find(each => each === form.get('mode'))
  const because = becauseIn(form)
  if (mode === undefined || because === undefined) return refusal(texts.person.becauseMissing)
  return saved(parts, visitor, because, policy => withMode(policy, mode))
}

function withMode({ version: _, ...policy }: FraudPolicy, mode: FraudMode): NewFraudPolicy {
  return { ...policy, mode }
}

async function allowGroup({ form, visitor }: Visit, parts: ConsoleParts): Promise<Answer> {
  const because = becauseIn(form)
  const whom = whomOf((form.get('group') ?? '') as GroupKey) // any other text is about nobody
  const count = Number(form.get('count') ?? 0)
  if (because === undefined) return refusal(texts.person.becauseMissing)
  if (whom === undefined || (whom.kind === 'country' && !(count >= 1 && count <= EXPECTED_MAX)))
    return refusal(texts.fraud.notAGroup)
  if (whom.kind === 'prefix' && !/^\d{3,11}$/.test(whom.digits)) return refusal(texts.fraud.notAGroup)
  if (whom.kind === 'network' && !/^[\da-f.:]{3,40}\/\d{2}$/.test(whom.cidr))
    return refusal(texts.fraud.notAGroup)
  const at = parts.now()
  const base = { author: authorOf(visitor), because, at, until: at + WEEK_MS }
  const override: Override =
    whom.kind === 'country'
      ? { what: 'expect', whom, count: Math.round(count), ...base }
      : { what: 'allow', whom, ...base }
  return saved(parts, visitor, because, policy => withOverride(policy, override, at))
}

async function endOverride({ form, visitor }: Visit, parts: ConsoleParts): Promise<Answer> {
  const key = form.get('override')
  return saved(parts, visitor, undefined, policy => {
    const found = activeOverrides(policy, parts.now()).find(override => keyOf(override) === key)
    return found && withoutOverride(policy, found.whom, parts.now())
  })
}

async function saved(
  { store, now }: ConsoleParts,
  visitor: Visit['visitor'],
  because: string | undefined,
  work: (policy: FraudPolicy) => NewFraudPolicy | undefined,
): Promise<Answer> {
  const by = { author: authorOf(visitor), at: now(), ...(because !== undefined && { because }) }
  const { kind } = await changeFraudPolicy(store, by, work)
  if (kind === 'saved') return { kind: 'redirect', to: address('/fraud', { done: 'saved' }) }
  return refusal(kind === 'refused' ? texts.fraud.refused : texts.person.conflict)
}

/** Names an override in a form: what it is about and when it began. */
function keyOf({ what, at, until, author }: Override): string {
  return JSON.stringify([what, at, until, author])
}

function becauseIn(form: URLSearchParams): string | undefined {
  const because = printable(form.get('because')?.trim() ?? '')
  return because === '' || because.length > BECAUSE_MAX ? undefined : because
}

function authorOf({ name }: Visit['visitor']): string {
  return printable(name).slice(0, AUTHOR_MAX)
}

function refusal(problem: string): Answer {
  return { kind: 'page', title: texts.problem, body: html`<h1>${texts.problem}</h1><p>${problem}</p>` }
}

const DAY_MS = 86_400_000
const WEEK_MS = 7 * DAY_MS
const PAGES_MAX = 20
const ROWS_MAX = 50
const EXPECTED_MAX = 10_000
const AUTHOR_MAX = 100
