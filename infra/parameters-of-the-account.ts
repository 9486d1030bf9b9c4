import { choice, number, text, yesOrNo } from './parameter-plan.ts'

/** What is kept, watched, and paid for. */
export const accountGroups = [
  {
    label: 'Data',
    parameters: {
      RetentionDays: number(
        'Days that deliveries are kept',
        30,
        1,
        3_650,
        'Days after which a delivery is forgotten. Duplicates and limits look back a day at most.',
      ),
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
      ReceiptsFromEventBridge: yesOrNo(
        'Receipts from EventBridge, too',
        'true',
        'A second way for receipts. Each is kept once, whichever way it comes.',
      ),
      SecondRegion: text(
        'Second region',
        '',
        '^([a-z]{2,4}(-[a-z]+)+-[0-9]{1,2})?$',
        'a region, such as us-west-2, or nothing',
        'Region whose origination identities routes may name as well. It needs a configuration set of the same name (output ConfigurationSetName).',
      ),
      Notify: yesOrNo(
        'AWS Notify',
        'false',
        "Lets routes name notify configurations: AWS's own numbers and approved wordings.",
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
        'AWS WAF before the API, about $8 a month. Let it count for a week, look at its log, then let it block. off costs nothing.',
      ),
      OktaIpSetArn: text(
        "IP set with Okta's addresses",
        '',
        '^(arn:aws[a-z-]*:wafv2:[a-z0-9-]+:[0-9]{12}:regional/ipset/[^/\\s]+/[0-9a-f-]+)?$',
        'the ARN of a regional IP set of AWS WAF, or nothing',
        'Addresses that the rate rule does not count. With it, the rate rule blocks as the firewall does; without it, it only counts.',
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
      SettingsRevision: text(
        'Revision of these settings',
        '1',
        '^[A-Za-z0-9._-]{1,64}$',
        'up to 64 letters, digits, dots, hyphens and underscores',
        'Change it with every other change while instances are kept warm: only a new revision reaches them. Otherwise it has no effect.',
      ),
    },
  },
] as const
