import type { CodeEnding } from '../../core/message/code-ending.ts'
import type { TemplateValues } from '../../core/message/template-values.ts'
import type { NewTemplate } from '../../core/policy/policy-store.ts'

/** What `hookline templates lint` found in a template, for people and for programs. */
export type Finding = {
  /** `sms/es/any`; empty for a finding about the whole set. */
  readonly template: string
  readonly rule: LintRule
  readonly severity: Severity
  /** What is wrong, and where in the template. */
  readonly sentence: string
  /** What to do; empty if nothing has to be done. */
  readonly remedy: string
  /** Where in the template: `line 1, column 12`. */
  readonly place?: string
}

/** `error`: it cannot be saved, or misleads users. `warning`: it should be checked. `info`: a note. */
export type Severity = 'error' | 'warning' | 'info'

/** @internal */
export type LintRule =
  | 'savable'
  | 'encoding'
  | 'parts'
  | 'ending'
  | 'autofill'
  | 'signature'
  | 'look-alikes'
  | 'hidden-characters'
  | 'links'
  | 'ssml'
  | 'spoken-code'
  | 'spoken-length'
  | 'missing-purpose'
  | 'missing-call'
  | 'missing-language'
  | 'placeholders'

/** A finding without the name of its template. */
export type Remark = Omit<Finding, 'template'>

/** The forms of a template, the full one first. */
export function formsOf({ text, short }: NewTemplate): readonly TemplateForm[] {
  return short === undefined
    ? [{ text, prefix: '' }]
    : [
        { text, prefix: '' },
        { text: short, prefix: 'Short form: ' },
      ]
}

type TemplateForm = { readonly text: string; readonly prefix: string }

/** Remarks whose sentence names the form. */
export function ofForm({ prefix }: TemplateForm, remarks: readonly Remark[]): readonly Remark[] {
  return remarks.map(remark => ({ ...remark, sentence: `${prefix}${remark.sentence}` }))
}

/** An offset in a text, written as the ICU parser writes places. */
export function placeIn(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n')
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}

/** The settings that templates are judged by. */
export type LintRules = {
  /** The values of most messages: a code of six digits, the brand and domain of the settings. */
  readonly typicalValues: TemplateValues
  readonly ending: CodeEnding | undefined
  readonly partsMax: number
  readonly defaultLocale: string
  /** These are all templates, not those of one file: languages that they lack are reported. */
  readonly isComplete: boolean
}
