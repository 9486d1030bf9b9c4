import { countryName } from '../advice/coverage/neighbours.ts'
import { counted, describeHealth, percent } from '../advice/health-sentence.ts'
import { type Figures, percentile, type Stats } from '../core/records/stats.ts'
import { isCountry } from '../core/values/phone-number.ts'
import { barChart } from './charts.ts'
import { secondsOf } from './delivery-view.ts'
import { address, type Html, html } from './page.ts'
import type { Answer, ConsoleParts, Screen } from './screen.ts'
import { texts } from './texts.ts'
import { clockText, startOfDay } from './times.ts'

/** How the day goes, at a glance. */
export const nowScreen: Screen = {
  title: texts.now.title,
  path: '/',
  routes: [{ kind: 'page', path: '/', answer: (_visit, parts) => answerNow(parts) }],
}

async function answerNow({ store, now, timeZone }: ConsoleParts): Promise<Answer> {
  const to = now()
  const from = startOfDay(to, timeZone)
  const today = await store.readStats({ from, to })
  const { title } = texts.now
  if (today === undefined) {
    const body = html`<h1>${title}</h1><p class="lead">${texts.now.noFigures}</p>
<p><a href="${address('/deliveries')}">${texts.now.toDeliveries}</a></p>`
    return { kind: 'page', title, body }
  }
  const { level, sentence } = describeHealth(today.total, texts.now.since)
  const period = { from, to: from + DAY_MS }
  if (today.total.asked === 0) {
    const body = html`<h1>${title}</h1><p class="lead">${sentence}</p><p>${texts.now.emptyMeans}</p>
<p><code>${texts.now.emptyCommand}</code></p>`
    return { kind: 'page', title, body }
  }
  const hours = await hoursOf(store, from, to)
  const body = html`<h1>${title}</h1>
<p class="lead ${level}">${sentence}</p>
<div class="cards" data-live>${tiles(today.total, period)}</div>
<div class="cards charts">
${askedChart(hours, { now: to, timeZone })}
${answeredChart(hours, { now: to, timeZone })}
${timesChart(today.total)}
</div>
<h2>${texts.now.byCountry}</h2>
${countries(today, period)}`
  return { kind: 'page', title, body }
}

type Period = { readonly from: number; readonly to: number }
type Hour = { readonly from: number; readonly figures: Figures }

async function hoursOf(store: ConsoleParts['store'], from: number, to: number): Promise<readonly Hour[]> {
  const hours: Hour[] = []
  for (let start = from; start < to; start += HOUR_MS) {
    const stats = await store.readStats({ from: start, to: Math.min(start + HOUR_MS, to) })
    if (stats !== undefined) hours.push({ from: start, figures: stats.total })
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

function askedChart(
  hours: readonly Hour[],
  moment: { readonly now: number; readonly timeZone: string },
): Html {
  const total = hours.reduce((sum, { figures }) => sum + figures.asked, 0)
  const most = hours.toSorted((one, other) => other.figures.asked - one.figures.asked)[0]
  return barChart({
    title: texts.now.charts.asked,
    summary: texts.now.charts.askedSummary(counted(total), most ? hourOf(most.from, moment) : ''),
    names: [texts.now.charts.out, texts.now.charts.notOut],
    bars: hours.map(({ from, figures: { asked, sent } }) => ({
      label: hourOf(from, moment),
      values: [sent, asked - sent],
    })),
  })
}

function answeredChart(
  hours: readonly Hour[],
  moment: { readonly now: number; readonly timeZone: string },
): Html {
  const sent = hours.reduce((sum, { figures }) => sum + figures.sent, 0)
  const answered = hours.reduce((sum, { figures }) => sum + figures.answered, 0)
  return barChart({
    title: texts.now.charts.answered,
    summary: texts.now.charts.answeredSummary(counted(answered), counted(sent)),
    names: [texts.now.charts.entered, texts.now.charts.notEntered],
    bars: hours.map(({ from, figures }) => ({
      label: hourOf(from, moment),
      values: [figures.answered, Math.max(0, figures.sent - figures.answered)],
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
    bars: TIMES.map((time, index) => ({
      label: texts.now.charts.within(time),
      values: [answersBetween(total, (TIMES[index - 1] ?? 0) * 1_000, time * 1_000)],
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

function commandNote(): Html {
  return html`<p class="command"><span class="quiet">${texts.command}</span> <code>hookline stats --since day --by country</code></p>`
}

function secondsText(ms: number | undefined): string {
  return ms === undefined ? '' : `${secondsOf(ms)} s`
}

function hourOf(at: number, { now, timeZone }: { readonly now: number; readonly timeZone: string }): string {
  return clockText(at, now, timeZone).slice(-8, -6)
}

const NOTHING: Figures = {
  ...{ asked: 0, sent: 0, delivered: 0, answered: 0, priced: 0, costMicroUsd: 0 },
  answers: new Map(),
}
/** Seconds. */
const TIMES = [5, 10, 15, 20, 30, 45, 60, 120, 300]
const ROWS_MAX = 100
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
