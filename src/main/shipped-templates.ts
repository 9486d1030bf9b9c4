import type { NewTemplate } from '../core/policy/policy-store.ts'
import { purposes } from '../core/values/request.ts'
import { voiceFor } from '../core/values/voices.ts'
import { type ShippedCall, type ShippedLanguage, shippedLanguages } from './shipped-languages.ts'

const CODE = '<break time="500ms"/><prosody rate="slow">{code}</prosody><break time="800ms"/>'

/** The templates that a new store has. */
export const shippedTemplates: readonly NewTemplate[] = shippedLanguages.flatMap(templatesOf)

/** The templates of a language: a text for every purpose, and a call where a voice speaks it. */
export function templatesOf({ locale, script, voiceId, sms, call }: ShippedLanguage): readonly NewTemplate[] {
  // A user's region may have its own voice, so the default voice is not named.
  const named = voiceId === voiceFor(locale) ? '' : voiceId
  return (['any', ...purposes] as const).flatMap((purpose): readonly NewTemplate[] => {
    const template = { locale, purpose, indiaTemplateId: undefined }
    const [full = '', short] = sms[purpose]
    const text: NewTemplate = { ...template, channel: 'sms', ...forms(full, short), voiceId: '' }
    if (call === undefined) return [text]
    const spoken = [3, 2].map(times => callText(call, purpose, times, isSpaced(script)))
    return [
      text,
      { ...template, channel: 'voice', ...forms(...(spoken as [string, string])), voiceId: named },
    ]
  })
}

function forms(text: string, short: string | undefined): Pick<NewTemplate, 'text' | 'short'> {
  return short === undefined ? { text } : { text, short }
}

/** Greeting and goodbye at normal speed, digits slowly. The last repetition has no words before it. */
function callText(
  { greeting, code, again, minutes, goodbye }: ShippedCall,
  purpose: keyof ShippedCall['code'],
  times: number,
  spaced: boolean,
): string {
  const categories = Object.entries(minutes).map(([category, words]) => `${category} {${words}}`)
  const expiry = categories.length === 1 ? minutes.other : `{minutes, plural, ${categories.join(' ')}}`
  const space = spaced ? ' ' : ''
  return [
    `<speak>${greeting}${space}${code[purpose]}${CODE}${again}`,
    ...Array.from({ length: times - 1 }, () => CODE),
    `${expiry}${space}${goodbye}</speak>`,
  ].join('')
}

function isSpaced(script: string): boolean {
  return !['Hans', 'Hant', 'Jpan'].includes(script)
}
