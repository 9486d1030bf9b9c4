import type { Command } from 'commander'
import { nameOfTemplate, type TemplateVersion } from '../../core/policy/policy-store.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { readNumber } from '../terminal/option-values.ts'
import { Problem } from '../terminal/problem.ts'
import { readTemplateName } from './template-names.ts'
import { findVersion, readVersions, savedWhen } from './templates-history.ts'
import { diffWords, type Piece } from './word-diff.ts'

/** `hookline templates diff`: which words changed between two versions. */
export function templatesDiffCommand(templates: Command, context: Context): void {
  templates
    .command('diff <name>')
    .description('Show which words changed between two versions: [-removed-] and [+added+].')
    .option('--from <version>', 'the older one (default: the one before --to)')
    .option('--to <version>', 'the newer one (default: the one in force)')
    .action(async (given: string, { from, to }: { from?: string; to?: string }) => {
      const name = readTemplateName(given)
      const versions = await withStore(context, store => readVersions(store, name))
      const newer =
        to === undefined ? versions[0] : findVersion(versions, '--to', readNumber('--to', to, { min: 1 }))
      const older =
        from === undefined
          ? versions.find(({ version }) => version < newer.version)
          : findVersion(versions, '--from', readNumber('--from', from, { min: 1 }))
      if (older === undefined) {
        throw new Problem(
          'usage',
          `${nameOfTemplate(name)} has no version before ${newer.version} that is kept: there is nothing to compare.`,
        )
      }
      context.print(describe(older, newer))
    })
}

function describe(older: TemplateVersion, newer: TemplateVersion): string {
  const facts = [
    fact('voice', older.voiceId || 'of the language', newer.voiceId || 'of the language'),
    fact('registration in India', older.indiaTemplateId ?? 'none', newer.indiaTemplateId ?? 'none'),
  ].filter(line => line !== undefined)
  const words =
    older.text === newer.text
      ? 'The words are the same.'
      : diffWords(older.text, newer.text, newer.locale).map(mark).join('')
  const title = `${nameOfTemplate(newer)}: from ${describeVersion(older)} to ${describeVersion(newer)}`
  return [title, '', words, ...(facts.length === 0 ? [] : ['', ...facts])].join('\n')
}

function describeVersion(version: TemplateVersion): string {
  return `version ${version.version} (by ${version.author}, ${describeTime(version)})`
}

function describeTime(version: TemplateVersion): string {
  return version.savedAt === 0 ? 'time unknown' : `${savedWhen(version)} UTC`
}

function mark({ kind, text }: Piece): string {
  return kind === 'same' ? text : kind === 'removed' ? `[-${text}-]` : `[+${text}+]`
}

function fact(what: string, before: string, after: string): string | undefined {
  return before === after ? undefined : `${what}: ${before} -> ${after}`
}
