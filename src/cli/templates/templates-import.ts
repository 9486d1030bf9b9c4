import type { Command } from 'commander'
import {
  isSameTemplate,
  nameOfTemplate,
  type TemplateChange,
  type TemplateName,
} from '../../core/policy/policy-store.ts'
import { purposes } from '../../core/values/request.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { AUTHOR_OPTION, BECAUSE_OPTION, type EditorOptions, editorOf } from '../terminal/editor.ts'
import { describeImport, readTextFile } from '../terminal/files.ts'
import { Problem } from '../terminal/problem.ts'
import { withProgress } from '../terminal/progress.ts'
import { conflictProblem, findWarnings } from './save-templates.ts'
import { findByName, readTemplates } from './template-names.ts'
import { readTemplatesFile } from './templates-file.ts'

/** `hookline templates import`: saves all templates of a file that differ from the stored ones, or none. */
export function templatesImportCommand(templates: Command, context: Context): void {
  templates
    .command('import [file]')
    .description(
      "Add or replace templates from a JSON file: an `export`, or the AWS guidance's data file or table as it is.",
    )
    .option('--guidance-table <name>', "read the AWS guidance's live DynamoDB table instead of a file")
    .option('--force', 'also replace versions that are newer than those in the file')
    .option(...AUTHOR_OPTION)
    .option(...BECAUSE_OPTION)
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
        const warnings = findWarnings(different.filter(isListed), 'imported')
        const same = wanted.length - different.length
        if (different.length === 0)
          return `Everything in ${file} is already stored: ${same} templates. Nothing was saved.`
        const saved = await store.saveTemplates(different, by)
        if (saved.kind === 'conflict') throw conflictProblem(saved.with, WHAT_TO_DO)
        const replacements = saved.templates
          .filter(template => template.version > 1 && isListed(template))
          .map(template => `${label(template)}: replaces version ${template.version - 1}`)
        return [
          describeImport({
            taken: different.filter(isListed).map(label),
            changed: [...read.changed, ...replacements],
            warnings,
          }),
          ...(same === 0 ? [] : [`Already stored, and unchanged: ${same}.`]),
        ].join('\n\n')
      })
      context.print(report)
    })
}

type Options = EditorOptions & { readonly force?: boolean; readonly guidanceTable?: string }

async function readSource(
  file: string | undefined,
  { guidanceTable: table }: Options,
  context: Context,
): Promise<{ readonly text: string; readonly name: string }> {
  if ((file === undefined) === (table === undefined))
    throw new Problem('usage', 'Give either a file or --guidance-table <name>.')
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
      `The table ${table} cannot be read: ${name}: ${message}\nNothing was imported. Check its name, AWS_REGION, and that your credentials allow dynamodb:Scan.`,
    )
  }
}

/** Also for each purpose: a stored template for one purpose would be preferred to the one for any purpose. */
function forEveryPurpose(template: TemplateChange): readonly TemplateChange[] {
  return [template, ...purposes.map(purpose => ({ ...template, purpose }))]
}

const WHAT_TO_DO =
  'Make your changes in a new `hookline templates export`, or import all of this file with --force.'
