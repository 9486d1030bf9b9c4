import type { Receipt } from '../../core/records/receipt.ts'
import { readReceipt } from './receipt.ts'
import {
  isCertificateAddress,
  isSignedBy,
  isSnsAddress,
  isSnsCertificate,
  readSnsMessage,
  type SnsMessage,
} from './sns.ts'
import { keepCertificates, type Times } from './sns-certificates.ts'

export type SnsRules = {
  /** The only accepted topics: any AWS account can publish signed messages from its own topic. */
  readonly topicArns: readonly string[]
  /** Origin of a carrier stand-in on loopback, which signs instead of SNS. */
  readonly standIn: string | undefined
}

export type SnsPost =
  | { readonly kind: 'receipt'; readonly receipt: Receipt }
  /** Nothing to store: a confirmation, or an event about something else. */
  | { readonly kind: 'heard'; readonly detail: string }
  | { readonly kind: 'denied'; readonly detail: string }

/**
 * Checks what was posted to the address for receipts: first the topic, then the signature, the age and the content. A
 * subscription is confirmed only for a topic on the list. Rejects if SNS cannot be reached, or if its certificate
 * cannot be fetched.
 */
export function createSnsReader(
  rules: SnsRules,
  fetchText: (url: string, signal: AbortSignal) => Promise<string>,
  { now, abortAfter }: Times,
): (json: unknown, signal: AbortSignal, isRaw?: boolean) => Promise<SnsPost> {
  const certificateAt = keepCertificates(fetchText, { now, abortAfter })
  const confirm = async (
    { SubscribeURL: url = '', TopicArn }: SnsMessage,
    signal: AbortSignal,
  ): Promise<SnsPost> => {
    if (!isSnsAddress(url, TopicArn, rules.standIn))
      return { kind: 'denied', detail: 'The SubscribeURL is not an SNS address.' }
    await fetchText(url, signal)
    return { kind: 'heard', detail: 'subscription confirmed' }
  }
  return async (json, signal, isRaw = false) => {
    const message = readSnsMessage(json)
    if (message === undefined)
      return { kind: 'denied', detail: isRaw || isBareEvent(json) ? RAW_DELIVERY : 'Not an SNS message.' }
    if (!rules.topicArns.includes(message.TopicArn))
      return { kind: 'denied', detail: 'The topic is not on the list.' }
    const { SigningCertURL: url, TopicArn, Timestamp } = message
    if (!isCertificateAddress(url, TopicArn, rules.standIn))
      return { kind: 'denied', detail: 'The certificate is not from SNS.' }
    const certificate = await certificateAt(url, signal)
    if (!isSnsCertificate(certificate, TopicArn, now()))
      return { kind: 'denied', detail: "The certificate is not SNS's, or is not valid now." }
    if (!isSignedBy(message, certificate)) return { kind: 'denied', detail: 'The signature is invalid.' }
    // SNS stops retrying after hours, so an older message was stored and replayed by somebody.
    if (!(Math.abs(now() - Date.parse(Timestamp)) <= AGE_MAX_MS))
      return { kind: 'denied', detail: 'The message is not from the last three days.' }
    if (message.Type === 'SubscriptionConfirmation') return confirm(message, signal)
    if (message.Type === 'UnsubscribeConfirmation') return { kind: 'heard', detail: 'subscription ended' }
    const receipt = readReceipt(parse(message.Message), now())
    return receipt === undefined
      ? { kind: 'heard', detail: 'not about a message' }
      : { kind: 'receipt', receipt }
  }
}

/** Raw delivery whose header was removed by a proxy: only the event, without a signature. */
function isBareEvent(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'eventType' in json && 'messageId' in json
}

const RAW_DELIVERY =
  'Raw message delivery is on. Turn it off in the SNS subscription: raw messages have no signature and are not accepted.'

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // publishers can send any text: not about a message
  }
}

const AGE_MAX_MS = 3 * 86_400_000
