import type { Command } from 'commander'
import { nameOfTemplate } from '../../core/policy/policy-store.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { exportJson } from '../terminal/files.ts'
import { readTemplates } from './template-names.ts'

/** `hookline templates export`: every template as JSON that `import` takes back. */
export function templatesExportCommand(templates: Command, context: Context): void {
  templates
    .command('export')
    .description('Print every template as JSON, with its version, for `import`: here or elsewhere.')
    .option('--file <path>', 'write it to a file')
    .action(async ({ file }: { file?: string }) => {
      const all = await withStore(context, readTemplates)
      // In the order of their names: two exports differ where templates do.
      const byName = all.toSorted((one, other) => (nameOfTemplate(one) < nameOfTemplate(other) ? -1 : 1))
      await exportJson(context, file, byName, `${all.length} templates`)
    })
}
