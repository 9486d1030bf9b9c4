import type { Command } from 'commander'
import { nameOfTemplate, type TemplateChange, type TemplateName } from '../../core/policy/policy-store.ts'
import { purposes } from '../../core/values/request.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { describeImport, readTextFile } from '../terminal/files.ts'
import { Problem } from '../terminal/problem.ts'
import { withProgress } from '../terminal/progress.ts'
import { AUTHOR_OPTION, conflictProblem, editorOf, lookAt } from './save-templates.ts'
import { findByName, isSameTemplate, readTemplates } from './template-names.ts'
import { readTemplatesFile } from './templates-file.ts'

/** `hookline templates import`: all templates of a file that differ from those that are there, or none. */
export function templatesImportCommand(templates: Command, context: Context): void {
  templates
    .command('import [file]')
    .description(
      "Add or replace templates from a JSON file, from `export`, or from the AWS guidance's data file or table as it is.",
    )
    .option('--guidance-table <name>', "read the AWS guidance's live DynamoDB table instead of a file")
    .option('--force', 'take what is in the file, also over versions that it did not see')
    .option(...AUTHOR_OPTION)
    .action(async (path: string | undefined, options: Options) => {
      const by = editorOf(options, context)
      const { text, name: file } = await readSource(path, options, context)
      const read = readTemplatesFile(text, file)
      const wanted = read.isForEveryPurpose ? read.templates.flatMap(forEveryPurpose) : read.templates
      // The same template for five purposes is listed once.
      const isListed = ({ purpose }: TemplateName): boolean => !read.isForEveryPurpose || purpose === 'any'
      const label = (name: TemplateName): string =>
        `${nameOfTemplate(name)}${read.isForEveryPurpose ? ' and each purpose' : ''}`
      const report = await withStore(context, async store => {
        const existing = await readTemplates(store)
        const different = wanted.flatMap((change): readonly TemplateChange[] => {
          const current = findByName(existing, change)
          if (current !== undefined && isSameTemplate(current, change)) return []
          const { replaces: seen, ...template } = change
          // A file without versions replaces what exists; the report says so.
          return [options.force ? template : { ...template, replaces: seen ?? current?.version ?? 0 }]
        })
        const looks = lookAt(different.filter(isListed), 'imported')
        const same = wanted.length - different.length
        if (different.length === 0)
          return `Everything in ${file} is stored already: ${same} templates. Nothing was saved.`
        const saved = await store.saveTemplates(different, by)
        if (saved.kind === 'conflict') throw conflictProblem(saved.with, WHAT_TO_DO)
        const replacements = saved.templates
          .filter(template => template.version > 1 && isListed(template))
          .map(template => `${label(template)}: replaces version ${template.version - 1}`)
        return [
          describeImport({
            taken: different.filter(isListed).map(label),
            changed: [...read.changed, ...replacements],
            looks,
          }),
          ...(same === 0 ? [] : [`Stored already: ${same} more, as in the file.`]),
        ].join('\n\n')
      })
      context.print(report)
    })
}

type Options = { readonly force?: boolean; readonly author?: string; readonly guidanceTable?: string }

async function readSource(
  file: string | undefined,
  { guidanceTable: table }: Options,
  context: Context,
): Promise<{ readonly text: string; readonly name: string }> {
  if ((file === undefined) === (table === undefined))
    throw new Problem('usage', 'Name a file, or a table with --guidance-table: one of the two.')
  if (file !== undefined) return { text: await readTextFile(file), name: file }
  try {
    return {
      text: JSON.stringify({
        Items: await withProgress(context.progress, `reading ${table}`, () => context.scanTable(table ?? '')),
      }),
      name: `table ${table}`,
    }
  } catch (error) {
    const { name, message } = error as Error
    throw new Problem(
      'unreachable',
      `The table ${table} cannot be read: ${name}: ${message}\nNothing was imported. Check its name, AWS_REGION, and that your credentials may dynamodb:Scan it.`,
    )
  }
}

/** For each purpose too: a template for one purpose would be preferred to the one for any. */
function forEveryPurpose(template: TemplateChange): readonly TemplateChange[] {
  return [template, ...purposes.map(purpose => ({ ...template, purpose }))]
}

const WHAT_TO_DO =
  'Put your changes into a new `hookline templates export`, or take all of this file with --force.'
