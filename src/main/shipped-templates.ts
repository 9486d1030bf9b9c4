import type { NewTemplate, PolicyStore } from '../core/policy/policy-store.ts'
import { purposes } from '../core/values/request.ts'
import { voiceFor } from '../core/values/voices.ts'
import { type ShippedLanguage, shippedLanguages } from './shipped-languages.ts'

/** The templates of `messages/`. */
export const shippedTemplates: readonly NewTemplate[] = shippedLanguages.flatMap(templatesOf)

/** A store that has no template at all gets the shipped ones; of two programs that find it empty at once, from one. */
export async function seedTemplates(store: PolicyStore, now: () => number): Promise<void> {
  const policy = await store.readPolicy()
  if (policy?.templates.length !== 0) return
  const changes = shippedTemplates.map(template => ({ ...template, replaces: 0 }))
  await store.saveTemplates(changes, { author: 'Hookline', at: now() })
}

function templatesOf({ locale, voiceId, sms, voice }: ShippedLanguage): readonly NewTemplate[] {
  // A user's region may have a voice of its own: the one that is chosen anyway is not named.
  const named = voiceId === voiceFor(locale) ? '' : voiceId
  return (['any', ...purposes] as const).flatMap(purpose => {
    const template = { locale, purpose, indiaTemplateId: undefined }
    const text: NewTemplate = { ...template, channel: 'sms', text: sms[purpose], voiceId: '' }
    if (voice === undefined) return [text]
    return [text, { ...template, channel: 'voice', text: voice[purpose], voiceId: named } as const]
  })
}
