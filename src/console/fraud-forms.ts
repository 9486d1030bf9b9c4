import { readCountry } from '../advice/coverage/countries.ts'
import {
  lockOut,
  type Refuses,
  underBudgets,
  underDenial,
  underEnforcement,
  underLimits,
} from '../advice/fraud/lock-out.ts'
import { proposeBudgets } from '../advice/fraud/propose-budgets.ts'
import { readBudgets } from '../advice/fraud/read-budgets.ts'
import { endAfter, endAt, isEnd } from '../advice/fraud/read-end.ts'
import { readUser, readWhom, wholeNumberIn } from '../advice/fraud/read-whom.ts'
import { describeWhom } from '../core/policy/credit/explain.ts'
import {
  EXPECTED_MAX,
  type FraudPolicy,
  fraudModes,
  type NewFraudPolicy,
  type Override,
  type Whom,
  withMode,
  withOverride,
} from '../core/policy/fraud-policy.ts'
import {
  describeLimit,
  LIMIT_MAX,
  type Limits,
  limitScopes,
  WINDOW_SECONDS_MAX,
  withLimit,
} from '../core/policy/limits.ts'
import { changeFraudPolicy, type Editor } from '../core/policy/policy-store.ts'
import type { FollowedDelivery } from '../core/records/delivery.ts'
import type { Period } from '../core/records/delivery-store.ts'
import { messageOf, printable } from '../core/values/printable.ts'
import { orgOf } from './delivery-view.ts'
import {
  areaField,
  becauseField,
  becauseIn,
  countIn,
  type Filled,
  selectField,
  textField,
  type Values,
} from './form.ts'
import {
  address,
  changeButton,
  FORM_TOKEN,
  type Html,
  html,
  postForm,
  type Visitor,
  verbatim,
} from './page.ts'
import type { Answer, ConsoleParts, Route, Visit } from './screen.ts'
import { texts } from './texts.ts'
import { clockText } from './times.ts'

/** One change of the rule or the limits, as a form with an address of its own: `/fraud/deny`. */
export type RuleForm = {
  readonly name: string
  readonly title: string
  /** What the fields contain at first. */
  readonly start: (facts: Facts, parts: ConsoleParts) => Values | Promise<Values>
  readonly fields: (filled: Filled, facts: Facts) => Html
  /** The command that does the same; a value that is missing or odd has a placeholder. */
  readonly command: (values: Values) => string
  /** Every reason why it cannot be done, by field; or what it would do. */
  readonly read: (values: Values, facts: Facts, parts: ConsoleParts) => Promise<Problems | Change>
}

/** What is in force. */
type Facts = {
  readonly fraud: FraudPolicy
  readonly limits: Limits
  /** Callers that have a mode of their own, or a delivery among the newest. */
  readonly callers: readonly string[]
}

type Problems = { readonly kind: 'problems'; readonly problems: Readonly<Record<string, string>> }
type Change = {
  readonly kind: 'change'
  readonly sentence: string
  /** If it can lock people out. It is then shown what it would have refused, and asked for a confirmation. */
  readonly refuses?: Refuses
  /** `note`: about what was or was not done elsewhere. */
  readonly save: (
    by: Editor,
  ) => Promise<{ readonly kind: 'saved' | 'refused' | 'conflict'; readonly note?: string | undefined }>
}

/** `allow` and `deny`. */
function overrideForm(what: 'allow' | 'deny'): RuleForm {
  return {
    name: what,
    title: texts.fraudForms.overrides[what],
    start: () => ({ kind: 'number', for: '7d' }),
    fields: filled => html`${selectField('kind', texts.fraudForms.kind, texts.fraudForms.kinds, filled)}
${textField('whom', texts.fraudForms.whom, filled, { hint: texts.fraudForms.whomHint })}
${endField(filled)}`,
    command: ({ kind, whom, ...values }) =>
      `${what === 'allow' ? 'hookline fraud allow' : 'hookline fraud deny'} ${kind === 'user' ? '--user LOGIN' : kind === 'number' ? texts.person.number : quoted(whom, 'WHOM')} ${lastOptions(values)}`,
    read: async (values, { fraud }, parts) => {
      const now = parts.now()
      const [whom, until] = [await whomIn(values, parts), endIn(values, now)]
      if ('problem' in whom || typeof until === 'object')
        return problems({ whom: problemIn(whom), for: problemIn(until) })
      const isOfOne = whom.kind === 'number' || whom.kind === 'user'
      const number = whom.kind === 'number' ? wholeNumberIn(values.whom ?? '', parts.planRules) : undefined
      return {
        kind: 'change',
        sentence: texts.fraudForms.decided(
          texts.fraud.whats[what],
          describeWhom(whom),
          endText(until, parts),
          isAllOff(fraud),
        ),
        // Who names one person means to lock out that one.
        ...(what === 'deny' && !isOfOne && { refuses: underDenial(whom) }),
        save: async by => {
          const override = { what, whom, until, ...authorOf(by) }
          const saved = await addOverride(override, by, parts)
          if (saved.kind !== 'saved' || number === undefined) return saved
          return { ...saved, note: await parts.numberAtAws(number, override) }
        },
      }
    },
  }
}

