import { XMLValidator } from 'fast-xml-parser'
import {
  type Argument,
  argumentsOf,
  literalsOf,
  placeOf,
  prepareAnyTemplate,
} from '../core/message/icu-template.ts'
import { CALL_SECONDS, writeMessage } from '../core/message/message.ts'
import { charactersOutsideGsm } from '../core/message/message-parts.ts'
import { sayAsContents } from '../core/message/say-as.ts'
import { spokenSeconds } from '../core/message/spoken-seconds.ts'
import { longestValues, templateArguments } from '../core/message/template-values.ts'
import type { NewTemplate } from '../core/policy/policy-store.ts'
import { Secret } from '../core/values/secret.ts'
import { localeOfVoice, voiceFor } from '../core/values/voices.ts'
import { formsOf, ofForm, placeIn } from './lint/finding.ts'
import { lintAutofill } from './lint/lint-autofill.ts'
import { hiddenCharacters } from './lint/lint-characters.ts'
import { lintSignature, signatureOf } from './lint/lint-signature.ts'
import { portableSsml } from './lint/portable-ssml.ts'
import { ssmlPieces } from './lint/ssml-pieces.ts'
import { errors as texts, warnings as warningTexts } from './lint/template-texts.ts'

export type TemplateFindings = {
  /** Why it cannot be saved. */
  readonly errors: readonly string[]
  /** What is worth checking in a template that can be saved. */
  readonly warnings: readonly string[]
}

/** Judges both forms of a template before it is saved, with the longest values. */
export function checkTemplate(template: NewTemplate): TemplateFindings {
  const forms = formsOf(template)
  const found = forms.map(({ text, prefix }, index) => {
    // The last form is sent with the longest values. What the full form would cost with them is never paid.
    const { errors, warnings } = checkForm({ ...template, text }, index === forms.length - 1)
    const named = (sentences: readonly string[]) => sentences.map(sentence => prefix + sentence)
    return { errors: named(errors), warnings: named(warnings) }
  })
  const errors = [...found.flatMap(({ errors }) => errors), ...checkRegistration(template)]
  const warnings = found.flatMap(({ warnings }) => warnings)
  return { errors, warnings: errors.length > 0 ? warnings : [...warnings, ...warnOfUse(template)] }
}

/** What phones, operators and AWS do with a template that can be saved. */
function warnOfUse(template: NewTemplate): readonly string[] {
  if (template.channel === 'voice') return warnOfLength(template)
  const found = [
    ...formsOf(template).flatMap(form => ofForm(form, lintAutofill({ ...template, text: form.text }))),
    ...lintSignature(template),
  ]
  return found.map(({ sentence, remedy }) => `${sentence} ${remedy}`)
}

/** A call that is too long in the form that is spoken with a code of six digits. */
function warnOfLength(template: NewTemplate): readonly string[] {
  const rules = { ending: undefined, partsMax: 1, voiceId: '' }
  const values = { ...longestValues, code: new Secret('000000'), brand: 'Example' }
  const message = writeMessage(prepareAnyTemplate({ ...template, version: 0 }), values, rules)
  const seconds = spokenSeconds(message?.body.reveal() ?? '')
  return seconds < CALL_SECONDS
    ? []
    : [warningTexts.longCall(Math.round(seconds), template.short === undefined)]
}

function checkRegistration({ short, indiaTemplateId }: NewTemplate): readonly string[] {
  return short !== undefined && indiaTemplateId !== undefined ? [texts.twoForms] : []
}

function checkForm(template: NewTemplate, isPriced: boolean): TemplateFindings {
  if (template.text.length > TEXT_MAX) return { errors: [texts.tooLong], warnings: [] }
  const { errors, warnings } = checkMessage(template, isPriced)
  const hidden = hiddenCharacters(template.text, template.locale).map(
    ({ sentence, place }) => `${place === undefined ? '' : `${place}: `}${sentence}`,
  )
  return { errors, warnings: errors.length > 0 ? warnings : [...warnings, ...hidden] }
}

function checkMessage({ short, ...template }: NewTemplate, isPriced: boolean): TemplateFindings {
  const wrong = checkArguments(template)
  if (wrong.length > 0) return { errors: wrong, warnings: [] }
  const rules = { ending: undefined, partsMax: 0, voiceId: voiceFor(template.locale) ?? '' }
  const message = writeMessage(prepareAnyTemplate({ ...template, version: 0 }), longestValues, rules)
  if (message === undefined) return { errors: [texts.tooLong], warnings: [] }
  if (message.channel === 'sms')
    return { errors: [], warnings: isPriced ? warnOfParts(template, message.parts, short === undefined) : [] }
  const ssml = message.body.reveal()
  const errors = checkSpeech(template, ssml)
  return { errors, warnings: errors.length > 0 ? [] : warnOfSpeech(template, ssml) }
}

