import type { Command } from 'commander'
import { checkTemplate } from '../core/check-template.ts'
import type { NewTemplate } from '../core/store.ts'
import type { TemplateText } from '../core/template.ts'
import { Problem } from './problem.ts'
import { describeImport, readTextFile } from './read-file.ts'
import { table } from './table.ts'
import { readTemplatesFile } from './templates-file.ts'
import { type Tools, withStore } from './tools.ts'

/** `hookline templates`: the wordings, by channel, locale and purpose. */
export function templatesCommand(program: Command, tools: Tools): void {
  const templates = program.command('templates').description('Wordings, by channel, locale and purpose.')
  const read = async (): Promise<readonly TemplateText[]> =>
    (await withStore(tools, store => store.readPolicy()))?.templates ?? []
  templates
    .command('list')
    .description('Show every template.')
    .option('--json', 'print JSON, for programs')
    .action(async ({ json }: { json?: boolean }) => {
      const all = await read()
      tools.print(json ? JSON.stringify(all, undefined, 2) : describeTemplates(all))
    })
  templates
    .command('show <name>')
    .description('Show one template, named as `list` names it: sms/es/any')
    .action(async (name: string) => {
      const all = await read()
      const found = all.find(template => nameOf(template) === name)
      if (found === undefined) {
        throw new Problem(
          'usage',
          `There is no template "${name}". There are: ${all.map(nameOf).join(', ')}.`,
        )
      }
      tools.print(
        `${nameOf(found)}, version ${found.version}${found.voiceId && `, voice ${found.voiceId}`}\n\n${found.text}`,
      )
    })
  templates
    .command('import <file>')
    .description("Add or replace templates from a JSON file, or from the AWS guidance's data file as it is.")
    .action(async (file: string) => {
      const { templates: added, changed } = readTemplatesFile(await readTextFile(file), file)
      const looks = added.flatMap(lookAt)
      const replaced = await withStore(tools, async store => {
        const before = (await store.readPolicy())?.templates ?? []
        await store.saveTemplates(added)
        return before.filter(old => added.some(template => nameOf(template) === nameOf(old)))
      })
      const replacements = replaced.map(old => `${nameOf(old)}: replaces version ${old.version}`)
      tools.print(describeImport({ taken: added.map(nameOf), changed: [...changed, ...replacements], looks }))
    })
}

/** Nothing is saved unless everything can be. */
function lookAt(template: NewTemplate): readonly string[] {
  const { errors, looks } = checkTemplate(template)
  if (errors.length > 0) {
    throw new Problem(
      'usage',
      `${nameOf(template)} cannot be imported, so nothing was:\n${errors.map(e => `  ${e}`).join('\n')}`,
    )
  }
  return looks.map(look => `${nameOf(template)}: ${look}`)
}

function nameOf({ channel, locale, purpose }: Pick<TemplateText, 'channel' | 'locale' | 'purpose'>): string {
  return `${channel}/${locale}/${purpose}`
}

function describeTemplates(templates: readonly TemplateText[]): string {
  return table(
    ['template', 'version', 'voice', 'text'],
    templates.map(template => [
      nameOf(template),
      String(template.version),
      template.voiceId,
      shorten(template.text),
    ]),
  )
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
