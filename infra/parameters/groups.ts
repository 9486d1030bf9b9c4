import type { ParameterGroupName, Setting, SettingParameter } from '../../src/config/setting.ts'
import { allSettings } from '../../src/config/setting-table.ts'

/** One parameter: what the person who deploys may choose. */
export type ParameterPlan = {
  readonly label: string
  readonly description: string
  /** The default. Without it, the person who deploys must give a value. */
  readonly value?: string | number
  /** What CloudFormation takes, for its message about anything else. */
  readonly allowed: string
} & (
  | { readonly kind: 'text'; readonly pattern: string }
  | { readonly kind: 'choice'; readonly values: readonly (string | number)[] }
  | { readonly kind: 'number'; readonly min: number; readonly max: number }
)

export type ParameterGroup = {
  readonly label: string
  readonly parameters: Readonly<Record<string, ParameterPlan>>
}

const NAME = '[A-Za-z0-9_-]'

/** Requests a second. CloudFormation's rules compare texts only: those above 100 must be known one by one. */
export const THROTTLING_RATES = [10, 25, 50, 100, 200, 300, 500, 1_000, 2_000, 5_000] as const

/**
 * Every parameter, as the console of CloudFormation groups them: those that become settings of Hookline, from the
 * table of settings, and those of what surrounds it in the account.
 */
