import type { Command } from 'commander'
import type { TemplateText } from '../../core/message/template.ts'
import { nameOfTemplate } from '../../core/policy/policy-store.ts'
import { lookupChain, normalizeLocale } from '../../core/values/locale.ts'
import { withStore } from '../terminal/context.ts'
import { exportJson } from '../terminal/files.ts'
import { Problem } from '../terminal/problem.ts'
import { table } from '../terminal/table.ts'
import { noSuchTemplate, readTemplates, shorten } from './template-names.ts'
import { templatesEnableCommand } from './templates-enable.ts'
import { templatesHistoryCommands } from './templates-history.ts'
import { templatesImportCommand } from './templates-import.ts'
import { templatesLintCommand } from './templates-lint.ts'
import { templatesPreviewCommand } from './templates-preview.ts'
import { type SendContext, templatesSendCommand } from './templates-send.ts'
import { templatesSetCommand } from './templates-set.ts'

/** `hookline templates`: the templates, by channel, locale and purpose. */
export function templatesCommand(templates: Command, context: SendContext): void {
  const read = (): Promise<readonly TemplateText[]> => withStore(context, readTemplates)
  templates
    .command('list')
    .description('Show every template.')
    .option('--json', 'print JSON, for programs')
    .action(async ({ json }: { json?: boolean }) => {
      const all = await read()
      context.print(json ? JSON.stringify(all, undefined, 2) : describeTemplates(all))
    })
  templates
    .command('show <name>')
    .description('Show one template by the name that `list` shows, such as sms/es/any.')
    .action(async (name: string) => {
      const all = await read()
      const template = all.find(one => nameOfTemplate(one) === name)
      if (template === undefined) throw noSuchTemplate(name, all)
      const { version, voiceId, text, short } = template
      const title = `${name}, version ${version}${voiceId && `, voice ${voiceId}`}`
      context.print([title, text, ...(short === undefined ? [] : [`Short form:\n${short}`])].join('\n\n'))
    })
  templates
    .command('export')
    .description('Print templates as JSON with their versions. `import` reads it.')
    .option('--language <tag>', 'only this language, such as de or pt-BR (default: all)')
    .option('--file <path>', 'write it to a file')
    .action(async ({ language, file }: { language?: string; file?: string }) => {
      const all = ofLanguage(await read(), language)
      // Sorted by name, so that two exports differ only where templates differ.
      const byName = all.toSorted((one, other) => (nameOfTemplate(one) < nameOfTemplate(other) ? -1 : 1))
      await exportJson(context, file, byName, `${all.length} templates`)
    })
  templatesLintCommand(templates, context)
  templatesPreviewCommand(templates, context)
  templatesSetCommand(templates, context)
  templatesHistoryCommands(templates, context)
  templatesImportCommand(templates, context)
  templatesEnableCommand(templates, context)
  templatesSendCommand(templates, context)
}

/** `pt` is every region of Portuguese, `pt-BR` only that one, `de-AT` the one that its users get: `de`. */
function ofLanguage(
  templates: readonly TemplateText[],
  language: string | undefined,
): readonly TemplateText[] {
  if (language === undefined) return templates
  const wanted = normalizeLocale(language)
  const chosen = templates.filter(({ locale }) => locale === wanted || locale.split('-')[0] === wanted)
  if (chosen.length > 0) return chosen
  const served = wanted === undefined ? [] : lookupChain(wanted)
  const nearest = served.find(tag => templates.some(({ locale }) => locale === tag))
  if (nearest !== undefined) return templates.filter(({ locale }) => locale === nearest)
  const locales = [...new Set(templates.map(({ locale }) => locale))].sort().join(', ')
  throw new Problem('usage', `There is no template in "${language}". There are: ${locales}.`)
}

function describeTemplates(templates: readonly TemplateText[]): string {
  return table(
    ['template', 'version', 'voice', 'text'],
    templates.map(template => [
      nameOfTemplate(template),
      String(template.version),
      template.voiceId,
      shorten(template.text),
    ]),
  )
}
