import type { Cloud } from './cloud.ts'
import type { CloudContext } from './context.ts'
import { Problem } from './problem.ts'

/** Opens AWS for one piece of work. An error of AWS becomes a problem that says what to do. */
export async function withCloud(
  context: CloudContext,
  region: string | undefined,
  work: (cloud: Cloud) => Promise<void>,
): Promise<void> {
  try {
    const cloud = await context.cloud.open(region)
    try {
      await work(cloud)
    } finally {
      cloud.close()
    }
  } catch (error) {
    throw explainAwsError(error)
  }
}

/** A problem that the person can act on, if the error is one of AWS's usual ones; else the error itself. */
export function explainAwsError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Problem) return error
  const { name, message, code, $metadata, $fault } = error as SdkError
  if (name === 'CredentialsProviderError' || /Could not load credentials/i.test(message)) {
    return new Problem('settings', `There are no AWS credentials. ${HOW_TO_SIGN_IN}`)
  }
  if (/Region is missing|Region not accepted/i.test(message)) {
    return new Problem(
      'settings',
      `No AWS region is set, or its value is not a region (${message}). Give --region eu-west-1, or set AWS_REGION.`,
    )
  }
  if (
    /^(Expired|RequestExpired|TokenRefreshRequired)/.test(name) ||
    (/token /i.test(message) && /expired/i.test(message))
  ) {
    return new Problem('settings', `The AWS credentials have expired. ${HOW_TO_SIGN_IN}`)
  }
  if (BAD_KEYS.test(name)) {
    return new Problem(
      'settings',
      `AWS does not know these credentials (${name}). ${HOW_TO_SIGN_IN} AWS gives the same answer for a region that the account has not enabled.`,
    )
  }
  if (/^AccessDenied|^UnauthorizedOperation$/.test(name) || $metadata?.httpStatusCode === 403) {
    return new Problem(
      'settings',
      `AWS does not allow this: ${message}. Ask an administrator of the account for this permission, or use another profile.`,
    )
  }
  const network = NETWORK.find(one => one === code || message.includes(one))
  if (network !== undefined || name === 'TimeoutError') {
    return new Problem(
      'unreachable',
      `AWS does not answer (${network ?? name}). Check the network and the region, then run the command again: it continues where it stopped.`,
    )
  }
  // The service's own message names the parameter or the limit.
  return $fault === 'client' ? new Problem('usage', `AWS refused the request: ${name}: ${message}`) : error
}

type SdkError = Error & {
  readonly code?: string
  readonly $fault?: 'client' | 'server'
  readonly $metadata?: { readonly httpStatusCode?: number }
}

const HOW_TO_SIGN_IN =
  'Sign in with `aws sso login` or `aws configure`, choose a profile with AWS_PROFILE, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN).'
const BAD_KEYS =
  /^(UnrecognizedClient|InvalidClientTokenId|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignature|AuthFailure|IncompleteSignature|MissingAuthenticationToken)/
const NETWORK = ['ECONNREFUSED', 'ENOTFOUND', 'ECONNRESET', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH']
