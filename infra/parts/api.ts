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
  /** The snapshot of the API that a stage serves. */
  readonly deploymentId: string
}

/** One method: `POST /{ApiResourcePath}`, with the authorizer in front of the hook. */
export function defineApi(base: Base, authorizerFunction: CfnFunction, live: CfnAlias): Api {
  const { stack, parameters, when } = base
  const api = new CfnRestApi(stack, 'Api', {
    name: parameters.ApiGatewayName.valueAsString,
    description: "Hookline: Okta's telephony hook",
    endpointConfiguration: { types: ['REGIONAL'] },
    disableExecuteApiEndpoint: false,
    // TLS 1.2 and 1.3; by default, API Gateway also accepts 1.0.
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

  const takeSnapshot = (way: string, condition: CfnCondition): string => {
    const deployment = new CfnDeployment(stack, deploymentId(stack, way, definition), { restApiId })
    for (const part of [method, ...responses]) deployment.addResourceDependency(part)
    deployment.cfnOptions.condition = condition
    return deployment.ref
  }
  // One for each authentication method: a stack that changes its method also needs a new deployment of the API.
  const byToken = takeSnapshot('ByToken', when.byToken)
  const byHeader = takeSnapshot('ByHeader', when.byHeader)
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
    // Refuses what is not a Bearer token, or shorter than any secret, before the function runs.
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
    // The hook gets the whole request. It and the firewall limit the size; a model would not, and would reject requests
    // that the hook accepts.
    integration: { type: 'AWS_PROXY', integrationHttpMethod: 'POST', uri: invocationUri(live.ref) },
  }
}

/**
 * A deployment of API Gateway is a snapshot of the API. Its ID contains a hash of the snapshot, so that CloudFormation
 * takes a new one when anything changes. @internal
 */
export function deploymentId(stack: Stack, way: string, snapshot: unknown): string {
  const resolved = JSON.stringify(stack.resolve(snapshot))
  return `Api${way}${createHash('sha256').update(resolved).digest('hex').slice(0, 12)}`
}

/** API Gateway's own answers: one sentence, and nothing about the implementation. */
function gatewayResponses(restApiId: string) {
  return RESPONSES.map(([responseType, statusCode, sentence]) => ({
    restApiId,
    responseType,
    ...(statusCode !== undefined && { statusCode }),
    responseTemplates: { 'application/json': bodyOf(sentence) },
  }))
}

const WHO = 'The caller could not be verified.'
/** The body of every 401, from the firewall, API Gateway or the hook. */
export const UNAUTHORIZED = bodyOf(WHO)

function bodyOf(sentence: string): string {
  return JSON.stringify({ error: { errorSummary: sentence } })
}

/** Without a status, API Gateway uses its own. */
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
