import { type Command, Option } from 'commander'
import type { TemplateText } from '../../core/message/template.ts'
import { type NewTemplate, nameOfTemplate, type TemplateName } from '../../core/policy/policy-store.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { AUTHOR_OPTION, BECAUSE_OPTION, type EditorOptions, editorOf } from '../terminal/editor.ts'
import { readTextFile } from '../terminal/files.ts'
import { readNumber } from '../terminal/option-values.ts'
import { Problem } from '../terminal/problem.ts'
import { saveOne } from './save-templates.ts'
import { findByName, readTemplateName, readTemplates } from './template-names.ts'

type Options = EditorOptions & {
  readonly text?: string
  readonly short?: string
  readonly file?: string
  readonly voice?: string
  readonly indiaTemplate?: string
  readonly replaces?: string
}

/** `hookline templates set`: changes one template; options that are left out change nothing. */
export function templatesSetCommand(templates: Command, context: Context): void {
  templates
    .command('set <name>')
    .description(
      'Change or add one template, such as sms/de/any. Never replaces a version that you have not seen.',
    )
    .addOption(new Option('--text <text>', 'the new text (the full form)').conflicts('file'))
    .option('--short <text>', 'the new short form, or `none` (default: none with a new text)')
    .option('--file <path>', 'file with the new text')
    .option('--voice <id>', "AWS's VoiceId for calls; `default` for the voice of the user's language")
    .option('--india-template <id>', 'ID under which this exact text is registered in India (DLT), or `none`')
    .option(
      '--replaces <version>',
      'the version that you have seen, 0 for a new template (default: the current one)',
    )
    .option(...AUTHOR_OPTION)
    .option(...BECAUSE_OPTION)
    .action(async (nameText: string, options: Options) => {
      const name = readTemplateName(nameText)
      const by = editorOf(options, context)
      const text = options.file === undefined ? options.text : await readText(options.file)
      const report = await withStore(context, async store => {
        const current = findByName(await readTemplates(store), name)
        const replaces =
          options.replaces === undefined
            ? (current?.version ?? 0)
            : readNumber('--replaces', options.replaces, { min: 0 })
        const change = { ...changedTemplate(name, current, text, options), replaces }
        return saveOne(store, change, current, by, formDropped(current, change, options))
      })
      context.print(report)
    })
}

/** A new text drops the short form of the earlier one, unless the command says so itself. */
function formDropped(current: TemplateText | undefined, change: NewTemplate, { short }: Options): string {
  return current?.short !== undefined && change.short === undefined && short === undefined
    ? `, without the short form of version ${current.version}, which belongs to its text (--short sets a new one)`
    : ''
}

function changedTemplate(
  name: TemplateName,
  current: TemplateText | undefined,
  newText: string | undefined,
  { short, voice, indiaTemplate }: Options,
): NewTemplate {
  if ([newText, short, voice, indiaTemplate].every(option => option === undefined))
    throw new Problem('usage', 'Nothing to change: give the new text with --text or --file.')
  const text = newText ?? current?.text
  if (text === undefined)
    throw new Problem('usage', `${nameOfTemplate(name)} is new: give its text with --text or --file.`)
  const currentShort = newText === undefined || newText === current?.text ? current?.short : undefined
  const form = short === 'none' ? undefined : (short ?? currentShort)
  const template = form === undefined ? { ...name, text } : { ...name, text, short: form }
  if (name.channel === 'voice') {
    if (indiaTemplate !== undefined)
      throw new Problem('usage', `--india-template is for texts, but ${nameOfTemplate(name)} is a call.`)
    const voiceId =
      voice === undefined ? (current?.voiceId ?? '') : voice === 'default' ? '' : voice.toUpperCase()
    return { ...template, voiceId, indiaTemplateId: undefined }
  }
  if (voice !== undefined)
    throw new Problem('usage', `--voice is for calls, but ${nameOfTemplate(name)} is a text.`)
  return { ...template, voiceId: '', indiaTemplateId: registrationOf(text, current, indiaTemplate) }
}

/** A registration covers one exact text: a changed text needs its own registration, or `none`. */
function registrationOf(
  text: string,
  current: TemplateText | undefined,
  registration: string | undefined,
): string | undefined {
  if (registration !== undefined) return registration === 'none' ? undefined : registration
  const registered = current?.indiaTemplateId
  if (registered === undefined || text === current?.text) return registered
  throw new Problem(
    'usage',
    `The current text is registered in India as ${registered}. Give the registration of the new text with --india-template <id>, or --india-template none.`,
  )
}

/** Editors end a file with a line break, which is not part of the text. */
async function readText(path: string): Promise<string> {
  return (await readTextFile(path)).replace(/\r?\n$/, '')
}