const expectForm: RuleForm = {
  name: 'expect',
  title: texts.fraudForms.expect,
  start: () => ({ count: '50', for: '7d' }),
  fields: filled => html`${textField('country', texts.fraudForms.country, filled, { hint: 'VE' })}
${textField('count', texts.fraud.expected, filled, { type: 'number' })}
${endField(filled)}`,
  command: ({ country, count, ...values }) =>
    `hookline fraud expect ${/^[a-z]{2}$/i.test(country ?? '') ? country : 'COUNTRY'} ${countIn(count, 1, EXPECTED_MAX) ?? 50} ${lastOptions(values)}`,
  read: async (values, { fraud }, parts) => {
    const [country, until] = [readCountry(values.country ?? ''), endIn(values, parts.now())]
    const count = countIn(values.count, 1, EXPECTED_MAX)
    if (typeof country === 'object' || typeof until === 'object' || count === undefined)
      return problems({
        country: problemIn(country),
        for: problemIn(until),
        count: count === undefined ? texts.fraudForms.wholeNumber(1, EXPECTED_MAX) : undefined,
      })
    const about = texts.fraud.phonesIn(count, country)
    return {
      kind: 'change',
      sentence: texts.fraudForms.decided(
        texts.fraud.whats.expect,
        about,
        endText(until, parts),
        isAllOff(fraud),
      ),
      save: by =>
        addOverride(
          { what: 'expect', whom: { kind: 'country', country }, count, until, ...authorOf(by) },
          by,
          parts,
        ),
    }
  },
}

export const modeForm: RuleForm = {
  name: 'mode',
  title: texts.fraud.change,
  start: ({ fraud }) => ({ mode: fraud.mode, org: '' }),
  fields: (filled, { callers }) => html`${selectField(
    'mode',
    texts.fraud.newMode,
    Object.fromEntries(fraudModes.map(mode => [mode, mode])),
    filled,
  )}
${selectField('org', texts.fraudForms.org, { '': texts.fraudForms.allOrgs, ...Object.fromEntries(callers.map(caller => [caller, orgOf(caller)])) }, filled)}`,
  command: ({ mode, org = '' }) =>
    `hookline fraud mode ${fraudModes.find(one => one === mode) ?? 'observe'}${org === '' ? '' : ` --org ${quoted(orgOf(org), 'ORG')}`}`,
  read: async (values, { callers }, parts) => {
    const mode = fraudModes.find(one => one === values.mode)
    const caller = callers.find(one => one === values.org)
    if (mode === undefined || (caller === undefined && (values.org ?? '') !== ''))
      return problems({
        mode: mode === undefined ? texts.fraudForms.noMode : undefined,
        org: caller === undefined && values.org ? texts.fraudForms.noOrg : undefined,
      })
    return {
      kind: 'change',
      sentence: texts.fraudForms.newMode(
        mode,
        caller === undefined ? undefined : orgOf(caller),
        texts.fraud.modes[mode],
      ),
      ...(mode === 'enforce' && { refuses: underEnforcement(caller) }),
      save: by => changeFraudPolicy(parts.store, by, policy => withMode(policy, mode, caller)),
    }
  },
}

