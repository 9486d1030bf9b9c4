import type { CanaryCredential } from '../adapters/node/canary-credential.ts'
import { post } from '../adapters/node/post.ts'
import type { CanaryParts } from '../advice/canary/canary.ts'
import { canaryRequest } from '../advice/canary/canary-request.ts'
import type { SimulatorCountry } from '../core/values/simulator-numbers.ts'

/**
 * Calls the hook's address with credentials of the right form that are worth nothing: so what authenticates callers runs,
 * not only a gateway in front of it. Both methods, because a firewall lets only the one in use pass.
 */
export function knockWith(secretHeader: string | undefined): CanaryParts['knock'] {
  const headers = {
    authorization: 'Bearer canary.canary.canary',
    ...(secretHeader !== undefined && { [secretHeader]: 'canary-'.repeat(6) }),
  }
  return async (url, signal) => (await post(url, headers, {}, signal)).status
}

/** Has the hook at this address send the code of a canary, as Okta calls it. */
export function callWith(
  url: string,
  country: SimulatorCountry,
  credential: CanaryCredential,
  now: () => number,
): NonNullable<CanaryParts['call']> {
  return (at, signal) =>
    post(url, { authorization: credential.write(now()) }, canaryRequest({ country, at }), signal)
}
