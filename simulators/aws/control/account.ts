import { ACCOUNT, CALLER_ARN } from './faults.ts'
import { type Answer, type ControlRequest, json } from './http.ts'
import { type Query, queryAnswer, queryError, text } from './query.ts'
import type { FunctionState } from './stack.ts'

/** The account, apart from its stacks and buckets. `PUT /account` sets it. */
export type AccountSettings = {
  /** Services that have a service-linked role: `sms-voice.amazonaws.com`. */
  serviceLinkedRoles: string[]
  /** The role with which API Gateway writes logs: one setting for each account and region. */
  apiLogRole: string | undefined
  /** Names of other roles, which belong to no stack or service. */
  roles: string[]
}

/** The part of IAM that `deploy` calls. */
export function answerIam({ action, input }: Query, account: AccountSettings): Answer {
  switch (action) {
    case 'ListRoles': {
      const [, service = ''] = /^\/aws-service-role\/([^/]+)\/$/.exec(text(input, 'PathPrefix') ?? '') ?? []
      const found = account.serviceLinkedRoles.filter(one => one === service)
      return queryAnswer(action, { IsTruncated: false, Roles: found.map(roleOf) })
    }
    case 'GetRole': {
      const name = text(input, 'RoleName') ?? ''
      return account.roles.includes(name)
        ? queryAnswer(action, { Role: { RoleName: name, Arn: `arn:aws:iam::${ACCOUNT}:role/${name}` } })
        : queryError(404, 'NoSuchEntity', `The role with name ${name} cannot be found.`)
    }
    case 'CreateServiceLinkedRole': {
      const service = text(input, 'AWSServiceName') ?? ''
      if (account.serviceLinkedRoles.includes(service)) {
        return queryError(
          400,
          'InvalidInput',
          `Service role name ${nameOf(service)} has been taken in this account, please try a different suffix.`,
        )
      }
      account.serviceLinkedRoles.push(service)
      return queryAnswer(action, { Role: roleOf(service) })
    }
    default:
      return queryError(400, 'InvalidAction', `The stand-in does not know iam:${action} of ${CALLER_ARN}`)
  }
}

/** `GetFunctionConfiguration`, by the name of the function. */
export function answerLambda(
  { method, path }: ControlRequest,
  functions: readonly FunctionState[],
  changed: Readonly<Record<string, string>> = {},
): Answer {
  const [, name = ''] = /^\/2015-03-31\/functions\/([^/]+)\/configuration$/.exec(path) ?? []
  const known = functions.find(one => one.name === name)
  if (method !== 'GET' || known === undefined) {
    return {
      ...json(404, { Type: 'User', Message: `Function not found: ${name}` }),
      headers: { 'x-amzn-errortype': 'ResourceNotFoundException' },
    }
  }
  return json(200, { FunctionName: name, CodeSha256: changed[name] ?? known.codeSha256 })
}

/** API Gateway's account. */
export function answerApiGateway({ method, path }: ControlRequest, { apiLogRole }: AccountSettings): Answer {
  return method === 'GET' && path === '/account'
    ? json(200, { ...(apiLogRole !== undefined && { cloudwatchRoleArn: apiLogRole }), features: [] })
    : json(404, { message: `The stand-in does not know ${method} ${path}` })
}

function roleOf(service: string) {
  const name = nameOf(service)
  const path = `/aws-service-role/${service}/`
  return { Path: path, RoleName: name, Arn: `arn:aws:iam::${ACCOUNT}:role${path}${name}` }
}

function nameOf(service: string): string {
  return `AWSServiceRoleFor${service.split('.')[0]}`
}
