import { X509Certificate } from 'node:crypto'
import type { Receipt } from '../../core/receipt.ts'
import { readReceipt } from './receipt.ts'
import { isCertificateAddress, isSignedBy, isSnsAddress, readSnsMessage, type SnsMessage } from './sns.ts'

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
 * Judges what was posted to the receipts' address: the topic before anything else, then the signature, then
 * the content. A subscription is confirmed only for a topic of the list. Rejects when SNS cannot be reached,
 * or gives no certificate.
 */
export function createSnsReader(
  rules: SnsRules,
  fetchText: (url: string, signal: AbortSignal) => Promise<string>,
  now: () => number,
): (json: unknown, signal: AbortSignal, saysRaw?: boolean) => Promise<SnsPost> {
  const certificates = new Map<string, X509Certificate>()
  const certificateAt = async (url: string, signal: AbortSignal): Promise<X509Certificate> => {
    const known = certificates.get(url)
    if (known !== undefined) return known
    // Anything else, such as the page of a proxy, is not kept: it rejects, and SNS sends again.
    const fetched = new X509Certificate(await fetchText(url, signal))
    if (certificates.size >= CERTIFICATES_MAX) certificates.clear()
    certificates.set(url, fetched)
    return fetched
  }
  const confirm = async ({ SubscribeURL: url = '' }: SnsMessage, signal: AbortSignal): Promise<SnsPost> => {
    if (!isSnsAddress(url, rules.standIn))
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
    const { SigningCertURL: url } = message
    if (!isCertificateAddress(url, rules.standIn))
      return { kind: 'denied', detail: 'The certificate is not from SNS.' }
    if (!isSignedBy(message, await certificateAt(url, signal)))
      return { kind: 'denied', detail: 'The signature is wrong.' }
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

const CERTIFICATES_MAX = 20
