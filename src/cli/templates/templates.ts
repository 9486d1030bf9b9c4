import type { Command } from 'commander'
import type { TemplateText } from '../../core/message/template.ts'
import { nameOfTemplate } from '../../core/policy/policy-store.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { exportJson } from '../terminal/files.ts'
import { table } from '../terminal/table.ts'
import { noSuchTemplate, readTemplates, shorten } from './template-names.ts'
import { templatesHistoryCommands } from './templates-history.ts'
import { templatesImportCommand } from './templates-import.ts'
import { templatesLintCommand } from './templates-lint.ts'
import { templatesPreviewCommand } from './templates-preview.ts'
import { templatesSetCommand } from './templates-set.ts'

/** `hookline templates`: the templates, by channel, locale and purpose. */
export function templatesCommand(templates: Command, context: Context): void {
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
      const { version, voiceId, text } = template
      context.print(`${name}, version ${version}${voiceId && `, voice ${voiceId}`}\n\n${text}`)
    })
  templates
    .command('export')
    .description('Print every template as JSON with its version. `import` reads it.')
    .option('--file <path>', 'write it to a file')
    .action(async ({ file }: { file?: string }) => {
      const all = await read()
      // Sorted by name, so that two exports differ only where templates differ.
      const byName = all.toSorted((one, other) => (nameOfTemplate(one) < nameOfTemplate(other) ? -1 : 1))
      await exportJson(context, file, byName, `${all.length} templates`)
    })
  templatesLintCommand(templates, context)
  templatesPreviewCommand(templates, context)
  templatesSetCommand(templates, context)
  templatesHistoryCommands(templates, context)
  templatesImportCommand(templates, context)
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
