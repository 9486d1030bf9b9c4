/** The label of a CloudFormation type: `AWS::Lambda::Function` is "function (Lambda)". */
export function labelOfType(type: string): string {
  const label = LABELS[type]
  if (label !== undefined) return label
  const [, service = type, resource = ''] = type.split('::')
  return `${service} ${resource.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()}`.trim()
}

/** The kinds of resources with their counts: "3 × function (Lambda)". */
export function countKinds(types: readonly string[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const type of types) counts.set(labelOfType(type), (counts.get(labelOfType(type)) ?? 0) + 1)
  return [...counts]
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([kind, count]) => (count === 1 ? kind : `${count} × ${kind}`))
}

const LABELS: Readonly<Record<string, string | undefined>> = {
  'AWS::ApiGateway::Account': 'log role of API Gateway (account-wide)',
  'AWS::ApiGateway::Authorizer': 'authorizer of the gateway',
  'AWS::ApiGateway::Deployment': 'deployment of the gateway',
  'AWS::ApiGateway::GatewayResponse': 'error response of the gateway',
  'AWS::ApiGateway::Method': 'method of the gateway (POST)',
  'AWS::ApiGateway::Resource': 'path of the gateway',
  'AWS::ApiGateway::RestApi': 'gateway (REST API)',
  'AWS::ApiGateway::Stage': 'stage of the gateway',
  'AWS::ApplicationAutoScaling::ScalableTarget': 'scaling target',
  'AWS::ApplicationAutoScaling::ScalingPolicy': 'scaling rule',
  'AWS::CloudWatch::Alarm': 'alarm',
  'AWS::CloudWatch::Dashboard': 'dashboard',
  'AWS::DynamoDB::Table': 'table (DynamoDB)',
  'AWS::Events::Rule': 'event rule (EventBridge)',
  'AWS::IAM::Policy': 'permissions',
  'AWS::IAM::ManagedPolicy': 'permissions',
  'AWS::IAM::Role': 'role',
  'AWS::KMS::Alias': 'name of the encryption key',
  'AWS::KMS::Key': 'encryption key (KMS)',
  'AWS::Lambda::Alias': 'alias of a function',
  'AWS::Lambda::EventInvokeConfig': 'retries of a function',
  'AWS::Lambda::Function': 'function (Lambda)',
  'AWS::Lambda::Permission': 'permission to call a function',
  'AWS::Lambda::Version': 'version of a function',
  'AWS::Logs::LogGroup': 'log',
  'AWS::Logs::MetricFilter': 'metric from a log',
  'AWS::Logs::ResourcePolicy': 'permission to write a log',
  'AWS::SMSVOICE::ConfigurationSet': 'configuration set (End User Messaging)',
  'AWS::SMSVOICE::ProtectConfiguration': 'protect configuration (End User Messaging)',
  'AWS::SNS::Subscription': 'subscription to a topic',
  'AWS::SNS::Topic': 'topic (SNS)',
  'AWS::SNS::TopicPolicy': 'permission to publish',
  'AWS::SQS::Queue': 'queue (SQS)',
  'AWS::SQS::QueuePolicy': 'permission to queue',
  'AWS::SecretsManager::Secret': 'secret',
  'AWS::WAFv2::LoggingConfiguration': 'log of the firewall',
  'AWS::WAFv2::WebACL': 'firewall (WAF)',
  'AWS::WAFv2::WebACLAssociation': 'firewall association of the gateway',
}
