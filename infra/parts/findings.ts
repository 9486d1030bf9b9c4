import { type Stack, Validations } from 'aws-cdk-lib'

/**
 * What cdk-nag and CloudFormation's validation find and we keep, each with its reason. They do not look into
 * statements that depend on a parameter: a test of ours reads every wildcard of the template.
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
    'A new hash key would lose every old record, and the secret of the header lives in Okta as well: a person rotates it, two being valid at once.',
}
const SMS_VOICE = 'Resource::arn:<AWS::Partition>:sms-voice:<AWS::Region>:<AWS::AccountId>'
const LIVE_DATA = 'Routes name identities of this account as live data; another is used without a deploy.'

export const acknowledged: Readonly<Record<string, Findings>> = {
  HashKeySecret: NO_ROTATION,
  HookSecret: NO_ROTATION,
  HookRole: {
    [`AwsSolutions-IAM5[${SMS_VOICE}:phone-number/*]`]: LIVE_DATA,
    [`AwsSolutions-IAM5[${SMS_VOICE}:pool/*]`]: LIVE_DATA,
    [`AwsSolutions-IAM5[${SMS_VOICE}:sender-id/*]`]: LIVE_DATA,
    [`AwsSolutions-IAM5[${SMS_VOICE}:rcs-agent/*]`]: LIVE_DATA,
    [`AwsSolutions-IAM5[${SMS_VOICE}:protect-configuration/*]`]:
      "The account's own default may apply to a message, whichever it is.",
    'AwsSolutions-IAM5[Resource::*]':
      'sms-voice:SendVoiceMessage has no resources in IAM; a condition holds it to the regions in use.',
  },
  RolloutRole: {
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:cloudwatch:<AWS::Region>:<AWS::AccountId>:alarm:*]':
      'CodeDeploy reads the alarms that a rollout waits for; CloudFormation makes their names.',
  },
  Api: {
    'AwsSolutions-APIG2':
      'The hook reads tolerantly and judges strictly; a model would reject what Okta may send, and has no limit of size.',
  },
  ApiMethod: {
    'AwsSolutions-COG4': 'Okta calls with its own access token or a secret header: the authorizer is ours.',
  },
  ApiStageOfHook: {
    'AwsSolutions-APIG6':
      'Execution logs would hold bodies, which are codes and phone numbers; access logs are on.',
  },
  RoleOfApiLogs: {
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]':
      'API Gateway checks that this role of the account allows what AWS lists in this policy.',
  },
  Hookline: {
    'CloudFormation-Validate::W1030': 'OktaAddresses is used only where it is given.',
    'CloudFormation-Validate::W2509':
      'SecretHeaderName is the name of a header; the secret itself is no parameter.',
  },
}
