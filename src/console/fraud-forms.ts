import { readCountry } from '../advice/coverage/countries.ts'
import { underBudgets, underDenial, underEnforcement, underLimits } from '../advice/fraud/lock-out.ts'
import { proposeBudgets } from '../advice/fraud/propose-budgets.ts'
import { readBudgets } from '../advice/fraud/read-budgets.ts'
import { endAfter, endAt, isEnd } from '../advice/fraud/read-end.ts'
import { readUser, readWhom, wholeNumberIn } from '../advice/fraud/read-whom.ts'
import { describeWhom } from '../core/policy/credit/explain.ts'
import {
  EXPECTED_MAX,
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
import { messageOf } from '../core/values/printable.ts'
import { orgOf } from './delivery-view.ts'
import { areaField, countIn, type Filled, selectField, textField, type Values } from './form.ts'
import { type Html, html } from './page.ts'
import { type Problems, type RuleForm, readBack, routesOf } from './rule-form.ts'
import type { ConsoleParts } from './screen.ts'
import { texts } from './texts.ts'
import { clockText } from './times.ts'

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

/** The addresses of all of them. */
export const ruleFormRoutes = routesOf([modeForm, ...overrideForms, ...limitForms, ...budgetForms])

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

/** As `hookline fraud budgets propose` reads. */
const PROPOSAL_DAYS = 14
