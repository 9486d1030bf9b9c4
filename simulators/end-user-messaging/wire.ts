import type { IncomingHttpHeaders } from 'node:http'
import { type AwsError, awsError } from './aws-error.ts'
import { isOperation } from './model.ts'
import { readSendRequest, type SendRequest, unreadableBody } from './send-request.ts'

/** The content type of AWS JSON 1.0, asked and answered. */
export const AWS_JSON = 'application/x-amz-json-1.0'

/** The largest body that is read, in bytes. The largest valid request is far smaller. */
export const BODY_BYTES_MAX = 256 * 1024

/**
 * Reads a request in AWS JSON 1.0: which operation, is it signed, what is asked. The answer is a request that AWS would
 * accept, or the error that AWS would answer with. The signature itself is not computed: any key is as good as another.
 */
export function readRequest(headers: IncomingHttpHeaders, body: string): SendRequest | AwsError {
  const [service, operation = ''] = header(headers, 'x-amz-target').split('.')
  if (service !== 'PinpointSMSVoiceV2' || !isOperation(operation)) {
    return awsError('UnknownOperationException', 'The operation is not one that this stand-in knows')
  }
  const unsigned = signatureProblem(header(headers, 'authorization'))
  if (unsigned) return unsigned
  const input = parseObject(body)
  return input ? readSendRequest(operation, input) : unreadableBody()
}

function header(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name]
  return typeof value === 'string' ? value : ''
}

function signatureProblem(authorization: string): AwsError | undefined {
  if (!authorization.startsWith('AWS4-HMAC-SHA256 ')) {
    return awsError('MissingAuthenticationTokenException', 'Missing Authentication Token')
  }
  const [, credential = ''] = CREDENTIAL.exec(authorization) ?? []
  // Credential=key/date/region/service/aws4_request
  const [, , , service] = credential.split('/')
  if (service !== 'sms-voice') {
    const message = "Credential should be scoped to correct service: 'sms-voice'."
    return awsError('InvalidSignatureException', message)
  }
  return undefined
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
