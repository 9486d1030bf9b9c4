import type { CodeEnding } from '../../core/message/code-ending.ts'
import type { TemplateValues } from '../../core/message/template-values.ts'
import type { NewTemplate } from '../../core/policy/policy-store.ts'

/** What `hookline templates lint` says about a template: as data, for people and for programs. */
export type Finding = {
  /** `sms/es/any`; empty when it is about all of them. */
  readonly template: string
  readonly rule: LintRule
  readonly severity: Severity
  /** The fault, with the part of the template that has it. */
  readonly sentence: string
  /** What to do; empty for what is just worth knowing. */
  readonly remedy: string
  /** Where in the template: `line 1, column 12`. */
  readonly place?: string
}

/** `error`: it cannot be saved, or misleads people. `warning`: it deserves a look. `info`: worth knowing. */
export type Severity = 'error' | 'warning' | 'info'

/** @internal */
export type LintRule =
  | 'savable'
  | 'encoding'
  | 'parts'
  | 'ending'
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

/** A finding before it is known whose it is. */
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

/** Remarks with the form that they are about in their sentence. */
export function ofForm({ prefix }: TemplateForm, remarks: readonly Remark[]): readonly Remark[] {
  return remarks.map(remark => ({ ...remark, sentence: `${prefix}${remark.sentence}` }))
}

/** The place of an offset in a text, in the words of the ICU parser. */
export function placeIn(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n')
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}

/** What the settings say about templates that are judged. */
export type LintRules = {
  /** What most messages are filled in with: a code of six digits, the brand and domain of the settings. */
  readonly typicalValues: TemplateValues
  readonly ending: CodeEnding | undefined
  readonly partsMax: number
  readonly defaultLocale: string
  /** These are all templates that there are, not one file of them: what is missing is missing. */
  readonly isWhole: boolean
}
