/** A carrier event about one message, whatever way it came. */
export type Receipt = {
  readonly messageId: string
  /** Our delivery ID, where the event carries the context that we sent. */
  readonly deliveryId: string | undefined
  /** The carrier's own name, such as `TEXT_DELIVERED`; unknown ones are kept. */
  readonly type: string
  /** When it happened, in milliseconds since 1970. */
  readonly at: number
  readonly description: string | undefined
  readonly carrierName: string | undefined
  /** USD, fee included. */
  readonly price: number | undefined
}

/** What the receipts of one message say together. */
export type Progress = Omit<Receipt, 'messageId' | 'deliveryId'> & { readonly stage: Stage }
export type Stage = 'under-way' | 'delivered' | 'undeliverable'

/** Depends on the set of receipts only: not on their order, nor on how often each came. */
export function foldReceipts(receipts: readonly Receipt[]): Progress | undefined {
  const ordered = receipts.toSorted(compareReceipts)
  const last = ordered.at(-1)
  if (last === undefined) return undefined
  return {
    type: last.type,
    at: last.at,
    stage: stageOf(last.type),
    description: last.description,
    carrierName: ordered.findLast(receipt => receipt.carrierName !== undefined)?.carrierName,
    price: ordered.findLast(receipt => receipt.price !== undefined)?.price,
  }
}

/** A total order: rank, then time, then the rest, so that two different receipts never tie. */
function compareReceipts(one: Receipt, other: Receipt): number {
  return rankOf(one.type) - rankOf(other.type) || one.at - other.at || compareText(keyOf(one), keyOf(other))
}

function keyOf({ type, description, carrierName, price }: Receipt): string {
  return JSON.stringify([type, description, carrierName, price])
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

function stageOf(type: string): Stage {
  const rank = rankOf(type)
  return rank >= RANK.arrived ? 'delivered' : rank >= RANK.failed ? 'undeliverable' : 'under-way'
}

function rankOf(type: string): number {
  return RANK[MEANING[type.replace(/^(TEXT|VOICE)_/, '')] ?? 'unheardOf']
}

// What reached the phone outranks every failure: one of two paths may fail and the other succeed.
const RANK = {
  unheardOf: 0,
  waiting: 1,
  sent: 2,
  ringing: 3,
  doubtful: 4,
  failed: 5,
  arrived: 6,
  confirmed: 7,
} as const

const MEANING: Readonly<Record<string, keyof typeof RANK | undefined>> = {
  __proto__: null as never, // a type called `constructor` is unheard of, too
  PENDING: 'waiting',
  QUEUED: 'waiting',
  INITIATED: 'waiting',
  SENT: 'sent',
  RINGING: 'ringing',
  UNKNOWN: 'doubtful',
  INVALID: 'failed',
  INVALID_MESSAGE: 'failed',
  UNREACHABLE: 'failed',
  CARRIER_UNREACHABLE: 'failed',
  BLOCKED: 'failed',
  CARRIER_BLOCKED: 'failed',
  SPAM: 'failed',
  TTL_EXPIRED: 'failed',
  PROTECT_BLOCKED: 'failed',
  BUSY: 'failed',
  NO_ANSWER: 'failed',
  FAILED: 'failed',
  SUCCESSFUL: 'arrived', // the carrier has it; interchangeable with DELIVERED by country
  ANSWERED: 'arrived',
  DELIVERED: 'confirmed',
  COMPLETED: 'confirmed', // perhaps a mailbox
}
