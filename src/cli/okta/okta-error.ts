import { OktaAnswerError } from '../../okta/setup/okta-api.ts'
import { Problem } from '../terminal/problem.ts'

/** A problem that the person can act on, where the error is Okta's or the network's; else the error itself. */
export function explainOktaError(error: unknown, orgUrl: string): unknown {
  if (!(error instanceof Error) || error instanceof Problem) return error
  if (error instanceof OktaAnswerError) return new Problem('usage', error.message)
  const {
    status,
    errorCode = '',
    errorSummary = '',
    errorCauses = [],
    code = '',
    message,
  } = error as OktaError
  if (status === undefined) return explainNetworkError(error, code, message, orgUrl)
  const cause = errorCode === '' ? `HTTP ${status}` : describeOktaError(errorCode, errorSummary, errorCauses)
  const known = REMEDIES[errorCode]
  if (known !== undefined)
    return new Problem(known.kind, `Okta refused the request. ${cause} ${known.remedy}`)
  if (errorCode === '') {
    return new Problem(
      'unreachable',
      `${orgUrl} answered with HTTP ${status}, which is not an answer of Okta's API. Check that it is the org's own address, and that Okta works now (https://status.okta.com). ${AGAIN}`,
    )
  }
  if (status >= 500) return new Problem('unreachable', `Okta failed. ${cause} ${AGAIN}`)
  return new Problem('usage', `Okta refused the request. ${cause} Earlier changes are kept; ${AGAIN_SHORT}`)
}

/** `E0000001: Api validation failed: name. The name is taken.` */
export function describeOktaError(
  errorCode: string,
  errorSummary: string | undefined,
  errorCauses: readonly { readonly errorSummary?: string }[] = [],
): string {
  const sentences = [errorSummary, ...errorCauses.map(cause => cause.errorSummary)]
    .filter((text): text is string => text !== undefined && text !== '')
    .map(text => (/[.!?]$/.test(text) ? text : `${text}.`))
  return sentences.length === 0 ? errorCode : `${errorCode}: ${sentences.join(' ')}`
}

function explainNetworkError(error: Error, code: string, message: string, orgUrl: string): unknown {
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(code)) {
    return new Problem(
      'unreachable',
      `The certificate of ${orgUrl} is not trusted (${code}). If a proxy is in between, give its certificate to Node with NODE_EXTRA_CA_CERTS.`,
    )
  }
  const isNetwork =
    /^(E[A-Z]+|ERR_SOCKET.*)$/.test(code) || /socket hang up|network timeout|redirect/i.test(message)
  if (!isNetwork) return error
  return new Problem(
    'unreachable',
    `${orgUrl} does not answer (${code || message}). Check the address and the network. ${AGAIN}`,
  )
}

export type OktaError = Error & {
  readonly status?: number
  readonly errorCode?: string
  readonly errorSummary?: string
  readonly errorCauses?: readonly { readonly errorSummary?: string }[]
  readonly code?: string
}

const AGAIN_SHORT = 'remove the cause, then run the command again: it continues where it stopped.'
const AGAIN = 'Then run the command again: it continues where it stopped.'

const NEEDS =
  'An API token has the rights of the administrator who made it (Security > API > Tokens): a super administrator has all. A service app needs the Okta API scopes okta.inlineHooks.manage, okta.apps.manage, okta.authorizationServers.manage, okta.authenticators.manage (and okta.policies.manage for --policy-rule, okta.eventHooks.manage for the event hook, okta.logs.read for observe and doctor), and an administrator role.'

type Remedy = { readonly kind: 'usage' | 'settings' | 'unreachable'; readonly remedy: string }

const REMEDIES: Readonly<Record<string, Remedy | undefined>> = {
  E0000011: {
    kind: 'settings',
    remedy:
      'The API token is not valid for this org: it is mistyped, belongs to another org, was revoked, or was not used for 30 days.',
  },
  E0000005: {
    kind: 'settings',
    remedy: 'The session or token is not valid for this org. Make a new API token.',
  },
  E0000006: { kind: 'settings', remedy: NEEDS },
  E0000015: {
    kind: 'settings',
    remedy:
      'The org lacks the feature: custom authorization servers need API Access Management. Without it, use a secret header: --secret-header X-Hookline-Secret.',
  },
  E0000047: {
    kind: 'unreachable',
    remedy: `Okta's rate limit did not reset in time. Wait a few minutes. ${AGAIN}`,
  },
  E0000226: {
    kind: 'usage',
    remedy: `Okta requires an active telephony hook before the phone authenticator is turned on. ${AGAIN}`,
  },
  E0000264: {
    kind: 'usage',
    remedy: `Okta requires an active telephony hook before the phone authenticator is turned on. ${AGAIN}`,
  },
  invalid_client: {
    kind: 'settings',
    remedy: 'Okta does not know this service app or its key: check --client-id, --key-file and --key-id.',
  },
  invalid_scope: {
    kind: 'settings',
    remedy: `Grant the scopes to the service app (Okta API Scopes). ${NEEDS}`,
  },
  consent_required: {
    kind: 'settings',
    remedy: `Grant the scopes to the service app (Okta API Scopes). ${NEEDS}`,
  },
}
