import type { ReasonCode } from '../../values/reasons.ts'
import type { Purpose } from '../../values/request.ts'
import type { Override } from '../fraud-policy.ts'
import type { GroupKey, PurseName, Records } from './records.ts'

export type CreditRequest = {
  readonly id: string
  /** Its digest: equal for the same number. */
  readonly number: string
  /** The digits of the number without the last four. */
  readonly block: string
  readonly country: string
  readonly network: string | undefined
  readonly user: string
  /** Number and user by the other hash key, while the key is rotated: records may be stored under them. */
  readonly other?: { readonly number: string; readonly user: string }
  readonly purpose: Purpose
  /** When codes were sent to this number in the last day, oldest first. */
  readonly sentAt: readonly number[]
}

export type Verdict =
  | {
      readonly kind: 'send'
      readonly purse: PurseName | undefined
      readonly records: Records
      /** The rule would have held it, but an operator allowed it. */
      readonly allowed?: { readonly hold: Hold; readonly by: Override }
    }
  | {
      readonly kind: 'hold'
      readonly hold: Hold
      readonly purse: PurseName | undefined
      readonly records: Records
    }

export type Hold = {
  readonly reason: HoldReason
  /** The group of others that is out of credit; undefined where the number or the user itself is held. */
  readonly group?: GroupKey
  /** Codes and answers of the last 14 days, of the group or of the number itself. */
  readonly codes: number
  readonly answers: number
  readonly since: number
  /** When a probe is let through; undefined if the request must wait for its own older codes. */
  readonly probeAt?: number
  /** The denial of an operator: the rule itself did not judge. Or what allowed a code that the rule would have held. */
  readonly override?: Override
}

export type HoldReason = Extract<
  ReasonCode,
  `FRAUD_${string}` | 'NUMBER_SILENT' | 'NUMBER_STRANGE_NETWORK' | 'NUMBER_UNPROVEN' | 'USER_MANY_NUMBERS'
>

/** A request without the history of its number, which the store has. */
export type RequestedCode = Omit<CreditRequest, 'sentAt'>

/** What must be kept of a code that was sent, to book what becomes of it. */
export type SentCode = RequestedCode & {
  readonly at: number
  /** The purse of the phone that paid for it; undefined if groups did. */
  readonly purse: PurseName | undefined
}
