import type { ReasonCode } from '../../core/values/reasons.ts'

/** What somebody gets who is not served as meant; `refuses` is why nothing would be sent, where it can be so. */
export type Hole = { readonly sentence: string; readonly refuses: ReasonCode | undefined }
