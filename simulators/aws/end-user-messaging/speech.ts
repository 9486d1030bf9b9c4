import { spawn } from 'node:child_process'
import type { Message } from './message.ts'
import { parseSsml, type SsmlToken } from './ssml.ts'
import { languageOfVoice } from './voices.ts'

/** Speaks calls, so that people can hear them. */
export type Speech = {
  speak(message: Message): Promise<Spoken>
  /** Ends speech in progress. */
  close(): void
}

/** A call as a WAV file, or the reason for its absence with an HTTP status. */
type Spoken =
  | { readonly kind: 'spoken'; readonly wav: Uint8Array }
  | { readonly kind: 'not-spoken'; readonly status: 404 | 503 | 500; readonly reason: string }

/**
 * Speech by eSpeak NG, run as a child process: the text is passed on stdin, never through a shell. A run may take ten
 * seconds and produce 32 MB; at most four run at once.
 */
export function createSpeech(program: string): Speech {
  const closing = new AbortController()
  let running = 0
  return {
    async speak(message) {
      if (running >= RUNS_MAX) {
        return { kind: 'not-spoken', status: 503, reason: 'Other calls are being spoken; try again' }
      }
      running += 1
      try {
        const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(RUN_MS_MAX)])
        return await run(program, voiceOf(message), spokenText(message), signal)
      } finally {
        running -= 1
      }
    },
    close: () => closing.abort(),
  }
}

const RUNS_MAX = 4
const RUN_MS_MAX = 10_000
const WAV_BYTES_MAX = 32 * 1024 * 1024

function run(program: string, voice: string, ssml: string, signal: AbortSignal): Promise<Spoken> {
  return new Promise(resolve => {
    const child = spawn(program, ['-m', '-v', voice, '--stdin', '--stdout'], {
      stdio: ['pipe', 'pipe', 'ignore'],
      shell: false,
      signal,
      killSignal: 'SIGKILL',
    })
    const chunks: Buffer[] = []
    let size = 0
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > WAV_BYTES_MAX) child.kill('SIGKILL')
      else chunks.push(chunk)
    })
    child.stdin.on('error', () => {}) // it exited without reading: 'close' has the exit code
    child.on('error', error => resolve(notSpoken(program, error)))
    child.on('close', status =>
      resolve(
        status === 0 && size > WAV_HEADER_BYTES
          ? { kind: 'spoken', wav: withTrueLengths(Buffer.concat(chunks)) }
          : { kind: 'not-spoken', status: 500, reason: `${program} ended without speaking` },
      ),
    )
    child.stdin.end(ssml)
  })
}

function notSpoken(program: string, error: Error): Spoken {
  return 'code' in error && error.code === 'ENOENT'
    ? {
        kind: 'not-spoken',
        status: 404,
        reason: `${program} is not installed: the browser can speak instead`,
      }
    : { kind: 'not-spoken', status: 500, reason: `${program} did not finish` }
}

const WAV_HEADER_BYTES = 44

/** On a pipe, eSpeak NG does not know the length in advance and writes a false one into the header. */
function withTrueLengths(wav: Buffer): Uint8Array {
  wav.writeUInt32LE(wav.length - 8, 4)
  wav.writeUInt32LE(wav.length - WAV_HEADER_BYTES, 40)
  return wav
}

function voiceOf(message: Message): string {
  const language = languageOfVoice(message.voiceId)
  return ESPEAK_VOICES.get(language) ?? language.slice(0, 2)
}

// Languages whose name in eSpeak NG is not their first two letters.
const ESPEAK_VOICES: ReadonlyMap<string, string> = new Map([
  ['cmn-CN', 'cmn'],
  ['en-AU', 'en-gb'],
  ['en-GB', 'en-gb'],
  ['en-IN', 'en-gb'],
  ['en-US', 'en-us'],
  ['es-MX', 'es-419'],
  ['es-US', 'es-419'],
  ['pt-BR', 'pt-br'],
])

function spokenText(message: Message): string {
  if (message.bodyType !== 'SSML') return `<speak>${escapeXml(message.body)}</speak>`
  const ssml = parseSsml(message.body)
  return ssml.kind === 'ssml' ? ssml.tokens.map(forEspeak).join('') : ''
}

/**
 * SSML for eSpeak NG, rebuilt from the parsed document and limited to elements that shape the voice: its <audio> would
 * open local files. It reads digits one by one as "characters", not as "digits".
 */
function forEspeak(token: SsmlToken): string {
  if (token.kind === 'text') return escapeXml(token.text)
  if (!SAFE_ELEMENTS.has(token.name)) return ' '
  if (token.kind === 'close') return `</${token.name}>`
  const attributes = [...token.attributes]
    .filter(([name]) => SAFE_ATTRIBUTES.has(name))
    .map(([name, value]) => {
      const known = name === 'interpret-as' && value === 'digits' ? 'characters' : value
      return ` ${name}="${escapeXml(known)}"`
    })
  return `<${token.name}${attributes.join('')}>`
}

const SAFE_ELEMENTS: ReadonlySet<string> = new Set([
  'break',
  'emphasis',
  'p',
  'prosody',
  's',
  'say-as',
  'speak',
  'sub',
])
const SAFE_ATTRIBUTES: ReadonlySet<string> = new Set([
  'alias',
  'interpret-as',
  'level',
  'pitch',
  'rate',
  'strength',
  'time',
  'volume',
])

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
