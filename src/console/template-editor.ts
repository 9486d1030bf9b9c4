import { checkTemplate } from '../advice/check-template.ts'
import { countryName } from '../advice/coverage/countries.ts'
import { simulatorNumber } from '../advice/coverage/dry-runs.ts'
import { directionOf, nameOf } from '../advice/preview-messages.ts'
import { describeSent, planTestSend } from '../advice/test-send.ts'
import { diffWords } from '../advice/word-diff.ts'
import type { TemplateText } from '../core/message/template.ts'
import {
  isSameTemplate,
  type NewTemplate,
  nameOfTemplate,
  type TemplateChange,
  type TemplateName,
  type TemplateVersion,
} from '../core/policy/policy-store.ts'
import { allCountries, isCountry } from '../core/values/phone-number.ts'
import { Secret } from '../core/values/secret.ts'
import {
  address,
  changeButton,
  commandLine,
  type Html,
  html,
  missingRightIn,
  postForm,
  type Visitor,
  verbatim,
} from './page.ts'
import { templateOnPhone } from './phone.ts'
import type { Answer, ConsoleParts, Visit } from './screen.ts'
import { texts } from './texts.ts'
import { time } from './times.ts'

/** What a visitor has written, and the version that they saw: 0 for a new template. */
type Draft = { readonly template: NewTemplate; readonly replaces: number; readonly because: string }

/** The editor of one template, as it is in force, or empty for a new one. */
export async function showEditor(name: TemplateName, visit: Visit, parts: ConsoleParts): Promise<Answer> {
  const [inForce] = await parts.store.readTemplateVersions(name)
  const from = await startOf(name, inForce, parts)
  const saved = visit.query.get('saved')
  const notice =
    saved !== null && saved === String(inForce?.version)
      ? html`<p class="done" role="status">${texts.editor.saved(saved)}</p>`
      : html``
  const draft = { template: from, replaces: inForce?.version ?? 0, because: '' }
  return editorPage(name, draft, inForce, visit.visitor, parts, notice)
}

/** A new template starts with the text that its users get now, if there is one of the same language. */
async function startOf(
  name: TemplateName,
  inForce: TemplateVersion | undefined,
  { store }: ConsoleParts,
): Promise<NewTemplate> {
  if (inForce !== undefined) return withoutVersion(inForce)
  const { templates = [] } = (await store.readPolicy()) ?? {}
  const similar = templates.find(
    one => one.channel === name.channel && one.locale === name.locale && one.purpose === 'any',
  )
  const { text = '', short, voiceId = '' } = similar ?? {}
  return { ...name, text, ...(short !== undefined && { short }), voiceId, indiaTemplateId: undefined }
}

/** The same page for what was written; nothing is saved. The page's script asks for it while somebody types. */
export async function checkDraft(name: TemplateName, visit: Visit, parts: ConsoleParts): Promise<Answer> {
  const [inForce] = await parts.store.readTemplateVersions(name)
  return editorPage(name, draftOf(name, visit.form), inForce, visit.visitor, parts)
}

export async function saveDraft(name: TemplateName, visit: Visit, parts: ConsoleParts): Promise<Answer> {
  const draft = draftOf(name, visit.form)
  const [inForce] = await parts.store.readTemplateVersions(name)
  if (problemsOf(draft.template, inForce).length > 0)
    return editorPage(name, draft, inForce, visit.visitor, parts, alertOf(texts.editor.notSaved))
  return save(name, draft, visit, parts)
}

/** Saves the text of an older version as a new one. */
export async function rollBack(name: TemplateName, visit: Visit, parts: ConsoleParts): Promise<Answer> {
  const versions = await parts.store.readTemplateVersions(name)
  const target = versions.find(({ version }) => String(version) === visit.form.get('to'))
  if (target === undefined)
    return historyPage(name, versions, visit.visitor, parts, alertOf(texts.editor.notKept))
  const draft = { ...draftOf(name, visit.form), template: withoutVersion(target) }
  return save(name, draft, visit, parts)
}