const limitForm: RuleForm = {
  name: 'limit',
  title: texts.fraudForms.limit,
  start: () => ({ scope: 'number', window: '3600', max: '5' }),
  fields: filled => html`${selectField('scope', texts.fraudForms.scope, texts.fraudForms.scopes, filled)}
${textField('window', texts.fraudForms.window, filled, { type: 'number' })}
${textField('max', texts.fraudForms.max, filled, { type: 'number' })}`,
  command: ({ scope, window, max }) =>
    `hookline limits set --scope ${limitScopes.find(one => one === scope) ?? 'number'} --window ${countIn(window, 1, WINDOW_SECONDS_MAX) ?? 'SECONDS'} --max ${countIn(max, 0, LIMIT_MAX) ?? 'COUNT'} --because "…"`,
  read: async (values, { limits }, parts) => {
    const scope = limitScopes.find(one => one === values.scope)
    const windowSeconds = countIn(values.window, 1, WINDOW_SECONDS_MAX)
    const max = countIn(values.max, 0, LIMIT_MAX)
    if (scope === undefined || windowSeconds === undefined || max === undefined)
      return problems({
        scope: scope === undefined ? texts.fraudForms.noScope : undefined,
        window: windowSeconds === undefined ? texts.fraudForms.wholeNumber(1, WINDOW_SECONDS_MAX) : undefined,
        max: max === undefined ? texts.fraudForms.wholeNumber(0, LIMIT_MAX) : undefined,
      })
    const limit = { scope, windowSeconds, max }
    const isKnown = limits.windows.some(
      one => one.scope === scope && one.windowSeconds === windowSeconds && one.max <= max,
    )
    return {
      kind: 'change',
      sentence: max === 0 ? texts.fraudForms.noLimit(describeLimit(limit)) : describeLimit(limit),
      ...(max > 0 && !isKnown && limits.mode === 'enforce' && { refuses: underLimits([limit]) }),
      save: by => changeLimits(existing => withLimit(existing, limit), by, parts),
    }
  },
}

const limitsModeForm: RuleForm = {
  name: 'limits',
  title: texts.fraudForms.limitsMode,
  start: ({ limits }) => ({ mode: limits.mode }),
  fields: filled => selectField('mode', texts.fraudForms.limitsMode, texts.fraudForms.limitsModes, filled),
  command: ({ mode }) =>
    mode === 'observe' ? 'hookline limits observe --because "…"' : 'hookline limits enforce --because "…"',
  read: async (values, { limits }, parts) => {
    const { mode } = values
    if (mode !== 'enforce' && mode !== 'observe') return problems({ mode: texts.fraudForms.noLimitsMode })
    return {
      kind: 'change',
      sentence: texts.fraud.limitsMode[mode],
      ...(mode === 'enforce' && limits.mode !== 'enforce' && { refuses: underLimits(limits.windows) }),
      save: by => changeLimits(existing => ({ ...existing, mode }), by, parts),
    }
  },
}

const budgetsForm: RuleForm = {
  name: 'budgets',
  title: texts.fraudForms.budgets,
  start: async ({ fraud: { budgets } }, parts) => {
    const { budgets: of, prices } =
      budgets ?? proposeBudgets((await readBack(parts, PROPOSAL_DAYS)).deliveries)
    return { plan: JSON.stringify({ ...of, prices }, undefined, 2) }
  },
  fields: filled => html`<p class="quiet">${texts.fraudForms.budgetsMeans}</p>
${areaField('plan', texts.fraudForms.plan, 16, filled)}`,
  command: ({ plan }) =>
    plan?.trim() === ''
      ? 'hookline fraud budgets clear --because "…"'
      : 'hookline fraud budgets set FILE --because "…"',
  read: async ({ plan: text = '' }, _, parts) => {
    if (text.trim() === '')
      return {
        kind: 'change',
        sentence: texts.fraudForms.noBudgets,
        save: by => changeFraudPolicy(parts.store, by, ({ version: _, budgets: __, ...policy }) => policy),
      }
    const plan = budgetsIn(text)
    if ('problem' in plan) return problems({ plan: plan.problem })
    return {
      kind: 'change',
      sentence: texts.fraudForms.newBudgets,
      refuses: underBudgets(plan),
      save: by =>
        changeFraudPolicy(parts.store, by, ({ version: _, ...policy }) => ({ ...policy, budgets: plan })),
    }
  },
}

export const overrideForms = [overrideForm('allow'), overrideForm('deny'), expectForm] as const
export const limitForms = [limitForm, limitsModeForm] as const
export const budgetForms = [budgetsForm] as const

/** The addresses of every form: its page, and what it changes. */
export const ruleFormRoutes: readonly Route[] = [
  modeForm,
  ...overrideForms,
  ...limitForms,
  ...budgetForms,
].flatMap(form => [
  { kind: 'page', path: `/fraud/${form.name}`, answer: (visit, parts) => openForm(form, visit, parts) },
  { kind: 'change', path: `/fraud/${form.name}`, answer: (visit, parts) => submit(form, visit, parts) },
])

/** Links to the forms, as buttons. */
export function formLinks(forms: readonly RuleForm[]): Html {
  return html`<p class="buttons">${forms.map(
    ({ name, title }) => html`<a class="button" href="${address(`/fraud/${name}`)}">${title}</a> `,
  )}</p>`
}

