import type { Command } from 'commander'
import { nameOfTemplate } from '../../core/policy/policy-store.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { Problem } from '../terminal/problem.ts'
import { writeOwnFile } from '../terminal/write-file.ts'
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
      const json = JSON.stringify(byName, undefined, 2)
      if (file === undefined) return context.print(json)
      await writeOwnFile(file, `${json}\n`).catch((error: Error) => {
        throw new Problem('usage', `${file} cannot be written: ${error.message}`)
      })
      context.print(`${all.length} templates written to ${file}.`)
    })
}
