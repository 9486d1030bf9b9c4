import type { FraudPolicy, NewFraudPolicy } from './fraud-policy.ts'
import type { Editor, PolicyStore } from './policy-store.ts'

/** `refused`: `work` returned nothing. `conflict`: others saved at the same moment, again and again. */
export type FraudPolicyChanged =
  | { readonly kind: 'saved'; readonly policy: NewFraudPolicy }
  | { readonly kind: 'refused' }
  | { readonly kind: 'conflict' }

/** Reads, changes and saves the fraud policy; again, if somebody else saved in the meantime. */
export async function changeFraudPolicy(
  store: Pick<PolicyStore, 'readPolicy' | 'saveFraudPolicy'>,
  by: Editor,
  work: (policy: FraudPolicy) => NewFraudPolicy | undefined,
): Promise<FraudPolicyChanged> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const { fraud } = (await store.readPolicy()) ?? {}
    if (fraud === undefined) throw new Error('The store returned no policy')
    const policy = work(fraud)
    if (policy === undefined) return { kind: 'refused' }
    if (await store.saveFraudPolicy(policy, by, fraud.version)) return { kind: 'saved', policy }
  }
  return { kind: 'conflict' }
}

const ATTEMPTS_MAX = 5
