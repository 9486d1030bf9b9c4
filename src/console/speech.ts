import { createHash } from 'node:crypto'

/** Speaks SSML as a WAV file, not with AWS's voice. `missing`: there is no program for it on this machine. */
export type Speak = (
  ssml: string,
  voiceId: string,
) => Promise<
  | { readonly kind: 'spoken'; readonly wav: Uint8Array }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed' }
>

/** What pages offer to be heard. Nothing is spoken before somebody asks for it. */
export type Speech = {
  /** The key of its address. */
  readonly offer: (ssml: string, voiceId: string) => string
  /** Undefined for what was not offered, or not lately. */
  readonly hear: (key: string) => ReturnType<Speak> | undefined
}

/** Keeps the last hundred offers: an editor makes a new one with each change. */
export function createSpeech(speak: Speak): Speech {
  const offers = new Map<string, { readonly ssml: string; readonly voiceId: string }>()
  return {
    offer: (ssml, voiceId) => {
      const key = createHash('sha256')
        .update(JSON.stringify([ssml, voiceId]))
        .digest('base64url')
      offers.delete(key)
      offers.set(key, { ssml, voiceId })
      const [oldest] = offers.keys()
      if (offers.size > OFFERS_MAX && oldest !== undefined) offers.delete(oldest)
      return key
    },
    hear: key => {
      const offer = offers.get(key)
      return offer && speak(offer.ssml, offer.voiceId)
    },
  }
}

const OFFERS_MAX = 100
