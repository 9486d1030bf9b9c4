import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import type { TemplateText } from '../../core/message/template.ts'
import { lookupChain, normalizeLocale } from '../../core/values/locale.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { writeOwnFile } from '../terminal/files.ts'
import { Problem } from '../terminal/problem.ts'
import { withProgress } from '../terminal/progress.ts'
import { speakToFile } from './preview-audio.ts'
import {
  joinPieces,
  type PreviewedLanguage,
  type PreviewedMessage,
  previewMessages,
  type SpokenPiece,
} from './preview-messages.ts'
import { previewPage } from './preview-page.ts'
import { suggestLocale } from './template-names.ts'

type Options = {
  readonly all?: boolean
  readonly locale?: string
  readonly out?: string
  readonly audio?: boolean
}

/** `hookline templates preview`: every template as it would arrive, as text and as a page. Sends nothing. */
export function templatesPreviewCommand(templates: Command, context: Context): void {
  templates
    .command('preview')
    .description('Show messages as they would arrive, with made-up values. Sends nothing.')
    .option('--all', 'in every language (without it: in the default locale)')
    .option('--locale <locale>', 'in the language that a user of this locale gets, such as pt-BR')
    .option('--out <folder>', 'write one HTML page there, too: index.html')
    .option('--audio', 'with --out: let eSpeak NG speak the calls, one WAV file each')
    .action(async ({ all, locale, out, audio }: Options) => {
      if (audio && out === undefined)
        throw new Problem('usage', '--audio needs --out <folder> for its files.')
      const rules = context.planRules()
      const stored = (await withStore(context, store => store.readPolicy()))?.templates ?? []
      const chosen = all && locale === undefined ? stored : ofLocale(stored, locale ?? rules.defaultLocale)
      const names = new Map((await context.shippedLanguages()).map(language => [language.locale, language]))
      const languages = previewMessages(chosen, stored, rules, names)
      context.print(languages.map(describeLanguage).join('\n\n'))
      if (out === undefined) return
      await mkdir(out, { recursive: true, mode: 0o700 })
      const files = audio
        ? await withProgress(context.progress, 'speaking the calls', () => speakAll(languages, out, context))
        : new Map<PreviewedMessage, string>()
      const page = join(out, 'index.html')
      await writeOwnFile(page, previewPage(languages, rules, files))
      context.print(`\n${page} written.`)
    })
}

function ofLocale(templates: readonly TemplateText[], text: string): readonly TemplateText[] {
  const locale = normalizeLocale(text)
  const existing = [...new Set(templates.map(template => template.locale))].sort()
  if (locale === undefined)
    throw new Problem(
      'usage',
      `"${text}" is not a language tag such as es or pt-BR.${suggestLocale(text, existing)}`,
    )
  const chain = lookupChain(locale)
  const tag = chain.find(one => templates.some(({ locale }) => locale === one))
  if (tag === undefined) {
    throw new Problem(
      'usage',
      `There is no template for ${chain.join(', ')}. There are: ${existing.join(', ')}.${suggestLocale(text, existing)}`,
    )
  }
  return templates.filter(template => template.locale === tag)
}

/** The file of each call that could be spoken. */
async function speakAll(
  languages: readonly PreviewedLanguage[],
  folder: string,
  context: Context,
): Promise<ReadonlyMap<PreviewedMessage, string>> {
  const files = new Map<PreviewedMessage, string>()
  for (const { locale, englishName, messages } of languages) {
    if (!canSpeak(locale)) {
      const isCalled = messages.some(({ channel }) => channel === 'voice')
      if (isCalled)
        context.print(
          `${englishName} (${locale}): no audio, because eSpeak NG reads its characters as names.`,
        )
      continue
    }
    for (const message of messages) {
      if (message.channel !== 'voice') continue
      const file = `${locale}-${message.purpose}.wav`
      const { kind } = await speakToFile(
        message.ssml,
        message.voiceId,
        join(folder, file),
        context.inheritedEnvironment(),
      )
      if (kind === 'spoken') files.set(message, file)
      if (kind === 'failed') context.print(`${file}: eSpeak NG did not speak it.`)
      if (kind === 'missing') {
        context.print('There is no audio: espeak-ng is not installed (Debian: apt-get install espeak-ng).')
        return files
      }
    }
  }
  return files
}

/** eSpeak NG has no dictionary of Chinese characters, which Japanese has, too. */
function canSpeak(locale: string): boolean {
  return !['Hans', 'Hant', 'Jpan'].includes(new Intl.Locale(locale).maximize().script ?? '')
}

function describeLanguage(language: PreviewedLanguage): string {
  const { locale, englishName, ownName, messages, fallback } = language
  const title = `${englishName} (${locale})${ownName === englishName ? '' : `  ${ownName}`}`
  const instead = fallback && [
    `  No call of its own. Its users are called in ${fallback.language}:`,
    describeMessage(fallback.call),
  ]
  return [title, ...messages.map(describeMessage), ...(instead ?? [])].join('\n')
}

function describeMessage(message: PreviewedMessage): string {
  const what = `  ${message.channel === 'voice' ? 'call' : 'text'}  ${message.purpose.padEnd(16)}  `
  if (message.channel === 'none') return `${what}${message.why}`
  if (message.channel === 'sms') {
    const { parts, encoding, body, form, forms } = message
    const which = forms.length > 1 ? `, ${form} form` : ''
    return `${what}${parts} ${parts === 1 ? 'part' : 'parts'}, ${encoding}${which}\n${indent(body)}`
  }
  const pieces = joinPieces(message.pieces, describePiece)
  return `${what}${message.voiceId}, about ${Math.round(message.seconds)} s\n${indent(pieces)}`
}

function describePiece(pieces: SpokenPiece): string {
  switch (pieces.kind) {
    case 'words':
      return pieces.words
    case 'digits':
      return pieces.digits
        .split(' ')
        .map(group => [...group].join(' · '))
        .join('   ')
    case 'pause':
      return `[${pieces.seconds} s]`
  }
}

function indent(text: string): string {
  return text
    .split('\n')
    .map(line => `    ${line}`)
    .join('\n')
}
