/**
 * How long SSML speaks, in seconds: an estimate from letters, digits and pauses, at the pace of a slower voice. Voices differ by a
 * quarter and more. Markup need not be well-formed: it is read tag by tag.
 */
export function spokenSeconds(ssml: string): number {
  const rates: number[] = [1]
  let seconds = 0
  let isReplaced = false
  for (const [piece, tag = ''] of ssml.matchAll(PIECE)) {
    const [start = '', close, name] = /^(\/?)([\w:.-]*)/.exec(tag) ?? []
    const attributes = tag.slice(start.length)
    const rate = rates.at(-1) ?? 1
    const value = (attribute: string): string | undefined =>
      new RegExp(`\\b${attribute}\\s*=\\s*["']([^"']*)["']`).exec(attributes)?.[1]
    if (!piece.startsWith('<')) seconds += isReplaced ? 0 : speakingSeconds(piece) / rate
    else if (name === 'sub') {
      isReplaced = close === ''
      seconds += speakingSeconds(value('alias') ?? '') / rate
    } else if (name === 'prosody') {
      if (close === '') rates.push(rateOf(value('rate')) ?? rate)
      else rates.pop()
    } else if (name === 'break') seconds += pauseSeconds({ time: value('time'), strength: value('strength') })
    else if (close !== '' && (name === 'p' || name === 's')) seconds += SENTENCE_SECONDS
  }
  return Math.round(seconds * 10) / 10
}

/** The pause of a `<break>`, in seconds. */
export function pauseSeconds({
  time,
  strength,
}: {
  readonly time?: string | undefined
  readonly strength?: string | undefined
}): number {
  const [, count, unit] = /^(\d+(?:\.\d+)?|\.\d+)(ms|s)$/.exec(time ?? '') ?? []
  if (count !== undefined) return Number(count) / (unit === 'ms' ? 1000 : 1)
  return STRENGTH_SECONDS[strength ?? 'medium'] ?? MEDIUM_SECONDS
}

function speakingSeconds(escaped: string): number {
  const text = escaped.replace(/&#?\w+;/g, ' ')
  return COUNTED.reduce((sum, [pattern, seconds]) => sum + (text.match(pattern)?.length ?? 0) * seconds, 0)
}

function rateOf(rate: string | undefined): number | undefined {
  const percent = /^(\d+)%$/.exec(rate ?? '')?.[1]
  return percent === undefined ? RATES[rate ?? ''] : Math.max(20, Number(percent)) / 100
}

const PIECE = /<((?:[^<>"']|"[^"]*"|'[^']*')*)>|[^<]+/g
const SENTENCE_SECONDS = 0.4
const MEDIUM_SECONDS = 0.5
/** Seconds of each that is found in a text. Measured against eSpeak NG at its usual 175 words a minute; vowels of Arabic are said and not written. */
const COUNTED: readonly (readonly [RegExp, number])[] = [
  [/\p{Nd}/gu, 0.35],
  [/\p{Script=Han}/gu, 0.22],
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/gu, 0.13],
  [/\p{Script=Hangul}/gu, 0.17],
  [/\p{Script=Arabic}/gu, 0.13],
  [
    /(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Arabic}])\p{L}/gu,
    0.06,
  ],
  [/(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{M}'’-])+/gu, 0.06],
  [/[.!?。！？।]/gu, SENTENCE_SECONDS],
  [/[,:;،、，：；]/gu, 0.2],
]
const STRENGTH_SECONDS: Readonly<Record<string, number | undefined>> = {
  none: 0,
  'x-weak': 0.1,
  weak: 0.25,
  medium: MEDIUM_SECONDS,
  strong: 0.75,
  'x-strong': 1,
}
// SSML leaves them to the engine; eSpeak NG's slow is 80 %.
const RATES: Readonly<Record<string, number | undefined>> = {
  'x-slow': 0.5,
  slow: 0.8,
  medium: 1,
  fast: 1.25,
  'x-fast': 1.5,
}
