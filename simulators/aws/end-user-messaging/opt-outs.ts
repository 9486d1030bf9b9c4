import type { Account } from './account.ts'
import type { OptedOutSetting } from './account-setting.ts'
import { type AwsError, awsError } from './aws-error.ts'
import { checkFields, type Fields, type Input, invalidFields } from './validation.ts'

/** A valid request about opt-out lists. */
export type OptOutRequest = {
  readonly kind: 'opt-outs'
  readonly operation: OptOutOperation
  readonly region: string
  readonly input: Input
}

export type OptOutOperation = keyof typeof OPT_OUT_OPERATIONS

export function isOptOutOperation(name: string): name is OptOutOperation {
  return Object.hasOwn(OPT_OUT_OPERATIONS, name)
}

export function readOptOutRequest(
  operation: OptOutOperation,
  region: string,
  input: Input,
): OptOutRequest | AwsError {
  return checkFields(input, OPT_OUT_OPERATIONS[operation]) ?? { kind: 'opt-outs', operation, region, input }
}

/** The answer as JSON; or the error that AWS answers with. `DeleteOptedOutNumber` changes the account. */
export function answerOptOuts(account: Account, request: OptOutRequest, now: number): string | AwsError {
  const { operation, region, input } = request
  const { optedOut } = account.setting()
  const lists = [...new Set(['Default', ...optedOut.map(one => one.list)])]
  if (operation === 'DescribeOptOutLists') {
    return JSON.stringify({
      OptOutLists: lists.map(name => ({
        OptOutListName: name,
        OptOutListArn: arnOf(name, region),
        CreatedTimestamp: CREATED,
      })),
    })
  }
  const list = lists.find(
    name => name === input.OptOutListName || arnOf(name, region) === input.OptOutListName,
  )
  if (list === undefined) return notFound(String(input.OptOutListName))
  const head = { OptOutListArn: arnOf(list, region), OptOutListName: list }
  const onList = optedOut.filter(one => one.list === list)
  if (operation === 'DescribeOptedOutNumbers') {
    const requested = Array.isArray(input.OptedOutNumbers)
      ? (input.OptedOutNumbers as readonly string[])
      : undefined
    const lost = requested?.find(number => !onList.some(one => one.number === number))
    if (lost !== undefined) return notFound('the opted-out number')
    const found = requested === undefined ? onList : onList.filter(one => requested.includes(one.number))
    return JSON.stringify({ ...head, OptedOutNumbers: found.map(informationOf) })
  }
  const one = onList.find(({ number }) => number === input.OptedOutNumber)
  if (one === undefined) return notFound('the opted-out number')
  if (!account.optIn(one, now)) {
    const message = 'The phone number can be opted in once every 30 days'
    return invalidFields('PHONE_NUMBER_CANNOT_BE_OPTED_IN', [{ name: 'OptedOutNumber', message }])
  }
  return JSON.stringify({ ...head, ...informationOf(one) })
}

function informationOf({ number, at, byUser }: OptedOutSetting) {
  return { OptedOutNumber: number, OptedOutTimestamp: at, EndUserOptedOut: byUser }
}

function arnOf(list: string, region: string): string {
  return `arn:aws:sms-voice:${region}:123456789012:opt-out-list/${list}`
}

function notFound(what: string): AwsError {
  return awsError('ResourceNotFoundException', `Resource not found: ${what}`)
}

// The constraints of AWS's service model (pinpoint-sms-voice-v2, 2022-03-31). Patterns are anchored.
const reference = { kind: 'text', min: 1, max: 256, pattern: /^[A-Za-z0-9_:/-]+$/ } as const
const number = { kind: 'text', min: 1, max: 20, pattern: /^\+?[1-9][0-9]{1,18}$/ } as const
const paging: Fields = [
  ['NextToken', { kind: 'text', min: 1, max: 1024, pattern: /^.+$/ }],
  ['MaxResults', { kind: 'integer', min: 1, max: 100 }],
]

export const OPT_OUT_OPERATIONS = {
  DescribeOptOutLists: [
    ['OptOutListNames', { kind: 'list', max: 5, item: reference }],
    ['Owner', { kind: 'choice', values: ['SELF', 'SHARED'] }],
    ...paging,
  ],
  DescribeOptedOutNumbers: [
    ['OptOutListName', { ...reference, required: true }],
    ['OptedOutNumbers', { kind: 'list', max: 5, item: number }],
    ['Filters', { kind: 'unplayed' }],
    ...paging,
  ],
  DeleteOptedOutNumber: [
    ['OptOutListName', { ...reference, required: true }],
    ['OptedOutNumber', { ...number, required: true }],
  ],
} as const satisfies Record<string, Fields>

const CREATED = 1_760_000_000 // seconds since 1970, as AWS JSON has them