/** The form with its button and its command. */
function ruleForm(form: RuleForm, filled: Filled, facts: Facts, visitor: Visitor): Html {
  return postForm(
    visitor,
    `/fraud/${form.name}`,
    html`${form.fields(filled, facts)}
${becauseField(filled)}
${changeButton(visitor, form.title, form.command(filled.values))}`,
    'card stacked',
  )
}

export async function factsOf({ store }: ConsoleParts): Promise<Facts> {
  const [policy, { deliveries }] = await Promise.all([
    store.readPolicy(),
    store.pageDeliveries({ limit: 100 }),
  ])
  if (policy === undefined) throw new Error('The store returned no policy')
  const { fraud, limits } = policy
  const callers = [...Object.keys(fraud.modes), ...deliveries.map(({ caller }) => caller)]
  return { fraud, limits, callers: [...new Set(callers)].toSorted() }
}

/** The newest deliveries of these days, as far as a few pages go, and how far that is. */
export async function readBack({ store, now }: ConsoleParts, days: number) {
  const to = now()
  const deliveries: FollowedDelivery[] = []
  const period: Period = { from: to - days * DAY_MS, to: to + 1 }
  let before: string | undefined
  for (let count = 1; ; count += 1) {
    const page = await store.pageDeliveries({ limit: 100, period, ...(before !== undefined && { before }) })
    deliveries.push(...page.deliveries)
    before = page.next
    if (before === undefined || count === PAGES_MAX) return { deliveries, readTo: page.readTo }
  }
}

/** The author of a change, as the log of changes keeps it. */
export function editorOf({ name }: Visitor, at: number, because: string | undefined): Editor {
  return { author: printable(name).slice(0, AUTHOR_MAX), at, ...(because !== undefined && { because }) }
}

async function openForm(form: RuleForm, { query, visitor }: Visit, parts: ConsoleParts): Promise<Answer> {
  const facts = await factsOf(parts)
  const values = { ...(await form.start(facts, parts)), ...Object.fromEntries(query) }
  return formPage(form, { values, problems: {} }, facts, visitor, parts)
}

async function submit(form: RuleForm, { form: sent, visitor }: Visit, parts: ConsoleParts): Promise<Answer> {
  const { [FORM_TOKEN]: _, ...values } = Object.fromEntries(sent)
  const facts = await factsOf(parts)
  const read = await form.read(values, facts, parts)
  const because = becauseIn(values)
  if (read.kind === 'problems' || because === undefined) {
    const own = read.kind === 'problems' ? read.problems : {}
    const found = { ...own, ...(because === undefined && { because: texts.fraudForms.noReason }) }
    return formPage(form, { values, problems: found }, facts, visitor, parts)
  }
  if (read.refuses !== undefined && values.confirmed !== 'yes')
    return confirmPage(form, values, read.sentence, read.refuses, visitor, parts)
  const { kind, note } = await read.save(editorOf(visitor, parts.now(), because))
  if (kind === 'saved' && note === undefined)
    return { kind: 'redirect', to: address('/fraud', { done: 'saved' }) }
  return pageOf(
    form.title,
    kind === 'saved'
      ? html`<p class="done" role="status">${texts.fraud.saved} ${note}</p>`
      : html`<p class="warn" role="alert">${kind === 'refused' ? texts.fraud.refused : texts.person.conflict}</p>`,
  )
}

function formPage(
  form: RuleForm,
  filled: Filled,
  facts: Facts,
  visitor: Visitor,
  parts: ConsoleParts,
): Answer {
  const hasProblems = Object.keys(filled.problems).length > 0
  return pageOf(
    form.title,
    html`${hasProblems && html`<p class="warn" role="alert">${texts.fraudForms.nothingChanged}</p>`}
${ruleForm(form, withoutNumber(filled, parts), facts, visitor)}`,
  )
}

/** A page shows no whole number: somebody who gives one again, gives it whole. */
function withoutNumber({ values, problems }: Filled, { planRules }: ConsoleParts): Filled {
  if (values.whom === undefined || wholeNumberIn(values.whom, planRules) === undefined)
    return { values, problems }
  const isRefused = Object.keys(problems).length > 0
  return {
    values: { ...values, whom: '' },
    problems: { ...problems, ...(isRefused && { whom: problems.whom ?? texts.fraudForms.numberAgain }) },
  }
}

