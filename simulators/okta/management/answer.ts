import { randomBytes } from 'node:crypto'

/** An answer of the management API. */
export type Answer = {
  readonly status: number
  /** Missing for 204. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export function ok(body: unknown): Answer {
  return { status: 200, body }
}

export function created(body: unknown): Answer {
  return { status: 201, body }
}

export function noContent(): Answer {
  return { status: 204 }
}

/** An error in Okta's shape. */
export function oktaError(
  status: number,
  errorCode: string,
  errorSummary: string,
  causes: readonly string[] = [],
): Answer {
  const errorCauses = causes.map(cause => ({ errorSummary: cause }))
  return {
    status,
    body: { errorCode, errorSummary, errorLink: errorCode, errorId: errorId(), errorCauses },
  }
}

/** 400 E0000001. Each problem is `field: sentence`; the summary names the first field, as Okta's does. */
export function invalid(problems: readonly string[]): Answer {
  const field = problems[0]?.split(':')[0] ?? 'request'
  return oktaError(400, 'E0000001', `Api validation failed: ${field}`, problems)
}

/** 404 E0000007. `kind` is Okta's name for the kind of thing, such as `InlineHook`. */
export function notFound(id: string, kind: string): Answer {
  return oktaError(404, 'E0000007', `Not found: Resource not found: ${id} (${kind})`)
}

/** 403 E0000006. */
export function forbidden(): Answer {
  return oktaError(403, 'E0000006', 'You do not have permission to perform the requested action')
}

function errorId(): string {
  return `oae${randomBytes(16).toString('base64url')}`
}
