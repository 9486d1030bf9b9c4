import type { Command } from 'commander'
import { markPiece } from '../../advice/describe-change.ts'
import { diffWords } from '../../advice/word-diff.ts'
import {
  nameOfTemplate,
  type PolicyStore,
  type TemplateName,
  type TemplateVersion,
} from '../../core/policy/policy-store.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { AUTHOR_OPTION, BECAUSE_OPTION, type EditorOptions, editorOf } from '../terminal/editor.ts'
import { readNumber } from '../terminal/option-values.ts'
import { Problem } from '../terminal/problem.ts'
import { table } from '../terminal/table.ts'
import { saveOne } from './save-templates.ts'
import { noSuchTemplate, readTemplateName, readTemplates, shorten } from './template-names.ts'

/** `hookline templates history`, `diff` and `rollback`: the versions of one template. */
export function templatesHistoryCommands(templates: Command, context: Context): void {
  templates
    .command('history <name>')
    .description('Show the versions of one template, newest first; the first one is in force.')
    .option('--json', 'print JSON with the complete texts, for programs')
    .action(async (text: string, { json }: { json?: boolean }) => {
      const versions = await withStore(context, store => readVersions(store, readTemplateName(text)))
      context.print(json ? JSON.stringify(versions, undefined, 2) : describeVersions(versions))
    })
  templates
    .command('diff <name>')
    .description('Show which words changed between two versions: [-removed-] and [+added+].')
    .option('--from <version>', 'the older one (default: the one before --to)')
    .option('--to <version>', 'the newer one (default: the one in force)')
    .action(async (text: string, { from, to }: { from?: string; to?: string }) => {
      const name = readTemplateName(text)
      const versions = await withStore(context, store => readVersions(store, name))
      const newer = to === undefined ? versions[0] : findVersion(versions, '--to', to)
      const older =
        from === undefined
          ? versions.find(({ version }) => version < newer.version)
          : findVersion(versions, '--from', from)
      if (older === undefined) {
        throw new Problem(
          'usage',
          `No version of ${nameOfTemplate(name)} before ${newer.version} is kept, so there is nothing to compare.`,
        )
      }
      context.print(describeDifference(older, newer))
    })
  templates
    .command('rollback <name>')
    .description('Save the text of an older version as a new version. Another rollback can undo it.')
    .requiredOption('--to <version>', 'the version to return to; `history` lists them')
    .option(...AUTHOR_OPTION)
    .option(...BECAUSE_OPTION)
    .action(async (text: string, options: { to: string } & EditorOptions) => {
      const name = readTemplateName(text)
      const by = editorOf(options, context)
      const report = await withStore(context, async store => {
        const versions = await readVersions(store, name)
        const [current] = versions
        const { version, ...target } = findVersion(versions, '--to', options.to)
        const { author: _, savedAt: __, ...template } = target
        const change = { ...template, replaces: current.version }
        return saveOne(store, change, current, by, ` with the text of version ${version}`)
      })
      context.print(report)
    })
}

/** Newest first; at least one. */
async function readVersions(
  store: PolicyStore,
  name: TemplateName,
): Promise<readonly [TemplateVersion, ...TemplateVersion[]]> {
  const [inForce, ...others] = await store.readTemplateVersions(name)
  if (inForce === undefined) throw noSuchTemplate(nameOfTemplate(name), await readTemplates(store))
  return [inForce, ...others]
}

function findVersion(versions: readonly TemplateVersion[], option: string, text: string): TemplateVersion {
  const wanted = readNumber(option, text, { min: 1 })
  const target = versions.find(({ version }) => version === wanted)
  if (target !== undefined) return target
  const available = versions.map(({ version }) => version).join(', ')
  throw new Problem('usage', `${option} is ${wanted}, but that version is not kept. Available: ${available}.`)
}

function describeVersions(versions: readonly TemplateVersion[]): string {
  return table(
    ['version', 'saved (UTC)', 'by', 'voice', 'text'],
    versions.map(version => [
      String(version.version),
      version.savedAt === 0 ? 'unknown' : timeOf(version),
      version.author,
      version.voiceId,
      shorten(version.text),
    ]),
  )
}

function describeDifference(older: TemplateVersion, newer: TemplateVersion): string {
  const facts = [
    describeChange('voice', older.voiceId || 'of the language', newer.voiceId || 'of the language'),
    describeChange('registration in India', older.indiaTemplateId ?? 'none', newer.indiaTemplateId ?? 'none'),
  ].filter(line => line !== undefined)
  const compare = (before: string, after: string): string =>
    diffWords(before, after, newer.locale).map(markPiece).join('')
  const text = older.text === newer.text ? 'The text is the same.' : compare(older.text, newer.text)
  const short =
    older.short === newer.short ? [] : ['', `Short form: ${compare(older.short ?? '', newer.short ?? '')}`]
  const title = `${nameOfTemplate(newer)}: from ${describeVersion(older)} to ${describeVersion(newer)}`
  return [title, '', text, ...short, ...(facts.length === 0 ? [] : ['', ...facts])].join('\n')
}

function describeVersion(version: TemplateVersion): string {
  const time = version.savedAt === 0 ? 'time unknown' : `${timeOf(version)} UTC`
  return `version ${version.version} (by ${version.author}, ${time})`
}

function timeOf({ savedAt }: TemplateVersion): string {
  return new Date(savedAt).toISOString().slice(0, 19).replace('T', ' ')
}

function describeChange(what: string, before: string, after: string): string | undefined {
  return before === after ? undefined : `${what}: ${before} -> ${after}`
}
