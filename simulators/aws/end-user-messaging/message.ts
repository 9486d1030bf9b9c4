import type { TextEncoding } from './encoding.ts'
import type { Operation } from './model.ts'

/** A message that was accepted, as `GET /messages` lists it. */
export type Message = MessageContent & {
  readonly messageId: string
  /** ISO 8601. */
  readonly receivedAt: string
  /** Its final event, once there is one: `TEXT_DELIVERED`, `VOICE_BUSY` and so on. */
  readonly finalEvent?: string
}

/** A message as requested, before it is accepted. */
export type MessageContent = {
  readonly channel: 'sms' | 'voice'
  readonly operation: Operation
  readonly to: string
  /** The origination identity; for AWS Notify, its configuration; "AWS" if AWS chooses. */
  readonly from: string
  readonly body: string
  readonly bodyType?: 'TEXT' | 'SSML'
  readonly voiceId?: string
  /** The voice's language, as a BCP 47 tag. */
  readonly language?: string
  readonly encoding?: TextEncoding['encoding']
  readonly parts?: number
  readonly messageType?: string
  readonly templateId?: string
  readonly timeToLive?: number
  readonly maxPrice?: string
  readonly maxPricePerMinute?: string
  readonly configurationSetName?: string
  readonly protectConfigurationId?: string
  readonly context?: Readonly<Record<string, string>>
  readonly countryParameters?: Readonly<Record<string, string>>
  /** Whether it is sent by RCS: `only` from an agent; `first` from a pool, which falls back to SMS. */
  readonly rcs?: 'only' | 'first'
  /** The name that a phone shows for an RCS agent of the account. */
  readonly verifiedSender?: string
  /** The result that AWS's simulator will report, if it was sent to a simulator number. */
  readonly simulatorOutcome?: 'success' | 'failure'
}
