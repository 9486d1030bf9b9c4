import type { OptionalPermission } from './step.ts'

/**
 * Okta's management API as JSON, paths such as `/api/v1/inlineHooks`. JSON and not typed models: what a model does not
 * know would be lost when a thing is read, changed and sent back. Calls reject with an error that has
 * Okta's `status`, `errorCode`, `errorSummary` and `errorCauses`, or with the error of the network.
 */
export type OktaApi = {
  /** Without a slash at its end. */
  readonly orgUrl: string
  readonly get: (path: string) => Promise<unknown>
  /** All pages. */
  readonly list: (path: string) => Promise<readonly unknown[]>
  readonly post: (path: string, body?: object) => Promise<unknown>
  /** Posts, and answers with whatever Okta answers, errors too; rejects only where Okta did not answer. */
  readonly exchange: (path: string, body: object) => Promise<Exchanged>
  readonly put: (path: string, body: object) => Promise<unknown>
  readonly remove: (path: string) => Promise<void>
}

export type Exchanged = {
  /** Okta's ID of the request; the System Log has it as the transaction. */
  readonly requestId: string | undefined
} & (
  | { readonly kind: 'answered'; readonly answer: unknown }
  | { readonly kind: 'refused'; readonly error: Error }
)

/** Okta answered, and without something that it documents. The message says what, and what to do. */
export class OktaAnswerError extends Error {
  override readonly name = 'OktaAnswerError'
}

/** Okta's error in this answer, if it is one: `E0000007` is "not found". */
export function errorCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('errorCode' in error)) return undefined
  return typeof error.errorCode === 'string' ? error.errorCode : undefined
}

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
