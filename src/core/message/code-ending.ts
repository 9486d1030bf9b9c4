import { measureText } from './message-parts.ts'

/** What lets a phone fill in the code by itself: the last line of a text, and nothing after it. */
export type CodeEnding =
  /** The browser: https://wicg.github.io/sms-one-time-codes/ */
  | { readonly kind: 'domain'; readonly domain: string }
  /** An Android app, by SMS Retriever: the 11 characters that stand for its signature. */
  | { readonly kind: 'app'; readonly appHash: string }

/** The text with its ending; as it was where the ending would make it cost more than the budget, or be useless. */
export function withEnding(
  body: string,
  code: string,
  ending: CodeEnding | undefined,
  partsMax: number,
): string {
  if (ending === undefined) return body
  const whole = `${body.trimEnd()}\n${endingLine(ending, code)}`
  if (ending.kind === 'app' && bytesOf(whole) > APP_MAX_BYTES) return body
  return measureText(whole).parts <= Math.max(partsMax, measureText(body).parts) ? whole : body
}

function endingLine(ending: CodeEnding, code: string): string {
  return ending.kind === 'domain' ? `@${ending.domain} #${code}` : ending.appHash
}

function bytesOf(text: string): number {
  const { encoding, septetsOrUnits } = measureText(text)
  return encoding === 'GSM-7' ? Math.ceil((septetsOrUnits * 7) / 8) : septetsOrUnits * 2
}

const APP_MAX_BYTES = 140 // SMS Retriever reads no longer text
