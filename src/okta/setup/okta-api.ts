/**
 * Okta's management API as JSON, paths such as `/api/v1/inlineHooks`. JSON and not typed models: what a model does not
 * know would be lost when a thing is read, changed and sent back. Calls reject with the errors of Okta's own SDK.
 */
export type OktaApi = {
  /** Without a slash at its end. */
  readonly orgUrl: string
  readonly get: (path: string) => Promise<unknown>
  /** All pages. */
  readonly list: (path: string) => Promise<readonly unknown[]>
  readonly post: (path: string, body?: object) => Promise<unknown>
  readonly put: (path: string, body: object) => Promise<unknown>
  readonly remove: (path: string) => Promise<void>
}

/** Okta's error in this answer, if it is one: `E0000007` is "not found". */
export function errorCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('errorCode' in error)) return undefined
  return typeof error.errorCode === 'string' ? error.errorCode : undefined
}
