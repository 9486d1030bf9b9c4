import type { FailureSubject } from '../../core/deliver/ports.ts'
import {
  carrierErrors,
  type ErrorMeaning,
  GENERIC_VALIDATIONS,
  refusal,
  UNKNOWN,
  VALIDATION,
} from './carrier-error-table.ts'

/** An error in AWS's response. */
export type ServiceError = {
  readonly name: string
  readonly reason?: string | undefined
  /** HTTP: 400 to 499. */
  readonly status: number
  /** Whether it has a request ID of AWS, which nothing between us and AWS adds. */
  readonly hasRequestId: boolean
  /** The members that failed validation. AWS does not define their case. */
  readonly fields?: readonly string[] | undefined
}

/** The meaning of an error. A name that is not in the table is unknown, unless AWS refused it before any work. */
export function meaningOf({ name, reason, status, hasRequestId, fields = [] }: ServiceError): ErrorMeaning {
  const exact = carrierErrors.find(
    row => row.name === name && row.reason !== undefined && row.reason === reason,
  )
  const anyReason = carrierErrors.find(row => row.name === name && row.reason === undefined)
  const row = exact ?? anyReason ?? (status === 403 || status === 429 ? ANY_AT_DOOR : NOT_IN_TABLE)
  if (row.isAtDoor || status === 403 || status === 429) return hasRequestId ? row : NOT_FROM_AWS
  if (name !== VALIDATION) return row
  const subject =
    reason === undefined || exact === undefined || GENERIC_VALIDATIONS.includes(reason)
      ? subjectOf(fields)
      : undefined
  return subject === undefined ? row : validationOf(subject)
}

/** The recipient if one of the fields is about it, else the message: neither changes with the next candidate. */
function subjectOf(fields: readonly string[]): FailureSubject | undefined {
  const named = fields.map(field => FIELDS[field.toLowerCase().replace(/[.[].*$/s, '')])
  return SUBJECTS.find(subject => named.includes(subject))
}

const SUBJECTS: readonly FailureSubject[] = [
  'recipient',
  'message',
  'identity and country',
  'identity',
  'account',
]

/** Every member of AWS's four Send calls, in lower case. @internal */
export const FIELDS: Readonly<Record<string, FailureSubject | undefined>> = {
  __proto__: null as never, // `constructor` is not a field
  destinationphonenumber: 'recipient',
  messagebody: 'message',
  messagebodytexttype: 'message',
  messagetype: 'message',
  voiceid: 'message',
  templatevariables: 'message',
  timetolive: 'message',
  context: 'message',
  keyword: 'message',
  dryrun: 'message',
  messagefeedbackenabled: 'message',
  destinationcountryparameters: 'identity and country',
  maxprice: 'identity and country',
  maxpriceperminute: 'identity and country',
  originationidentity: 'identity',
  notifyconfigurationid: 'identity',
  templateid: 'identity',
  configurationsetname: 'account',
  protectconfigurationid: 'account',
}

function validationOf(about: FailureSubject): ErrorMeaning {
  return refusal({ name: VALIDATION, reason: undefined, about, why: 'Its fields show what it is about.' })
}

const NOT_IN_TABLE: ErrorMeaning = {
  name: '(any other)',
  reason: undefined,
  result: UNKNOWN,
  isAtDoor: false,
  why: 'It may occur before or after sending. An error that is not in the table proves nothing.',
}

const ANY_AT_DOOR: ErrorMeaning = {
  ...refusal({
    name: '(any other, 403 or 429)',
    reason: undefined,
    about: 'account',
    why: 'AWS authenticates, authorizes and throttles before it does any work.',
  }),
  isAtDoor: true,
}

const NOT_FROM_AWS: ErrorMeaning = {
  ...NOT_IN_TABLE,
  name: '(403 or 429, without a request ID)',
  why: 'A proxy or firewall may have answered, before or after it forwarded the request.',
}
