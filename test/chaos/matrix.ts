import { faults } from './faults.ts'
import { shuffled } from './seed.ts'

/** One line of the table: one fault, at one moment, over one channel. */
export type Row = Omit<Fault, 'channels'> & { readonly channel: Channel; readonly moment: Moment }

export type Channel = 'sms' | 'voice'
type Moment = 'all along' | 'from midway'

/** The possible answers to a caller. `wrong`: not allowed by Okta's contract. */
export type AnswerKind = 'successful' | 'failed' | 'pending' | 'error' | 'unauthorized' | 'wrong'

/** A fault, and the answers that are allowed during it. */
export type Fault = {
  readonly area:
    | 'carrier'
    | 'keys'
    | 'store'
    | 'floor'
    | 'clock'
    | 'log'
    | 'input'
    | 'receipts'
    | 'duplicates'
    | 'rotation'
    | 'none'
  readonly name: string
  /** The allowed answers. */
  readonly answers: readonly AnswerKind[]
  /** Fault rules for the carrier's stand-in. */
  readonly rules?: readonly object[]
  /** A disturbance of a process, a file or the keys. */
  readonly disturbance?: Disturbance
  /** How receipts differ from the default. */
  readonly receipts?: Readonly<Record<string, unknown>>
  /** Every request is sent twice, with the same `eventId`. */
  readonly twice?: 'at once' | 'later'
  /** All requests are for one number, each from another user; this is the most messages that may be sent. */
  readonly oneNumberAtMost?: number
  /** Changes of Okta's body, merged deeply. */
  readonly overrides?: Readonly<Record<string, unknown>>
  /** The check that `/readyz` must report as failing during the fault. */
  readonly failing?: 'store' | 'log'
  /** What the hook's log must contain at the end. */
  readonly logged?: readonly string[]
  /** Whether the hook is called with its secret header, which does not expire, instead of an access token. */
  readonly bySecret?: true
  /** The number of expired records that the hook finds and removes when it starts. */
  readonly oldRecords?: number
  /** Whether it begins before the hook starts, so that the hook knows no keys. */
  readonly cold?: true
  /** Whether the store cannot keep the records; the log must report it. */
  readonly recordsMayBeLost?: true
  /** How long the next request may still be affected after the fault, by design. Default: 0. */
  readonly recoversWithinMs?: number
  readonly channels?: readonly Channel[]
  readonly moments?: readonly Moment[]
}

export type Disturbance =
  | 'carrier frozen'
  | 'carrier gone'
  | 'keys down'
  | 'keys slow'
  | 'keys garbage'
  | 'keys endless'
  | 'keys rotated'
  | 'keys rotated, unannounced'
  | 'tokens expired'
  | 'database locked'
  | 'disk full'
  | 'data folder removed'
  | 'junk receipts'
  | 'store thread ends'
  | 'store thread ends again and again'
  | 'store thread slow'
  | 'clock back and forth'
  | 'log reader hung'
  | 'hash key rotated'

/** Every row in the seed's order; the rows of a group share one run of the hook. */
export function matrix(random: () => number): readonly (readonly Row[])[] {
  const groups = faults.flatMap(fault => {
    const { channels = ['sms', 'voice'], moments = ['all along'], ...rest } = fault
    return moments.map(moment => shuffled(channels, random).map(channel => ({ ...rest, moment, channel })))
  })
  return shuffled(groups, random)
}
