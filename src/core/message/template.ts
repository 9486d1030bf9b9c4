import type { Channel, Purpose } from '../values/request.ts'
import { type Fill, type FillValues, readPlainTemplate } from './plain-template.ts'
import type { TemplateValues } from './template-values.ts'

/** The template for (channel, locale, purpose), as it is stored. ICU MessageFormat; SSML for voice. */
export type TemplateText = {
  readonly channel: Channel
  /** A normalised BCP 47 tag. */
  readonly locale: string
  /** `any` serves every purpose that has no template of its own. */
  readonly purpose: Purpose | 'any'
  /** The full form: the one to send where there is room for it. */
  readonly text: string
  /** The form for less room: sent where it saves a message part, or where a call in full would speak too long. */
  readonly short?: string
  /** AWS's VoiceId, for voice; empty for the voice of the user's locale, and for SMS. */
  readonly voiceId: string
  /** India's registration of this very template (DLT template ID), for texts to India. */
  readonly indiaTemplateId: string | undefined
  /** Counts up with each change of this template. */
  readonly version: number
}

/** A template that can be filled in: its forms, the fullest first. Each is read at its first use, then kept. */
export type Template = TemplateText & {
  readonly forms: readonly [full: Fill, short?: Fill]
  /** For a call: the seconds that it speaks in full with a code of this many digits, estimated once. */
  readonly secondsInFull: (digits: number, estimate: () => number) => number
}

/** `readIcu` reads what is not plain; without it such a template cannot be filled in. */
export function prepareTemplate(
  template: TemplateText,
  readIcu?: (text: string, locale: string) => Fill,
): Template {
  const form = (text: string): Fill => {
    let fill: Fill | undefined
    return values => {
      fill ??= readPlainTemplate(text, template.locale) ?? readIcu?.(text, template.locale)
      if (fill === undefined)
        throw new Error(`${template.locale}: a template that is not plain was read without ICU`)
      return fill(values)
    }
  }
  const seconds = new Map<number, number>()
  const { text, short } = template
  return {
    ...template,
    forms: short === undefined ? [form(text)] : [form(text), form(short)],
    secondsInFull: (digits, estimate) => {
      const known = seconds.get(digits) ?? estimate()
      seconds.set(digits, known)
      return known
    },
  }
}

/** The full form with its values as they are. A value is never a pattern: it is put in with whatever braces or quotes it holds. */
export function fillIn({ forms: [full] }: Template, values: TemplateValues): string {
  return full(asText(values))
}

/** The values of a text. */
export function asText({ code, minutes, brand, domain, firstName }: TemplateValues): FillValues {
  return { code: code.reveal(), minutes, brand, brandAsText: brand, domain, firstName }
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
