import { createHash } from 'node:crypto'
import type { CfnCondition, CfnResource as Part, Stack } from 'aws-cdk-lib'
import {
  CfnAuthorizer,
  CfnDeployment,
  CfnGatewayResponse,
  CfnMethod,
  CfnResource,
  CfnRestApi,
} from 'aws-cdk-lib/aws-apigateway'
import type { CfnAlias, CfnFunction } from 'aws-cdk-lib/aws-lambda'
import { type Base, eitherText, onlyText } from '../base.ts'
import { invocationUri } from './function.ts'

export type Api = {
  readonly restApiId: string
  readonly authorizerId: string
  /** The snapshot of the API that a stage serves. */
  readonly deploymentId: string
}

/** The functions that the API calls. */
export type BehindApi = {
  readonly authorizer: CfnFunction
  readonly live: CfnAlias
  readonly events: CfnFunction
}

/** The address of Okta's event hook, and its methods. */
export const EVENTS_PATH = '/events/okta'
export const EVENT_METHODS = ['GET', 'POST'] as const

/**
 * `POST /{ApiResourcePath}`, with the authorizer in front of the hook unless the hook authenticates callers itself, and `/events/okta`, whose function compares the secret
 * itself: the authorizer reads only one header, and Okta verifies an event hook without a secret.
 */
export function defineApi(base: Base, { authorizer: authorizerFunction, live, events }: BehindApi): Api {
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
    method: methodOf(base, live),
    events: {
      pathParts: EVENTS_PATH.split('/').slice(1),
      methods: EVENT_METHODS,
      uri: invocationUri(events.attrArn),
    },
    responses: gatewayResponses(restApiId),
  }
  const resource = new CfnResource(stack, 'ApiResource', definition.resource)
  const authorizer = new CfnAuthorizer(stack, 'ApiAuthorizer', definition.authorizer)
  authorizer.cfnOptions.condition = when.authorizer
  const method = new CfnMethod(stack, 'ApiMethod', {
    ...definition.method,
    restApiId,
    resourceId: resource.ref,
    authorizerId: onlyText(when.authorizer, authorizer.ref),
  })
  const responses = definition.responses.map(
    props => new CfnGatewayResponse(stack, `Api${props.responseType.replaceAll('_', '')}`, props),
  )

  const eventMethods = defineEventMethods(base, api, definition.events)

  const takeSnapshot = (form: string, condition: CfnCondition, parts: readonly Part[]): string => {
    const deployment = new CfnDeployment(stack, deploymentId(stack, form, definition), { restApiId })
    for (const part of parts) deployment.addResourceDependency(part)
    deployment.cfnOptions.condition = condition
    return deployment.ref
  }
  // One for each form that the API can have: a stack that changes from one to another also needs a new deployment of the API.
  const always = [method, ...responses]
  const takeSnapshots = (form: string, { alone, withEvents }: typeof when.apiForms.byToken): string =>
    eitherText(
      when.oktaEvents,
      takeSnapshot(`${form}AndEvents`, withEvents, [...always, ...eventMethods]),
      takeSnapshot(form, alone, always),
    )
  const { byToken, byHeader, oneFunction } = when.apiForms
  return {
    restApiId,
    authorizerId: authorizer.ref,
    deploymentId: eitherText(
      when.oneFunction,
      takeSnapshots('OneFunction', oneFunction),
      eitherText(when.byToken, takeSnapshots('ByToken', byToken), takeSnapshots('ByHeader', byHeader)),
    ),
  }
}

function defineEventMethods(
  { stack, when }: Base,
  api: CfnRestApi,
  { pathParts, uri }: { readonly pathParts: readonly string[]; readonly uri: string },
): readonly CfnMethod[] {
  const { ref: restApiId } = api
  const resourceId = pathParts.reduce((parentId, pathPart, depth) => {
    const resource = new CfnResource(stack, `ApiEventsResource${depth + 1}`, {
      restApiId,
      parentId,
      pathPart,
    })
    resource.cfnOptions.condition = when.oktaEvents
    return resource.ref
  }, api.attrRootResourceId)
  return EVENT_METHODS.map(httpMethod => {
    const method = new CfnMethod(stack, `ApiEvents${httpMethod}`, {
      restApiId,
      resourceId,
      httpMethod,
      authorizationType: 'NONE',
      apiKeyRequired: false,
      integration: { type: 'AWS_PROXY', integrationHttpMethod: 'POST', uri },
    })
    method.cfnOptions.condition = when.oktaEvents
    return method
  })
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

function methodOf({ when }: Base, live: CfnAlias) {
  return {
    httpMethod: 'POST',
    authorizationType: eitherText(when.authorizer, 'CUSTOM', 'NONE'),
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
export function deploymentId(stack: Stack, form: string, snapshot: unknown): string {
  const resolved = JSON.stringify(stack.resolve(snapshot))
  return `Api${form}${createHash('sha256').update(resolved).digest('hex').slice(0, 12)}`
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
/** The body of a 401 from the firewall or API Gateway. The hook answers 401 without a body. */
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
