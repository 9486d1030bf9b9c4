import { askingReasons } from './asking-reasons.ts'
import { sendingReasons } from './sending-reasons.ts'

/**
 * Every reason why a code did not go out: what Okta hears, who must act, what the operator reads.
 * A name is for ever; `docs/errors.md` is generated from this table.
 */
export const reasons = { ...askingReasons, ...sendingReasons } as const

/** @internal */
export type { ReasonEntry } from './reason-entry.ts'
export type ReasonCode = keyof typeof reasons
