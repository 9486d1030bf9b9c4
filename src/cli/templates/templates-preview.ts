import { join } from 'node:path'
import type { Command } from 'commander'
import {
  canSpeak,
  joinSpeech,
  type PreviewedLanguage,
  type PreviewedMessage,
  previewMessages,
  type SpeechPiece,
} from '../../advice/preview-messages.ts'
import type { TemplateText } from '../../core/message/template.ts'
import { lookupChain, normalizeLocale } from '../../core/values/locale.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { makeFolder, writeOwnFile } from '../terminal/files.ts'
import { Problem } from '../terminal/problem.ts'
import { withProgress } from '../terminal/progress.ts'
import { speak } from './preview-audio.ts'
import { previewPage } from './preview-page.ts'
import { suggestLocale } from './template-names.ts'

type Options = {
  readonly all?: boolean
  readonly locale?: string
  readonly out?: string
  readonly audio?: boolean
}

/** `hookline templates preview`: prints messages as they would arrive, or writes a page with them. Sends nothing. */
export function templatesPreviewCommand(templates: Command, context: Context): void {
  templates
    .command('preview')
    .description('Show messages as they would arrive, with sample values. Sends nothing.')
    .option('--all', 'in every language (default: in the default locale)')
    .option('--locale <locale>', 'in the language that a user of this locale gets, such as pt-BR')
    .option('--out <folder>', 'also write an HTML page to this folder: index.html')
    .option('--audio', 'with --out: also write each call as a WAV file, spoken by eSpeak NG')
    .action(async ({ all, locale, out, audio }: Options) => {
      if (audio && out === undefined)
        throw new Problem('usage', '--audio needs --out <folder>, where it writes the files.')
      const rules = context.planRules()
      const stored = (await withStore(context, store => store.readPolicy()))?.templates ?? []
      const chosen = all && locale === undefined ? stored : ofLocale(stored, locale ?? rules.defaultLocale)
      const names = new Map((await context.shippedLanguages()).map(language => [language.locale, language]))
      const languages = previewMessages(chosen, stored, rules, names)
      context.print(languages.map(describeLanguage).join('\n\n'))
      if (out === undefined) return
      makeFolder(out)
      const files = audio
        ? await withProgress(context.progress, 'writing the audio of the calls', () =>
            speakAll(languages, out, context),
          )
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

/** The audio file of each call that eSpeak NG could speak. */
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
          `${englishName} (${locale}): no audio, because eSpeak NG cannot pronounce its characters.`,
        )
      continue
    }
    for (const message of messages) {
      if (message.channel !== 'voice') continue
      const file = `${locale}-${message.purpose}.wav`
      const spoken = await speak(message.ssml, message.voiceId, context.inheritedEnvironment())
      if (spoken.kind === 'spoken') {
        await writeOwnFile(join(folder, file), spoken.wav)
        files.set(message, file)
      }
      const { kind } = spoken
      if (kind === 'failed') context.print(`${file} was not written: eSpeak NG failed.`)
      if (kind === 'missing') {
        context.print('No audio was written: espeak-ng is not installed (Debian: apt-get install espeak-ng).')
        return files
      }
    }
  }
  return files
}

function describeLanguage(language: PreviewedLanguage): string {
  const { locale, englishName, ownName, messages, fallback } = language
  const title = `${englishName} (${locale})${ownName === englishName ? '' : `  ${ownName}`}`
  const instead = fallback && [
    `  This language has no call. Users are called in ${fallback.language}:`,
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
  const speech = joinSpeech(message.speech, describeSpeech)
  return `${what}${message.voiceId}, about ${Math.round(message.seconds)} s\n${indent(speech)}`
}

function describeSpeech(piece: SpeechPiece): string {
  switch (piece.kind) {
    case 'words':
      return piece.words
    case 'digits':
      return piece.digits
        .split(' ')
        .map(group => [...group].join(' · '))
        .join('   ')
    case 'pause':
      return `[${piece.seconds} s]`
  }
}

function indent(text: string): string {
  return text
    .split('\n')
    .map(line => `    ${line}`)
    .join('\n')
}
