import { countryName } from '../advice/coverage/countries.ts'
import { coverage } from '../advice/coverage/coverage.ts'
import { countriesToTry, exampleNumber } from '../advice/coverage/dry-runs.ts'
import { coverCountry, type RouteCoverage } from '../advice/coverage/route-coverage.ts'
import { describeAnswer, MEANING, routeOf, type Tried } from '../advice/coverage/try-countries.ts'
import { explainDecision } from '../advice/explain-plan.ts'
import { explainRequest } from '../advice/explain-request.ts'
import { percent } from '../advice/health-sentence.ts'
import { healthKey, type IdentityHealth, identityHealth } from '../advice/identity-health.ts'
import { pacesOf } from '../core/plan/candidates.ts'
import { findRoute, type Policy, preparePolicy } from '../core/policy/policy.ts'
import { type Candidate, identityKind, regionOf } from '../core/policy/route.ts'
import type { Stats } from '../core/records/stats.ts'
import { allCountries, type CountryCode, isCountry } from '../core/values/phone-number.ts'
import { messageOf } from '../core/values/printable.ts'
import { isRefusal } from '../core/values/reasons.ts'
import { type Channel, channels } from '../core/values/request.ts'
import { readExample } from '../okta/hook-request.ts'
import { address, commandLine, type Html, html, missingRightIn, postForm } from './page.ts'
import { messageOnPhone } from './phone.ts'
import type { Answer, ConsoleParts, Screen, Visit } from './screen.ts'
import { texts } from './texts.ts'

/** Where messages are sent from, how that goes, and what users of a country get. */
export const routesScreen: Screen = {
  title: texts.routes.title,
  path: '/routes',
  routes: [
    { kind: 'page', path: '/routes', answer: answerRoutes },
    { kind: 'page', path: '/routes/open', answer: open },
    { kind: 'page', path: '/routes/:country', answer: answerCountry },
    { kind: 'lookup', path: '/routes/:country/try', answer: answerTried },
  ],
}

/** What is known of how routes do: figures of a day, and the newest attempts. */
type Experience = {
  readonly stats: Stats | undefined
  readonly health: ReadonlyMap<string, IdentityHealth>
}

async function answerRoutes(_: Visit, parts: ConsoleParts): Promise<Answer> {
  const policy = await policyOf(parts)
  const experience = await experienceOf(parts)
  const covered = coverage(policy, parts.planRules, [], parts.now()).routes
  const { title, columns } = texts.routes
  const [first, ...others] = columns
  const body = html`<h1>${title}</h1>
<p class="lead">${texts.routes.lead}</p>
${policy.routes.size === 0 && html`<p class="warn">${texts.routes.none}</p>${commandLine('hookline identities discover --apply')}`}
<form class="fields" method="get" action="${address('/routes/open')}">
<label>${texts.routes.country} <input name="country" required maxlength="40" placeholder="${texts.routes.countryHint}" autocomplete="off"></label>
<button type="submit">${texts.routes.show}</button>
</form>
<div class="table" tabindex="0" role="region" aria-label="${title}"><table>
<thead><tr><th scope="col">${first}</th>${others.map(name => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${covered.filter(isListed).map(one => routeRow(one, policy, experience, parts))}</tbody>
</table></div>
${unserved(covered)}
${experience.stats === undefined && html`<p class="quiet">${texts.now.noFigures}</p>`}
${commandLine('hookline routes list')}
${commandLine('hookline routes try')}
${commandLine('hookline coverage')}`
  return { kind: 'page', title, body }
}

/** Neighbours of served countries that have no route are below the table. */
function isListed({ country, route }: RouteCoverage): boolean {
  return country === '*' || route !== 'none'
}

/** Each gap in a sentence, with the countries that have it. */
function unserved(covered: readonly RouteCoverage[]): Html | false {
  const gaps = covered.flatMap(({ country, channel, gap, ...one }) =>
    gap === undefined || country === '*' || isListed({ country, channel, gap, ...one })
      ? []
      : [{ country, sentence: `${texts.channels[channel]}: ${gap.sentence}` }],
  )
  if (gaps.length === 0) return false
  const grouped = [...Map.groupBy(gaps, ({ sentence }) => sentence)]
  return html`<h2>${texts.routes.unserved}</h2>
<ul>${grouped.map(
    ([sentence, same]) =>
      html`<li>${sentence} ${same.map(({ country }) => html`<a href="${address(`/routes/${country}`)}">${countryName(country)}</a> `)}</li>`,
  )}</ul>`
}

