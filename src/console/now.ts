import { judgeCanary, readLastCanary } from '../advice/canary/last-canary.ts'
import { countryName } from '../advice/coverage/countries.ts'
import { describeDifference } from '../advice/describe-change.ts'
import { countChecks, hasErrors } from '../advice/examination.ts'
import { episodesOf, QUIET_MS } from '../advice/fraud/episodes.ts'
import { counted, describeHealth, percent } from '../advice/health-sentence.ts'
import { type OpenFinding, openFindings } from '../advice/open-findings.ts'
import { explainHold } from '../core/policy/credit/explain.ts'
import type { StatsOfHour } from '../core/records/delivery-store.ts'
import { type Figures, mergeStats, percentile, type Stats } from '../core/records/stats.ts'
import { isCountry } from '../core/values/phone-number.ts'
import { messageOf } from '../core/values/printable.ts'
import type { SimulatorCountry } from '../core/values/simulator-numbers.ts'
import { barChart } from './charts.ts'
import { type Moment, orgOf, secondsOf } from './delivery-view.ts'
import { address, commandLine, type Html, html, missingRightIn, prose } from './page.ts'
import type { Answer, ConsoleParts, Screen } from './screen.ts'
import { texts } from './texts.ts'
import { clockText, startOfDay, time } from './times.ts'

/** How the day goes, at a glance. */
export const nowScreen: Screen = {
  title: texts.now.title,
  path: '/',
  routes: [{ kind: 'page', path: '/', answer: (_visit, parts) => answerNow(parts) }],
}

async function answerNow(parts: ConsoleParts): Promise<Answer> {
  const { store, now, timeZone } = parts
  const to = now()
  const moment = { now: to, timeZone }
  const from = startOfDay(to, timeZone)
  const end = Math.ceil(to / MINUTE_MS) * MINUTE_MS
  const [stored, attention, held, changed] = await Promise.all([
    store.readHourlyStats({ from, to: end }),
    attentionCard(parts, moment),
    heldNow(store, to),
    changedToday(store, from, moment),
  ])
  const today = stored && mergeStats(stored.hours.map(({ stats }) => stats))
  const body = html`<h1>${texts.now.title}</h1>
${today === undefined ? noFigures() : today.total.asked === 0 ? nothingAsked(today.total) : summary(today, from)}
${stored !== undefined && end - stored.until > LATE_MS && html`<p class="warn">${texts.now.late(clockText(stored.until, to, timeZone))}</p>`}
<h2>${texts.now.attention}</h2>
${attention}
${today !== undefined && today.total.asked > 0 && details(today, everyHour(stored?.hours ?? [], from, end), from, moment)}
<h2>${texts.now.held}</h2>
${held}
<h2>${texts.now.changed}</h2>
${changed}`
  return { kind: 'page', title: texts.now.title, body }
}

function noFigures(): Html {
  return html`<p class="lead">${texts.now.noFigures}</p>
<p><a href="${address('/deliveries')}">${texts.now.toDeliveries}</a></p>`
}

function nothingAsked(total: Figures): Html {
  return html`<p class="lead">${describeHealth(total, texts.now.since).sentence}</p><p>${texts.now.emptyMeans}</p>
<p><code>${texts.now.emptyCommand}</code></p>`
}

/** The day in one sentence and in figures. */
function summary({ total }: Stats, from: number): Html {
  const { level, sentence } = describeHealth(total, texts.now.since)
  return html`<p class="lead ${level}">${sentence}</p>
<div class="cards tiles" data-live>${tiles(total, { from, to: from + DAY_MS })}</div>`
}

/** The day in charts, by country, and by org where several call. */
function details(today: Stats, hours: readonly StatsOfHour[], from: number, moment: Moment): Html {
  const period = { from, to: from + DAY_MS }
  return html`<h2>${texts.now.course}</h2>
<div class="cards charts">
${askedChart(hours, moment)}
${answeredChart(hours, moment)}
${timesChart(today.total)}
</div>
<h2>${texts.now.by.country}</h2>
${breakdown(today, 'country', period, country => (isCountry(country) ? countryName(country) : country))}
${today.by.org.size > 1 && html`<h2>${texts.now.by.org}</h2>${breakdown(today, 'org', period, orgOf)}`}
${commandLine(`hookline stats --since day --by country`)}`
}

type Period = { readonly from: number; readonly to: number }