export const parameterGroups = [
  {
    label: 'Code',
    parameters: {
      CodeBucket: text(
        'Bucket with the code',
        undefined,
        '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$',
        'the name of an S3 bucket in this region',
        'S3 bucket in this region that holds the archives of the functions, under hookline/<release>/.',
      ),
      HookCodeVersion: codeVersion('hook'),
      AuthorizerCodeVersion: codeVersion('authorizer'),
      ReceiptsCodeVersion: codeVersion('receipts'),
    },
  },
  {
    label: 'Who may call: Okta access tokens (give all four, or orgs by name) ...',
    parameters: { ...ofSettings('tokens') },
  },
  {
    label: '... or a secret header',
    parameters: { ...ofSettings('header') },
  },
  {
    label: 'Names',
    parameters: {
      LambdaAPITriggerFunctionName: functionName('Function that answers Okta', 'hookline-hook'),
      LambdaAuthorizerFunctionName: functionName('Function that checks who calls', 'hookline-authorizer'),
      ReceiptsFunctionName: functionName('Function that takes receipts', 'hookline-receipts'),
      ApiGatewayName: text(
        'API',
        'hookline',
        `^${NAME}{1,128}$`,
        'up to 128 letters, digits, hyphens and underscores',
        'Name of the API in API Gateway.',
      ),
      ApiStage: text(
        'Stage of the API',
        'v1',
        `^${NAME}{1,128}$`,
        'up to 128 letters, digits, hyphens and underscores',
        "First part of the path in the hook's URL.",
      ),
      ApiResourcePath: text(
        'Path of the hook',
        'mfa',
        `^${NAME}{1,64}$`,
        'one part of a path, without a slash',
        "Last part of the path in the hook's URL. After a later change, deploy the API in API Gateway's console.",
      ),
    },
  },
  {
    label: 'Words of the messages',
    parameters: { ...ofSettings('texts') },
  },
  {
    label: 'How the hook decides',
    parameters: { ...ofSettings('decisions') },
  },
  {
    label: 'Data',
    parameters: {
      ...ofSettings('data'),
      LogRetentionDays: choice(
        'Days that logs are kept',
        30,
        [
          1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
          3653,
        ],
        'Days after which CloudWatch deletes a line of a log. No log holds a code, a token or a whole phone number.',
      ),
      OwnKey: yesOrNo(
        'Encrypt with a key of your own',
        'true',
        "One KMS key, about $1 a month, for table, secrets, receipts and logs. Without it, AWS's own keys encrypt.",
      ),
    },
  },
  {
    label: 'Carrier',
    parameters: {
      Protect: yesOrNo(
        'Protect configuration',
        'false',
        'A protect configuration of AWS End User Messaging, which can block every country that you do not serve. Free.',
      ),
      ...ofSettings('carrier'),
      SecondRegion: text(
        'Second region',
        '',
        '^([a-z]{2,4}(-[a-z]+)+-[0-9]{1,2})?$',
        'a region, such as us-west-2, or nothing',
        'Region whose origination identities routes may name as well. `hookline deploy --second-region` makes what messages need there.',
      ),
      Notify: yesOrNo(
        'AWS Notify',
        'false',
        "Lets routes name notify configurations: AWS's own numbers and approved templates.",
      ),
    },
  },
  {
    label: 'Firewall',
    parameters: {
      Firewall: choice(
        'Firewall',
        'count',
        ['off', 'count', 'block'],
        'AWS WAF before the API, about $10 a month. Let it count for a week, look at its log, then let it block. Requests without a credential are blocked in both modes. off costs nothing.',
      ),
      OktaAddresses: text(
        "Okta's addresses",
        '',
        '^([0-9]{1,3}([.][0-9]{1,3}){3}/[0-9]{1,2}(,[0-9]{1,3}([.][0-9]{1,3}){3}/[0-9]{1,2})*)?$',
        'IPv4 ranges such as 192.0.2.0/24, separated by commas, or nothing',
        'Ranges that Okta publishes; `hookline deploy` fills them in. The rate rule does not count them, and requests from elsewhere get a label in the log. With them, the rate rule blocks as the firewall does; without them, it only counts.',
      ),
      CommonRulesVersion: text(
        "Version of AWS's common rules",
        '',
        '^(Version_[0-9]+[.][0-9]+)?$',
        'a version such as Version_1.20, or nothing',
        'Pins AWSManagedRulesCommonRuleSet. Without it, AWS chooses its default version. A version that AWS has scheduled to expire cannot be deployed anew.',
      ),
      BadInputsVersion: text(
        "Version of AWS's rules on known bad inputs",
        '',
        '^(Version_[0-9]+[.][0-9]+)?$',
        'a version such as Version_1.22, or nothing',
        'Pins AWSManagedRulesKnownBadInputsRuleSet in the same way.',
      ),
    },
  },
  {
    label: 'Account',
    parameters: {
      ApiLogRole: choice(
        "Role for API Gateway's logs",
        'create',
        ['create', 'keep'],
        'One role for all APIs of the account in a region. create makes one, in place of any other; keep leaves the one that is there, and `hookline deploy` chooses it where there is one.',
      ),
    },
  },
  {
    label: 'Rate',
    parameters: {
      ThrottlingRate: choice(
        'Requests a second',
        100,
        THROTTLING_RATES,
        'Requests a second that API Gateway lets through; it answers 429 to the rest. A rate above 100 needs the firewall. docs/operating.md has the arithmetic.',
      ),
      ThrottlingBurst: number(
        'Requests at once',
        200,
        1,
        5_000,
        'Requests that may arrive at the same moment beyond the rate. Okta opens about 75 calls at once for one org.',
      ),
    },
  },
  {
    label: 'Watching',
    parameters: {
      AlarmEmail: text(
        'Where alarms are sent',
        '',
        '^([^@\\s]+@[^@\\s]+[.][^@\\s]+)?$',
        'an e-mail address, or nothing',
        'AWS sends a mail to confirm it first. Without an address, alarms only show in CloudWatch.',
      ),
      AlarmSet: choice(
        'Alarms',
        'all',
        ['all', 'essential'],
        'essential: the ten metrics whose trouble loses codes or money, and no alarm on slow answers, fail-overs, unknown outcomes and throttled functions. Ten are free in each account; each more costs $0.10 a month.',
      ),
      SpendAlarm: number(
        'Spend that raises an alarm',
        100,
        1,
        10_000_000,
        'US dollars that the whole account spends in a month on texts, or on calls, in this region. AWS counts them once the service-linked role of AWS End User Messaging exists.',
      ),
      Dashboard: yesOrNo(
        'Dashboard',
        'true',
        'A dashboard in CloudWatch. Three are free, each more costs $3 a month.',
      ),
      Tracing: yesOrNo(
        'Tracing',
        'false',
        'Traces in AWS X-Ray: $5 for a million requests, 100,000 a month are free.',
      ),
    },
  },
  {
    label: 'Warm instances and changes',
    parameters: {
      ProvisionedConcurrency: number(
        'Instances kept warm',
        0,
        0,
        1_000,
        'Instances of the hook that always wait: no request meets a start, for about $4 a month each. A new account may run only 10 at once.',
      ),
      ProvisionedConcurrencyMax: number(
        'Most instances kept warm',
        0,
        0,
        1_000,
        'Up to how many AWS adds by itself when many are busy: at least as many as are kept warm. 0: it adds none.',
      ),
      TrafficShift: choice(
        'How a new version takes over',
        'off',
        [
          'off',
          'LambdaCanary10Percent5Minutes',
          'LambdaCanary10Percent10Minutes',
          'LambdaCanary10Percent15Minutes',
          'LambdaLinear10PercentEvery1Minute',
          'LambdaLinear10PercentEvery2Minutes',
        ],
        "off: at once. Else CodeDeploy's configuration of this name: a share of the requests first, and back to the version before when an alarm rises. Not together with instances kept warm.",
      ),
      SettingsRevision: text(
        'Revision of these settings',
        '1',
        '^[A-Za-z0-9._-]{1,64}$',
        'up to 64 letters, digits, dots, hyphens and underscores',
        'Change it with every other change: only a new revision publishes a new version of the hook, and the hook runs published versions only.',
      ),
    },
  },
] as const