function checkArguments({ text, locale }: NewTemplate): readonly string[] {
  const control = text.search(CONTROL)
  if (control >= 0) return [texts.control(placeIn(text, control))]
  const foreign = foreignPlaceholders(text, locale)
  if (foreign.length > 0) return foreign
  let found: readonly Argument[]
  try {
    found = argumentsOf(text, locale)
  } catch (error) {
    return [texts.notIcu(describeFault(error))]
  }
  const code = found.filter(({ name }) => name === 'code')
  const isKnown = ({ name }: Argument): boolean => templateArguments.some(known => known === name)
  return [
    ...found.filter(argument => !isKnown(argument)).map(({ name, place }) => texts.unknown(name, place)),
    ...(code.length > 0 ? [] : [texts.noCode]),
    // Formatted as a number, a code loses its leading zeros. A choice by its digits may leave it out.
    ...found
      .filter(argument => isKnown(argument) && argument.name !== 'minutes' && !argument.isPlain)
      .map(({ name, place }) => texts.formatted(name, place)),
    ...code.filter(({ isInChoice }) => isInChoice).map(({ place }) => texts.inChoice(place)),
  ]
}

/**
 * Placeholders as Okta and others write them: `${code}`, `{{code}}`, `{org.name}`, `%{code}`. The first and the last would send
 * `$` or `%` before the code. In ICU MessageFormat, `{{` is valid only inside a choice. An import may quote braces, and quoted
 * placeholders would be sent unchanged.
 */
function foreignPlaceholders(text: string, locale: string): readonly string[] {
  const literals = isParsed(text, locale) ? literalsOf(text, locale) : undefined
  const pattern = literals === undefined ? FOREIGN : /[$%]\{[^{}]*\}/g
  const found = [...text.matchAll(pattern)].map(({ 0: written, index }) => ({
    written,
    place: placeIn(text, index),
  }))
  const quoted = (literals ?? []).flatMap(literal => literal.match(FOREIGN) ?? [])
  const others = quoted.filter(written => !found.some(other => other.written === written))
  return [
    ...found.map(({ written, place }) => texts.foreign(written, place)),
    ...others.map(written => texts.foreign(written, undefined)),
  ]
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
    ...(problem === true ? [] : [texts.brokenSsml(problem.err.line, problem.err.msg)]),
    ...(problem === true && ssmlPieces(ssml) === undefined ? [texts.unusableTag] : []),
    ...unknownEntities(ssml).map(texts.unknownEntity),
    ...(/^\s*<speak[\s>]/.test(ssml) ? [] : [texts.noSpeak]),
    ...(hasTagInSayAs(template.text) ? [texts.tagInSayAs] : []),
  ]
}

/** A voice of another language cannot be understood. */
function checkVoice({ voiceId, locale }: NewTemplate): readonly string[] {
  if (voiceId === '') return voiceFor(locale) === undefined ? [texts.noVoice(locale)] : []
  const spoken = localeOfVoice(voiceId)
  if (spoken === undefined) return [texts.unknownVoice(voiceId)]
  const isSame = new Intl.Locale(spoken).language === new Intl.Locale(locale).language
  return isSame ? [] : [texts.otherLanguage(voiceId, spoken, locale)]
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

function warnOfParts(
  { text, indiaTemplateId }: NewTemplate,
  parts: number,
  isWhole: boolean,
): readonly string[] {
  const isRegistered = indiaTemplateId !== undefined || signatureOf(text) !== 'none'
  return parts === 1 ? [] : [warningTexts.parts(parts, charactersOutsideGsm(text), isWhole && !isRegistered)]
}

function warnOfSpeech({ text, locale }: NewTemplate, ssml: string): readonly string[] {
  const tags = new Set((ssmlPieces(ssml) ?? []).flatMap(piece => (piece.kind === 'open' ? [piece.name] : [])))
  const special = [...tags].filter(tag => portableSsml[tag] === undefined)
  const times = argumentsOf(text, locale).filter(({ name }) => name === 'code').length
  return [
    ...(special.length > 0 ? [warningTexts.tags(special)] : []),
    ...(times < 2 ? [warningTexts.codeOnce] : []),
    ...(isCodeInSayAs(text) ? [warningTexts.codeInSayAs] : []),
  ]
}

/** Phones do not show them and XML does not allow them, except line ends and tabs. */
const CONTROL = /(?![\t\n\r])\p{Cc}/u
const FOREIGN = /[$%]\{[^{}]*\}|\{\{[^{}]*\}\}|\{\s*\w+(?:\.\w+)+\s*\}/g
const TEXT_MAX = 20_000 // a call has at most 6,000 characters, but only one case of each choice counts
