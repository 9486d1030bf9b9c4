import type { CodeEnding } from '../../core/message/code-ending.ts'
import type { TemplateValues } from '../../core/message/template-values.ts'

/** What the settings say about templates that are judged. */
export type LintRules = {
  /** What most messages are filled in with: a code of six digits, the brand and domain of the settings. */
  readonly usualValues: TemplateValues
  readonly ending: CodeEnding | undefined
  readonly partsMax: number
  readonly defaultLocale: string
  /** These are all templates that there are, not one file of them: what is missing is missing. */
  readonly isWhole: boolean
}
