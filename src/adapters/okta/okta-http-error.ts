/**
 * Okta, or another server at its address, refused a request. `errorCode` is Okta's (`E0000007`) or OAuth's
 * (`invalid_client`), and empty if the answer is not JSON of Okta's API.
 */
export class OktaHttpError extends Error {
  override readonly name = 'OktaHttpError'
  readonly status: number
  readonly errorCode: string
  readonly errorSummary: string
  readonly errorCauses: readonly { readonly errorSummary?: string }[]

  constructor(
    message: string,
    { status, errorCode, errorSummary, errorCauses = [] }: Omit<Refused, 'errorCauses'> & Partial<Refused>,
  ) {
    super(message)
    this.status = status
    this.errorCode = errorCode
    this.errorSummary = errorSummary
    this.errorCauses = errorCauses
  }
}

/** Reads the error object of Okta's management API. */
export function readRefusal(status: number, text: string): OktaHttpError {
  const { errorCode, errorSummary, errorCauses } = readObject(text)
  const causes = Array.isArray(errorCauses) ? errorCauses.filter(isCause) : []
  const refused = {
    status,
    errorCode: textOf(errorCode),
    errorSummary: textOf(errorSummary),
    errorCauses: causes,
  }
  const sentences = [refused.errorSummary, ...causes.map(cause => cause.errorSummary)].filter(Boolean)
  const message = `Okta answered HTTP ${status} ${refused.errorCode}`.trim()
  return new OktaHttpError(sentences.length === 0 ? message : `${message}: ${sentences.join('. ')}`, refused)
}

type Refused = Pick<OktaHttpError, 'status' | 'errorCode' | 'errorSummary' | 'errorCauses'>

/** The JSON object in a text; an empty one if the text is something else. */
export function readObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
  } catch {
    return {}
  }
}

function isCause(value: unknown): value is { readonly errorSummary: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'errorSummary' in value &&
    typeof value.errorSummary === 'string'
  )
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
