import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { charactersOutsideGsm, writeMessage } from './message.ts'
import { Secret } from './secret.ts'
import type { NewTemplate } from './store.ts'
import { type Argument, argumentsOf, prepareTemplate } from './template.ts'
import { localeOfVoice } from './voices.ts'

export type TemplateFindings = {
  /** It cannot be saved. */
  readonly errors: readonly string[]
  /** It works, and deserves a look. */
  readonly looks: readonly string[]
}

/** Judges a wording before it is saved, at the longest code that Okta can send. */
export function checkTemplate(template: NewTemplate): TemplateFindings {
  const wrong = checkArguments(template)
  if (wrong.length > 0) return { errors: wrong, looks: [] }
  const message = writeMessage(
    prepareTemplate({ ...template, version: 0 }),
    new Secret('0'.repeat(CODE_MAX_DIGITS)),
  )
  if (message === undefined) return { errors: ['It is longer than the carrier takes.'], looks: [] }
  if (message.channel === 'sms') return { errors: [], looks: lookAtText(template, message.parts) }
  const ssml = message.body.reveal()
  const errors = checkSpeech(template, ssml)
  return { errors, looks: errors.length > 0 ? [] : lookAtSpeech(template, ssml) }
}

function checkArguments({ text, locale }: NewTemplate): readonly string[] {
  let found: readonly Argument[]
  try {
    found = argumentsOf(text, locale)
  } catch (error) {
    return [`It is not ICU MessageFormat: ${error instanceof Error ? error.message : String(error)}.`]
  }
  const unknown = found.filter(({ name }) => name !== 'code')
  const code = found.filter(({ name }) => name === 'code')
  return [
    ...unknown.map(({ name }) => `{${name}} is not an argument; allowed: {code}.`),
    ...(code.length > 0 ? [] : ['It lacks the code: put {code} where it belongs.']),
    // As a number a code loses its leading zeros; a choice by its digits may leave it out.
    ...(code.every(({ isPlain }) => isPlain) ? [] : ['It formats the code, which changes it: write {code}.']),
  ]
}

function checkSpeech({ voiceId }: NewTemplate, ssml: string): readonly string[] {
  const problem = XMLValidator.validate(ssml)
  return [
    ...(localeOfVoice(voiceId) === undefined
      ? [`"${voiceId}" is not a voice of AWS End User Messaging.`]
      : []),
    ...(problem === true ? [] : [`Its SSML is broken at line ${problem.err.line}: ${problem.err.msg}`]),
    ...unknownEntities(ssml).map(entity => `Its SSML has ${entity}, which XML does not know.`),
    ...(/^\s*<speak[\s>]/.test(ssml) ? [] : ['Its SSML does not begin with <speak>.']),
  ]
}

function unknownEntities(ssml: string): readonly string[] {
  const entities = ssml.match(/&[^;\s<&]*;?/g) ?? []
  return [...new Set(entities)].filter(entity => !/^&(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);$/i.test(entity))
}

function lookAtText({ text }: NewTemplate, parts: number): readonly string[] {
  if (parts === 1) return []
  const dear = charactersOutsideGsm(text)
  const why =
    dear.length === 0
      ? 'it is long'
      : `${dear.map(character => `"${character}"`).join(', ')} ${dear.length === 1 ? 'is' : 'are'} not in the GSM alphabet, which leaves 70 characters a part instead of 160`
  return [`It takes ${parts} message parts, each paid: ${why}.`]
}

function lookAtSpeech({ text, locale }: NewTemplate, ssml: string): readonly string[] {
  const tags = new Set<string>()
  const collect = (node: unknown): void => {
    for (const element of Array.isArray(node) ? node : []) {
      for (const [tag, inner] of Object.entries(element as object)) {
        if (tag !== ':@' && tag !== '#text') tags.add(tag)
        collect(inner)
      }
    }
  }
  collect(new XMLParser({ preserveOrder: true }).parse(ssml))
  const special = [...tags].filter(tag => !PORTABLE_TAGS.has(tag))
  const times = argumentsOf(text, locale).filter(({ name }) => name === 'code').length
  return [
    ...(special.length > 0 ? [`Not every voice speaks ${special.map(tag => `<${tag}>`).join(', ')}.`] : []),
    ...(times < 2 ? ['It says the code only once.'] : []),
  ]
}

const CODE_MAX_DIGITS = 10
const PORTABLE_TAGS: ReadonlySet<string> = new Set(['speak', 'break', 'p', 's', 'prosody', 'say-as'])
