import { ssmlPieces } from './ssml-pieces.ts'

/**
 * How long a call speaks, in seconds: an estimate from letters, digits and pauses. Voices differ by a third and more.
 * Zero for what is not SSML.
 */
export function spokenSeconds(ssml: string): number {
  const rates: number[] = [1]
  let seconds = 0
  for (const piece of ssmlPieces(ssml) ?? []) {
    const rate = rates.at(-1) ?? 1
    if (piece.kind === 'text') seconds += speakingSeconds(piece.text) / rate
    else if (piece.kind === 'close') {
      if (piece.name === 'prosody') rates.pop()
      if (piece.name === 'p' || piece.name === 's') seconds += SENTENCE_SECONDS
    } else if (piece.name === 'prosody') rates.push(rateOf(piece.attributes.rate) ?? rate)
    else if (piece.name === 'break') seconds += pauseSeconds(piece.attributes)
  }
  return Math.round(seconds * 10) / 10
}

/** The pause of a `<break>`, in seconds. */
export function pauseSeconds({ time, strength }: Readonly<Record<string, string>>): number {
  const [, count, unit] = /^(\d+(?:\.\d+)?|\.\d+)(ms|s)$/.exec(time ?? '') ?? []
  if (count !== undefined) return Number(count) / (unit === 'ms' ? 1000 : 1)
  return STRENGTH_SECONDS[strength ?? 'medium'] ?? MEDIUM_SECONDS
}

function speakingSeconds(text: string): number {
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0
  return (
    count(/\p{Nd}/gu) * 0.35 +
    count(/\p{Script=Han}/gu) * 0.22 +
    count(/[\p{Script=Hiragana}\p{Script=Katakana}]/gu) * 0.13 +
    count(/\p{Script=Hangul}/gu) * 0.17 +
    count(WRITTEN_BY_LETTERS) * 0.055 +
    count(
      /(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}])[\p{L}\p{M}'’-])+/gu,
    ) *
      0.1 +
    count(/[.!?。！？।]/gu) * SENTENCE_SECONDS +
    count(/[,:;،、，：；]/gu) * 0.2
  )
}

function rateOf(rate: string | undefined): number | undefined {
  const percent = /^(\d+)%$/.exec(rate ?? '')?.[1]
  return percent === undefined ? RATES[rate ?? ''] : Math.max(20, Number(percent)) / 100
}

const WRITTEN_BY_LETTERS =
  /(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}])\p{L}/gu
const SENTENCE_SECONDS = 0.4
const MEDIUM_SECONDS = 0.5
const STRENGTH_SECONDS: Readonly<Record<string, number | undefined>> = {
  none: 0,
  'x-weak': 0.1,
  weak: 0.25,
  medium: MEDIUM_SECONDS,
  strong: 0.75,
  'x-strong': 1,
}
const RATES: Readonly<Record<string, number | undefined>> = {
  'x-slow': 0.5,
  slow: 0.75,
  medium: 1,
  fast: 1.25,
  'x-fast': 1.5,
}
