import { keyedDigest } from '../adapters/node/hash-key.ts'
import { timedId } from '../adapters/node/timed-id.ts'
import { planRules, type SendingSettings } from '../config/sending-settings.ts'
import type { Ports } from '../core/deliver/ports.ts'
import { createProcessState, type ProcessState } from '../core/deliver/process-state.ts'
import type { DeliveryStore } from '../core/records/delivery-store.ts'
import { Secret } from '../core/values/secret.ts'
import type { HookParts } from '../http/hook.ts'

/** What the program provides for the hook. */
export type Around = Pick<HookParts, 'identify'> &
  Pick<Ports, 'policy' | 'send' | 'clock' | 'record'> & {
    readonly store: Pick<DeliveryStore, 'admit' | 'settle'> & { readonly findDelivery: Ports['find'] }
    /** Default: this process keeps all of it alone. */
    readonly state?: ProcessState | undefined
  }

/** Everything that the hook needs, from the settings and the program. */
export function hookParts(
  settings: SendingSettings,
  { identify, policy, store, send, clock, record, state = createProcessState() }: Around,
): HookParts {
  const { budgetMs, ...answerRules } = settings.answers
  const { hashKey = new Secret(''), otherHashKey } = settings.store
  return {
    identify,
    planRules: planRules(settings),
    answerRules,
    budgetMs,
    ports: {
      policy,
      admit: store.admit,
      find: store.findDelivery,
      settle: store.settle,
      send,
      digest: keyedDigest(hashKey),
      otherDigest: otherHashKey && keyedDigest(otherHashKey),
      newId: () => timedId(clock.now()),
      clock,
      record,
    },
    state,
  }
}

/** A change of the policy applies after at most a second. */
export const POLICY_MAX_AGE_MS = 1_000
