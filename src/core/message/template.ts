import { IntlMessageFormat } from 'intl-messageformat'
import type { Channel, Purpose } from '../values/request.ts'
import type { TemplateValues } from './template-values.ts'

/** The template for (channel, locale, purpose), as it is stored. ICU MessageFormat; SSML for voice. */
export type TemplateText = {
  readonly channel: Channel
  /** A normalised BCP 47 tag. */
  readonly locale: string
  /** `any` serves every purpose that has no template of its own. */
  readonly purpose: Purpose | 'any'
  readonly text: string
  /** AWS's VoiceId, for voice; empty for the voice of the user's locale, and for SMS. */
  readonly voiceId: string
  /** India's registration of this very template (DLT template ID), for texts to India. */
  readonly indiaTemplateId: string | undefined
  /** Counts up with each change of this template. */
  readonly version: number
}

/** A template that can be filled in; parsed at its first use, then kept. */
export type Template = TemplateText & { readonly format: () => IntlMessageFormat }

export function prepareTemplate(template: TemplateText): Template {
  let parsed: IntlMessageFormat | undefined
  return {
    ...template,
    format: () => {
      parsed ??= parse(template.text, template.locale)
      return parsed
    },
  }
}

/** A value is never a pattern: it is put in as it is, whatever braces or quotes it holds. */
export function fillIn(template: Template, values: TemplateValues): string {
  // No prototype: `{constructor}` in a template finds nothing.
  const own: Record<string, string | number> = Object.assign(Object.create(null), values, {
    code: values.code.reveal(),
  })
  return String(template.format().format(own))
}

/** An argument in a template; `isPlain` when its value is put in as it is: `{code}`, not `{code, number}`. */
export type Argument = {
  readonly name: string
  readonly isPlain: boolean
  /** Inside a plural or select: said in some cases only. */
  readonly isInChoice: boolean
  /** `line 1, column 5` */
  readonly place: string
}

/** The arguments in a template, in order, repeated ones repeated. Throws what the parser throws. */
export function argumentsOf(text: string, locale: string): readonly Argument[] {
  const found: Argument[] = []
  const visit = (elements: ReturnType<IntlMessageFormat['getAst']>, isInChoice: boolean): void => {
    for (const element of elements) {
      if (!('value' in element) || element.type === LITERAL) continue
      found.push({
        name: element.value,
        isPlain: element.type === ARGUMENT,
        isInChoice,
        place: placeOf(element.location?.start),
      })
      if ('options' in element) for (const option of Object.values(element.options)) visit(option.value, true)
    }
  }
  visit(parse(text, locale, true).getAst(), false)
  return found
}

/** The literal text of a template, in order, without ICU quotes and arguments. Throws what the parser throws. */
export function literalsOf(text: string, locale: string): readonly string[] {
  const collect = (elements: ReturnType<IntlMessageFormat['getAst']>): readonly string[] =>
    elements.flatMap(element => {
      if ('options' in element) return Object.values(element.options).flatMap(({ value }) => collect(value))
      return element.type === LITERAL ? [element.value] : []
    })
  return collect(parse(text, locale).getAst())
}

/** Where the parser found a fault; empty where it does not say. */
export function placeOf(position: { readonly line: number; readonly column: number } | undefined): string {
  return position === undefined ? '' : `line ${position.line}, column ${position.column}`
}

/** Plain text as a template: what ICU MessageFormat would read as syntax is quoted. */
export function quoteLiteral(words: string): string {
  return words.replace(/['{}]+/g, run => {
    const doubled = run.replaceAll("'", "''")
    return /[{}]/.test(run) ? `'${doubled}'` : doubled // one pair of quotes a run: `'{''}'` would be `{'}`
  })
}

export function escapeXml(text: string): string {
  return text.replace(/[<>&'"]/g, character => `&#${character.charCodeAt(0)};`)
}

/** SSML tags are text to the parser. */
function parse(text: string, locale: string, captureLocation = false): IntlMessageFormat {
  return new IntlMessageFormat(text, locale, undefined, { ignoreTag: true, captureLocation })
}

// The parser's types of elements.
const LITERAL = 0
const ARGUMENT = 1
