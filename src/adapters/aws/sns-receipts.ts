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
  /** The only topics that are listened to: any AWS account can sign a message from a topic of its own. */
  readonly topicArns: readonly string[]
  /** Origin of a carrier stand-in on loopback, which then signs in SNS's place. */
  readonly standIn: string | undefined
}

export type SnsPost =
  | { readonly kind: 'receipt'; readonly receipt: Receipt }
  /** Nothing to keep: a confirmation, or an event about something else. */
  | { readonly kind: 'heard'; readonly detail: string }
  | { readonly kind: 'denied'; readonly detail: string }

/**
 * Judges what was posted to the receipts' address: the topic before anything else, then the signature, its age, then
 * the content. A subscription is confirmed only for a topic of the list. Rejects when SNS cannot be reached,
 * or gives no certificate.
 */
export function createSnsReader(
  rules: SnsRules,
  fetchText: (url: string, signal: AbortSignal) => Promise<string>,
  { now, abortAfter }: Times,
): (json: unknown, signal: AbortSignal, saysRaw?: boolean) => Promise<SnsPost> {
  const certificateAt = keepCertificates(fetchText, { now, abortAfter })
  const confirm = async (
    { SubscribeURL: url = '', TopicArn }: SnsMessage,
    signal: AbortSignal,
  ): Promise<SnsPost> => {
    if (!isSnsAddress(url, TopicArn, rules.standIn))
      return { kind: 'denied', detail: 'The SubscribeURL is not an address of SNS.' }
    await fetchText(url, signal)
    return { kind: 'heard', detail: 'subscription confirmed' }
  }
  return async (json, signal, saysRaw = false) => {
    const message = readSnsMessage(json)
    if (message === undefined)
      return { kind: 'denied', detail: saysRaw || isBareEvent(json) ? RAW_DELIVERY : 'Not a message of SNS.' }
    if (!rules.topicArns.includes(message.TopicArn))
      return { kind: 'denied', detail: 'The topic is not on the list.' }
    const { SigningCertURL: url, TopicArn, Timestamp } = message
    if (!isCertificateAddress(url, TopicArn, rules.standIn))
      return { kind: 'denied', detail: 'The certificate is not from SNS.' }
    const certificate = await certificateAt(url, signal)
    if (!isSnsCertificate(certificate, TopicArn, now()))
      return { kind: 'denied', detail: "The certificate is not SNS's own, or not in force." }
    if (!isSignedBy(message, certificate)) return { kind: 'denied', detail: 'The signature is wrong.' }
    // SNS gives up after hours: what is older was posted by somebody who kept it.
    if (!(Math.abs(now() - Date.parse(Timestamp)) <= AGE_MAX_MS))
      return { kind: 'denied', detail: 'The message is not of the last three days.' }
    if (message.Type === 'SubscriptionConfirmation') return confirm(message, signal)
    if (message.Type === 'UnsubscribeConfirmation') return { kind: 'heard', detail: 'subscription ended' }
    const receipt = readReceipt(parse(message.Message), now())
    return receipt === undefined
      ? { kind: 'heard', detail: 'not about a message' }
      : { kind: 'receipt', receipt }
  }
}

/** What raw delivery posts, when a proxy has dropped its header: the event alone, which nobody signed. */
function isBareEvent(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'eventType' in json && 'messageId' in json
}

/** Without the envelope there is no signature: anybody could have posted it. */
const RAW_DELIVERY =
  'Raw message delivery is on: switch it off in the SNS subscription. Raw messages have no signature, so none is believed.'

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // SNS lets anybody publish any text: not about a message
  }
}

const AGE_MAX_MS = 3 * 86_400_000
