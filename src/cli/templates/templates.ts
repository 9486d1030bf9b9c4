import type { Command } from 'commander'
import type { TemplateText } from '../../core/message/template.ts'
import { nameOfTemplate } from '../../core/policy/policy-store.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { table } from '../terminal/table.ts'
import { noSuchTemplate, readTemplates, shorten } from './template-names.ts'
import { templatesDiffCommand } from './templates-diff.ts'
import { templatesExportCommand } from './templates-export.ts'
import { templatesHistoryCommand } from './templates-history.ts'
import { templatesImportCommand } from './templates-import.ts'
import { templatesLintCommand } from './templates-lint.ts'
import { templatesPreviewCommand } from './templates-preview.ts'
import { templatesRollbackCommand } from './templates-rollback.ts'
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
    .description('Show one template, named as `list` names it: sms/es/any')
    .action(async (name: string) => {
      const all = await read()
      const found = all.find(template => nameOfTemplate(template) === name)
      if (found === undefined) throw noSuchTemplate(name, all)
      context.print(
        `${nameOfTemplate(found)}, version ${found.version}${found.voiceId && `, voice ${found.voiceId}`}\n\n${found.text}`,
      )
    })
  templatesLintCommand(templates, context)
  templatesPreviewCommand(templates, context)
  templatesSetCommand(templates, context)
  templatesHistoryCommand(templates, context)
  templatesDiffCommand(templates, context)
  templatesRollbackCommand(templates, context)
  templatesExportCommand(templates, context)
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
