/** What API Gateway says by itself: one sentence, and nothing about what is behind it. */
export function gatewayResponses(restApiId: string) {
  return RESPONSES.map(([responseType, statusCode, sentence]) => ({
    restApiId,
    responseType,
    ...(statusCode !== undefined && { statusCode }),
    responseTemplates: { 'application/json': bodyOf(sentence) },
  }))
}

const WHO = 'The caller could not be verified.'
/** The body of every 401, whoever gives it. */
export const UNAUTHORIZED = bodyOf(WHO)

function bodyOf(sentence: string): string {
  return JSON.stringify({ error: { errorSummary: sentence } })
}

/** Without a status, API Gateway keeps its own: one of several. */
const RESPONSES: readonly (readonly [type: string, status: string | undefined, sentence: string])[] = [
  ['DEFAULT_4XX', undefined, 'The request cannot be used.'],
  ['DEFAULT_5XX', undefined, 'The hook cannot answer now.'],
  ['UNAUTHORIZED', '401', WHO],
  ['ACCESS_DENIED', '403', 'This caller may not use the hook.'],
  ['MISSING_AUTHENTICATION_TOKEN', '403', 'There is nothing at this address.'],
  ['WAF_FILTERED', '403', 'The request was blocked.'],
  ['REQUEST_TOO_LARGE', '413', 'The request is too large.'],
  ['THROTTLED', '429', 'Too many requests. Try again later.'],
]
