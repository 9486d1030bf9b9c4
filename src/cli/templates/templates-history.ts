import type { Command } from 'commander'
import {
  nameOfTemplate,
  type PolicyStore,
  type TemplateName,
  type TemplateVersion,
} from '../../core/policy/policy-store.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { Problem } from '../terminal/problem.ts'
import { table } from '../terminal/table.ts'
import { noSuchTemplate, readTemplateName, readTemplates, shorten } from './template-names.ts'

/** `hookline templates history`: who changed a template, and when. */
export function templatesHistoryCommand(templates: Command, context: Context): void {
  templates
    .command('history <name>')
    .description('Show the versions of one template, newest first; the first one is in force.')
    .option('--json', 'print JSON with all words, for programs')
    .action(async (given: string, { json }: { json?: boolean }) => {
      const versions = await withStore(context, store => readVersions(store, readTemplateName(given)))
      context.print(json ? JSON.stringify(versions, undefined, 2) : describe(versions))
    })
}

/** Newest first; never none. */
export async function readVersions(
  store: PolicyStore,
  name: TemplateName,
): Promise<readonly [TemplateVersion, ...TemplateVersion[]]> {
  const [inForce, ...others] = await store.readTemplateVersions(name)
  if (inForce === undefined) throw noSuchTemplate(nameOfTemplate(name), await readTemplates(store))
  return [inForce, ...others]
}

export function findVersion(
  versions: readonly TemplateVersion[],
  option: string,
  wanted: number,
): TemplateVersion {
  const found = versions.find(({ version }) => version === wanted)
  if (found !== undefined) return found
  const kept = versions.map(({ version }) => version).join(', ')
  throw new Problem('usage', `${option} is ${wanted}, and that version is not kept. There are: ${kept}.`)
}

export function savedWhen({ savedAt }: TemplateVersion): string {
  return savedAt === 0 ? 'unknown' : new Date(savedAt).toISOString().slice(0, 19).replace('T', ' ')
}

function describe(versions: readonly TemplateVersion[]): string {
  return table(
    ['version', 'saved (UTC)', 'by', 'voice', 'words'],
    versions.map(version => [
      String(version.version),
      savedWhen(version),
      version.author,
      version.voiceId,
      shorten(version.text),
    ]),
  )
}