/** With those that had no code. */
function everyHour(known: readonly StatsOfHour[], from: number, to: number): readonly StatsOfHour[] {
  const byStart = new Map(known.map(hour => [hour.from, hour]))
  const hours: StatsOfHour[] = []
  for (let start = from; start < to; start += HOUR_MS - (start % HOUR_MS))
    hours.push(byStart.get(start) ?? { from: start, stats: mergeStats([]) })
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

function askedChart(hours: readonly StatsOfHour[], moment: Moment): Html {
  const total = hours.reduce((sum, { stats }) => sum + stats.total.asked, 0)
  const most = hours.toSorted((one, other) => other.stats.total.asked - one.stats.total.asked)[0]
  return barChart({
    title: texts.now.charts.asked,
    summary: texts.now.charts.askedSummary(
      counted(total),
      most ? clockText(most.from, moment.now, moment.timeZone).slice(-8, -3) : '',
    ),
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

function answeredChart(hours: readonly StatsOfHour[], moment: Moment): Html {
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

/** A row for each label of the dimension. Every figure leads to its codes. */
function breakdown(
  { by }: Stats,
  dimension: 'country' | 'org',
  period: Period,
  nameOf: (label: string) => string,
): Html {
  const rows = [...by[dimension]]
    .toSorted(([one, first], [other, second]) => second.asked - first.asked || (one < other ? -1 : 1))
    .slice(0, ROWS_MAX)
    .map(([label, figures]) => {
      const { asked, sent, delivered, answered, priced, costMicroUsd } = figures
      const cell = (text: string, query: Readonly<Record<string, string>> = {}): Html =>
        html`<td class="number"><a href="${address('/deliveries', { ...period, [dimension]: label, ...query })}">${text}</a></td>`
      return html`<tr>
<th scope="row"><a href="${address('/deliveries', { ...period, [dimension]: label })}">${nameOf(label)}</a></th>
${cell(counted(asked))}
${cell(counted(sent), { sent: 'yes' })}
${cell(`${counted(delivered)} ${percent(delivered, sent)}`, { status: 'delivered' })}
${cell(`${counted(answered)} ${percent(answered, sent)}`, { answered: 'yes' })}
${[0.5, 0.95].map(share => {
  const ms = percentile(figures, share)
  return ms === undefined ? html`<td></td>` : cell(`${secondsOf(ms)} s`, { answered: 'yes' })
})}
${priced === 0 ? html`<td></td>` : cell(`$${(costMicroUsd / 1e6).toFixed(2)}`, { sent: 'yes' })}
</tr>`
    })
  const columns = texts.now.columns
  return html`<div class="table" role="region" aria-label="${texts.now.by[dimension]}" tabindex="0"><table>
<thead><tr><th scope="col">${texts.now.labels[dimension]}</th>${columns.map(name => html`<th scope="col" class="number">${name}</th>`)}</tr></thead>
<tbody>${rows}</tbody>
</table></div>`
}

/** Open alarms of the deployment, what the newest codes show, and what the doctor found last. */
async function attentionCard(parts: ConsoleParts, { now, timeZone }: Moment): Promise<Html> {
  const { store, readAlarms, doctor } = parts
  const period = { from: now - FINDINGS_MS, to: now + 1 }
  const [{ deliveries }, alarms, canary] = await Promise.all([
    store.pageDeliveries({ limit: 100, period }),
    readAlarms === undefined ? undefined : alarmLines(readAlarms, { now, timeZone }),
    parts.canary === undefined ? undefined : canaryLine(store, parts.canary, { now, timeZone }),
  ])
  const found = openFindings(deliveries).map(
    finding =>
      html`<li class="warn"><a href="${address(...listBehind(finding, period.from))}">${texts.now.findings[finding.kind]}</a> ${sentenceOf(finding)}</li>`,
  )
  const examined = doctor.state()
  const lines = [
    ...(alarms?.open ?? []),
    ...(canary !== undefined && canary.level !== 'good'
      ? [html`<li class="${canary.level}">${canary.line}</li>`]
      : []),
    ...found,
    ...(examined.kind === 'ended' && hasErrors(examined.examination)
      ? [
          html`<li class="bad"><a href="${address('/doctor')}">${texts.now.doctorFound}</a> ${countChecks(examined.examination)}</li>`,
        ]
      : []),
  ]
  return html`${lines.length === 0 ? html`<p>${texts.now.nothingOpen}</p>` : html`<ul>${lines}</ul>`}
${canary?.level === 'good' && html`<p>${canary.line}</p>`}
<p class="quiet">${prose(alarms === undefined ? texts.now.noAlarms : alarms.note)}</p>`
}

/** How the last canary ended, with its delivery behind it. */
async function canaryLine(
  store: ConsoleParts['store'],
  country: SimulatorCountry,
  { now, timeZone }: Moment,
): Promise<{ readonly level: 'good' | 'warn' | 'bad'; readonly line: Html }> {
  const last = await readLastCanary(store, now)
  if (last === undefined) return { level: 'bad', line: prose(texts.now.canary.none(country)) }
  const result = judgeCanary(last, now)
  const link = html`<a href="${address(`/delivery/${encodeURIComponent(last.id)}`)}">${texts.now.canary.name(country)}</a>`
  const line = (end: string): Html => html`${link} ${time(last.openedAt, now, timeZone)}: ${prose(end)}`
  switch (result.kind) {
    case 'delivered':
    case 'under-way':
      return { level: 'good', line: line(texts.now.canary[result.kind]) }
    case 'no-receipt':
      return { level: 'warn', line: line(texts.now.canary[result.kind]) }
    case 'no-end':
      return { level: 'bad', line: line(texts.now.canary[result.kind]) }
    case 'failed':
      return { level: 'bad', line: line(texts.now.canary.failed(result.why)) }
  }
}

async function alarmLines(
  read: NonNullable<ConsoleParts['readAlarms']>,
  { now, timeZone }: Moment,
): Promise<{ readonly open: readonly Html[]; readonly note: string }> {
  try {
    const { open, count, isComplete } = await read()
    const lines = open.map(
      ({ name, description, since }) =>
        html`<li class="bad"><strong>${texts.now.alarm}</strong> ${since !== undefined && html`${texts.changes.since} ${time(since, now, timeZone)}: `}${prose(description)} <code>${name}</code></li>`,
    )
    return { open: lines, note: texts.now.alarmsRead(count, isComplete) }
  } catch (error) {
    return { open: [], note: `${texts.now.alarmsNotRead} ${missingRightIn(error) ?? messageOf(error)}` }
  }
}

function sentenceOf(finding: OpenFinding): string {
  switch (finding.kind) {
    case 'failures':
      return texts.now.failures(finding.count, finding.of)
    case 'unknown':
      return texts.now.unknown(finding.count)
    case 'identity':
      return texts.now.identity(finding.identity, texts.channels[finding.channel], finding.country)
    case 'held-wrongly':
      return texts.now.heldWrongly(finding.count)
  }
}

/** The path and the query of the codes that a finding is about. */
function listBehind(finding: OpenFinding, from: number): Parameters<typeof address> {
  switch (finding.kind) {
    case 'failures':
      return ['/deliveries', { from, status: 'failed' }]
    case 'unknown':
      return ['/deliveries', { from, status: 'unknown' }]
    case 'identity':
      return ['/deliveries', { from, identity: finding.identity, country: finding.country }]
    case 'held-wrongly':
      return ['/fraud']
  }
}

/** Each group that the fraud rule holds, in one sentence. */
async function heldNow(store: ConsoleParts['store'], now: number): Promise<Html> {
  const period = { from: now - QUIET_MS, to: now + 1 }
  const { deliveries } = await store.pageDeliveries({ limit: 100, period, filter: { held: true } })
  const open = episodesOf(deliveries, now).filter(({ isOver }) => !isOver)
  const lines = open.slice(0, LINES_MAX).map(({ hold, country }) => {
    const { reason, group, counts, since } = explainHold(hold, country)
    return html`<li><a href="${address('/deliveries', { reason })}">${reason}</a>: ${group}. ${counts} ${since}</li>`
  })
  return html`${open.length === 0 ? html`<p>${texts.now.noneHeld}</p>` : html`<ul>${lines}</ul>`}
<p><a href="${address('/fraud')}">${texts.now.toFraud}</a></p>`
}

async function changedToday(store: ConsoleParts['store'], since: number, moment: Moment): Promise<Html> {
  const all = await store.listChanges({ limit: 50, since })
  const changes = all.filter(({ what }) => what !== 'lookups').slice(0, LINES_MAX)
  const lines = changes.map(({ at, author, what, differences: [first] }) => {
    const line = first === undefined ? '' : describeDifference(what, first)
    return html`<li dir="auto">${time(at, moment.now, moment.timeZone)} ${author}: <a href="${address('/changes', { what, since: '24h' })}">${texts.changes.kinds[what]}</a>, ${line}</li>`
  })
  return html`${changes.length === 0 ? html`<p>${texts.now.nothingChanged}</p>` : html`<ul>${lines}</ul>`}
<p><a href="${address('/changes')}">${texts.now.toChanges}</a></p>`
}

/** `09`; in a time zone where hours in UTC begin at half past, `09:30`. */
function hourOf(at: number, { now, timeZone }: Moment): string {
  return clockText(at, now, timeZone).slice(-8, -3).replace(/:00$/, '')
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
/** The function for figures runs each minute. */
const LATE_MS = 300_000
/** The longest period of the alarms whose thresholds the findings have. */
const FINDINGS_MS = 900_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