/** The parameters of the table of settings that belong to a group; its names are SettingParameterName. */
function ofSettings(group: ParameterGroupName): object {
  const plans = allSettings.flatMap(setting => {
    const { deployed } = setting
    if (deployed.kind !== 'parameter' || deployed.parameter.group !== group) return []
    return [[deployed.parameter.name, planOf(setting, deployed.parameter)] as const]
  })
  return Object.fromEntries(plans)
}

function planOf(setting: Setting, parameter: SettingParameter): ParameterPlan {
  const { limits, meaning, default: value = '' } = setting
  const { label, description = meaning } = parameter
  switch (limits.kind) {
    case 'number':
      return number(label, Number(value), limits.min, limits.max, description)
    case 'choice':
      return choice(label, value, limits.values, description)
    case 'text': {
      if (parameter.pattern === undefined) throw new Error(`The parameter ${parameter.name} has no pattern`)
      const { allowed = value === '' ? `${setting.allowed}, or nothing` : setting.allowed } = parameter
      return text(label, value, parameter.pattern, allowed, description)
    }
  }
}

function codeVersion(archive: string) {
  return text(
    `Version of ${archive}.zip`,
    '',
    '^[!-~]{0,1024}$',
    'the ID of a version in S3, or nothing',
    `Version of hookline/<release>/${archive}.zip in a bucket that keeps versions: the function runs exactly this one, whatever is put there later. Without it, the newest.`,
  )
}

function functionName(label: string, value: string) {
  return text(
    label,
    value,
    `^${NAME}{1,64}$`,
    'up to 64 letters, digits, hyphens and underscores',
    'Name of a function in AWS Lambda.',
  )
}

function text(
  label: string,
  value: string | undefined,
  pattern: string,
  allowed: string,
  description: string,
): ParameterPlan {
  return { kind: 'text', label, ...(value !== undefined && { value }), pattern, allowed, description }
}

function choice(
  label: string,
  value: string | number,
  values: readonly (string | number)[],
  description: string,
): ParameterPlan {
  return { kind: 'choice', label, value, values, allowed: `one of ${values.join(', ')}`, description }
}

function yesOrNo(label: string, value: 'true' | 'false', description: string): ParameterPlan {
  return choice(label, value, ['true', 'false'], description)
}

function number(label: string, value: number, min: number, max: number, description: string): ParameterPlan {
  return { kind: 'number', label, value, min, max, allowed: `a number from ${min} to ${max}`, description }
}