function routeRow(one: RouteCoverage, policy: Policy, experience: Experience, parts: ConsoleParts): Html {
  const { country, channel, gap } = one
  const figures = experience.stats?.by.country.get(country)
  const candidates = candidatesOf(policy, country, channel)
  return html`<tr>
<th scope="row">${country === '*' ? texts.routes.others : html`<a href="${address(`/routes/${country}`)}">${countryName(country)}</a> <code>${country}</code>`}</th>
<td>${texts.channels[channel]}</td>
<td>${candidates.length === 0 ? html`<span class="${gap?.refuses === undefined ? 'quiet' : 'bad'}">${texts.routes.noRoute}</span>` : html`<ol>${candidates.map(candidate => html`<li>${describeCandidate(candidate, one, experience, parts)}</li>`)}</ol>`}</td>
<td class="number">${figures === undefined || figures.sent === 0 ? '–' : html`<a href="${address('/deliveries', { country })}">${percent(figures.answered, figures.sent)} ${texts.routes.ofSent(figures.sent)}</a>`}</td>
<td class="number">${figures === undefined || figures.priced === 0 ? '–' : `$${(figures.costMicroUsd / figures.priced / 1e6).toFixed(4)}`}</td>
<td>${gap !== undefined && html`<span class="${gap.refuses === undefined ? 'warn' : 'bad'}">${gap.sentence}</span>`}</td>
</tr>`
}

function describeCandidate(
  candidate: Candidate,
  { country, channel }: Pick<RouteCoverage, 'country' | 'channel'>,
  { health }: Experience,
  { planRules }: ConsoleParts,
): Html {
  const region = regionOf(candidate)
  const paces = pacesOf({ ...candidate, region }, channel)
  const price =
    channel === 'sms'
      ? texts.routes.perPart(candidate.maxPricePerPart ?? planRules.maxPricePerPart)
      : texts.routes.perMinute(candidate.maxPricePerMinute ?? planRules.maxPricePerMinute)
  const known = health.get(healthKey(country, channel, candidate.identity))
  const facts = [
    identityKind(candidate.identity),
    region,
    ...paces.map(({ max, windowSeconds }) => texts.routes.pace(max, windowSeconds, channel)),
    price,
  ].filter(fact => fact !== undefined)
  return html`<bdi>${candidate.identity}</bdi> <span class="quiet">${facts.join(', ')}</span>
${known !== undefined && html`<span class="${known.isFailing ? 'bad' : 'good'}">${known.isFailing ? texts.routes.failing : texts.routes.accepted(known.accepted, known.attempts)}</span>`}`
}

async function answerCountry(visit: Visit, parts: ConsoleParts, tried?: Html): Promise<Answer> {
  const country = visit.params.country ?? ''
  if (!isCountry(country)) return noSuchCountry()
  const policy = await policyOf(parts)
  const experience = await experienceOf(parts)
  const title = `${countryName(country)} (${country})`
  const command = `hookline routes try --countries ${country}`
  const body = html`<h1>${title}</h1>
<p class="quiet"><a href="${address('/routes')}">${texts.routes.title}</a> · <a href="${address('/deliveries', { country })}">${texts.routes.deliveries}</a></p>
${tried}
<div class="cards">${channels.map(channel => channelCard(country, channel, policy, experience, parts))}</div>
<h2>${texts.routes.ask}</h2>
<p>${texts.routes.askMeans}</p>
${postForm(visit.visitor, `/routes/${country}/try`, html`<button type="submit">${texts.routes.askButton}</button>${commandLine(command)}`)}`
  return { kind: 'page', title, body }
}

