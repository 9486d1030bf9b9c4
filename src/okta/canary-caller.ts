import { CANARY_CALLER } from '../core/records/canary.ts'
import type { Caller } from './caller.ts'

/** Hookline itself, whose credential is not Okta's. In a separate file because a hook behind an authorizer verifies no token. */
export const canaryCaller: Caller = {
  kind: 'caller',
  name: CANARY_CALLER,
  org: undefined,
  claims: undefined,
  validUntil: undefined,
}
