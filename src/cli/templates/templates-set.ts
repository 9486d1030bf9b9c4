import { type Command, Option } from 'commander'
import type { TemplateText } from '../../core/message/template.ts'
import { type NewTemplate, nameOfTemplate, type TemplateName } from '../../core/policy/policy-store.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { readTextFile } from '../terminal/files.ts'
import { readNumber } from '../terminal/option-values.ts'
import { Problem } from '../terminal/problem.ts'
import { AUTHOR_OPTION, editorOf, saveOne } from './save-templates.ts'
import { findByName, readTemplateName, readTemplates } from './template-names.ts'

type Options = {
  readonly text?: string
  readonly file?: string
  readonly voice?: string
  readonly indiaTemplate?: string
  readonly replaces?: string
  readonly author?: string
}

/** `hookline templates set`: new words for one template; what is not said stays as it is. */
export function templatesSetCommand(templates: Command, context: Context): void {
  templates
    .command('set <name>')
    .description('Change one template, or add it: sms/de/any. Nothing is replaced that you did not see.')
    .addOption(new Option('--text <words>', 'the new words').conflicts('file'))
    .option('--file <path>', 'a file with the new words')
    .option('--voice <id>', "AWS's VoiceId for calls; `default` for the voice of the user's language")
    .option('--india-template <id>', 'registration of these very words in India (DLT); `none` for none')
    .option('--replaces <version>', 'the version that you saw, 0 for none (default: the one that is there)')
    .option(...AUTHOR_OPTION)
    .action(async (given: string, options: Options) => {
      const name = readTemplateName(given)
      const by = editorOf(options, context)
      const words = options.file === undefined ? options.text : await readWords(options.file)
      const report = await withStore(context, async store => {
        const current = findByName(await readTemplates(store), name)
        const replaces =
          options.replaces === undefined
            ? (current?.version ?? 0)
            : readNumber('--replaces', options.replaces, { min: 0 })
        const change = { ...changedTemplate(name, current, words, options), replaces }
        return saveOne(store, change, current, by)
      })
      context.print(report)
    })
}

function changedTemplate(
  name: TemplateName,
  current: TemplateText | undefined,
  words: string | undefined,
  { voice, indiaTemplate }: Options,
): NewTemplate {
  if (words === undefined && voice === undefined && indiaTemplate === undefined)
    throw new Problem('usage', 'Nothing to change: give the new words with --text or --file.')
  const text = words ?? current?.text
  if (text === undefined)
    throw new Problem('usage', `${nameOfTemplate(name)} is new: give its words with --text or --file.`)
  const template = { ...name, text }
  if (name.channel === 'voice') {
    if (indiaTemplate !== undefined)
      throw new Problem('usage', `--india-template is for texts, and ${nameOfTemplate(name)} is a call.`)
    const voiceId =
      voice === undefined ? (current?.voiceId ?? '') : voice === 'default' ? '' : voice.toUpperCase()
    return { ...template, voiceId, indiaTemplateId: undefined }
  }
  if (voice !== undefined)
    throw new Problem('usage', `--voice is for calls, and ${nameOfTemplate(name)} is a text.`)
  return { ...template, voiceId: '', indiaTemplateId: registrationOf(text, current, indiaTemplate) }
}

/** A registration is of its very words: it is neither kept nor dropped unseen. */
function registrationOf(
  text: string,
  current: TemplateText | undefined,
  given: string | undefined,
): string | undefined {
  if (given !== undefined) return given === 'none' ? undefined : given
  const registered = current?.indiaTemplateId
  if (registered === undefined || text === current?.text) return registered
  throw new Problem(
    'usage',
    `The present words are registered in India as ${registered}. Give the registration of the new ones with --india-template, or none.`,
  )
}

/** Editors end a file with a new line, which nobody wants in a text. */
async function readWords(path: string): Promise<string> {
  return (await readTextFile(path)).replace(/\r?\n$/, '')
}