/** Never replaces a version that the visitor has not seen: then both texts are shown. */
async function save(
  name: TemplateName,
  { template, replaces, because }: Draft,
  { visitor }: Visit,
  parts: ConsoleParts,
): Promise<Answer> {
  const [inForce] = await parts.store.readTemplateVersions(name)
  if (inForce?.version === replaces && isSameTemplate(inForce, template))
    return editorPage(
      name,
      { template, replaces, because },
      inForce,
      visitor,
      parts,
      alertOf(texts.editor.unchanged),
    )
  const by = { author: visitor.name, at: parts.now(), ...(because !== '' && { because }) }
  const saved = await parts.store.saveTemplates([{ ...template, replaces } satisfies TemplateChange], by)
  if (saved.kind === 'saved')
    return { kind: 'redirect', to: address(pathOf(name), { saved: saved.templates[0]?.version }) }
  const [newest] = await parts.store.readTemplateVersions(name)
  const draft = { template, replaces: newest?.version ?? 0, because }
  return editorPage(name, draft, newest, visitor, parts, conflictOf(replaces, newest))
}

/** Every version that is kept, newest first, each with what it changed. */
export async function showHistory(
  name: TemplateName,
  { visitor }: Visit,
  parts: ConsoleParts,
): Promise<Answer> {
  return historyPage(name, await parts.store.readTemplateVersions(name), visitor, parts)
}

function editorPage(
  name: TemplateName,
  draft: Draft,
  inForce: TemplateVersion | undefined,
  visitor: Visitor,
  parts: ConsoleParts,
  notice: Html = html``,
): Answer {
  const title = titleOf(name)
  return {
    kind: 'page',
    title,
    body: html`<h1>${title}</h1>
<p class="quiet"><a href="${address('/templates')}">${texts.templates.title}</a> · <code>${nameOfTemplate(name)}</code> ·
${inForce === undefined ? texts.editor.isNew : html`${texts.editor.inForce(inForce.version)} ${whenOf(inForce, parts)} · <a href="${address(pathOf(name, '/history'))}">${texts.editor.history}</a>`}</p>
${notice}
<div class="editor">
${postForm(visitor, pathOf(name, '/save'), fields(name, draft, visitor), 'card edited')}
${preview(draft.template, inForce, parts)}
</div>
${inForce !== undefined && testSend(name, inForce, visitor)}`,
  }
}

/** One message of what is in force, for real: to AWS's simulator, or to a number that the visitor confirms. */
export async function sendTest(name: TemplateName, visit: Visit, parts: ConsoleParts): Promise<Answer> {
  const { form, visitor } = visit
  const [inForce] = await parts.store.readTemplateVersions(name)
  const stored = await parts.store.readPolicy()
  if (stored === undefined) throw new Error('The store returned no policy')
  const number = form.get('number')?.trim() ?? ''
  const country = form.get('simulator') ?? ''
  const simulator = isCountry(country) ? simulatorNumber(country) : undefined
  const show = (notice: Html): Answer =>
    editorPage(name, draftInForce(name, inForce), inForce, visitor, parts, notice)
  if (inForce === undefined) return show(alertOf(texts.editor.noVersions))
  if (number !== '' && form.get('confirmed') !== 'yes') return show(alertOf(texts.editor.notConfirmed))
  const to = number === '' ? simulator : number
  if (to === undefined) return show(alertOf(texts.editor.noNumber))
  const { author: _, savedAt: __, ...template } = inForce
  const planned = planTestSend(template, new Secret(to), stored, parts.planRules, parts.now())
  if (planned.kind === 'refused') return show(alertOf(`${texts.editor.notSent} ${planned.why}`))
  const { attempt } = planned
  const result = await parts.sendOnce(attempt)
  const sentence = describeSent(result, attempt)
  if (result.kind === 'accepted') return show(html`<p class="done" role="status">${sentence}</p>`)
  return show(alertOf(`${sentence} ${missingRightIn(new Error(result.detail)) ?? ''}`))
}

function draftInForce(name: TemplateName, inForce: TemplateVersion | undefined): Draft {
  const empty = { ...name, text: '', voiceId: '', indiaTemplateId: undefined }
  const template = inForce === undefined ? empty : withoutVersion(inForce)
  return { template, replaces: inForce?.version ?? 0, because: '' }
}

function testSend(name: TemplateName, { version }: TemplateVersion, visitor: Visitor): Html {
  const countries = allCountries().filter(country => simulatorNumber(country) !== undefined)
  const choose = html`<label>${texts.editor.simulator} <select name="simulator">${countries.map(
    country =>
      html`<option value="${country}"${country === 'US' ? html` selected` : ''}>${countryName(country)}</option>`,
  )}</select></label>`
  const content = html`${name.channel === 'sms' && choose}
<label>${name.channel === 'sms' ? texts.editor.orNumber : texts.editor.number} <input name="number" type="tel" maxlength="40" autocomplete="off"></label>
<label class="tick"><input type="checkbox" name="confirmed" value="yes"> ${texts.editor.confirm}</label>
${changeButton(visitor, texts.editor.send(version), `hookline templates send ${nameOfTemplate(name)}`)}`
  return html`<section><h2>${texts.editor.testSend}</h2><p>${texts.editor.testMeans}</p>
${postForm(visitor, pathOf(name, '/send'), content, 'card')}</section>`
}