/** What the change means, what it would have refused, and a button that makes it. */
async function confirmPage(
  form: RuleForm,
  values: Values,
  sentence: string,
  refuses: Refuses,
  visitor: Visitor,
  parts: ConsoleParts,
): Promise<Answer> {
  const { deliveries, readTo } = await readBack(parts, 1)
  const { codes, people, answered } = lockOut(deliveries, refuses)
  const since = clockText(readTo, parts.now(), parts.timeZone)
  const hidden = Object.entries({ ...values, confirmed: 'yes' }).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${verbatim(value)}">`,
  )
  const impact =
    codes === 0
      ? texts.fraudForms.noImpact(deliveries.length, since)
      : texts.fraudForms.impact(codes, people, answered, since)
  return pageOf(
    texts.fraudForms.confirmTitle,
    postForm(
      visitor,
      `/fraud/${form.name}`,
      html`<h2>${form.title}</h2>
<p>${sentence}</p>
<p class="${answered > 0 ? 'bad' : codes > 0 ? 'warn' : 'good'}"><strong>${impact}</strong></p>
${hidden}
${changeButton(visitor, texts.fraudForms.confirm, form.command(values))}`,
      'card',
    ),
  )
}

function pageOf(title: string, content: Html): Answer {
  const body = html`<h1>${title}</h1>
<p class="quiet"><a href="${address('/fraud')}">${texts.fraud.title}</a></p>
${content}`
  return { kind: 'page', title, body }
}

function endField(filled: Filled): Html {
  return textField('for', texts.fraudForms.until, filled, { hint: '30m, 12h, 7d', lengthMax: 40 })
}

async function whomIn(
  { kind = '', whom = '' }: Values,
  { digests, planRules }: ConsoleParts,
): Promise<Whom | { readonly problem: string }> {
  if (!isKind(kind)) return { problem: texts.fraudForms.noKind }
  if (whom.trim() === '') return { problem: texts.fraudForms.nobody }
  if (kind === 'user') return readUser(whom, digests)
  const read = await readWhom(whom, digests, planRules)
  if ('problem' in read || read.kind === kind) return read
  return { problem: texts.fraudForms.otherKind(describeWhom(read), texts.fraudForms.kinds[kind]) }
}

function isKind(text: string): text is keyof typeof texts.fraudForms.kinds {
  return Object.hasOwn(texts.fraudForms.kinds, text)
}

function endIn({ for: text = '' }: Values, now: number): number | { readonly problem: string } {
  const end = endAfter(text, now) ?? endAt(text, now)
  if (end === undefined) return { problem: texts.fraudForms.noTime }
  return isEnd(end, now) ? end : { problem: texts.fraudForms.notWithinYear }
}

function endText(until: number, { now, timeZone }: ConsoleParts): string {
  return clockText(until, now(), timeZone)
}

function budgetsIn(text: string): ReturnType<typeof readBudgets> {
  try {
    return readBudgets(JSON.parse(text))
  } catch (error) {
    return { problem: texts.fraudForms.notJson(messageOf(error)) }
  }
}

async function addOverride(override: Override, by: Editor, { store }: ConsoleParts) {
  return changeFraudPolicy(store, by, policy => withOverride(policy, override, by.at))
}

async function changeLimits(
  work: (limits: Limits) => Limits,
  by: Editor,
  { store }: ConsoleParts,
): Promise<{ readonly kind: 'saved' }> {
  const policy = await store.readPolicy()
  if (policy === undefined) throw new Error('The store returned no policy')
  await store.saveLimits(work(policy.limits), by)
  return { kind: 'saved' }
}

function authorOf({ author, at, because = '' }: Editor) {
  return { author, at, because }
}

function isAllOff({ mode, modes }: NewFraudPolicy): boolean {
  return [mode, ...Object.values(modes)].every(one => one === 'off')
}

/** By the names of fields; undefined for what is right. */
function problems(found: Readonly<Record<string, string | undefined>>): Problems {
  const wrong = Object.entries(found).filter((one): one is [string, string] => one[1] !== undefined)
  return { kind: 'problems', problems: Object.fromEntries(wrong) }
}

function problemIn(read: object | string | number): string | undefined {
  return typeof read === 'object' && 'problem' in read ? String(read.problem) : undefined
}

function lastOptions({ for: end = '' }: Values): string {
  return `${endAfter(end, 0) === undefined && end !== '' ? `--until ${quoted(end, 'TIME')}` : `--for ${end || '7d'}`} --because "…"`
}

/** A value in a command that somebody copies into a shell. */
function quoted(value: string | undefined, placeholder: string): string {
  const text = value?.trim() ?? ''
  return /^[\w+*./: @-]+$/.test(text) ? `"${text}"` : placeholder
}

const DAY_MS = 86_400_000
/** As `hookline fraud budgets propose` reads. */
const PROPOSAL_DAYS = 14
const PAGES_MAX = 20
const AUTHOR_MAX = 100
