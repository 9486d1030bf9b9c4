import { type NewTemplate, nameOfTemplate } from '../../core/policy/policy-store.ts'
import { checkTemplate } from '../check-template.ts'
import { type Finding, formsOf, type LintRules, ofForm, type Remark } from './finding.ts'
import { lintCharacters } from './lint-characters.ts'
import { lintSet } from './lint-set.ts'
import { lintSpeech } from './lint-speech.ts'
import { lintText } from './lint-text.ts'
import { remarks } from './template-texts.ts'

/** Every finding about templates that needs neither AWS nor Okta: first about each template, then about the set. */
export function lintTemplates(templates: readonly NewTemplate[], rules: LintRules): readonly Finding[] {
  const own = templates.flatMap(template =>
    lintTemplate(template, rules).map(
      (remark): Finding => ({ template: nameOfTemplate(template), ...remark }),
    ),
  )
  return [...own, ...lintSet(templates, rules)]
}

function lintTemplate(template: NewTemplate, rules: LintRules): readonly Remark[] {
  const { errors } = checkTemplate(template)
  const characters = formsOf(template).flatMap(form =>
    ofForm(form, lintCharacters(form.text, template.locale)),
  )
  if (errors.length > 0) return [...errors.map(unsavable), ...characters]
  const costs = template.channel === 'sms' ? lintText(template, rules) : lintSpeech(template, rules)
  return [...characters, ...costs]
}

function unsavable(error: string): Remark {
  const place = /line \d+(?:, column \d+)?/.exec(error)?.[0]
  return { ...remarks.savable(error), ...(place !== undefined && { place }) }
}
