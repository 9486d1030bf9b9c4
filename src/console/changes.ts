import { describeDifference } from '../advice/describe-change.ts'
import {
  type Difference,
  type LoggedChange,
  type LoggedThing,
  loggedThings,
} from '../core/policy/change-log.ts'
import { address, commandLine, type Html, html } from './page.ts'
import type { Answer, ConsoleParts, Screen, Visit } from './screen.ts'
import { texts } from './texts.ts'
import { time } from './times.ts'

/** Who changed what, and who looked up a person. */
export const changesScreen: Screen = {
  title: texts.changes.title,
  path: '/changes',
  routes: [{ kind: 'page', path: '/changes', answer: answerChanges }],
}

async function answerChanges({ query }: Visit, { store, now, timeZone }: ConsoleParts): Promise<Answer> {
  const what = loggedThings.find(one => one === query.get('what'))
  const since = (Object.keys(PERIODS) as Period[]).find(one => one === query.get('since'))
  const before = query.get('before')?.slice(0, POSITION_MAX) || undefined
  const at = now()
  const changes = await store.listChanges({
    limit: PAGE,
    ...(what !== undefined && { what }),
    ...(since !== undefined && { since: at - PERIODS[since] }),
    ...(before !== undefined && { before }),
  })
  const last = changes.length === PAGE ? changes.at(-1)?.position : undefined
  const options = [what && `--what ${what}`, since && `--since ${since}`].filter(Boolean)
  const isFiltered = what !== undefined || since !== undefined || before !== undefined
  return {
    kind: 'page',
    title: texts.changes.title,
    body: html`<h1>${texts.changes.title}</h1>
<p class="lead">${texts.changes.lead}</p>
${filters(what, since)}
${changes.length === 0 ? html`<p>${isFiltered ? texts.changes.noneOfThis : texts.changes.none}</p>` : table(changes, row => time(row.at, at, timeZone))}
${last !== undefined && html`<p><a href="${address('/changes', { what, since, before: last })}">${texts.changes.older}</a></p>`}
${commandLine(['hookline changes', ...options].join(' '))}`,
  }
}

function filters(what: LoggedThing | undefined, since: Period | undefined): Html {
  return html`<form class="fields" method="get" action="${address('/changes')}">
<label>${texts.changes.what} <select name="what">
${option('', texts.changes.everything, what === undefined)}
${loggedThings.map(one => option(one, texts.changes.kinds[one], one === what))}
</select></label>
<label>${texts.changes.since} <select name="since">
${option('', texts.changes.always, since === undefined)}
${(Object.keys(PERIODS) as Period[]).map(one => option(one, texts.changes.periods[one], one === since))}
</select></label>
<button type="submit">${texts.changes.filter}</button>
</form>`
}

function option(value: string, label: string, isSelected: boolean): Html {
  return html`<option value="${value}"${isSelected ? html` selected` : ''}>${label}</option>`
}

function table(changes: readonly LoggedChange[], when: (change: LoggedChange) => Html): Html {
  const [first, ...others] = texts.changes.columns
  return html`<div class="table" tabindex="0" role="region" aria-label="${texts.changes.title}"><table>
<thead><tr><th scope="col">${first}</th>${others.map(name => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${changes.map(
    change => html`<tr>
<td>${when(change)}</td>
<td>${change.author}</td>
<td>${texts.changes.kinds[change.what]}</td>
<td>${describeChange(change)}</td>
<td dir="auto">${change.because ?? ''}</td>
</tr>`,
  )}</tbody></table></div>`
}

/** The first differences each in a line, and all of them with their complete values to unfold. */
function describeChange({ what, differences }: LoggedChange): Html {
  const shown = differences.slice(0, LINES_MAX)
  const more = differences.length - shown.length
  return html`${shown.map(difference => html`<p class="change" dir="auto">${describeDifference(what, difference)}</p>`)}
${more > 0 && html`<p class="change">${texts.changes.more(more)}</p>`}
${what !== 'lookups' && html`<details><summary>${texts.changes.values}</summary>${differences.slice(0, VALUES_MAX).map(values)}${differences.length > VALUES_MAX && html`<p>${texts.changes.moreValues(differences.length - VALUES_MAX)}</p>`}</details>`}`
}

function values({ name, before, after }: Difference): Html {
  return html`<h3>${name}</h3>
<dl><dt>${texts.changes.before}</dt><dd><pre dir="auto">${jsonOf(before)}</pre></dd>
<dt>${texts.changes.after}</dt><dd><pre dir="auto">${jsonOf(after)}</pre></dd></dl>`
}

function jsonOf(value: unknown): string {
  return value === undefined ? texts.changes.noValue : JSON.stringify(value, undefined, 2)
}

type Period = keyof typeof texts.changes.periods
const HOUR_MS = 3_600_000
const PERIODS: Readonly<Record<Period, number>> = {
  '1h': HOUR_MS,
  '24h': 24 * HOUR_MS,
  '7d': 7 * 24 * HOUR_MS,
  '30d': 30 * 24 * HOUR_MS,
}
const PAGE = 50
const LINES_MAX = 5
/** A page stays small, also after an import of hundreds of templates. */
const VALUES_MAX = 10
const POSITION_MAX = 300
