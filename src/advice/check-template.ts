import { XMLValidator } from 'fast-xml-parser'
import {
  type Argument,
  argumentsOf,
  literalsOf,
  placeOf,
  prepareAnyTemplate,
} from '../core/message/icu-template.ts'
import { writeMessage } from '../core/message/message.ts'
import { charactersOutsideGsm } from '../core/message/message-parts.ts'
import { sayAsContents } from '../core/message/say-as.ts'
import { longestValues, templateArguments } from '../core/message/template-values.ts'
import type { NewTemplate } from '../core/policy/policy-store.ts'
import { localeOfVoice, voiceFor } from '../core/values/voices.ts'
import { formsOf, placeIn } from './lint/finding.ts'
import { hiddenCharacters } from './lint/lint-characters.ts'
import { portableSsml } from './lint/portable-ssml.ts'
import { ssmlPieces } from './lint/ssml-pieces.ts'

export type TemplateFindings = {
  /** It cannot be saved. */
  readonly errors: readonly string[]
  /** It works, and deserves a look. */
  readonly looks: readonly string[]
}

/** Judges both forms of a template before it is saved, at the longest values that they can be filled in with. */
export function checkTemplate(template: NewTemplate): TemplateFindings {
  const forms = formsOf(template)
  const found = forms.map(({ text, prefix }, index) => {
    // With the longest values the short form is sent: what the full one would cost then is nobody's price.
    const { errors, looks } = checkForm({ ...template, text }, index === forms.length - 1)
    const named = (sentences: readonly string[]) => sentences.map(sentence => prefix + sentence)
    return { errors: named(errors), looks: named(looks) }
  })
  const errors = [...found.flatMap(({ errors }) => errors), ...checkRegistration(template)]
  return { errors, looks: found.flatMap(({ looks }) => looks) }
}

function checkRegistration({ short, indiaTemplateId }: NewTemplate): readonly string[] {
  return short !== undefined && indiaTemplateId !== undefined
    ? ['Its registration in India is of one text, and it has two forms: take the short one out.']
    : []
}

function checkForm(template: NewTemplate, isPriced: boolean): TemplateFindings {
  if (template.text.length > TEXT_MAX) return { errors: [TOO_LONG], looks: [] }
  const { errors, looks } = checkMessage(template, isPriced)
  const hidden = hiddenCharacters(template.text, template.locale).map(
    ({ sentence, place }) => `${place === undefined ? '' : `${place}: `}${sentence}`,
  )
  return { errors, looks: errors.length > 0 ? looks : [...looks, ...hidden] }
}

function checkMessage({ short: _, ...template }: NewTemplate, isPriced: boolean): TemplateFindings {
  const wrong = checkArguments(template)
  if (wrong.length > 0) return { errors: wrong, looks: [] }
  const rules = { ending: undefined, partsMax: 0, voiceId: voiceFor(template.locale) ?? '' }
  const message = writeMessage(prepareAnyTemplate({ ...template, version: 0 }), longestValues, rules)
  if (message === undefined) return { errors: [TOO_LONG], looks: [] }
  if (message.channel === 'sms')
    return { errors: [], looks: isPriced ? lookAtText(template, message.parts) : [] }
  const ssml = message.body.reveal()
  const errors = checkSpeech(template, ssml)
  return { errors, looks: errors.length > 0 ? [] : lookAtSpeech(template, ssml) }
}

function checkArguments({ text, locale }: NewTemplate): readonly string[] {
  const control = text.search(CONTROL)
  if (control >= 0) return [`It has a control character (${placeIn(text, control)}): take it out.`]
  const foreign = foreignPlaceholders(text, locale)
  if (foreign.length > 0) return foreign
  let found: readonly Argument[]
  try {
    found = argumentsOf(text, locale)
  } catch (error) {
    return [`It is not ICU MessageFormat: ${describeFault(error)}.`]
  }
  const code = found.filter(({ name }) => name === 'code')
  const isKnown = ({ name }: Argument): boolean => templateArguments.some(known => known === name)
  return [
    ...found
      .filter(argument => !isKnown(argument))
      .map(({ name, place }) => `{${name}} (${place}) is not an argument; allowed: ${ALLOWED}.`),
    ...(code.length > 0 ? [] : ['It lacks the code: put {code} where it belongs.']),
    // As a number a code loses its leading zeros; a choice by its digits may leave it out.
    ...found
      .filter(argument => isKnown(argument) && argument.name !== 'minutes' && !argument.isPlain)
      .map(({ name, place }) => `It formats {${name}} (${place}), which changes it: write {${name}}.`),
    ...code
      .filter(({ isInChoice }) => isInChoice)
      .map(({ place }) => `{code} is inside a choice (${place}): put it outside, where it is always said.`),
  ]
}

