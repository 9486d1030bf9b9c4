import { spawn } from 'node:child_process'
import { ssmlPieces } from '../../advice/lint/ssml-pieces.ts'
import { escapeXml } from '../../core/message/template.ts'
import { localeOfVoice } from '../../core/values/voices.ts'

/** A spoken call, or why there is none. `missing`: the program is not installed. */
export type Spoken =
  | { readonly kind: 'spoken'; readonly wav: Uint8Array }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed' }

/**
 * A WAV file of a call, spoken by eSpeak NG: the words, digits and pauses of the call, but not AWS's voice. The text
 * is passed on stdin, never through a shell. Only tags that shape the voice are passed on: `<audio>` would open files.
 */
export function speak(ssml: string, voiceId: string, env: Readonly<Record<string, string>>): Promise<Spoken> {
  return new Promise((resolve, reject) => {
    const child = spawn(ESPEAK, ['-m', '-v', espeakVoice(voiceId), '--stdin', '--stdout'], {
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: RUN_MS_MAX,
      env,
    })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => void chunks.push(chunk))
    child.stdin.on('error', () => {}) // it ended without reading: 'close' has its status
    child.on('error', error => {
      if ('code' in error && error.code === 'ENOENT') resolve({ kind: 'missing' })
      else reject(error)
    })
    child.on('close', status => {
      const wav = Buffer.concat(chunks)
      if (status !== 0 || wav.length <= WAV_HEADER_BYTES) return resolve({ kind: 'failed' })
      resolve({ kind: 'spoken', wav: withTrueLengths(wav) })
    })
    child.stdin.end(portableSsml(ssml))
  })
}

/** eSpeak NG's name for the language of a voice of AWS. @internal */
export function espeakVoice(voiceId: string): string {
  const locale = localeOfVoice(voiceId) ?? 'en-US'
  return ESPEAK_VOICES[locale] ?? new Intl.Locale(locale).language
}

function portableSsml(ssml: string): string {
  const pieces = (ssmlPieces(ssml) ?? []).map(piece => {
    if (piece.kind === 'text') return escapeXml(piece.text)
    if (!SAFE.has(piece.name)) return ' '
    if (piece.kind === 'close') return `</${piece.name}>`
    const attributes = Object.entries(piece.attributes).map(
      ([name, value]) => ` ${name}="${escapeXml(value)}"`,
    )
    return `<${piece.name}${attributes.join('')}>`
  })
  return pieces.join('')
}

/** On a pipe, eSpeak NG cannot know the length in advance and writes a made-up one into the header. */
function withTrueLengths(wav: Buffer): Buffer {
  wav.writeUInt32LE(wav.length - 8, 4)
  wav.writeUInt32LE(wav.length - WAV_HEADER_BYTES, 40)
  return wav
}

const ESPEAK = 'espeak-ng'
const RUN_MS_MAX = 20_000
const WAV_HEADER_BYTES = 44
const SAFE: ReadonlySet<string> = new Set(['break', 'p', 'prosody', 's', 'say-as', 'speak'])

// Where eSpeak NG's name is not just the language.
const ESPEAK_VOICES: Readonly<Record<string, string | undefined>> = {
  'en-AU': 'en-gb',
  'en-GB': 'en-gb',
  'en-IN': 'en-gb',
  'en-US': 'en-us',
  'es-MX': 'es-419',
  'es-US': 'es-419',
  'fr-CA': 'fr-fr',
  'fr-FR': 'fr-fr',
  'pt-BR': 'pt-br',
  zh: 'cmn',
}
