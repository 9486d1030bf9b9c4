import { countryName } from '../advice/coverage/neighbours.ts'
import { describeDifference } from '../advice/describe-change.ts'
import { episodesOf, QUIET_MS } from '../advice/fraud/episodes.ts'
import { counted, describeHealth, percent } from '../advice/health-sentence.ts'
import { explainHold } from '../core/policy/credit/explain.ts'
import { type Figures, mergeStats, percentile, type Stats } from '../core/records/stats.ts'
import { isCountry } from '../core/values/phone-number.ts'
import { barChart } from './charts.ts'
import { type Moment, secondsOf } from './delivery-view.ts'
import { address, type Html, html } from './page.ts'
import type { Answer, ConsoleParts, Screen } from './screen.ts'
import { texts } from './texts.ts'
import { clockText, startOfDay, time } from './times.ts'

/** How the day goes, at a glance. */
export const nowScreen: Screen = {
  title: texts.now.title,
  path: '/',
  routes: [{ kind: 'page', path: '/', answer: (_visit, parts) => answerNow(parts) }],
}

async function answerNow({ store, now, timeZone }: ConsoleParts): Promise<Answer> {
  const to = now()
  const from = startOfDay(to, timeZone)
  const hours = await hoursOf(store, from, Math.ceil(to / MINUTE_MS) * MINUTE_MS)
  const { title } = texts.now
  if (hours === undefined) {
    const body = html`<h1>${title}</h1><p class="lead">${texts.now.noFigures}</p>
<p><a href="${address('/deliveries')}">${texts.now.toDeliveries}</a></p>`
    return { kind: 'page', title, body }
  }
  const today = mergeStats(hours.map(({ stats }) => stats))
  const { level, sentence } = describeHealth(today.total, texts.now.since)
  const period = { from, to: from + DAY_MS }
  if (today.total.asked === 0) {
    const body = html`<h1>${title}</h1><p class="lead">${sentence}</p><p>${texts.now.emptyMeans}</p>
<p><code>${texts.now.emptyCommand}</code></p>`
    return { kind: 'page', title, body }
  }
  const body = html`<h1>${title}</h1>
<p class="lead ${level}">${sentence}</p>
<div class="cards" data-live>${tiles(today.total, period)}</div>
<div class="cards charts">
${askedChart(hours, { now: to, timeZone })}
${answeredChart(hours, { now: to, timeZone })}
${timesChart(today.total)}
</div>
<h2>${texts.now.byCountry}</h2>
${countries(today, period)}
<h2>${texts.now.held}</h2>
${await heldNow(store, to)}
<h2>${texts.now.changed}</h2>
${await changedToday(store, from, { now: to, timeZone })}`
  return { kind: 'page', title, body }
}

type Period = { readonly from: number; readonly to: number }
type Hour = { readonly from: number; readonly stats: Stats }

/** Undefined if the store keeps no figures. */
async function hoursOf(
  store: ConsoleParts['store'],
  from: number,
  to: number,
): Promise<readonly Hour[] | undefined> {
  const hours: Hour[] = []
  for (let start = from; start < to; start += HOUR_MS) {
    const stored = await store.readStats({ from: start, to: Math.min(start + HOUR_MS, to) })
    if (stored === undefined) return undefined
    hours.push({ from: start, stats: stored.stats })
  }
  return hours
}

/** The figures, each with the list behind it. */
function tiles(total: Figures, period: Period): Html {
  const { asked, sent, delivered, answered, priced, costMicroUsd } = total
  const tile = (name: string, value: string, note: string, query: Readonly<Record<string, string>>) =>
    html`<a class="card tile" href="${address('/deliveries', { ...period, ...query })}"><span>${name}</span> <strong>${value}</strong> <span class="quiet">${note}</span></a>`
  const { tiles: names } = texts.now
  return html`${tile(names.asked, counted(asked), '', {})}
${tile(names.notSent, counted(asked - sent), percent(asked - sent, asked), { sent: 'no' })}
${tile(names.delivered, counted(delivered), percent(delivered, sent), { status: 'delivered' })}
${tile(names.answered, counted(answered), percent(answered, sent), { answered: 'yes' })}
${priced > 0 && tile(names.cost, `$${(costMicroUsd / 1e6).toFixed(2)}`, priced === sent ? '' : texts.now.priced(priced), { sent: 'yes' })}`
}

function askedChart(hours: readonly Hour[], moment: Moment): Html {
  const total = hours.reduce((sum, { stats }) => sum + stats.total.asked, 0)
  const most = hours.toSorted((one, other) => other.stats.total.asked - one.stats.total.asked)[0]
  return barChart({
    title: texts.now.charts.asked,
    summary: texts.now.charts.askedSummary(counted(total), most ? hourOf(most.from, moment) : ''),
    names: [texts.now.charts.out, texts.now.charts.notOut],
    bars: hours.map(
      ({
        from,
        stats: {
          total: { asked, sent },
        },
      }) => ({
        label: hourOf(from, moment),
        values: [sent, asked - sent],
      }),
    ),
  })
}

