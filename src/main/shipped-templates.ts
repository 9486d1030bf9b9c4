import en from '../../messages/en.json' with { type: 'json' }
import es from '../../messages/es.json' with { type: 'json' }
import type { NewTemplate, Store } from '../core/store.ts'

/** The wordings of `messages/`. */
export const shippedTemplates: readonly NewTemplate[] = [en, es].flatMap(
  ({ locale, voiceId, sms, voice }) => {
    const template = { locale, purpose: 'any', indiaTemplateId: undefined } as const
    return [
      { ...template, channel: 'sms', text: sms.any, voiceId: '' },
      { ...template, channel: 'voice', text: voice.any, voiceId },
    ] as const
  },
)

/** A store that has no wording at all gets the shipped ones. */
export async function seedTemplates(store: Store): Promise<void> {
  const policy = await store.readPolicy()
  if (policy?.templates.length === 0) await store.saveTemplates(shippedTemplates)
}
