import type { Field, Fields } from './validation.ts'
import { VOICE_IDS } from './voices.ts'

/** The operations of this stand-in. */
export type Operation = keyof typeof OPERATIONS

/** Whether this is an operation of this stand-in. */
export function isOperation(name: string): name is Operation {
  return Object.hasOwn(OPERATIONS, name)
}

// The constraints of AWS's service model (pinpoint-sms-voice-v2, 2022-03-31). Patterns are anchored: AWS matches the whole value.
const reference: Field = { kind: 'text', min: 1, max: 256, pattern: /^[A-Za-z0-9_:/-]+$/ }
const originationIdentity: Field = { kind: 'text', min: 1, max: 256, pattern: /^[A-Za-z0-9_:/+-]+$/ }
const phoneNumber: Field = {
  kind: 'text',
  required: true,
  min: 1,
  max: 20,
  pattern: /^\+?[1-9][0-9]{1,18}$/,
}
const price: Field = { kind: 'text', min: 2, max: 8, pattern: /^[0-9]{0,2}\.[0-9]{1,5}$/ }
const timeToLive: Field = { kind: 'integer', min: 5, max: 259_200 }
const voiceId: Field = { kind: 'choice', values: VOICE_IDS }
const flag: Field = { kind: 'flag' }
const context: Field = {
  kind: 'map',
  max: 5,
  key: { kind: 'text', min: 1, max: 100, pattern: /^\S+$/ },
  value: { kind: 'text', min: 1, max: 800, pattern: /^(?!\s)[\s\S]+(?<!\s)$/ },
}
const countryParameters: Field = {
  kind: 'map',
  max: 10,
  key: { kind: 'choice', values: ['IN_TEMPLATE_ID', 'IN_ENTITY_ID'] },
  value: { kind: 'text', min: 1, max: 64, pattern: /^\S+$/ },
}

// The model leaves MessageBody optional; a message without one cannot be sent, so it is required here.
const body = (max: number): Field => ({
  kind: 'text',
  required: true,
  min: 1,
  max,
  pattern: /^(?!\s*$)[\s\S]+$/,
})

const notify: Fields = [
  ['NotifyConfigurationId', { ...reference, required: true }],
  ['DestinationPhoneNumber', phoneNumber],
  ['TemplateId', { kind: 'text', min: 0, max: 256, pattern: /^[A-Za-z0-9_-]*$/ }],
  [
    'TemplateVariables',
    {
      kind: 'map',
      required: true,
      max: 20,
      key: { kind: 'text', min: 1, max: 64, pattern: /^[A-Za-z0-9_]+$/ },
      value: { kind: 'text', min: 1, max: 2048 },
    },
  ],
  ['TimeToLive', timeToLive],
  ['Context', context],
  ['ConfigurationSetName', reference],
  ['DryRun', flag],
  ['MessageFeedbackEnabled', flag],
]

/** The fields of each operation. */
export const OPERATIONS = {
  SendTextMessage: [
    ['DestinationPhoneNumber', phoneNumber],
    ['OriginationIdentity', originationIdentity],
    ['MessageBody', body(1600)],
    ['MessageType', { kind: 'choice', values: ['TRANSACTIONAL', 'PROMOTIONAL'] }],
    ['Keyword', { kind: 'text', min: 1, max: 30, pattern: /^[ \S]+$/ }],
    ['ConfigurationSetName', reference],
    ['MaxPrice', price],
    ['TimeToLive', timeToLive],
    ['Context', context],
    ['DestinationCountryParameters', countryParameters],
    ['DryRun', flag],
    ['ProtectConfigurationId', reference],
    ['MessageFeedbackEnabled', flag],
  ],
  SendVoiceMessage: [
    ['DestinationPhoneNumber', phoneNumber],
    ['OriginationIdentity', { ...originationIdentity, required: true }],
    ['MessageBody', body(6000)],
    ['MessageBodyTextType', { kind: 'choice', values: ['TEXT', 'SSML'] }],
    ['VoiceId', voiceId],
    ['ConfigurationSetName', reference],
    ['MaxPricePerMinute', price],
    ['TimeToLive', timeToLive],
    ['Context', context],
    ['DryRun', flag],
    ['ProtectConfigurationId', reference],
    ['MessageFeedbackEnabled', flag],
  ],
  SendNotifyTextMessage: notify,
  SendNotifyVoiceMessage: [...notify, ['VoiceId', voiceId]],
} as const satisfies Record<string, Fields>

/** The operations that describe an account. */
export type DescribeOperation = keyof typeof DESCRIBE_OPERATIONS

export function isDescribeOperation(name: string): name is DescribeOperation {
  return Object.hasOwn(DESCRIBE_OPERATIONS, name)
}

// The constraints of AWS's service model (pinpoint-sms-voice-v2, 2022-03-31). Patterns are anchored.
const resource = { kind: 'text', min: 1, max: 256, pattern: /^[A-Za-z0-9_:/-]+$/ } as const
const references: Field = { kind: 'list', max: 5, item: resource }
const owner: Field = { kind: 'choice', values: ['SELF', 'SHARED'] }
const paging: Fields = [
  ['NextToken', { kind: 'text', min: 1, max: 1024, pattern: /^.+$/ }],
  ['MaxResults', { kind: 'integer', min: 1, max: 100 }],
]
// Filters and lists of sender IDs are not supported: a request with one is refused, so that it is not ignored.
const unplayed: Field = { kind: 'unplayed' }

/** The fields of each operation. */
export const DESCRIBE_OPERATIONS = {
  DescribePhoneNumbers: [['PhoneNumberIds', references], ['Owner', owner], ['Filters', unplayed], ...paging],
  DescribePools: [['PoolIds', references], ['Owner', owner], ['Filters', unplayed], ...paging],
  ListPoolOriginationIdentities: [
    ['PoolId', { ...resource, required: true }],
    ['Filters', unplayed],
    ...paging,
  ],
  DescribeSenderIds: [['SenderIds', unplayed], ['Owner', owner], ['Filters', unplayed], ...paging],
  DescribeRcsAgents: [['RcsAgentIds', references], ['Owner', owner], ['Filters', unplayed], ...paging],
  DescribeRcsAgentCountryLaunchStatus: [
    ['RcsAgentId', { ...resource, required: true }],
    ['IsoCountryCodes', unplayed],
    ['Filters', unplayed],
    ...paging,
  ],
  DescribeNotifyConfigurations: [['NotifyConfigurationIds', references], ['Filters', unplayed], ...paging],
  DescribeAccountAttributes: paging,
  DescribeSpendLimits: paging,
} as const satisfies Record<string, Fields>
