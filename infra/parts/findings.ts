import { type Stack, Validations } from 'aws-cdk-lib'

/**
 * Findings of cdk-nag and CloudFormation's validation that are accepted, each with its reason. Neither looks into
 * statements that depend on a parameter, so a test reads every wildcard of the template.
 */
export function acknowledgeFindings(stack: Stack): void {
  for (const [id, findings] of Object.entries(acknowledged)) {
    const construct = id === 'Hookline' ? stack : stack.node.findChild(id)
    for (const [rule, reason] of Object.entries(findings)) {
      Validations.of(construct).acknowledge({ id: rule, reason })
    }
  }
}

type Findings = Readonly<Record<string, string>>

const NO_ROTATION: Findings = {
  'AwsSolutions-SMG4':
    'With a new hash key, old records could not be found. The secret of the header is also stored in Okta: a person rotates it, while two are valid at once.',
}
const OWN_SECRET: Findings = {
  'AwsSolutions-APIG4':
    'The function compares the secret of the event hook; Okta verifies the address without it.',
  'AwsSolutions-COG4': 'The same: Okta cannot use Cognito.',
}
const SMS_VOICE = 'Resource::arn:<AWS::Partition>:sms-voice:<AWS::Region>:<AWS::AccountId>'
const LIVE_DATA = 'Routes are live data that name identities of this account: they change without a deploy.'

export const acknowledged: Readonly<Record<string, Findings>> = {
  HashKeySecret: NO_ROTATION,
  HookSecret: NO_ROTATION,
  EventSecret: NO_ROTATION,
  HookRole: {
    [`AwsSolutions-IAM5[${SMS_VOICE}:phone-number/*]`]: LIVE_DATA,
    [`AwsSolutions-IAM5[${SMS_VOICE}:pool/*]`]: LIVE_DATA,
    [`AwsSolutions-IAM5[${SMS_VOICE}:sender-id/*]`]: LIVE_DATA,
    [`AwsSolutions-IAM5[${SMS_VOICE}:rcs-agent/*]`]: LIVE_DATA,
    [`AwsSolutions-IAM5[${SMS_VOICE}:protect-configuration/*]`]:
      "The account's default configuration, which may have any ID, may apply to a message.",
    'AwsSolutions-IAM5[Resource::*]':
      'sms-voice:SendVoiceMessage has no resources in IAM; a condition limits it to the regions in use.',
  },
  RolloutRole: {
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:cloudwatch:<AWS::Region>:<AWS::AccountId>:alarm:*]':
      'CodeDeploy reads the alarms of a rollout; CloudFormation generates their names.',
  },
  Api: {
    'AwsSolutions-APIG2':
      'The hook validates requests itself. A model would reject what Okta may send, and cannot limit the size.',
  },
  ApiMethod: {
    'AwsSolutions-APIG4':
      'The rule cannot read a type that depends on a parameter: the authorizer verifies each caller or, with OneFunction, the hook.',
    'AwsSolutions-COG4':
      'Okta calls with an access token or a secret header, which the authorizer or the hook verifies.',
  },
  ApiEventsGET: OWN_SECRET,
  ApiEventsPOST: OWN_SECRET,
  ApiStageOfHook: {
    'AwsSolutions-APIG6':
      'Execution logs would contain bodies, with codes and phone numbers. Access logs are on.',
  },
  RoleOfApiLogs: {
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]':
      'API Gateway requires the permissions of this policy in this role of the account.',
  },
  Hookline: {
    'CloudFormation-Validate::W1030': 'OktaAddresses is used only if it is set.',
    'CloudFormation-Validate::W2509':
      'SecretHeaderName is the name of a header; the secret itself is not a parameter.',
  },
}
