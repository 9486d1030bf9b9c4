import {
  anyText,
  flag,
  fromParameter,
  fromResource,
  matching,
  notDeployed,
  partsOf,
  setting,
} from './setting.ts'

/** AWS End User Messaging, and what it reports. */
export const aws = {
  region: setting({
    name: 'AWS_REGION',
    read: matching(/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/),
    allowed: 'a region such as us-east-1',
    meaning:
      'Region of AWS End User Messaging. Required by `serve`. Credentials are read from the same places as by AWS SDKs.',
    deployed: notDeployed('set by Lambda'),
  }),
  endpoint: setting({
    name: 'AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2',
    read: text => (/^https?:\/\//i.test(text) && URL.canParse(text) ? text : undefined),
    allowed: 'an http or https address',
    meaning: "Address to use instead of AWS's, for a stand-in.",
    deployed: notDeployed('only for a stand-in'),
  }),
  configurationSet: setting({
    name: 'HOOKLINE_CONFIGURATION_SET',
    read: anyText,
    allowed: 'a name or ARN',
    meaning: 'Configuration set of AWS End User Messaging. Its event destinations get the receipts.',
    deployed: fromResource({ hook: 'configurationSet' }),
  }),
  protectConfiguration: setting({
    name: 'HOOKLINE_PROTECT_CONFIGURATION',
    read: anyText,
    allowed: 'an ID or ARN',
    meaning: 'Protect configuration of AWS End User Messaging, which blocks destinations by country.',
    deployed: fromResource({ hook: 'protectConfiguration' }),
  }),
  messageFeedback: setting({
    name: 'HOOKLINE_MESSAGE_FEEDBACK',
    ...flag(['true', 'false'], 'true'),
    default: 'false',
    meaning:
      'Whether Hookline reports to AWS which codes people entered (message feedback; docs/events.md). It requires events of Okta, and begins once answers have come for a day. AWS counts a code that nobody enters within an hour as failed.',
    deployed: fromParameter(['hook', 'events'], 'MessageFeedback', {
      group: 'carrier',
      label: 'Message feedback',
      description:
        'Reports to AWS which codes people entered, once answers have come for a day. Requires OktaEvents. AWS counts a code that nobody enters within an hour as failed.',
    }),
  }),
  receiptTopics: setting({
    name: 'HOOKLINE_RECEIPT_TOPICS',
    read: readTopics,
    allowed: 'ARNs of SNS topics, separated by commas',
    meaning:
      'Topics whose receipts are accepted at `POST /events/carrier`. Without it, that address does not exist. Hookline confirms the subscription.',
    deployed: notDeployed('receipts go to a separate function'),
  }),
  receiptsFromEventBridge: setting({
    name: 'HOOKLINE_RECEIPTS_FROM_EVENTBRIDGE',
    ...flag(['true', 'false'], 'true'),
    default: 'false',
    meaning:
      'Whether receipts also arrive by EventBridge (a deployment on AWS). They do not name their delivery, so each message that the carrier accepts is then recorded a second time.',
    deployed: fromParameter(['hook'], 'ReceiptsFromEventBridge', {
      group: 'carrier',
      label: 'Receipts from EventBridge as well',
      description:
        'A second source of receipts. EventBridge reports every message that the account sends in this region, including those of other software: a receipt that matches no delivery of Hookline is deleted after an hour. Each receipt is stored once, whichever way it arrives.',
    }),
  }),
} as const

function readTopics(text: string): readonly string[] | undefined {
  const topics = partsOf(text)
  return topics.every(topic => /^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w.-]+$/.test(topic)) ? topics : undefined
}
