/** A carrier event about one message, from any source. */
export type Receipt = {
  readonly messageId: string
  /** Our delivery ID, if the event contains the context that we sent. */
  readonly deliveryId: string | undefined
  /** The carrier's name for it, such as `TEXT_DELIVERED`; unknown types are kept. */
  readonly type: string
  /** Whether the carrier says that no further event follows. Undefined if it does not say. */
  readonly isFinal: boolean | undefined
  /** When it happened, in milliseconds since 1970. */
  readonly at: number
  readonly description: string | undefined
  readonly carrierName: string | undefined
  /** USD, fee included. */
  readonly price: number | undefined
}

/** What the receipts of one message show together. */
export type Progress = Omit<Receipt, 'messageId' | 'deliveryId'> & {
  readonly stage: Stage
  /** It could not be delivered by RCS, and the pool sent it by SMS. */
  readonly fellBackToSms: boolean
}
/** `unknown`: the carrier finally reported that it does not know. */
type Stage = 'under-way' | 'delivered' | 'undeliverable' | 'unknown'

/** Depends only on the set of receipts, not on their order or on repeats. */
export function foldReceipts(receipts: readonly Receipt[]): Progress | undefined {
  const fellBackToSms = receipts.some(({ type }) => meaningOf(type) === 'fellBack')
  // The fall-back event itself may be lost: any other event of a text also proves that the message fell back to SMS.
  const isOfSms = fellBackToSms || receipts.some(({ type }) => type.startsWith('TEXT_'))
  const rankOf = (receipt: Receipt): Rank => rankIn(receipt, isOfSms)
  const ordered = receipts.toSorted((one, other) => compareReceipts(one, other, rankOf))
  const last = ordered.at(-1)
  if (last === undefined) return undefined
  return {
    type: last.type,
    isFinal: last.isFinal,
    at: last.at,
    stage: stageOf(rankOf(last)),
    fellBackToSms,
    description: last.description,
    carrierName: ordered.findLast(receipt => receipt.carrierName !== undefined)?.carrierName,
    price: ordered.findLast(receipt => receipt.price !== undefined)?.price,
  }
}

/** A total order: by rank, then time, then the other fields, so that two different receipts never tie. */
function compareReceipts(one: Receipt, other: Receipt, rankOf: (receipt: Receipt) => Rank): number {
  return (
    RANKS.indexOf(rankOf(one)) - RANKS.indexOf(rankOf(other)) ||
    one.at - other.at ||
    compareText(keyOf(one), keyOf(other))
  )
}

function keyOf({ type, isFinal, description, carrierName, price }: Receipt): string {
  return JSON.stringify([type, isFinal, description, carrierName, price])
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

/**
 * Lowest first. A status that is not final is in progress, even a failure, because the carrier may retry. What reached
 * the phone outranks every failure, because one of two paths may fail and the other succeed. A call that was answered
 * may still fail.
 */
const RANKS = [
  ...(['unrecognised', 'waiting', 'sent', 'ringing', 'fellBack', 'doubtful', 'failing', 'accepted'] as const),
  ...(['unknown', 'answered', 'failed', 'acceptedFinally', 'arrived', 'read'] as const),
] as const
type Rank = (typeof RANKS)[number]

function stageOf(rank: Rank): Stage {
  switch (rank) {
    case 'answered':
    case 'acceptedFinally':
    case 'arrived':
    case 'read':
      return 'delivered'
    case 'failed':
      return 'undeliverable'
    case 'unknown':
      return 'unknown'
    default:
      return 'under-way'
  }
}

function rankIn({ type, isFinal }: Receipt, isOfSms: boolean): Rank {
  const meaning = meaningOf(type)
  switch (meaning) {
    case 'accepted':
      return isFinal === true ? 'acceptedFinally' : 'accepted'
    case 'answered':
      return isFinal === true ? 'answered' : 'accepted'
    case 'doubtful':
      return isFinal === true ? 'unknown' : 'doubtful'
    case 'failed':
      return isFinal === false || (isOfSms && type.startsWith('RCS_')) ? 'failing' : 'failed'
    default:
      return meaning
  }
}

type Meaning = Exclude<Rank, 'acceptedFinally' | 'unknown' | 'failing'>

/** The meaning of an event type. A status without a prefix means the same for a text, an RCS message and a call. */
function meaningOf(type: string): Meaning {
  const names = [type, `TEXT_${type}`, `RCS_${type}`, `VOICE_${type}`]
  return names.map(name => eventMeanings[name]).find(meaning => meaning !== undefined) ?? 'unrecognised'
}

/**
 * Every event type that a message of ours can have. Source: the service model (EventType) and its event pages, 2026.
 * @internal
 */
export const eventMeanings: Readonly<Record<string, Meaning | undefined>> = {
  __proto__: null as never, // `constructor` is not a type
  TEXT_PENDING: 'waiting',
  TEXT_QUEUED: 'waiting',
  TEXT_SENT: 'sent',
  TEXT_UNKNOWN: 'doubtful',
  TEXT_INVALID: 'failed',
  TEXT_INVALID_MESSAGE: 'failed',
  TEXT_UNREACHABLE: 'failed',
  TEXT_CARRIER_UNREACHABLE: 'failed',
  TEXT_BLOCKED: 'failed',
  TEXT_CARRIER_BLOCKED: 'failed',
  TEXT_SPAM: 'failed',
  TEXT_TTL_EXPIRED: 'failed',
  TEXT_PROTECT_BLOCKED: 'failed',
  TEXT_SUCCESSFUL: 'accepted', // by the phone's carrier; for short codes this is the final event
  TEXT_DELIVERED: 'arrived',

  RCS_QUEUED: 'waiting',
  RCS_SENT: 'sent',
  RCS_FALLEN_BACK_TO_SMS: 'fellBack',
  RCS_FAILED: 'failed',
  RCS_TTL_EXPIRED: 'failed',
  RCS_PROTECT_BLOCKED: 'failed',
  RCS_DELIVERED: 'arrived',
  RCS_READ: 'read',

  VOICE_INITIATED: 'waiting',
  VOICE_RINGING: 'ringing',
  VOICE_ANSWERED: 'answered',
  VOICE_BUSY: 'failed',
  VOICE_NO_ANSWER: 'failed',
  VOICE_FAILED: 'failed',
  VOICE_TTL_EXPIRED: 'failed',
  VOICE_COMPLETED: 'arrived', // perhaps a mailbox
}
