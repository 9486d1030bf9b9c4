import { createHash } from 'node:crypto'
import type { CfnCondition, Stack } from 'aws-cdk-lib'
import {
  CfnAuthorizer,
  CfnDeployment,
  CfnGatewayResponse,
  CfnMethod,
  CfnResource,
  CfnRestApi,
} from 'aws-cdk-lib/aws-apigateway'
import type { CfnAlias, CfnFunction } from 'aws-cdk-lib/aws-lambda'
import { type Base, eitherText } from '../base.ts'
import { invocationUri } from './function.ts'

export type Api = {
  readonly restApiId: string
  readonly authorizerId: string
  /** The picture of the API that a stage serves. */
  readonly deploymentId: string
}

/** One method: `POST /{ApiResourcePath}`, the authorizer before it, the hook behind it. */
export function defineApi(base: Base, authorizerFunction: CfnFunction, live: CfnAlias): Api {
  const { stack, parameters, when } = base
  const api = new CfnRestApi(stack, 'Api', {
    name: parameters.ApiGatewayName.valueAsString,
    description: "Hookline: Okta's telephony hook",
    endpointConfiguration: { types: ['REGIONAL'] },
    disableExecuteApiEndpoint: false,
    // TLS 1.2 and 1.3; left out, API Gateway takes 1.0 as well.
    securityPolicy: 'SecurityPolicy_TLS13_1_2_2021_06',
    endpointAccessMode: 'BASIC',
  })
  const { ref: restApiId } = api
  const definition = {
    resource: {
      restApiId,
      parentId: api.attrRootResourceId,
      pathPart: parameters.ApiResourcePath.valueAsString,
    },
    authorizer: { restApiId, ...authorizerOf(base, authorizerFunction) },
    method: methodOf(live),
    responses: gatewayResponses(restApiId),
  }
  const resource = new CfnResource(stack, 'ApiResource', definition.resource)
  const authorizer = new CfnAuthorizer(stack, 'ApiAuthorizer', definition.authorizer)
  const method = new CfnMethod(stack, 'ApiMethod', {
    ...definition.method,
    restApiId,
    resourceId: resource.ref,
    authorizerId: authorizer.ref,
  })
  const responses = definition.responses.map(
    props => new CfnGatewayResponse(stack, `Api${props.responseType.replaceAll('_', '')}`, props),
  )

  const takePicture = (way: string, condition: CfnCondition): string => {
    const deployment = new CfnDeployment(stack, deploymentId(stack, way, definition), { restApiId })
    for (const part of [method, ...responses]) deployment.addResourceDependency(part)
    deployment.cfnOptions.condition = condition
    return deployment.ref
  }
  // One for each authentication method: a stack that changes from one to the other needs a new deployment of the API, too.
  const byToken = takePicture('ByToken', when.byToken)
  const byHeader = takePicture('ByHeader', when.byHeader)
  return {
    restApiId,
    authorizerId: authorizer.ref,
    deploymentId: eitherText(when.byToken, byToken, byHeader),
  }
}

function authorizerOf({ parameters, when }: Base, { attrArn }: CfnFunction) {
  return {
    name: 'okta',
    type: 'TOKEN',
    identitySource: eitherText(
      when.byToken,
      'method.request.header.Authorization',
      `method.request.header.${parameters.SecretHeaderName.valueAsString}`,
    ),
    // Junk is turned away before the function runs: what is no Bearer token, or shorter than any secret.
    identityValidationExpression: eitherText(when.byToken, BEARER, SECRET),
    authorizerResultTtlInSeconds: 300,
    authorizerUri: invocationUri(attrArn),
  }
}

/** RFC 6750 §2.1, a JWT as the token. */
export const BEARER = '^[Bb][Ee][Aa][Rr][Ee][Rr] +[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$'
export const SECRET = '^\\S{32,512}$'

function methodOf(live: CfnAlias) {
  return {
    httpMethod: 'POST',
    authorizationType: 'CUSTOM',
    apiKeyRequired: false,
    // The whole request to the hook, its size limited there and in the firewall: a model would not limit it,
    // and would reject what the tolerant reader takes.
    integration: { type: 'AWS_PROXY', integrationHttpMethod: 'POST', uri: invocationUri(live.ref) },
  }
}

/**
 * A deployment of API Gateway is a picture of the API at one moment. Its ID holds a hash of what is in the
 * picture: CloudFormation takes a new one when anything of it changes. @internal
 */
export function deploymentId(stack: Stack, way: string, picture: unknown): string {
  const resolved = JSON.stringify(stack.resolve(picture))
  return `Api${way}${createHash('sha256').update(resolved).digest('hex').slice(0, 12)}`
}

/** What API Gateway itself answers: one sentence, and nothing about what is behind it. */
function gatewayResponses(restApiId: string) {
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
