import type { Resource, Stack } from '../template/stack.ts'
import type { Properties } from '../template/template.ts'

/** A deployed REST API. */
export type RestApi = {
  readonly id: string
  readonly stage: Resource
  readonly methods: readonly Method[]
  /** Gateway responses of the template, by type. */
  readonly responses: ReadonlyMap<string, Properties>
  /** The stage's limits on requests per second and burst. */
  readonly throttling: { readonly rateLimit: number; readonly burstLimit: number }
}

export type Method = {
  readonly verb: string
  /** `/mfa`. */
  readonly path: string
  readonly resourceId: string
  readonly integration: Integration
  readonly authorizer: Authorizer | undefined
}

type Integration = { readonly functionArn: string; readonly timeoutMs: number }

export type Authorizer = {
  readonly id: string
  readonly type: 'TOKEN' | 'REQUEST'
  /** Header names. */
  readonly identitySources: readonly string[]
  readonly validation: RegExp | undefined
  readonly ttlSeconds: number
  readonly functionArn: string
}

/**
 * Reads the only REST API of a stack. Throws if AWS would fail or not deploy a part of it, and for properties that are
 * unknown here.
 */
export function readRestApi(stack: Stack): RestApi {
  const [api, ...more] = stack.ofType('AWS::ApiGateway::RestApi')
  if (api === undefined || more.length > 0) throw new Error('The template has no REST API, or more than one')
  const [stage, ...otherStages] = stack.ofType('AWS::ApiGateway::Stage')
  if (stage === undefined || otherStages.length > 0) throw new Error('The API has no stage, or more than one')
  const methodResources = stack.ofType('AWS::ApiGateway::Method').filter(isOf(api))
  checkDeployment(stack, stage, methodResources)
  return {
    id: api.ref,
    stage,
    methods: methodResources.map(method => readMethod(stack, method)),
    responses: new Map(
      stack
        .ofType('AWS::ApiGateway::GatewayResponse')
        .filter(isOf(api))
        .map(({ properties }) => [String(properties.ResponseType), properties]),
    ),
    throttling: throttlingOf(stage),
  }
}

function isOf(api: Resource): (resource: Resource) => boolean {
  return ({ properties }) => properties.RestApiId === api.ref
}

/** A deployment is a snapshot of the API: methods that are added later are not in it. */
function checkDeployment(stack: Stack, stage: Resource, methods: readonly Resource[]): void {
  const deployment = stack.find('AWS::ApiGateway::Deployment', stage.properties.DeploymentId)
  if (deployment === undefined) throw new Error(`${stage.logicalId} has no deployment of the template`)
  const late = methods.filter(({ logicalId }) => !deployment.dependsOn.includes(logicalId))
  for (const { logicalId } of late) {
    throw new Error(`${deployment.logicalId} does not depend on ${logicalId}: it might be created without it`)
  }
}

function readMethod(stack: Stack, { logicalId, properties }: Resource): Method {
  const { HttpMethod, ResourceId, AuthorizationType, AuthorizerId } = properties
  const { Type, IntegrationHttpMethod, Uri, TimeoutInMillis } = Object(properties.Integration) as Properties
  if (Type !== 'AWS_PROXY') throw new Error(`${logicalId}: the harness knows AWS_PROXY only, not ${Type}`)
  if (IntegrationHttpMethod !== 'POST') throw new Error(`${logicalId}: Lambda is called by POST only`)
  const isCustom = AuthorizationType === 'CUSTOM'
  if (!isCustom && AuthorizationType !== 'NONE') {
    throw new Error(`${logicalId}: the harness does not know the authorization ${AuthorizationType}`)
  }
  return {
    verb: String(HttpMethod),
    path: pathOf(stack, ResourceId),
    resourceId: String(ResourceId),
    integration: {
      functionArn: functionIn(logicalId, Uri),
      timeoutMs: Math.min(Number(TimeoutInMillis ?? LAMBDA_MS_MAX), LAMBDA_MS_MAX),
    },
    authorizer: isCustom ? readAuthorizer(stack, AuthorizerId) : undefined,
  }
}

function readAuthorizer(stack: Stack, id: unknown): Authorizer {
  const resource = stack.find('AWS::ApiGateway::Authorizer', id)
  if (resource === undefined) throw new Error(`There is no authorizer ${id}`)
  const { logicalId, properties, ref } = resource
  const { Type, IdentitySource, IdentityValidationExpression: expression, AuthorizerCredentials } = properties
  if (Type !== 'TOKEN' && Type !== 'REQUEST') throw new Error(`${logicalId}: ${Type} is not known`)
  if (AuthorizerCredentials !== undefined) throw new Error(`${logicalId}: a role of its own is not known`)
  if (Type === 'REQUEST' && expression !== undefined) {
    throw new Error(`${logicalId}: an expression is for TOKEN authorizers only`)
  }
  const ttlSeconds = Number(properties.AuthorizerResultTtlInSeconds ?? 300)
  if (!(ttlSeconds >= 0 && ttlSeconds <= 3600))
    throw new Error(`${logicalId}: results live 0 to 3600 seconds`)
  return {
    id: ref,
    type: Type,
    identitySources: String(IdentitySource ?? '')
      .split(',')
      .filter(source => source !== '')
      .map(source => headerIn(logicalId, source.trim())),
    validation: expression === undefined ? undefined : wholeExpression(logicalId, String(expression)),
    ttlSeconds,
    functionArn: functionIn(logicalId, properties.AuthorizerUri),
  }
}

/** AWS does not document whether the expression must match the whole token; with both anchors it does not matter. */
function wholeExpression(logicalId: string, expression: string): RegExp {
  if (!expression.startsWith('^') || !expression.endsWith('$')) {
    throw new Error(`${logicalId}: the expression ${expression} must begin with ^ and end with $`)
  }
  return new RegExp(expression)
}

function headerIn(logicalId: string, source: string): string {
  const [, name] = /^method\.request\.header\.([\w-]+)$/.exec(source) ?? []
  if (name === undefined) throw new Error(`${logicalId}: the harness knows headers only, not ${source}`)
  return name
}

function functionIn(logicalId: string, uri: unknown): string {
  const [, arn] =
    /^arn:aws:apigateway:[\w-]+:lambda:path\/2015-03-31\/functions\/(arn:aws:lambda:.+)\/invocations$/.exec(
      String(uri),
    ) ?? []
  if (arn === undefined) throw new Error(`${logicalId}: ${uri} is not the URI of a Lambda function`)
  return arn
}

function pathOf(stack: Stack, resourceId: unknown): string {
  const resource = stack.find('AWS::ApiGateway::Resource', resourceId)
  if (resource === undefined) return ''
  return `${pathOf(stack, resource.properties.ParentId)}/${resource.properties.PathPart}`
}

/** A stage without limits has the account's limit of 10,000 requests a second, which all APIs share. */
function throttlingOf({ logicalId, properties: { MethodSettings = [] } }: Resource): RestApi['throttling'] {
  const settings = MethodSettings as readonly Properties[]
  const all = settings.find(({ HttpMethod, ResourcePath }) => HttpMethod === '*' && ResourcePath === '/*')
  const { ThrottlingRateLimit, ThrottlingBurstLimit } = all ?? {}
  if (ThrottlingRateLimit === undefined || ThrottlingBurstLimit === undefined) {
    throw new Error(`${logicalId} has no throttling for all methods`)
  }
  return { rateLimit: Number(ThrottlingRateLimit), burstLimit: Number(ThrottlingBurstLimit) }
}

const LAMBDA_MS_MAX = 29_000