/**
 * How Okta and others write placeholders: `${code}`, `{{code}}`, `{org.name}`, `%{code}`. The first and the last would send
 * a stray sign before the code; in ICU MessageFormat `{{` is right inside a choice only. Quoted, as an import quotes braces,
 * they would be sent as they are.
 */
function foreignPlaceholders(text: string, locale: string): readonly string[] {
  const literals = isParsed(text, locale) ? literalsOf(text, locale) : undefined
  const pattern = literals === undefined ? FOREIGN : /[$%]\{[^{}]*\}/g
  const found = [...text.matchAll(pattern)].map(({ 0: written, index }) => ({
    written,
    place: ` (${placeIn(text, index)})`,
  }))
  const quoted = (literals ?? []).flatMap(literal => literal.match(FOREIGN) ?? [])
  const others = quoted.filter(written => !found.some(other => other.written === written))
  return [...found, ...others.map(written => ({ written, place: '' }))].map(
    ({ written, place }) =>
      `${written}${place} is not how a template names a value: write {code} for the code, {brand} for who sends; allowed: ${ALLOWED}.`,
  )
}

function isParsed(text: string, locale: string): boolean {
  try {
    argumentsOf(text, locale)
    return true
  } catch {
    return false
  }
}

function describeFault(error: unknown): string {
  const { message, location } = error as Error & {
    readonly location?: { start: Parameters<typeof placeOf>[0] }
  }
  const place = placeOf(location?.start)
  return place === '' ? message : `${message} at ${place}`
}

function checkSpeech(template: NewTemplate, ssml: string): readonly string[] {
  const problem = XMLValidator.validate(ssml)
  return [
    ...checkVoice(template),
    ...(problem === true ? [] : [`Its SSML is broken at line ${problem.err.line}: ${problem.err.msg}`]),
    ...(problem === true && ssmlPieces(ssml) === undefined
      ? ['Its SSML has a tag that no voice knows.']
      : []),
    ...unknownEntities(ssml).map(entity => `Its SSML has ${entity}, which XML does not know.`),
    ...(/^\s*<speak[\s>]/.test(ssml) ? [] : ['Its SSML does not begin with <speak>.']),
    ...(hasTagInSayAs(template.text) ? ['<say-as> may hold text only: take the tags inside it out.'] : []),
  ]
}

/** Foreign words in the wrong voice cannot be understood. */
function checkVoice({ voiceId, locale }: NewTemplate): readonly string[] {
  if (voiceId === '')
    return voiceFor(locale) === undefined
      ? [`AWS End User Messaging has no voice that speaks ${locale}: calls fall back to another language.`]
      : []
  const spoken = localeOfVoice(voiceId)
  if (spoken === undefined) return [`"${voiceId}" is not a voice of AWS End User Messaging.`]
  const isSame = new Intl.Locale(spoken).language === new Intl.Locale(locale).language
  return isSame ? [] : [`${voiceId} speaks ${spoken}, and the template is in ${locale}.`]
}

function hasTagInSayAs(text: string): boolean {
  return sayAsContents(text).some(content => /<(?![!?])/.test(content))
}

function isCodeInSayAs(text: string): boolean {
  return sayAsContents(text).some(content => /\{\s*code\s*\}/.test(content))
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
  const tags = new Set((ssmlPieces(ssml) ?? []).flatMap(piece => (piece.kind === 'open' ? [piece.name] : [])))
  const special = [...tags].filter(tag => portableSsml[tag] === undefined)
  const times = argumentsOf(text, locale).filter(({ name }) => name === 'code').length
  return [
    ...(special.length > 0 ? [`Not every voice speaks ${special.map(tag => `<${tag}>`).join(', ')}.`] : []),
    ...(times < 2 ? ['It says the code only once.'] : []),
    ...(isCodeInSayAs(text)
      ? [
          'Inside <say-as> the code is spoken without pauses between its digits: take <say-as> away around {code}.',
        ]
      : []),
  ]
}

/** No phone shows them, and XML does not allow them; ends of lines and tabs are allowed. */
const CONTROL = /(?![\t\n\r])\p{Cc}/u
const FOREIGN = /[$%]\{[^{}]*\}|\{\{[^{}]*\}\}|\{\s*\w+(?:\.\w+)+\s*\}/g
const TOO_LONG = 'It is longer than the carrier takes.'
const TEXT_MAX = 20_000 // a call takes 6,000 characters; choices in it say only one of their cases
const ALLOWED = templateArguments.map(name => `{${name}}`).join(', ')
