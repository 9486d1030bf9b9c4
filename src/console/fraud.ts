import { countHeld, type Episode, episodesOf } from '../advice/fraud/episodes.ts'
import { counted } from '../advice/health-sentence.ts'
import { describeGroup, describeWhom, explainHold, textOfExplanation } from '../core/policy/credit/explain.ts'
import type { GroupKey } from '../core/policy/credit/records.ts'
import {
  activeOverrides,
  type Budget,
  EXPECTED_MAX,
  type FraudPolicy,
  type Override,
  withoutOverride,
} from '../core/policy/fraud-policy.ts'
import { describeLimit } from '../core/policy/limits.ts'
import { changeFraudPolicy } from '../core/policy/policy-store.ts'
import type { FollowedDelivery } from '../core/records/delivery.ts'
import { orgOf } from './delivery-view.ts'
import { becauseField, type Values } from './form.ts'
import { budgetForms, limitForms, modeForm, overrideForms, ruleFormRoutes } from './fraud-forms.ts'
import { address, changeButton, commandLine, type Html, html, postForm, prose } from './page.ts'
import { editorOf, factsOf, formLinks, readBack } from './rule-form.ts'
import type { Answer, ConsoleParts, Screen, Visit } from './screen.ts'
import { texts } from './texts.ts'
import { clockText, time } from './times.ts'

/** What the fraud rule holds or would hold, what operators decided themselves, and the limits. */
export const fraudScreen: Screen = {
  title: texts.fraud.title,
  path: '/fraud',
  routes: [
    { kind: 'page', path: '/fraud', answer: answerFraud },
    { kind: 'change', path: '/fraud/end', answer: endOverride },
    ...ruleFormRoutes,
  ],
}

async function answerFraud({ visitor, query }: Visit, parts: ConsoleParts): Promise<Answer> {
  const { now, timeZone } = parts
  const at = now()
  const facts = await factsOf(parts)
  const { fraud, limits } = facts
  const { deliveries, readTo } = await readBack(parts, 1)
  const episodes = episodesOf(deliveries, at)
  const held = episodes.filter(({ isOver }) => !isOver)
  const { title } = texts.fraud
  const body = html`<h1>${title}</h1>
${query.get('done') === 'saved' && html`<p class="done" role="status">${texts.fraud.saved}</p>`}
<section aria-labelledby="mode">
<h2 id="mode">${texts.fraud.mode}: ${fraud.mode}</h2>
${describeMode(fraud, deliveries, clockText(readTo, at, timeZone))}
${formLinks([modeForm])}
</section>
<h2>${texts.fraud.held}</h2>
${held.length === 0 && html`<p>${texts.fraud.noneHeld}</p>`}
${held.map(episode => heldCard(episode, visitor))}
<h2>${texts.fraud.overrides}</h2>
${overridesTable(activeOverrides(fraud, at), visitor, at, timeZone)}
${formLinks(overrideForms)}
<h2>${texts.fraud.episodes}</h2>
${episodesTable(episodes, at, timeZone)}
<p class="quiet">${texts.list.readTo(clockText(readTo, at, timeZone))}</p>
${commandLine('hookline fraud episodes --days 7')}
<h2>${texts.fraud.budgets}</h2>
${budgetsTable(fraud)}
${formLinks(budgetForms)}
<h2>${texts.fraud.limits}</h2>
<p>${texts.fraud.limitsMode[limits.mode]}</p>
${limits.windows.length === 0 ? html`<p class="warn">${texts.fraud.noLimits}</p>` : html`<ul>${limits.windows.map(limit => html`<li>${describeLimit(limit)}</li>`)}</ul>`}
${formLinks(limitForms)}`
  return { kind: 'page', title, body }
}

/** What the modes mean, and what they would have refused. */
function describeMode(
  { mode, modes }: FraudPolicy,
  deliveries: readonly FollowedDelivery[],
  since: string,
): Html {
  const { people, refused, answeredLater } = countHeld(deliveries)
  return html`<p>${texts.fraud.modes[mode]}</p>
${Object.entries(modes).map(([org, each]) => html`<p><strong>${orgOf(org)}: ${each}.</strong> ${texts.fraud.modes[each]}</p>`)}
<p>${people === 0 ? texts.fraud.nothingJudged : texts.fraud.judged(counted(refused), counted(people), counted(answeredLater), since)}</p>`
}

