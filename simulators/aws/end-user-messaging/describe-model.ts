import type { Field, Fields } from './validation.ts'

/** The operations that describe an account. */
export type DescribeOperation = keyof typeof DESCRIBE_OPERATIONS

export function isDescribeOperation(name: string): name is DescribeOperation {
  return Object.hasOwn(DESCRIBE_OPERATIONS, name)
}

// The constraints of AWS's service model (pinpoint-sms-voice-v2, 2022-03-31). Patterns are anchored.
const reference = { kind: 'text', min: 1, max: 256, pattern: /^[A-Za-z0-9_:/-]+$/ } as const
const references: Field = { kind: 'list', max: 5, item: reference }
const owner: Field = { kind: 'choice', values: ['SELF', 'SHARED'] }
const paging: Fields = [
  ['NextToken', { kind: 'text', min: 1, max: 1024, pattern: /^.+$/ }],
  ['MaxResults', { kind: 'integer', min: 1, max: 100 }],
]
// Filters and lists of sender IDs are not played: a request with one is refused, not answered as if it had none.
const unplayed: Field = { kind: 'unplayed' }

/** The fields of each operation. */
export const DESCRIBE_OPERATIONS = {
  DescribePhoneNumbers: [['PhoneNumberIds', references], ['Owner', owner], ['Filters', unplayed], ...paging],
  DescribePools: [['PoolIds', references], ['Owner', owner], ['Filters', unplayed], ...paging],
  ListPoolOriginationIdentities: [
    ['PoolId', { ...reference, required: true }],
    ['Filters', unplayed],
    ...paging,
  ],
  DescribeSenderIds: [['SenderIds', unplayed], ['Owner', owner], ['Filters', unplayed], ...paging],
  DescribeRcsAgents: [['RcsAgentIds', references], ['Owner', owner], ['Filters', unplayed], ...paging],
  DescribeRcsAgentCountryLaunchStatus: [
    ['RcsAgentId', { ...reference, required: true }],
    ['IsoCountryCodes', unplayed],
    ['Filters', unplayed],
    ...paging,
  ],
  DescribeNotifyConfigurations: [['NotifyConfigurationIds', references], ['Filters', unplayed], ...paging],
  DescribeAccountAttributes: paging,
  DescribeSpendLimits: paging,
} as const satisfies Record<string, Fields>
