import { createHash } from 'node:crypto'
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { keyNamed } from '../iam/encryption.ts'
import type { RequestedAction } from '../iam/iam.ts'
import type { Stack } from '../template/stack.ts'

/** A call to AWS's API, as received. */
export type AwsCall = {
  /** `DynamoDB_20120810.GetItem`. */
  readonly target: string
  readonly region: string
  readonly input: Readonly<Record<string, unknown>>
}

/** By the name with which calls are signed. */
export type Service = 'dynamodb' | 'monitoring' | 'secretsmanager' | 'sms-voice'

export type RequestedActions = {
  readonly service: Service
  readonly operation: string
  readonly requested: readonly RequestedAction[]
}

/** The permissions that a call needs, all of them. Undefined for a service that the harness does not have. */
export function requestedActionsOf(
  { target, region, input }: AwsCall,
  stack: Stack,
): RequestedActions | undefined {
  const [api = '', operation = ''] = target.split('.')
  const service = SERVICES[api]
  if (service === undefined) return undefined
  const prefix = service === 'monitoring' ? 'cloudwatch' : service
  const arn = (resource: string): string => `arn:aws:${prefix}:${region}:${stack.account}:${resource}`
  const action = `${prefix}:${operation}`
  const resources = RESOURCES[service]({ operation, input, arn, stack })
  const requested = resources.map(
    (resource): RequestedAction => ({ action, resource, context: contextOf(input, region) }),
  )
  return { service, operation, requested: [...requested, ...keyActions(service, resources, stack)] }
}

const SERVICES: Readonly<Record<string, Service>> = {
  DynamoDB_20120810: 'dynamodb',
  GraniteServiceVersion20100801: 'monitoring',
  secretsmanager: 'secretsmanager',
  PinpointSMSVoiceV2: 'sms-voice',
}

type Naming = Pick<AwsCall, 'input'> & {
  readonly operation: string
  readonly arn: (resource: string) => string
  readonly stack: Stack
}

/** Service Authorization Reference, "Resource types" of each action. */
const RESOURCES: Readonly<Record<Service, (naming: Naming) => readonly string[]>> = {
  dynamodb: ({ operation, input: { TableName, IndexName, RequestItems }, arn }) => {
    if (/^BatchWrite|^Transact|Statement$/.test(operation))
      throw new Error(`The harness does not know DynamoDB's ${operation}`)
    const tables = RequestItems === undefined ? [TableName] : Object.keys(Object(RequestItems))
    return tables.map(name => {
      const table = String(name).startsWith('arn:') ? String(name) : arn(`table/${name}`)
      return IndexName === undefined ? table : `${table}/index/${IndexName}`
    })
  },
  monitoring: ({ arn }) => [arn('alarm:*')],
  secretsmanager: ({ input: { SecretId }, arn, stack }) => {
    const found = stack
      .ofType('AWS::SecretsManager::Secret')
      .find(({ ref, properties }) => ref === SecretId || properties.Name === SecretId)
    return [found?.ref ?? arn(`secret:${SecretId}`)]
  },
  'sms-voice': ({ operation, input, arn }) => {
    // The reference lists no resource types for calls, so only a policy for `*` allows them.
    if (operation === 'SendVoiceMessage') return ['*']
    if (operation === 'PutMessageFeedback') return [arn(`message/${input.MessageId}`)]
    if (operation === 'DescribeOptedOutNumbers' || operation === 'DeleteOptedOutNumber')
      return [arn(`opt-out-list/${String(input.OptOutListName).split('/').at(-1)}`)]
    if (operation.startsWith('Describe')) return ['*'] // of all resources, by paging
    const { OriginationIdentity, NotifyConfigurationId, DestinationPhoneNumber } = input
    const named = (kind: string, id: unknown): readonly string[] =>
      id === undefined ? [] : [String(id).startsWith('arn:') ? String(id) : arn(`${kind}/${id}`)]
    return [
      ...named('notify-configuration', NotifyConfigurationId),
      ...originationResources(OriginationIdentity, DestinationPhoneNumber, arn),
      ...named('configuration-set', input.ConfigurationSetName),
      ...named('protect-configuration', input.ProtectConfigurationId),
    ]
  },
}

