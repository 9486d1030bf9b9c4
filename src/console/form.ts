import { BECAUSE_MAX } from '../core/policy/fraud-policy.ts'
import { printable } from '../core/values/printable.ts'
import { type Html, html, verbatim } from './page.ts'
import { texts } from './texts.ts'

/** A form as somebody filled it in, and what is wrong with it; both by the names of its fields. */
export type Filled = {
  readonly values: Values
  readonly problems: Readonly<Record<string, string>>
}

export type Values = Readonly<Record<string, string>>

export function textField(
  name: string,
  label: string,
  filled: Filled,
  {
    hint = '',
    lengthMax = 255,
    type = 'text',
  }: { readonly hint?: string; readonly lengthMax?: number; readonly type?: 'text' | 'number' } = {},
): Html {
  const input = html`<input name="${name}" type="${type}" value="${filled.values[name] ?? ''}" placeholder="${hint}" required maxlength="${lengthMax}" autocomplete="off"${problemOf(name, filled)}>`
  return field(name, label, input, filled)
}

/** `choices`: the label of each value. */
export function selectField(
  name: string,
  label: string,
  choices: Readonly<Record<string, string>>,
  filled: Filled,
): Html {
  const options = Object.entries(choices).map(
    ([value, text]) =>
      html`<option value="${value}"${value === filled.values[name] ? html` selected` : ''}>${text}</option>`,
  )
  return field(
    name,
    label,
    html`<select name="${name}"${problemOf(name, filled)}>${options}</select>`,
    filled,
  )
}

export function areaField(name: string, label: string, rows: number, filled: Filled): Html {
  const area = html`<textarea name="${name}" rows="${rows}" spellcheck="false" autocomplete="off"${problemOf(name, filled)}>
${verbatim(filled.values[name] ?? '')}</textarea>`
  return field(name, label, area, filled)
}

/** Every change that a person makes has a reason in the log of changes. */
export function becauseField(filled: Filled = { values: {}, problems: {} }): Html {
  return textField('because', texts.person.because, filled, {
    hint: texts.person.becauseHint,
    lengthMax: BECAUSE_MAX,
  })
}

/** Undefined if there is none, or if it is too long. */
export function becauseIn(values: Values): string | undefined {
  const because = printable(values.because?.trim() ?? '')
  return because === '' || because.length > BECAUSE_MAX ? undefined : because
}

/** A whole number of digits only: an empty value is not 0. */
export function countIn(text: string | undefined, min: number, max: number): number | undefined {
  const value = /^\d{1,9}$/.test(text?.trim() ?? '') ? Number(text) : Number.NaN
  return value >= min && value <= max ? value : undefined
}

/** The field, with what is wrong with it below. */
function field(name: string, label: string, input: Html, { problems }: Filled): Html {
  const problem = problems[name]
  return html`<div class="field"><label>${label} ${input}</label>${problem !== undefined && html`<p class="bad" id="${`problem-${name}`}">${problem}</p>`}</div>`
}

function problemOf(name: string, { problems }: Filled): Html | '' {
  return problems[name] === undefined
    ? ''
    : html` aria-invalid="true" aria-describedby="${`problem-${name}`}"`
}
