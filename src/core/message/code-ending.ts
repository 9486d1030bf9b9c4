import type { Secret } from '../values/secret.ts'
import { type Measure, type MeasuredText, measureText } from './message-parts.ts'

/** The last line of a text, which lets a phone fill in the code. */
export type CodeEnding =
  /** The browser: https://wicg.github.io/sms-one-time-codes/ */
  | { readonly kind: 'domain'; readonly domain: string }
  /** An Android app, by SMS Retriever: the 11 characters of its signature's hash. */
  | { readonly kind: 'app'; readonly appHash: string }

/** The text with its ending; without it if the ending would exceed the part budget or would not work. */
export function withEnding(
  body: MeasuredText,
  code: Secret,
  ending: CodeEnding | undefined,
  partsMax: number,
): MeasuredText {
  if (ending === undefined) return body
  const whole = measureText(`${body.text.trimEnd()}\n${endingLine(ending, code)}`)
  if (ending.kind === 'app' && bytesOf(whole) > APP_MAX_BYTES) return body
  return whole.parts <= Math.max(partsMax, body.parts) ? whole : body
}

function endingLine(ending: CodeEnding, code: Secret): string {
  return ending.kind === 'domain' ? `@${ending.domain} #${code.reveal()}` : ending.appHash
}

function bytesOf({ encoding, septetsOrUnits }: Measure): number {
  return encoding === 'GSM-7' ? Math.ceil((septetsOrUnits * 7) / 8) : septetsOrUnits * 2
}

const APP_MAX_BYTES = 140 // SMS Retriever ignores longer texts
