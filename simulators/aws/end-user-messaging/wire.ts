import type { IncomingHttpHeaders } from 'node:http'
import { type AwsError, awsError } from './aws-error.ts'
import { type DescribeRequest, readDescribeRequest } from './describe.ts'
import { isDescribeOperation } from './describe-model.ts'
import { isOperation } from './model.ts'
import { isOptOutOperation, type OptOutRequest, readOptOutRequest } from './opt-outs.ts'
import { readSendRequest, type SendRequest, unreadableBody } from './send-request.ts'

/** The content type of AWS JSON 1.0, asked and answered. */
export const AWS_JSON = 'application/x-amz-json-1.0'

/** The largest body that is read, in bytes. The largest valid request is far smaller. */
export const BODY_BYTES_MAX = 256 * 1024

/**
 * Reads a request in AWS JSON 1.0: which operation, is it signed, what is asked. The answer is a request that AWS would
 * accept, or the error that AWS would answer with. The signature itself is not computed: any key is as good as another.
 */
export function readRequest(
  headers: IncomingHttpHeaders,
  body: string,
): SendRequest | DescribeRequest | OptOutRequest | AwsError {
  const [service, operation = ''] = header(headers, 'x-amz-target').split('.')
  const isKnown = isOperation(operation) || isDescribeOperation(operation) || isOptOutOperation(operation)
  if (service !== 'PinpointSMSVoiceV2' || !isKnown) {
    return awsError('UnknownOperationException', 'The operation is not one that this stand-in knows')
  }
  const signed = readSignature(header(headers, 'authorization'))
  if ('kind' in signed) return signed
  const input = parseObject(body)
  if (input === undefined) return unreadableBody()
  if (isOptOutOperation(operation)) return readOptOutRequest(operation, signed.region, input)
  return isOperation(operation)
    ? readSendRequest(operation, signed.region, input)
    : readDescribeRequest(operation, signed.region, input)
}

function header(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name]
  return typeof value === 'string' ? value : ''
}

/** The region that a request is signed for. */
function readSignature(authorization: string): { readonly region: string } | AwsError {
  if (!authorization.startsWith('AWS4-HMAC-SHA256 ')) {
    return awsError('MissingAuthenticationTokenException', 'Missing Authentication Token')
  }
  const [, credential = ''] = CREDENTIAL.exec(authorization) ?? []
  // Credential=key/date/region/service/aws4_request
  const [, , region = '', service] = credential.split('/')
  if (service !== 'sms-voice') {
    const message = "Credential should be scoped to correct service: 'sms-voice'."
    return awsError('InvalidSignatureException', message)
  }
  return { region }
}

const CREDENTIAL = /Credential=([^,\s]+)/

function parseObject(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
