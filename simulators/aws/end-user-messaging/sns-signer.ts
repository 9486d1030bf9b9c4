import { createPrivateKey, sign } from 'node:crypto'
import { promisify } from 'node:util'

/** SNS's signing key and its certificate. */
export type SnsSigner = {
  /** The path of the certificate: its name ends in its fingerprint, as with SNS. */
  readonly certificatePath: string
  /** An X.509 certificate in PEM. */
  readonly certificate: string
  /** Signs the fields of an envelope; base64. */
  sign(envelope: SnsEnvelope, version: '1' | '2'): Promise<string>
}

/** The fields of a notification or a confirmation that are signed. */
export type SnsEnvelope = Readonly<Record<string, string>>

/** A new key with a certificate of its own. Takes about a tenth of a second. */
export async function createSnsSigner(): Promise<SnsSigner> {
  // Loaded only for events; the rest works without it.
  const { generate } = await import('selfsigned')
  const subject = [{ name: 'commonName', value: 'sns.amazonaws.com' }]
  const made = await generate(subject, { algorithm: 'sha256', keySize: 2048 })
  const key = createPrivateKey(made.private)
  const hex = made.fingerprint.replaceAll(':', '').slice(0, 32).toLowerCase()
  return {
    certificatePath: `/sns/SimpleNotificationService-${hex}.pem`,
    certificate: made.cert,
    async sign(envelope, version) {
      const algorithm = version === '1' ? 'RSA-SHA1' : 'RSA-SHA256'
      const signature = await signAside(algorithm, Buffer.from(stringToSign(envelope)), key)
      return signature.toString('base64')
    },
  }
}

const signAside = promisify(sign)

/**
 * SNS's developer guide, "Verifying the signatures of Amazon SNS messages": each name and value on a line of its own.
 */
function stringToSign(envelope: SnsEnvelope): string {
  const names = envelope.Type === 'Notification' ? NOTIFICATION_FIELDS : CONFIRMATION_FIELDS
  return names
    .filter(name => envelope[name] !== undefined)
    .map(name => `${name}\n${envelope[name]}\n`)
    .join('')
}

const NOTIFICATION_FIELDS = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
const CONFIRMATION_FIELDS = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']