function channelCard(
  country: CountryCode,
  channel: Channel,
  policy: Policy,
  experience: Experience,
  parts: ConsoleParts,
): Html {
  const covered = coverCountry(policy, country, channel)
  const candidates = candidatesOf(policy, country, channel)
  return html`<section class="card"><h2>${texts.channels[channel]}</h2>
<p>${texts.routes.kinds[covered.route]}</p>
<ol>${candidates.map(candidate => html`<li>${describeCandidate(candidate, { country, channel }, experience, parts)}</li>`)}</ol>
${covered.unable.length > 0 && html`<p class="quiet">${texts.routes.unable(covered.unable.join(', '))}</p>`}
${covered.gap !== undefined && html`<p class="${covered.gap.refuses === undefined ? 'warn' : 'bad'}">${covered.gap.sentence}</p>`}
<h3>${texts.routes.userGets}</h3>
${whatUserGets(country, channel, policy, parts)}
<p><a href="${address('/try', { country, channel })}">${texts.routes.tryIt}</a></p>
</section>`
}

/** What a user with the default language and the country's example number gets to sign in. */
function whatUserGets(country: CountryCode, channel: Channel, policy: Policy, parts: ConsoleParts): Html {
  const { planRules } = parts
  const to = exampleNumber(country)
  if (to === undefined) return html`<p>${texts.routes.noExample}</p>`
  const locale = planRules.defaultLocale
  const request = readExample({ to, channel, purpose: 'mfa-verification', locale }, parts.now())
  if (isRefusal(request)) return html`<p class="bad">${request.code}</p>`
  const { planned } = explainRequest(request, policy, planRules, parts.now())
  if (planned.kind === 'plan') {
    const written = planned.templateUsed.source === 'template' ? planned.templateUsed.locale : locale
    return messageOnPhone(planned.message, written, planRules.brand, parts.speech)
  }
  const last = planned.decisions.at(-1)
  return html`<p class="bad">${last === undefined ? planned.code : explainDecision(last).sentence}</p>`
}

/** Asks AWS with dry runs, one after the other. Nothing is sent and nothing is charged. */
async function answerTried(visit: Visit, parts: ConsoleParts): Promise<Answer> {
  const country = visit.params.country ?? ''
  if (!isCountry(country)) return noSuchCountry()
  const countries = countriesToTry(await policyOf(parts), parts.planRules, [country], parts.now())
  const tried: Tried[] = []
  const failure = await parts.tryCountries(countries, one => void tried.push(one))
  const lines = tried.map(
    one =>
      html`<li class="${one.result === 'no objection' ? 'good' : one.result === 'refused' ? 'bad' : 'warn'}"><bdi>${one.identity ?? ''}</bdi> (${routeOf(one)}): ${describeAnswer(one)}</li>`,
  )
  const result = html`<section class="card" role="status"><h2>${texts.routes.answered}</h2><ul>${lines}</ul><p class="quiet">${MEANING}</p>${
    failure !== undefined &&
    html`<p class="warn">${texts.routes.notNoted} ${missingRightIn(failure) ?? messageOf(failure)}</p>`
  }</section>`
  return answerCountry(visit, parts, result)
}

function open({ query }: Visit): Answer {
  const words = query.get('country')?.trim() ?? ''
  const code = words.toUpperCase()
  const country = isCountry(code)
    ? code
    : allCountries().find(one => countryName(one).toLowerCase() === words.toLowerCase())
  return country === undefined ? noSuchCountry() : { kind: 'redirect', to: `/routes/${country}` }
}

function noSuchCountry(): Answer {
  const body = html`<h1>${texts.problem}</h1><p>${texts.routes.noSuchCountry}</p>`
  return { kind: 'page', title: texts.problem, status: 404, body }
}

function candidatesOf(policy: Policy, country: CountryCode | '*', channel: Channel): readonly Candidate[] {
  const route = country === '*' ? policy.routes.get(`*/${channel}`) : findRoute(policy, country, channel)
  return route?.candidates ?? []
}

async function policyOf({ store }: ConsoleParts): Promise<Policy> {
  const stored = await store.readPolicy()
  if (stored === undefined) throw new Error('The store returned no policy')
  return preparePolicy(stored)
}

async function experienceOf({ store, now }: ConsoleParts): Promise<Experience> {
  const to = now()
  const [stored, { deliveries }] = await Promise.all([
    store.readStats({ from: to - DAY_MS, to }),
    store.pageDeliveries({ limit: DELIVERIES }),
  ])
  return { stats: stored?.stats, health: identityHealth(deliveries) }
}

const DAY_MS = 86_400_000
const DELIVERIES = 100