function originationResources(input: unknown, to: unknown, arn: Naming['arn']): readonly string[] {
  if (input === undefined) return []
  const identity = String(input)
  if (identity.startsWith('arn:')) return [identity]
  if (identity.startsWith('pool-')) return [arn(`pool/${identity}`)]
  if (identity.startsWith('rcs-')) return [arn(`rcs-agent/${identity}`)]
  if (identity.startsWith('phone-')) return [arn(`phone-number/${identity}`)]
  if (/^\+?\d+$/.test(identity)) {
    // AWS knows the ID of a number; here it is made up, always the same for a number.
    const id = createHash('sha256').update(identity.replace('+', '')).digest('hex').slice(0, 32)
    return [arn(`phone-number/phone-${id}`)]
  }
  const country = parsePhoneNumberFromString(String(to))?.country
  return [arn(`sender-id/${identity}/${country}`)]
}

/**
 * To read something encrypted with a key of the template, the role needs permission for that key through the service.
 */
function keyActions(
  service: Service,
  resources: readonly string[],
  stack: Stack,
): readonly RequestedAction[] {
  return resources.flatMap(resource => {
    const keyId = keyOf(resource, stack)
    if (keyId === undefined) return []
    const key = keyNamed(stack, keyId)
    if (key?.arn === undefined) return []
    const context = {
      'kms:ViaService': `${service}.${stack.region}.amazonaws.com`,
      'kms:CallerAccount': stack.account,
      ...(service === 'secretsmanager' && { 'kms:EncryptionContext:SecretARN': resource }),
    }
    return [{ action: 'kms:Decrypt', resource: key.arn, context }]
  })
}

function keyOf(resource: string, stack: Stack): unknown {
  const secret = stack.find('AWS::SecretsManager::Secret', resource)
  if (secret !== undefined) return secret.properties.KmsKeyId
  const [table] = resource.split('/index/')
  const { SSESpecification } = stack.find('AWS::DynamoDB::Table', table)?.properties ?? {}
  return (Object(SSESpecification) as { readonly KMSMasterKeyId?: unknown }).KMSMasterKeyId
}

/** Condition keys of all requests. */
function contextOf(
  input: Readonly<Record<string, unknown>>,
  region: string,
): NonNullable<RequestedAction['context']> {
  const { Key, ExpressionAttributeNames } = input
  const key = Object(Key) as KeyValues
  const leading = [...leadingOf(key), ...leadingOfBatch(input), ...leadingOfQuery(input)]
  // Every attribute is named by a placeholder.
  const attributes = [...Object.keys(key), ...Object.values(Object(ExpressionAttributeNames)).map(String)]
  return {
    'aws:RequestedRegion': region,
    'aws:SecureTransport': 'true',
    ...(leading.length > 0 && { 'dynamodb:LeadingKeys': leading }),
    ...(ExpressionAttributeNames !== undefined && { 'dynamodb:Attributes': attributes }),
  }
}

type KeyValues = Readonly<Record<string, { readonly S?: string }>>

/** The partition key comes first. */
function leadingOf(key: KeyValues): readonly string[] {
  return Object.values(key)
    .slice(0, 1)
    .flatMap(({ S }) => S ?? [])
}

function leadingOfBatch({ RequestItems }: AwsCall['input']): readonly string[] {
  const tables = Object.values(Object(RequestItems)) as readonly { readonly Keys?: readonly KeyValues[] }[]
  return tables.flatMap(({ Keys = [] }) => Keys.flatMap(leadingOf))
}

/** Of a query of the table: of one of an index, AWS does not say which key it compares, so no policy may count on it. */
function leadingOfQuery(input: AwsCall['input']): readonly string[] {
  const [, value = ''] = /^#\w+ = (:\w+)/.exec(String(input.KeyConditionExpression)) ?? []
  const { S } = Object(Object(input.ExpressionAttributeValues)[value]) as { readonly S?: string }
  return input.IndexName !== undefined || S === undefined ? [] : [S]
}
