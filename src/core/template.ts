import { IntlMessageFormat } from 'intl-messageformat'
import type { Channel, Purpose } from './request.ts'

/** The wording for (channel, locale, purpose), as it is stored. ICU MessageFormat; SSML for voice. */
export type TemplateText = {
  readonly channel: Channel
  /** A normalised BCP 47 tag. */
  readonly locale: string
  /** `any` serves every purpose that has no wording of its own. */
  readonly purpose: Purpose | 'any'
  readonly text: string
  /** AWS's VoiceId, for voice; empty for SMS. */
  readonly voiceId: string
  /** India's registration of this very wording (DLT template ID), for texts to India. */
  readonly indiaTemplateId: string | undefined
  /** Counts up with each change of this wording. */
  readonly version: number
}

/** A template that can be filled in; parsed at its first use, then kept. */
export type Template = TemplateText & { readonly format: () => IntlMessageFormat }

/** The closed set of arguments. For voice each value must be valid SSML. */
export type TemplateValues = { readonly code: string }

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
  // No prototype: `{constructor}` in a wording finds nothing.
  const own: Record<string, string> = Object.assign(Object.create(null), values)
  return String(template.format().format(own))
}

/** An argument in a wording; `isPlain` when it stands for its value as it is: `{code}`, not `{code, number}`. */
export type Argument = { readonly name: string; readonly isPlain: boolean }

/** The arguments in a wording, in order, repeated ones repeated. Throws what the parser throws. */
export function argumentsOf(text: string, locale: string): readonly Argument[] {
  const found: Argument[] = []
  const visit = (elements: ReturnType<IntlMessageFormat['getAst']>): void => {
    for (const element of elements) {
      if (!('value' in element) || element.type === LITERAL) continue
      found.push({ name: element.value, isPlain: element.type === ARGUMENT })
      if ('options' in element) for (const option of Object.values(element.options)) visit(option.value)
    }
  }
  visit(parse(text, locale).getAst())
  return found
}

/** Plain words as a wording: what ICU MessageFormat would read as syntax is quoted. */
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
function parse(text: string, locale: string): IntlMessageFormat {
  return new IntlMessageFormat(text, locale, undefined, { ignoreTag: true })
}

// The parser's types of elements.
const LITERAL = 0
const ARGUMENT = 1
