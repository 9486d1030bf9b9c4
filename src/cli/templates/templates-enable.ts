import type { Command } from 'commander'
import { nameOfTemplate } from '../../core/policy/policy-store.ts'
import { lookupChain, normalizeLocale } from '../../core/values/locale.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { AUTHOR_OPTION, BECAUSE_OPTION, type EditorOptions, editorOf } from '../terminal/editor.ts'
import { Problem } from '../terminal/problem.ts'
import { conflictProblem } from './save-templates.ts'
import { findByName, readTemplates, suggestLocale } from './template-names.ts'

/** `hookline templates enable`: adds the shipped templates of a language that a new store does not have. */
export function templatesEnableCommand(templates: Command, context: Context): void {
  templates
    .command('enable <language>')
    .description(
      'Add a shipped language that a new store does not have, because no native speaker has confirmed it yet.',
    )
    .option(...AUTHOR_OPTION)
    .option(...BECAUSE_OPTION)
    .action(async (text: string, options: EditorOptions) => {
      const by = editorOf(options, context)
      const languages = await context.shippedLanguages()
      const locale = normalizeLocale(text)
      const language = (locale === undefined ? [] : lookupChain(locale))
        .map(tag => languages.find(one => one.locale === tag))
        .find(one => one !== undefined)
      if (language === undefined) {
        const off = languages.filter(({ isOn }) => !isOn).map(one => one.locale)
        throw new Problem(
          'usage',
          `No language "${text}" is shipped. You can enable: ${off.join(', ')}.${suggestLocale(text, off)}`,
        )
      }
      const report = await withStore(context, async store => {
        const existing = await readTemplates(store)
        const missing = language.templates.filter(template => findByName(existing, template) === undefined)
        if (missing.length === 0) return `${language.language} is already enabled. Nothing was saved.`
        const saved = await store.saveTemplates(
          missing.map(template => ({ ...template, replaces: 0 })),
          by,
        )
        if (saved.kind === 'conflict') throw conflictProblem(saved.with, 'Try again.')
        return [
          `${language.language} is enabled: ${missing.length} templates, live within a second.`,
          `No native speaker has confirmed them. Let one read \`hookline templates preview --locale ${language.locale}\`.`,
          ...missing.map(template => `  ${nameOfTemplate(template)}`),
        ].join('\n')
      })
      context.print(report)
    })
}
