import type { Purpose } from '../../values/request.ts'
import type { Override } from '../fraud-policy.ts'
import type { GroupKey, PurseName, Records } from './records.ts'

export type CreditRequest = {
  readonly id: string
  /** E.164, or its digest with the digits that groups need: equal for the same number. */
  readonly number: string
  readonly country: string
  readonly network: string | undefined
  readonly user: string
  readonly purpose: Purpose
  /** When codes were sent to this number in the last day, oldest first. */
  readonly sentAt: readonly number[]
}

export type Verdict =
  | {
      readonly kind: 'send'
      readonly sent: SentCode
      readonly records: Records
      readonly isKnown: boolean
      /** The rule would have held it, but an operator allowed it. */
      readonly allowed?: { readonly hold: Hold; readonly by: Override }
    }
  | { readonly kind: 'hold'; readonly hold: Hold; readonly records: Records }

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
  /** The denial of an operator; the rule itself did not judge. */
  readonly override?: Override
}

export type HoldReason =
  | 'FRAUD_BLOCK'
  | 'FRAUD_PREFIX'
  | 'FRAUD_COUNTRY'
  | 'FRAUD_NETWORK'
  | 'FRAUD_NEW_COUNTRIES'
  | 'FRAUD_SMALL_COUNTRIES'
  | 'FRAUD_KNOWN_USERS'
  | 'NUMBER_SILENT'
  | 'NUMBER_STRANGE_NETWORK'
  | 'NUMBER_UNPROVEN'
  | 'USER_MANY_NUMBERS'
  | 'FRAUD_DENIED'

/** What must be kept of a code that was sent, to book its answer. */
export type SentCode = Omit<CreditRequest, 'sentAt'> & {
  readonly at: number
  readonly purse: PurseName | undefined
}

export function sentCode(
  { sentAt: _, ...request }: CreditRequest,
  purse: PurseName | undefined,
  at: number,
): SentCode {
  return { ...request, at, purse }
}