function fields(name: TemplateName, { template, replaces, because }: Draft, visitor: Visitor): Html {
  const direction = directionOf(name.locale)
  const isText = name.channel === 'sms'
  const area = (field: string, label: string, rows: number, text: string): Html =>
    html`<label>${label} <textarea name="${field}" rows="${rows}" lang="${name.locale}" dir="${direction}" spellcheck="true" autocomplete="off">
${verbatim(text)}</textarea></label>`
  const command = `hookline templates set ${nameOfTemplate(name)} --file text.txt --replaces ${replaces}`
  return html`<input type="hidden" name="replaces" value="${replaces}">
${area('text', isText ? texts.editor.text : texts.editor.ssml, isText ? 4 : 9, template.text)}
${area('short', texts.editor.short, isText ? 2 : 5, template.short ?? '')}
${
  isText
    ? html`<label>${texts.editor.india} <input name="indiaTemplateId" maxlength="64" value="${template.indiaTemplateId ?? ''}" autocomplete="off"></label>`
    : html`<label>${texts.editor.voice} <input name="voiceId" maxlength="64" value="${template.voiceId}" autocomplete="off"></label>`
}
<label>${texts.editor.because} <input name="because" maxlength="${BECAUSE_MAX}" value="${because}" autocomplete="off"></label>
<p class="quiet">${texts.editor.placeholders}</p>
<p class="buttons"><button type="submit" class="secondary" formaction="${address(pathOf(name, '/check'))}">${texts.editor.check}</button></p>
${changeButton(visitor, replaces === 0 ? texts.editor.add : texts.editor.save(replaces), command)}`
}

/** What the phone shows, what is wrong, and the difference to what is in force. Replaced as a whole while somebody types. */
function preview(template: NewTemplate, inForce: TemplateVersion | undefined, parts: ConsoleParts): Html {
  const errors = problemsOf(template, inForce)
  const warnings = errors.length === 0 ? checkTemplate(template).warnings : []
  return html`<section id="preview" class="card" aria-label="${texts.editor.preview}">
<h2>${texts.editor.preview}</h2>
<p role="status" class="${errors.length > 0 ? 'bad' : warnings.length > 0 ? 'warn' : 'good'}">${texts.editor.found(errors.length, warnings.length)}</p>
${errors.length > 0 && html`<ul class="bad">${errors.map(error => html`<li>${error}</li>`)}</ul>`}
${warnings.length > 0 && html`<ul class="warn">${warnings.map(warning => html`<li>${warning}</li>`)}</ul>`}
${errors.length === 0 && templateOnPhone(template, parts.planRules, parts.speech)}
${inForce !== undefined && difference(inForce, template)}
</section>`
}

function difference(before: TemplateText, after: NewTemplate): Html {
  return html`<h3>${texts.editor.difference(before.version)}</h3>
${isSameTemplate(before, after) ? html`<p class="quiet">${texts.editor.same}</p>` : changed(before, after)}`
}

function changed(before: NewTemplate, after: NewTemplate): Html {
  const fact = (label: string, old: string, now: string): Html | false =>
    old !== now &&
    html`<p>${label}: <del>${old || texts.editor.none}</del> <ins>${now || texts.editor.none}</ins></p>`
  return html`${before.text !== after.text && words(before.text, after.text, after.locale)}
${before.short !== after.short && html`<p class="quiet">${texts.editor.short}</p>${words(before.short ?? '', after.short ?? '', after.locale)}`}
${fact(texts.editor.voice, before.voiceId, after.voiceId)}
${fact(texts.editor.india, before.indiaTemplateId ?? '', after.indiaTemplateId ?? '')}`
}

function words(before: string, after: string, locale: string): Html {
  return html`<p class="diff" lang="${locale}" dir="${directionOf(locale)}">${diffWords(
    before,
    after,
    locale,
  ).map(({ kind, text }) =>
    kind === 'same' ? text : kind === 'removed' ? html`<del>${text}</del>` : html`<ins>${text}</ins>`,
  )}</p>`
}