/** A held group in one sentence, and what an operator can do about it. */
function heldCard({ org, hold, country, held, observed, group }: Episode, visitor: Visit['visitor']): Html {
  const { reason, next, ...explanation } = explainHold(hold, country)
  const form = allowingForm(group)
  const hidden = Object.entries(form?.values ?? {}).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )
  return html`<section class="card">
<h3><a href="${address('/deliveries', { reason })}">${reason}</a> ${orgOf(org)}</h3>
<p>${textOfExplanation({ ...explanation, next: '' })} ${texts.fraud.counts(held, observed)}</p>
<p><strong>${texts.fraud.next}</strong> ${next}</p>
${
  form !== undefined &&
  postForm(
    visitor,
    `/fraud/${form.name}`,
    html`${hidden}
${form.name === 'expect' && html`<label>${texts.fraud.expected} <input name="count" type="number" min="1" max="${EXPECTED_MAX}" value="50" required></label>`}
${becauseField()}
${changeButton(visitor, form.name === 'expect' ? texts.fraud.expect : texts.fraud.allow, form.command)}`,
  )
}
</section>`
}

/** The form that allows or expects a group; undefined for a pool of countries. */
function allowingForm(
  group: GroupKey,
): { readonly name: 'allow' | 'expect'; readonly values: Values; readonly command: string } | undefined {
  const [kind, name = ''] = [group.slice(0, group.indexOf(':')), group.slice(group.indexOf(':') + 1)]
  const rest = `--for 7d --because "…"`
  const allow = (of: string, whom: string) =>
    ({
      name: 'allow',
      values: { kind: of, whom, for: '7d' },
      command: `hookline fraud allow "${whom}" ${rest}`,
    }) as const
  switch (kind) {
    case 'p4':
    case 'p6':
      return allow('prefix', `+${name}*`)
    case 'ip':
      return allow('network', name.includes(':') ? `${name}::/48` : `${name}.0/24`)
    case 'country':
      return {
        ...{ name: 'expect', values: { country: name, for: '7d' } },
        command: `hookline fraud expect ${name} 50 ${rest}`,
      }
    default:
      return undefined
  }
}

function budgetsTable({ budgets: plan }: FraudPolicy): Html {
  if (plan === undefined) return html`<p>${texts.fraud.noBudgets}</p>`
  const { total, eachCountry, countries = {} } = plan.budgets
  const rows: readonly (readonly [string, Budget | undefined])[] = [
    [texts.fraud.allCountries, total],
    ...Object.entries(countries),
    [texts.fraud.eachOther, eachCountry],
  ]
  return tableOf(
    texts.fraud.budgets,
    texts.fraud.budgetColumns,
    rows.map(
      ([name, budget]) => html`<tr><th scope="row">${name}</th>
<td class="number">${budget?.messages === undefined ? texts.fraud.noLimit : counted(budget.messages)}</td>
<td class="number">${budget?.dollars === undefined ? texts.fraud.noLimit : `$${budget.dollars.toFixed(2)}`}</td></tr>`,
    ),
  )
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
    return html`<tr><th scope="row">${texts.fraud.whats[what]}</th><td>${about}</td><td>${time(until, now, timeZone)}</td><td>${author}</td><td dir="auto">${because}</td>
<td>${postForm(
      visitor,
      '/fraud/end',
      html`<input type="hidden" name="override" value="${keyOf(override)}">
<button type="submit"${visitor.isReadOnly ? html` disabled` : ''} aria-label="${texts.fraud.endOf(about)}">${texts.fraud.end}</button>`,
    )}</td></tr>`
  })
  return html`${tableOf(texts.fraud.overrides, texts.fraud.overrideColumns, rows)}
${commandLine('hookline fraud remove WHOM')}
${overrides.some(({ whom }) => whom.kind === 'number') && html`<p class="quiet">${prose(texts.fraud.atAws)}</p>`}`
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

async function endOverride({ form, visitor }: Visit, parts: ConsoleParts): Promise<Answer> {
  const { store, now } = parts
  const at = now()
  const key = form.get('override')
  const { kind } = await changeFraudPolicy(store, editorOf(visitor, at, undefined), policy => {
    const found = activeOverrides(policy, at).find(override => keyOf(override) === key)
    return found && withoutOverride(policy, found.whom, at)
  })
  if (kind === 'saved') return { kind: 'redirect', to: address('/fraud', { done: 'saved' }) }
  const problem = kind === 'refused' ? texts.fraud.refused : texts.person.conflict
  return { kind: 'page', title: texts.problem, body: html`<h1>${texts.problem}</h1><p>${problem}</p>` }
}

/** Names an override in a form: what it is about and when it began. */
function keyOf({ what, at, until, author }: Override): string {
  return JSON.stringify([what, at, until, author])
}

const ROWS_MAX = 50
