import type { OktaApi } from './okta-api.ts'
import type { OptionalPermission } from './step.ts'

/** Something that is good to know and that nothing depends on: without the right to read it, it is skipped. */
export type Optional<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'skipped'; readonly why: string }

/**
 * Reads with one more scope than the work itself needs. Never rejects: a credential without this scope, an org without
 * the feature and a network that fails are reasons to skip it, and no reasons to fail.
 */
export type ReadOptional = <T>(
  scope: OptionalPermission,
  read: (api: OktaApi) => Promise<T>,
) => Promise<Optional<T>>
