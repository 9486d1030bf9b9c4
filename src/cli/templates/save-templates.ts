import { checkTemplate } from '../../advice/check-template.ts'
import type { TemplateText } from '../../core/message/template.ts'
import {
  type Editor,
  isSameTemplate,
  type NewTemplate,
  nameOfTemplate,
  type PolicyStore,
  type TemplateChange,
  type TemplateConflict,
  type TemplatesSaved,
} from '../../core/policy/policy-store.ts'
import { Problem } from '../terminal/problem.ts'
import { shorten } from './template-names.ts'

/** Saves one template, if its current version is the one that the author has seen, and returns the report. */
export async function saveOne(
  store: PolicyStore,
  change: TemplateChange,
  current: TemplateText | undefined,
  by: Editor,
  what = '',
): Promise<string> {
  const name = nameOfTemplate(change)
  const warnings = findWarnings([change], 'saved')
  if (current !== undefined && isSameTemplate(current, change))
    return `${name} is unchanged, in version ${current.version}. Nothing was saved.`
  const saved = await store.saveTemplates([change], by)
  if (saved.kind === 'conflict')
    throw conflictProblem(saved.with, 'See what changed with `hookline templates history`, then try again.')
  return [
    `${name}: version ${versionIn(saved)} is saved${what}. It is live within a second.`,
    ...(warnings.length === 0 ? [] : ['', 'Worth checking:', ...warnings.map(warning => `  ${warning}`)]),
  ].join('\n')
}

/** What is worth checking. Throws if a template cannot be saved; the message lists every error with its place. */
export function findWarnings(
  templates: readonly NewTemplate[],
  verb: 'saved' | 'imported',
): readonly string[] {
  const findings = templates.map(template => ({ name: nameOfTemplate(template), ...checkTemplate(template) }))
  const wrong = findings.filter(({ errors }) => errors.length > 0)
  if (wrong.length > 0) {
    const parts = wrong.map(
      ({ name, errors }) =>
        `${name} cannot be ${verb}. Nothing was ${verb}:\n${errors.map(error => `  ${error}`).join('\n')}`,
    )
    throw new Problem('usage', parts.join('\n'))
  }
  return findings.flatMap(({ name, warnings }) => warnings.map(warning => `${name}: ${warning}`))
}

export function conflictProblem(conflicts: readonly TemplateConflict[], whatToDo: string): Problem {
  const lines = conflicts.map(({ change, existing }) => {
    const saw = change.replaces === 0 ? 'you saw no version' : `you saw version ${change.replaces}`
    const now =
      existing === undefined
        ? 'there is no version'
        : `the current version is ${existing.version}: ${shorten(existing.text)}`
    return `  ${nameOfTemplate(change)}: ${saw}, but ${now}`
  })
  return new Problem(
    'usage',
    ['Nothing was saved, because it would replace text that you have not seen.', ...lines, whatToDo].join(
      '\n',
    ),
  )
}

function versionIn(saved: Extract<TemplatesSaved, { kind: 'saved' }>): string {
  return saved.templates.map(({ version }) => version).join(', ')
}
