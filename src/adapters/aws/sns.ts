import { verify, type X509Certificate } from 'node:crypto'

/** A message that SNS posts to an HTTPS subscription. Source: "Parsing Amazon SNS message formats". */
export type SnsMessage = {
  readonly Type: 'Notification' | 'SubscriptionConfirmation' | 'UnsubscribeConfirmation'
  readonly MessageId: string
  readonly TopicArn: string
  readonly Message: string
  readonly Timestamp: string
  readonly Signature: string
  readonly SignatureVersion: string
  readonly SigningCertURL: string
  readonly Subject?: string
  readonly Token?: string
  readonly SubscribeURL?: string
}

/** The message, if it has the right form. Nothing in it can be trusted before its signature is verified. */
export function readSnsMessage(json: unknown): SnsMessage | undefined {
  if (typeof json !== 'object' || json === null) return undefined
  const message = json as Record<string, unknown>
  const isWhole = REQUIRED.every(name => typeof message[name] === 'string')
  return isWhole && TYPES.includes(String(message.Type)) ? (message as SnsMessage) : undefined
}

/** Whether a URL is an address of SNS in the topic's region (where subscriptions are confirmed), or of the stand-in. */
export function isSnsAddress(url: string, topicArn: string, standIn: string | undefined): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, host, username, password, origin, href } = new URL(url)
  if (standIn !== undefined && origin === standIn) return true
  const isPlain = href === url && username === '' && password === ''
  return isPlain && protocol === 'https:' && host === snsHost(topicArn)
}

/** `sns.us-east-1.amazonaws.com`; undefined if the ARN has no AWS region. */
function snsHost(topicArn: string): string | undefined {
  const [, partition, region, domain] =
    /^arn:(aws[a-z-]*):sns:(([a-z]{2,4})(?:-[a-z]+)+-\d{1,2}):/.exec(topicArn) ?? []
  if (region === undefined || domain === undefined) return undefined
  return `sns.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`
}

/**
 * Whether this is a certificate with which SNS signs in the topic's region, and is valid now. Its name depends on the
 * region. Source: AWS SDK for Java, SnsHostProvider.
 */
export function isSnsCertificate(certificate: X509Certificate, topicArn: string, now: number): boolean {
  const region = topicArn.split(':')[3] ?? ''
  const suffix = `${region}.amazonaws.com${topicArn.startsWith('arn:aws-cn:') ? '.cn' : ''}`
  const names = [
    'sns.amazonaws.com',
    ...['sns.', 'sns-', 'sns-signing.'].map(prefix => `${prefix}${suffix}`),
    ...(region.startsWith('us-gov-') ? ['sns-us-gov-west-1.amazonaws.com'] : []),
  ]
  const isValid = certificate.validFromDate.getTime() <= now && now <= certificate.validToDate.getTime()
  return isValid && names.some(name => certificate.checkHost(name, { wildcards: false }) !== undefined)
}

/**
 * Whether SNS publishes a certificate at this address. Only files with that name count: other responses of SNS contain
 * texts that a client chooses, and such a text can contain a certificate.
 */
export function isCertificateAddress(url: string, topicArn: string, standIn: string | undefined): boolean {
  if (!isSnsAddress(url, topicArn, standIn)) return false
  const { pathname, search, hash } = new URL(url)
  return (
    search === '' && hash === '' && /^(\/sns)?\/SimpleNotificationService-[0-9a-f]{32}\.pem$/.test(pathname)
  )
}

/** Whether the certificate's key signed this message. Version 1 signs with SHA-1, version 2 with SHA-256. */
export function isSignedBy(message: SnsMessage, certificate: X509Certificate): boolean {
  const digest = DIGESTS.get(message.SignatureVersion)
  if (digest === undefined) return false
  const names = message.Type === 'Notification' ? NOTIFICATION_NAMES : CONFIRMATION_NAMES
  const signed = names
    .filter(name => message[name] !== undefined)
    .map(name => `${name}\n${message[name]}\n`)
    .join('')
  return verify(digest, Buffer.from(signed), certificate.publicKey, Buffer.from(message.Signature, 'base64'))
}

const DIGESTS: ReadonlyMap<string, string> = new Map([
  ['1', 'RSA-SHA1'],
  ['2', 'RSA-SHA256'],
])
const REQUIRED = [
  'Type',
  'MessageId',
  'TopicArn',
  'Message',
  'Timestamp',
  'Signature',
  'SignatureVersion',
  'SigningCertURL',
] as const
const TYPES = ['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']
const NOTIFICATION_NAMES = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const
const CONFIRMATION_NAMES = [
  'Message',
  'MessageId',
  'SubscribeURL',
  'Timestamp',
  'Token',
  'TopicArn',
  'Type',
] as const
