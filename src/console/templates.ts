import { type Coverage, coverage } from '../advice/coverage/coverage.ts'
import type { TemplateCoverage } from '../advice/coverage/template-coverage.ts'
import { nameOf } from '../advice/preview-messages.ts'
import { preparePolicy } from '../core/policy/policy.ts'
import type { TemplateName } from '../core/policy/policy-store.ts'
import { normalizeLocale } from '../core/values/locale.ts'
import { type Channel, channels, purposes } from '../core/values/request.ts'
import { address, commandLine, type Html, html } from './page.ts'
import type { Answer, ConsoleParts, Screen, Visit } from './screen.ts'
import {
  checkDraft,
  pathOf,
  rollBack,
  saveDraft,
  sendTest,
  showEditor,
  showHistory,
} from './template-editor.ts'
import { texts } from './texts.ts'

/** The templates: what users of each language get, and an editor for each. */
export const templatesScreen: Screen = {
  title: texts.templates.title,
  path: '/templates',
  routes: [
    { kind: 'page', path: '/templates', answer: answerTemplates },
    { kind: 'page', path: '/templates/open', answer: open },
    { kind: 'page', path: '/templates/audio/:key', answer: hear },
    ...(
      [
        ['page', '', showEditor],
        ['lookup', '/check', checkDraft],
        ['change', '/save', saveDraft],
        ['page', '/history', showHistory],
        ['change', '/rollback', rollBack],
        ['change', '/send', sendTest],
      ] as const
    ).map(([kind, rest, answer]) => ({
      kind,
      path: `/templates/:channel/:locale/:purpose${rest}`,
      answer: (visit: Visit, parts: ConsoleParts) => {
        const name = nameIn(visit.params)
        return name === undefined ? noSuchName() : answer(name, visit, parts)
      },
    })),
  ],
}

async function answerTemplates(_: Visit, { store, planRules, now }: ConsoleParts): Promise<Answer> {
  const stored = await store.readPolicy()
  if (stored === undefined) throw new Error('The store returned no policy')
  const covered = coverage(await preparePolicy(stored), planRules, [], now())
  const { title } = texts.templates
  const locales = Map.groupBy(covered.templates, ({ locale }) => locale)
  const sorted = [...locales].toSorted(([one], [other]) =>
    nameOf(one, 'en').localeCompare(nameOf(other, 'en')),
  )
  return {
    kind: 'page',
    title,
    body: html`<h1>${title}</h1>
<p class="lead">${texts.templates.lead}</p>
${stored.templates.length === 0 && html`<p>${texts.templates.none}</p>`}
${openForm()}
<div class="table" tabindex="0" role="region" aria-label="${title}"><table>
<caption>${texts.templates.legend}</caption>
<thead><tr><th scope="col" rowspan="2">${texts.templates.language}</th>
${channels.map(channel => html`<th scope="colgroup" colspan="${purposes.length}">${texts.templates.channels[channel]}</th>`)}</tr>
<tr>${channels.map(() => purposes.map(purpose => html`<th scope="col">${texts.templates.purposes[purpose]}</th>`))}</tr></thead>
<tbody>${sorted.map(([locale, own]) => languageRow(locale, own))}</tbody>
</table></div>
${listGaps(covered)}
${commandLine('hookline coverage')}
${commandLine('hookline templates list')}`,
  }
}

function languageRow(locale: string, own: readonly TemplateCoverage[]): Html {
  const cells = channels.flatMap(channel =>
    purposes.map(purpose => own.find(one => one.channel === channel && one.purpose === purpose)),
  )
  return html`<tr><th scope="row">${nameOf(locale, 'en')} <code>${locale}</code></th>${cells.map(
    cell => html`<td>${cell && languageCell(cell)}</td>`,
  )}</tr>`
}

/** Leads to the template that is used, or to a new one that fills the gap. */
function languageCell({ locale, channel, purpose, source, template }: TemplateCoverage): Html {
  const label = `${texts.templates.channels[channel]}, ${texts.templates.purposes[purpose]}, ${nameOf(locale, 'en')}: `
  const isOwn = source === 'own'
  const isForAll = !isOwn || template?.purpose === 'any'
  const target = { channel, locale, purpose: isForAll ? ('any' as const) : purpose }
  const shown = isOwn || template === undefined ? texts.templates.sources[source] : `→ ${template.locale}`
  return html`<a href="${address(pathOf(target))}" class="${isOwn ? 'good' : source === 'none' ? 'bad' : 'warn'}" aria-label="${label + shown}">${shown}</a>`
}

/** Each gap in a sentence, with the languages that have it. */
function listGaps({ templates }: Coverage): Html {
  const gaps = templates.flatMap(({ gap, locale, channel }) =>
    gap === undefined ? [] : [{ sentence: gap.sentence, locale, channel }],
  )
  const grouped = [
    ...Map.groupBy(gaps, ({ sentence, channel }) => `${texts.templates.channels[channel]}: ${sentence}`),
  ]
  return html`<h2>${texts.templates.gaps}</h2>
${grouped.length === 0 && html`<p>${texts.templates.noGaps}</p>`}
<ul>${grouped.map(
    ([sentence, same]) =>
      html`<li>${sentence} <span class="quiet">${[...new Set(same.map(({ locale }) => locale))].join(', ')}</span></li>`,
  )}</ul>`
}

function openForm(): Html {
  const { button, hint, ...label } = texts.templates.openForm
  return html`<form class="fields" method="get" action="${address('/templates/open')}">
<label>${label.channel} <select name="channel">${channels.map(one => html`<option value="${one}">${texts.templates.channels[one]}</option>`)}</select></label>
<label>${label.locale} <input name="locale" required maxlength="35" placeholder="${hint}"></label>
<label>${label.purpose} <select name="purpose">${(['any', ...purposes] as const).map(one => html`<option value="${one}">${texts.templates.purposes[one]}</option>`)}</select></label>
<button type="submit">${button}</button>
</form>`
}

function open({ query }: Visit): Answer {
  const name = nameIn(Object.fromEntries(query))
  return name === undefined ? noSuchName() : { kind: 'redirect', to: pathOf(name) }
}

async function hear({ params }: Visit, { speech }: ConsoleParts): Promise<Answer> {
  const spoken = await speech.hear(params.key ?? '')
  if (spoken?.kind === 'spoken')
    return { kind: 'file', name: 'call.wav', type: 'audio/wav', content: spoken.wav, isShown: true }
  const why = spoken === undefined ? texts.phone.notOffered : texts.phone[spoken.kind]
  return {
    kind: 'page',
    title: texts.problem,
    status: 404,
    body: html`<h1>${texts.problem}</h1><p>${why}</p>`,
  }
}

function nameIn(values: Readonly<Record<string, string | undefined>>): TemplateName | undefined {
  const channel = channels.find((one: Channel) => one === values.channel)
  const locale = normalizeLocale(values.locale)
  const purpose = (['any', ...purposes] as const).find(one => one === values.purpose)
  return channel === undefined || locale === undefined || purpose === undefined
    ? undefined
    : { channel, locale, purpose }
}

function noSuchName(): Answer {
  const body = html`<h1>${texts.problem}</h1><p>${texts.templates.noSuchName}</p>`
  return { kind: 'page', title: texts.problem, status: 404, body }
}
