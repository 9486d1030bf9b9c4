import { type Answer, type ControlRequest, json, xml } from './http.ts'
import { queryError } from './query.ts'

/** Faults on demand: `PUT /faults` sets all of them at once. */
export type Faults = {
  /** Whether the credentials have expired, for every request. */
  readonly expired?: boolean
  /** Actions that the caller may not call: `cloudformation:CreateChangeSet`. */
  readonly deny?: readonly string[]
  /** The account's tier. Default: PRODUCTION. */
  readonly tier?: 'SANDBOX' | 'PRODUCTION'
  /** Resources that cannot be created or changed: logical ID or type to the reason. */
  readonly failing?: Readonly<Record<string, string>>
  /** Problems that CloudFormation finds before it begins: logical ID to the reason. */
  readonly invalid?: Readonly<Record<string, string>>
  /** Functions whose code was changed outside the stack: name to the SHA-256 of the code they run now. */
  readonly changedCode?: Readonly<Record<string, string>>
  /** Resources that cannot be deleted: logical ID or type to the reason. */
  readonly sticking?: Readonly<Record<string, string>>
}

/** The refusal of a request before its service reads it, in that service's format. */
export function refusal(faults: Faults, { service }: ControlRequest, action: string): Answer | undefined {
  if (service === '') return refuse('s3', 403, 'MissingAuthenticationToken', 'Missing Authentication Token')
  if (faults.expired) {
    return refuse(service, 403, 'ExpiredToken', 'The security token included in the request is expired')
  }
  const name = `${service}:${action}`
  if (faults.deny?.includes(name)) {
    const message = `User: ${CALLER_ARN} is not authorized to perform: ${name} because no identity-based policy allows the ${name} action`
    return refuse(service, service === 'sms-voice' ? 400 : 403, 'AccessDenied', message)
  }
  return undefined
}

function refuse(service: string, status: number, code: string, message: string): Answer {
  if (service === 's3') {
    return { status, contentType: 'application/xml', body: xml('Error', { Code: code, Message: message }) }
  }
  if (service === 'sms-voice') {
    return json(status, { __type: `${code}Exception`, Message: message }, 'application/x-amz-json-1.0')
  }
  if (service === 'apigateway' || service === 'lambda') {
    const type = `${code}Exception`
    return { ...json(status, { message }), headers: { 'x-amzn-errortype': type } }
  }
  return queryError(status, code, message)
}

export const ACCOUNT = '123456789012'
export const CALLER_ARN = `arn:aws:iam::${ACCOUNT}:user/operator`