function answeredChart(hours: readonly Hour[], moment: Moment): Html {
  const sent = hours.reduce((sum, { stats }) => sum + stats.total.sent, 0)
  const answered = hours.reduce((sum, { stats }) => sum + stats.total.answered, 0)
  return barChart({
    title: texts.now.charts.answered,
    summary: texts.now.charts.answeredSummary(counted(answered), counted(sent)),
    names: [texts.now.charts.entered, texts.now.charts.notEntered],
    bars: hours.map(({ from, stats: { total } }) => ({
      label: hourOf(from, moment),
      values: [total.answered, Math.max(0, total.sent - total.answered)],
    })),
  })
}

/** How many answers came within each time. */
function timesChart(total: Figures): Html {
  const [median, p95] = [percentile(total, 0.5), percentile(total, 0.95)]
  return barChart({
    title: texts.now.charts.times,
    summary:
      median === undefined || p95 === undefined
        ? texts.now.charts.noAnswers
        : texts.now.charts.timesSummary(secondsOf(median), secondsOf(p95)),
    names: [texts.now.charts.answers],
    bars: TIMES.map((seconds, index) => ({
      label: texts.now.charts.within(seconds),
      values: [answersBetween(total, (TIMES[index - 1] ?? 0) * 1_000, seconds * 1_000)],
    })),
  })
}

/** From the buckets of the figures: each counts where its middle is. */
function answersBetween({ answers }: Figures, from: number, to: number): number {
  return [...answers].reduce((sum, [bucket, count]) => {
    const only: Figures = { ...NOTHING, answered: count, answers: new Map([[bucket, count]]) }
    const middle = percentile(only, 0.5) ?? 0
    return middle > from && middle <= to ? sum + count : sum
  }, 0)
}

function countries({ by }: Stats, period: Period): Html {
  const rows = [...by.country]
    .toSorted(([one, first], [other, second]) => second.asked - first.asked || (one < other ? -1 : 1))
    .slice(0, ROWS_MAX)
    .map(
      ([country, figures]) => html`<tr>
<th scope="row"><a href="${address('/deliveries', { ...period, country })}">${isCountry(country) ? countryName(country) : country}</a></th>
<td class="number">${counted(figures.asked)}</td>
<td class="number">${counted(figures.sent)}</td>
<td class="number">${counted(figures.delivered)} ${percent(figures.delivered, figures.sent)}</td>
<td class="number">${counted(figures.answered)} ${percent(figures.answered, figures.sent)}</td>
<td class="number">${secondsText(percentile(figures, 0.5))}</td>
<td class="number">${secondsText(percentile(figures, 0.95))}</td>
<td class="number">${figures.priced === 0 ? '' : `$${(figures.costMicroUsd / 1e6).toFixed(2)}`}</td>
</tr>`,
    )
  const [first, ...others] = texts.now.columns
  return html`<div class="table" role="region" aria-label="${texts.now.byCountry}" tabindex="0"><table>
<thead><tr><th scope="col">${first}</th>${others.map(name => html`<th scope="col" class="number">${name}</th>`)}</tr></thead>
<tbody>${rows}</tbody>
</table></div>
${commandNote()}`
}

/** Each group that the fraud rule holds, in one sentence. */
async function heldNow(store: ConsoleParts['store'], now: number): Promise<Html> {
  const period = { from: now - QUIET_MS, to: now + 1 }
  const { deliveries } = await store.pageDeliveries({ limit: 100, period, filter: { held: true } })
  const open = episodesOf(deliveries, now).filter(({ isOver }) => !isOver)
  const lines = open.slice(0, LINES_MAX).map(({ hold, country }) => {
    const { reason, group, counts, since } = explainHold(hold, country)
    return html`<li>${reason}: ${group}. ${counts} ${since}</li>`
  })
  return html`${open.length === 0 ? html`<p>${texts.now.noneHeld}</p>` : html`<ul>${lines}</ul>`}
<p><a href="${address('/fraud')}">${texts.now.toFraud}</a></p>`
}

async function changedToday(store: ConsoleParts['store'], since: number, moment: Moment): Promise<Html> {
  const all = await store.listChanges({ limit: 50, since })
  const changes = all.filter(({ what }) => what !== 'lookups').slice(0, LINES_MAX)
  const lines = changes.map(({ at, author, what, differences: [first] }) => {
    const line = first === undefined ? '' : describeDifference(what, first)
    return html`<li dir="auto">${time(at, moment.now, moment.timeZone)} ${author}: ${texts.changes.kinds[what]}, ${line}</li>`
  })
  return html`${changes.length === 0 ? html`<p>${texts.now.nothingChanged}</p>` : html`<ul>${lines}</ul>`}
<p><a href="${address('/changes')}">${texts.now.toChanges}</a></p>`
}

function commandNote(): Html {
  return html`<p class="command"><span class="quiet">${texts.command}</span> <code>hookline stats --since day --by country</code></p>`
}

function secondsText(ms: number | undefined): string {
  return ms === undefined ? '' : `${secondsOf(ms)} s`
}

function hourOf(at: number, { now, timeZone }: Moment): string {
  return clockText(at, now, timeZone).slice(-8, -6)
}

const NOTHING: Figures = {
  ...{ asked: 0, sent: 0, delivered: 0, answered: 0, priced: 0, costMicroUsd: 0 },
  answers: new Map(),
}
/** Seconds. */
const TIMES = [5, 10, 15, 20, 30, 45, 60, 120, 300]
const ROWS_MAX = 100
const LINES_MAX = 5
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