function historyPage(
  name: TemplateName,
  versions: readonly TemplateVersion[],
  visitor: Visitor,
  parts: ConsoleParts,
  notice: Html = html``,
): Answer {
  const title = texts.editor.historyOf(titleOf(name))
  const [inForce] = versions
  return {
    kind: 'page',
    title,
    body: html`<h1>${title}</h1>
<p class="quiet"><a href="${address(pathOf(name))}">${texts.editor.toEditor}</a> · <code>${nameOfTemplate(name)}</code></p>
${notice}
${versions.length === 0 && html`<p>${texts.editor.noVersions}</p>`}
${versions.map((version, index) => {
  const before = versions[index + 1]
  return html`<article class="card"><h2>${texts.editor.version(version.version)}${index === 0 && ` · ${texts.editor.isInForce}`}</h2>
<p class="quiet">${whenOf(version, parts)}</p>
${before === undefined ? words(version.text, version.text, version.locale) : changed(before, version)}
${inForce !== undefined && index > 0 && postForm(visitor, pathOf(name, '/rollback'), rollbackFields(name, version, inForce, visitor))}
</article>`
})}
${commandLine(`hookline templates history ${nameOfTemplate(name)}`)}`,
  }
}

function rollbackFields(
  name: TemplateName,
  { version }: TemplateVersion,
  inForce: TemplateVersion,
  visitor: Visitor,
): Html {
  const command = `hookline templates rollback ${nameOfTemplate(name)} --to ${version}`
  return html`<input type="hidden" name="to" value="${version}"><input type="hidden" name="replaces" value="${inForce.version}">
<label>${texts.editor.because} <input name="because" maxlength="${BECAUSE_MAX}" autocomplete="off"></label>
${changeButton(visitor, texts.editor.rollBack(version), command)}`
}

function conflictOf(saw: number, newest: TemplateVersion | undefined): Html {
  return html`<div class="card warn" role="alert"><h2>${texts.editor.conflict}</h2>
<p>${texts.editor.conflictMeans(saw, newest?.version, newest?.author)}</p>
${newest !== undefined && html`<p class="diff" lang="${newest.locale}" dir="${directionOf(newest.locale)}">${newest.text}</p>${newest.short !== undefined && html`<p class="diff" lang="${newest.locale}" dir="${directionOf(newest.locale)}">${newest.short}</p>`}`}
</div>`
}

function alertOf(sentence: string): Html {
  return html`<p class="warn" role="alert">${sentence}</p>`
}

function whenOf({ author, savedAt }: TemplateVersion, { now, timeZone }: ConsoleParts): Html {
  return savedAt === 0
    ? html`${texts.editor.unknownTime}`
    : html`${texts.editor.by(author)} ${time(savedAt, now(), timeZone)}`
}

/** Why it cannot be saved. A registration in India is for one exact text. */
function problemsOf(template: NewTemplate, inForce: TemplateVersion | undefined): readonly string[] {
  const { errors } = checkTemplate(template)
  const isStale =
    inForce?.indiaTemplateId !== undefined &&
    inForce.indiaTemplateId === template.indiaTemplateId &&
    inForce.text !== template.text
  return isStale ? [...errors, texts.editor.staleRegistration(inForce.indiaTemplateId)] : errors
}

/** A browser sends line ends as CR LF. An empty field is a missing one. */
function draftOf(name: TemplateName, form: URLSearchParams): Draft {
  const field = (key: string): string => (form.get(key) ?? '').replaceAll('\r\n', '\n')
  const [short, voiceId, indiaTemplateId] = [
    field('short'),
    field('voiceId').trim(),
    field('indiaTemplateId').trim(),
  ]
  const replaces = /^\d{1,9}$/.test(field('replaces')) ? Number(field('replaces')) : 0
  const isText = name.channel === 'sms'
  const template = {
    ...name,
    text: field('text'),
    ...(short.trim() !== '' && { short }),
    voiceId: isText ? '' : voiceId.toUpperCase(),
    indiaTemplateId: isText && indiaTemplateId !== '' ? indiaTemplateId : undefined,
  }
  const because = field('because').replace(/\s+/g, ' ').trim().slice(0, BECAUSE_MAX)
  return { template, replaces, because }
}

function withoutVersion({ version: _, author: __, savedAt: ___, ...template }: TemplateVersion): NewTemplate {
  return template
}

function titleOf({ channel, locale, purpose }: TemplateName): string {
  return `${texts.templates.channels[channel]} · ${nameOf(locale, 'en')} · ${texts.templates.purposes[purpose]}`
}

/** The address of a template's editor, and of what belongs to it. */
export function pathOf({ channel, locale, purpose }: TemplateName, rest = ''): string {
  return `/templates/${channel}/${locale}/${purpose}${rest}`
}

const BECAUSE_MAX = 200
