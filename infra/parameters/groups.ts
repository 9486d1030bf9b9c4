import type { ParameterGroupName, Setting, SettingParameter } from '../../src/config/setting.ts'
import { allSettings } from '../../src/config/setting-table.ts'

/** One parameter of the template. */
export type ParameterPlan = {
  readonly label: string
  readonly description: string
  /** The default. Without it, a value is required. */
  readonly value?: string | number
  /** What CloudFormation accepts, for its message about any other value. */
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

/** Requests a second. CloudFormation's rules compare texts only, so the rates above 100 must be listed. */
export const THROTTLING_RATES = [10, 25, 50, 100, 200, 300, 500, 1_000, 2_000, 5_000] as const

/**
 * Every parameter, in the groups of CloudFormation's console: those that become settings of Hookline, from the table of
 * settings, and those of the resources around it.
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
        'S3 bucket in this region with the archives of the functions, under hookline/<release>/.',
      ),
      HookCodeVersion: codeVersion('hook'),
      AuthorizerCodeVersion: codeVersion('authorizer'),
      OneFunctionCodeVersion: codeVersion('one-function'),
      ReceiptsCodeVersion: codeVersion('receipts'),
      EventsCodeVersion: codeVersion('events'),
      FiguresCodeVersion: codeVersion('figures'),
      CanaryCodeVersion: codeVersion('canary'),
    },
  },
  {
    label: 'Callers: Okta access tokens (set all four, or orgs by name) ...',
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
      LambdaAuthorizerFunctionName: functionName(
        'Function that authenticates callers',
        'hookline-authorizer',
      ),
      ReceiptsFunctionName: functionName('Function that stores receipts', 'hookline-receipts'),
      EventsFunctionName: functionName("Function that takes Okta's events", 'hookline-events'),
      FiguresFunctionName: functionName('Function that counts codes', 'hookline-figures'),
      CanaryFunctionName: functionName('Function that follows canaries', 'hookline-canary'),
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
        `^(?!events$)${NAME}{1,64}$`,
        'one part of a path, without a slash, other than events',
        "Last part of the path in the hook's URL. After a later change, deploy the API in API Gateway's console.",
      ),
    },
  },
  {
    label: 'Functions',
    parameters: {
      OneFunction: yesOrNo(
        'One function answers Okta',
        'false',
        'true: the function that answers Okta also authenticates callers, so that a first request waits for one function to start instead of two. There is no authorizer then: only the firewall refuses a malformed credential before a function runs.',
      ),
    },
  },
  {
    label: 'Messages',
    parameters: { ...ofSettings('texts') },
  },
  {
    label: 'Decisions of the hook',
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
        'Days after which CloudWatch deletes the lines of logs. No log contains a code, a token or a whole phone number.',
      ),
      OktaEvents: yesOrNo(
        "Okta's events",
        'false',
        'An address for an event hook of Okta, which reports the codes that people entered: a function, and a secret for $0.40 a month. After a later change, deploy the API in the console of API Gateway.',
      ),
      Figures: yesOrNo(
        'Figures',
        'true',
        'How many codes were sent, delivered and entered, for `hookline stats`: a function that runs each minute. It also moves the shares of routes (`hookline routes shares`), which never move without it. It costs about $0.11 a month, and $1.50 to $5 for a million messages.',
      ),
      OwnKey: yesOrNo(
        'Encrypt with a key of your own',
        'true',
        'One KMS key for table, secrets, receipts and logs, about $1 a month. Without it, AWS encrypts with its own keys.',
      ),
    },
  },
  {
    label: 'Carrier',
    parameters: {
      Protect: yesOrNo(
        'Protect configuration',
        'false',
        'A protect configuration of AWS End User Messaging, which can block every country that you do not serve. It is free.',
      ),
      ...ofSettings('carrier'),
      SecondRegion: text(
        'Second region',
        '',
        '^([a-z]{2,4}(-[a-z]+)+-[0-9]{1,2})?$',
        'a region, such as us-west-2, or nothing',
        'Second region whose origination identities routes may name. `hookline deploy --second-region` creates what messages need there.',
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
        'Ranges that Okta publishes; `hookline deploy` sets them. The rate rule exempts them, and requests from other addresses are labelled in the log. With them, the rate rule blocks if the firewall does; without them, it only counts.',
      ),
      CommonRulesVersion: text(
        "Version of AWS's common rules",
        '',
        '^(Version_[0-9]+[.][0-9]+)?$',
        'a version such as Version_1.20, or nothing',
        'Pins AWSManagedRulesCommonRuleSet. Without it, AWS chooses its default version. A version that AWS has scheduled to expire cannot be deployed again.',
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
        'One role for all APIs of the account in a region. create: creates a role and replaces any other. keep: keeps the existing role; `hookline deploy` chooses this if there is one.',
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
        'Requests a second that API Gateway lets through; it answers 429 to others. A rate above 100 requires the firewall. docs/operating.md explains how to choose it.',
      ),
      ThrottlingBurst: number(
        'Requests at once',
        200,
        1,
        5_000,
        'Requests above the rate that may arrive at the same moment. Okta makes up to about 75 calls at once for one org.',
      ),
    },
  },
  {
    label: 'Monitoring',
    parameters: {
      ...ofSettings('monitoring'),
      AlarmEmail: text(
        'Where alarms are sent',
        '',
        '^([^@\\s]+@[^@\\s]+[.][^@\\s]+)?$',
        'an e-mail address, or nothing',
        'AWS first sends a mail to confirm the address. Without an address, alarms are only shown in CloudWatch.',
      ),
      AlarmSet: choice(
        'Alarms',
        'all',
        ['all', 'essential'],
        'essential: only the ten alarms on lost codes or money, without those on slow answers, fail-overs, unknown outcomes and throttled functions. Ten are free in each account; each further one costs $0.10 a month.',
      ),
      SpendAlarm: number(
        'Spend that sets off an alarm',
        100,
        1,
        10_000_000,
        'US dollars that the whole account spends in a month on texts, or on calls, in this region. AWS counts them only if the service-linked role of AWS End User Messaging exists.',
      ),
      Dashboard: yesOrNo(
        'Dashboard',
        'true',
        'A dashboard in CloudWatch. Three are free; each further one costs $3 a month.',
      ),
      Tracing: yesOrNo(
        'Tracing',
        'false',
        'Traces in AWS X-Ray: $5 for a million requests; 100,000 a month are free.',
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
        'Instances of the hook that are always ready, so that requests do not wait for a cold start. About $4 a month each. A new account may run only 10 at once.',
      ),
      ProvisionedConcurrencyMax: number(
        'Maximum of instances kept warm',
        0,
        0,
        1_000,
        'Maximum to which AWS scales them when many are busy, at least as many as are kept warm. 0: no scaling.',
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
        "off: at once. Otherwise, the name of CodeDeploy's configuration: the new version first gets a share of the requests, and CodeDeploy returns to the previous version if an alarm goes off. Cannot be combined with instances kept warm.",
      ),
      SettingsRevision: text(
        'Revision of these settings',
        '1',
        '^[A-Za-z0-9._-]{1,64}$',
        'up to 64 letters, digits, dots, hyphens and underscores',
        'Change it with every other change: only a new revision publishes a new version of the hook, and only published versions run.',
      ),
    },
  },
] as const

/** The parameters of the settings of a group. Their names are SettingParameterName. */
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
    `Version of hookline/<release>/${archive}.zip in a versioned bucket: the function runs exactly this version, even if another is uploaded later. Without it, the newest version.`,
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
