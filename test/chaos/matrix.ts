import { faults } from './faults.ts'
import { shuffled } from './seed.ts'

/** One line of the table: one fault, at one moment, over one channel. */
export type Row = Omit<Fault, 'channels'> & { readonly channel: Channel; readonly moment: Moment }

export type Channel = 'sms' | 'voice'
type Moment = 'all along' | 'from midway'

/** What a caller can hear. `wrong` is whatever Okta's contract does not allow. */
export type AnswerKind = 'successful' | 'failed' | 'pending' | 'error' | 'unauthorized' | 'wrong'

/** Something that breaks, and what may be heard meanwhile. */
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
    | 'none'
  readonly name: string
  /** The only answers that are right. */
  readonly answers: readonly AnswerKind[]
  /** Failures of the carrier on demand, as its stand-in takes them. */
  readonly rules?: readonly object[]
  /** Something that is done to a process, a file or the keys. */
  readonly disturbance?: Disturbance
  /** How receipts come, beyond the usual. */
  readonly receipts?: Readonly<Record<string, unknown>>
  /** Every request comes twice, with the same `eventId`. */
  readonly twice?: 'at once' | 'later'
  /** All requests are for one number, each of another user: no more than so many messages may go out. */
  readonly oneNumberAtMost?: number
  /** What is different in Okta's body, merged deeply. */
  readonly overrides?: Readonly<Record<string, unknown>>
  /** `/readyz` must say meanwhile that this fails. */
  readonly failing?: 'store' | 'log'
  /** What the hook's log must hold in the end. */
  readonly said?: readonly string[]
  /** The hook is called with its secret header, which has no clock, instead of an access token. */
  readonly bySecret?: true
  /** So many records that are older than what is kept are there when the hook starts, which then removes them. */
  readonly oldRecords?: number
  /** Begins before the hook starts, which then is not warm: it knows no keys. */
  readonly cold?: true
  /** The store cannot keep the records: then the log must say so. */
  readonly recordsMayBeLost?: true
  /** How long after the fault's end the next request may still suffer, by design; 0 unless said. */
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

/** Every row in the seed's order; those of one group share one run of the hook. */
export function matrix(random: () => number): readonly (readonly Row[])[] {
  const groups = faults.flatMap(fault => {
    const { channels = ['sms', 'voice'], moments = ['all along'], ...rest } = fault
    return moments.map(moment => shuffled(channels, random).map(channel => ({ ...rest, moment, channel })))
  })
  return shuffled(groups, random)
}
