import type { Properties } from '../template/template.ts'

/** An answer of the gateway itself. */
export type Refusal = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type RefusalType = keyof typeof DEFAULTS

/** A gateway response: the template's for this type or its class, or AWS's default. */
export function refusal(
  type: RefusalType,
  responses: ReadonlyMap<string, Properties>,
  message?: string,
): Refusal {
  const { status, error, text } = DEFAULTS[type]
  const own = responses.get(type) ?? responses.get(status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX') ?? {}
  const { StatusCode, ResponseParameters = {}, ResponseTemplates = {} } = own
  const template = (ResponseTemplates as Readonly<Record<string, string>>)['application/json']
  const quoted = JSON.stringify(message ?? text)
  const standard = type === 'ACCESS_DENIED' ? `{"Message":${quoted}}` : `{"message":${quoted}}`
  const body = (template ?? standard)
    .replaceAll('$context.error.messageString', quoted)
    .replaceAll('$context.error.message', message ?? text ?? '')
    .replaceAll('$context.error.responseType', type)
  return {
    status: Number(StatusCode ?? status),
    headers: {
      'content-type': 'application/json',
      'x-amzn-ErrorType': error,
      ...headersIn(ResponseParameters as Readonly<Record<string, string>>),
    },
    body,
  }
}

/** `gatewayresponse.header.X`: a text in single quotes. */
function headersIn(parameters: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const headers = Object.entries(parameters).map(([name, value]) => {
    const [, header] = /^gatewayresponse\.header\.([\w-]+)$/.exec(name) ?? []
    const [, text] = /^'(.*)'$/.exec(value) ?? []
    if (header === undefined || text === undefined) throw new Error(`Gateway response: ${name} is ${value}`)
    return [header, text] as const
  })
  return Object.fromEntries(headers)
}

/** Developer guide, "Gateway response types"; with AWS's texts. */
const DEFAULTS = {
  ACCESS_DENIED: {
    status: 403,
    error: 'AccessDeniedException',
    text: 'User is not authorized to access this resource',
  },
  AUTHORIZER_CONFIGURATION_ERROR: { status: 500, error: 'AuthorizerConfigurationException', text: null },
  AUTHORIZER_FAILURE: { status: 500, error: 'AuthorizerConfigurationException', text: null },
  API_CONFIGURATION_ERROR: {
    status: 500,
    error: 'InternalServerErrorException',
    text: 'Internal server error',
  },
  INTEGRATION_FAILURE: { status: 502, error: 'InternalServerErrorException', text: 'Internal server error' },
  INTEGRATION_TIMEOUT: {
    status: 504,
    error: 'InternalServerErrorException',
    text: 'Endpoint request timed out',
  },
  MISSING_AUTHENTICATION_TOKEN: {
    status: 403,
    error: 'MissingAuthenticationTokenException',
    text: 'Missing Authentication Token',
  },
  REQUEST_TOO_LARGE: { status: 413, error: 'RequestTooLargeException', text: 'Request Too Long' },
  UNAUTHORIZED: { status: 401, error: 'UnauthorizedException', text: 'Unauthorized' },
} as const
