import { checkTemplate } from '../../advice/check-template.ts'
import type { TemplateText } from '../../core/message/template.ts'
import {
  type Editor,
  type NewTemplate,
  nameOfTemplate,
  type PolicyStore,
  type TemplateChange,
  type TemplateConflict,
  type TemplatesSaved,
} from '../../core/policy/policy-store.ts'
import type { Context } from '../terminal/context.ts'
import { Problem } from '../terminal/problem.ts'
import { isSameTemplate, shorten } from './template-names.ts'

/** Saves one template over the version that its editor saw, and returns the report. */
export async function saveOne(
  store: PolicyStore,
  change: TemplateChange,
  current: TemplateText | undefined,
  by: Editor,
  what = '',
): Promise<string> {
  const name = nameOfTemplate(change)
  const looks = lookAt([change], 'saved')
  if (current !== undefined && isSameTemplate(current, change))
    return `${name} is the same already, in version ${current.version}. Nothing was saved.`
  const saved = await store.saveTemplates([change], by)
  if (saved.kind === 'conflict')
    throw conflictProblem(
      saved.with,
      'Look at what changed with `hookline templates history`, then try again.',
    )
  return [
    `${name}: version ${versionIn(saved)} is saved${what}. It is live within a second.`,
    ...(looks.length === 0 ? [] : ['', 'Deserves a look:', ...looks.map(look => `  ${look}`)]),
  ].join('\n')
}

/** What deserves a look. Throws if any template cannot be saved: the problem lists everything that is wrong, and where. */
export function lookAt(templates: readonly NewTemplate[], verb: 'saved' | 'imported'): readonly string[] {
  const findings = templates.map(template => ({ name: nameOfTemplate(template), ...checkTemplate(template) }))
  const wrong = findings.filter(({ errors }) => errors.length > 0)
  if (wrong.length > 0) {
    const parts = wrong.map(
      ({ name, errors }) =>
        `${name} cannot be ${verb}, so nothing was:\n${errors.map(error => `  ${error}`).join('\n')}`,
    )
    throw new Problem('usage', parts.join('\n'))
  }
  return findings.flatMap(({ name, looks }) => looks.map(look => `${name}: ${look}`))
}

export function conflictProblem(conflicts: readonly TemplateConflict[], whatToDo: string): Problem {
  const lines = conflicts.map(({ change, existing }) => {
    const saw = change.replaces === 0 ? 'you saw none' : `you saw version ${change.replaces}`
    const now =
      existing === undefined
        ? 'there is none'
        : `there is version ${existing.version}: ${shorten(existing.text)}`
    return `  ${nameOfTemplate(change)}: ${saw}, and now ${now}`
  })
  return new Problem(
    'usage',
    ['Nothing was saved: it would replace text that you did not see.', ...lines, whatToDo].join('\n'),
  )
}

/** Who saves, and when. */
export function editorOf({ author }: { readonly author?: string }, context: Context): Editor {
  const name = (author ?? context.author())?.trim()
  if (name === undefined || name === '')
    throw new Problem('usage', 'The operating system does not say who saves this: add --author <who>.')
  if (name.length > AUTHOR_MAX || /\p{Cc}/u.test(name))
    throw new Problem(
      'usage',
      `--author is ${JSON.stringify(name)}; expected one line of at most ${AUTHOR_MAX} characters.`,
    )
  return { author: name, at: context.now() }
}

export const AUTHOR_OPTION = [
  '--author <who>',
  'who saves this (default: your user name on this machine)',
] as const

function versionIn(saved: Extract<TemplatesSaved, { kind: 'saved' }>): string {
  return saved.templates.map(({ version }) => version).join(', ')
}

const AUTHOR_MAX = 100
