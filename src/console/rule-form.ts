import { lockOut, type Refuses } from '../advice/fraud/lock-out.ts'
import { wholeNumberIn } from '../advice/fraud/read-whom.ts'
import type { FraudPolicy } from '../core/policy/fraud-policy.ts'
import type { Limits } from '../core/policy/limits.ts'
import type { Editor } from '../core/policy/policy-store.ts'
import type { FollowedDelivery } from '../core/records/delivery.ts'
import type { Period } from '../core/records/delivery-store.ts'
import { printable } from '../core/values/printable.ts'
import { becauseField, becauseIn, type Filled, type Values } from './form.ts'
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
export type Facts = {
  readonly fraud: FraudPolicy
  readonly limits: Limits
  /** Callers that have a mode of their own, or a delivery among the newest. */
  readonly callers: readonly string[]
}

export type Problems = { readonly kind: 'problems'; readonly problems: Readonly<Record<string, string>> }
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

/** The addresses of forms: the page of each, and what it changes. */
export function routesOf(forms: readonly RuleForm[]): readonly Route[] {
  return forms.flatMap((form): readonly Route[] => {
    const path = `/fraud/${form.name}`
    return [
      { kind: 'page', path, answer: (visit, parts) => openForm(form, visit, parts) },
      { kind: 'change', path, answer: (visit, parts) => submit(form, visit, parts) },
    ]
  })
}

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

const DAY_MS = 86_400_000
const PAGES_MAX = 20
const AUTHOR_MAX = 100
