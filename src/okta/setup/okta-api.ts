import type { OptionalPermission } from './step.ts'

/**
 * Okta's management API as JSON, with paths such as `/api/v1/inlineHooks`. JSON instead of typed models, because fields
 * that a model does not know would be lost when an object is read, changed and sent back. Calls reject with an error
 * that has Okta's `status`, `errorCode`, `errorSummary` and `errorCauses`, or with a network error.
 */
export type OktaApi = {
  /** Without a trailing slash. */
  readonly orgUrl: string
  readonly get: (path: string) => Promise<unknown>
  /** All pages. */
  readonly list: (path: string) => Promise<readonly unknown[]>
  readonly post: (path: string, body?: object) => Promise<unknown>
  /** Posts, and returns Okta's response, even an error. Rejects only if Okta did not answer. */
  readonly exchange: (path: string, body: object) => Promise<Exchanged>
  readonly put: (path: string, body: object) => Promise<unknown>
  readonly remove: (path: string) => Promise<void>
}

export type Exchanged = {
  /** Okta's ID of the request; the transaction in the System Log. */
  readonly requestId: string | undefined
} & (
  | { readonly kind: 'answered'; readonly answer: unknown }
  | { readonly kind: 'refused'; readonly error: Error }
)

/** Okta's response lacks something that Okta documents. The message says what is missing, and what to do. */
export class OktaAnswerError extends Error {
  override readonly name = 'OktaAnswerError'
}

/** Okta's error code, if the error has one: `E0000007` is "not found". */
export function errorCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('errorCode' in error)) return undefined
  return typeof error.errorCode === 'string' ? error.errorCode : undefined
}

/** Optional information: it is skipped if the credential may not read it. */
export type Optional<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'skipped'; readonly why: string }

/**
 * Reads with one more scope than the work itself needs. Never rejects: if the credential lacks the scope, the org lacks
 * the feature or the network fails, the read is skipped.
 */
export type ReadOptional = <T>(
  scope: OptionalPermission,
  read: (api: OktaApi) => Promise<T>,
) => Promise<Optional<T>>
