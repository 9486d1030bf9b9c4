import { createHash } from 'node:crypto'

/** The account, region and name of a stack. */
export type Place = {
  readonly name: string
  readonly region: string
  readonly account: string
  /** Default: derived from the others. */
  readonly stackId?: string
}

/** The results of `Ref` and `Fn::GetAtt` for a resource. */
export type Identity = {
  readonly ref: string
  readonly attributes: Readonly<Record<string, string>>
  /** For a stand-in that names every attribute in the same way. */
  readonly otherAttribute?: (name: string) => string
}

/** Stable made-up names, or the template's own name of a resource. */
export function identityOf(
  type: string,
  logicalId: string,
  place: Place,
  property: (name: string) => string | undefined,
): Identity {
  const digest = createHash('sha256').update(`${place.name}/${logicalId}`).digest('hex')
  const arn = (service: string, resource: string): string =>
    `arn:aws:${service}:${place.region}:${place.account}:${resource}`
  const named = (name: string): string =>
    property(name) ?? `${place.name}-${logicalId}-${digest.slice(0, 12)}`
  const make = TYPES[type]
  if (make === undefined) return { ref: `${place.name}-${logicalId}-${digest.slice(0, 12)}`, attributes: {} }
  return make({ place, digest, uuid: uuidOf(digest), arn, named, property })
}

type Making = {
  readonly place: Place
  readonly digest: string
  readonly uuid: string
  readonly arn: (service: string, resource: string) => string
  /** A property that names the resource, or the name that CloudFormation would make up. */
  readonly named: (name: string) => string
  readonly property: (name: string) => string | undefined
}

/** CloudFormation's reference, "Return values" of each type; only what a template can refer to. */
const TYPES: Readonly<Record<string, (making: Making) => Identity>> = {
  'AWS::ApiGateway::Authorizer': plain('AuthorizerId', 6),
  'AWS::ApiGateway::Deployment': plain('DeploymentId', 6),
  'AWS::ApiGateway::Resource': plain('ResourceId', 6),
  'AWS::ApiGateway::RestApi': ({ digest }) => ({
    ref: digest.slice(0, 10),
    attributes: { RestApiId: digest.slice(0, 10), RootResourceId: digest.slice(10, 20) },
  }),
  'AWS::ApiGateway::Stage': ({ named }) => ({ ref: named('StageName'), attributes: {} }),
  'AWS::CloudWatch::Alarm': ({ arn, named }) =>
    withArn(named('AlarmName'), name => arn('cloudwatch', `alarm:${name}`)),
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::DynamoDB::Table': table,
  'AWS::Events::Rule': ({ arn, named }) => withArn(named('Name'), name => arn('events', `rule/${name}`)),
  'AWS::IAM::ManagedPolicy': ({ place, named }) => {
    const policyArn = `arn:aws:iam::${place.account}:policy/${named('ManagedPolicyName')}`
    return { ref: policyArn, attributes: { PolicyArn: policyArn } }
  },
  'AWS::IAM::Role': ({ place, named }) =>
    withArn(named('RoleName'), name => `arn:aws:iam::${place.account}:role/${name}`),
  'AWS::KMS::Alias': ({ named }) => ({ ref: named('AliasName'), attributes: {} }),
  'AWS::KMS::Key': ({ arn, uuid }) => ({
    ref: uuid,
    attributes: { Arn: arn('kms', `key/${uuid}`), KeyId: uuid },
  }),
  'AWS::Lambda::Alias': ({ arn, property }) => {
    const ref = `${functionArn(arn, property('FunctionName') ?? '')}:${property('Name')}`
    return { ref, attributes: { AliasArn: ref } }
  },
  'AWS::Lambda::Function': ({ arn, named }) => withArn(named('FunctionName'), name => functionArn(arn, name)),
  'AWS::Lambda::Version': ({ arn, property }) => {
    const ref = `${functionArn(arn, property('FunctionName') ?? '')}:1`
    return { ref, attributes: { FunctionArn: ref, Version: '1' } }
  },
  'AWS::Logs::LogGroup': ({ arn, named }) =>
    withArn(named('LogGroupName'), name => arn('logs', `log-group:${name}:*`)),
  'AWS::SMSVOICE::ConfigurationSet': ({ arn, named }) =>
    withArn(named('ConfigurationSetName'), name => arn('sms-voice', `configuration-set/${name}`)),
  'AWS::SMSVOICE::NotifyConfiguration': ({ arn, digest }) => {
    const id = `notify-${digest.slice(0, 32)}`
    const attributes = { NotifyConfigurationArn: arn('sms-voice', `notify-configuration/${id}`) }
    return { ref: id, attributes: { ...attributes, NotifyConfigurationId: id } }
  },
  'AWS::SMSVOICE::ProtectConfiguration': ({ arn, digest }) => {
    const id = `protect-${digest.slice(0, 32)}`
    const attributes = { Arn: arn('sms-voice', `protect-configuration/${id}`) }
    return { ref: id, attributes: { ...attributes, ProtectConfigurationId: id } }
  },
  'AWS::SNS::Topic': ({ arn, named }) => {
    const name = named('TopicName')
    const topicArn = arn('sns', name)
    return { ref: topicArn, attributes: { Arn: topicArn, TopicArn: topicArn, TopicName: name } }
  },
  'AWS::SQS::Queue': ({ arn, named, place }) => {
    const name = named('QueueName')
    const url = `https://sqs.${place.region}.amazonaws.com/${place.account}/${name}`
    return { ref: url, attributes: { Arn: arn('sqs', name), QueueName: name, QueueUrl: url } }
  },
  'AWS::SecretsManager::Secret': ({ arn, named, digest }) => {
    const secretArn = arn('secretsmanager', `secret:${named('Name')}-${digest.slice(0, 6)}`)
    return { ref: secretArn, attributes: { Arn: secretArn, Id: secretArn } }
  },
  'AWS::WAFv2::IPSet': waf('ipset'),
  'AWS::WAFv2::WebACL': waf('webacl'),
}

function plain(attribute: string, length: number): (making: Making) => Identity {
  return ({ digest }) => {
    const ref = digest.slice(0, length)
    return { ref, attributes: { [attribute]: ref } }
  }
}

function withArn(ref: string, arn: (name: string) => string): Identity {
  return { ref, attributes: { Arn: arn(ref) } }
}

function table({ arn, named }: Making): Identity {
  return withArn(named('TableName'), name => arn('dynamodb', `table/${name}`))
}

function waf(kind: string): (making: Making) => Identity {
  return ({ arn, named, uuid }) => {
    const name = named('Name')
    const attributes = { Arn: arn('wafv2', `regional/${kind}/${name}/${uuid}`), Id: uuid }
    return { ref: `${name}|${uuid}|REGIONAL`, attributes }
  }
}

/** A function may be named by its name or its ARN. */
function functionArn(arn: Making['arn'], nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? nameOrArn : arn('lambda', `function:${nameOrArn}`)
}

function uuidOf(digest: string): string {
  return digest.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
