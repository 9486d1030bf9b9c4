import type { Command } from 'commander'
import { type Context, withStore } from '../terminal/context.ts'
import { readNumber } from '../terminal/option-values.ts'
import { AUTHOR_OPTION, editorOf, saveOne } from './save-templates.ts'
import { readTemplateName } from './template-names.ts'
import { findVersion, readVersions } from './templates-history.ts'

/** `hookline templates rollback`: a new version with the words of an old one. */
export function templatesRollbackCommand(templates: Command, context: Context): void {
  templates
    .command('rollback <name>')
    .description('Make the words of an older version a new version. The next rollback can undo it.')
    .requiredOption('--to <version>', 'the version whose words come back; `history` lists them')
    .option(...AUTHOR_OPTION)
    .action(async (given: string, options: { to: string; author?: string }) => {
      const name = readTemplateName(given)
      const by = editorOf(options, context)
      const wanted = readNumber('--to', options.to, { min: 1 })
      const report = await withStore(context, async store => {
        const versions = await readVersions(store, name)
        const [current] = versions
        const { text, voiceId, indiaTemplateId } = findVersion(versions, '--to', wanted)
        const change = { ...name, text, voiceId, indiaTemplateId, replaces: current.version }
        return saveOne(store, change, current, by, ` with the words of version ${wanted}`)
      })
      context.print(report)
    })
}
