import type { FailureSubject } from '../../core/deliver/ports.ts'
import {
  carrierErrors,
  type ErrorMeaning,
  GENERIC_VALIDATIONS,
  refusal,
  UNKNOWN,
  VALIDATION,
} from './carrier-error-table.ts'

/** An error as it came over the wire. */
export type ServiceError = {
  readonly name: string
  readonly reason?: string | undefined
  /** HTTP: 400 to 499. */
  readonly status: number
  /** It has AWS's request ID: nothing between us and AWS gives one. */
  readonly hasRequestId: boolean
  /** The members that a validation complains about. AWS does not promise their case. */
  readonly fields?: readonly string[] | undefined
}

/** The meaning of an error. A name that the table does not have is unknown, except at AWS's door. */
export function meaningOf({ name, reason, status, hasRequestId, fields = [] }: ServiceError): ErrorMeaning {
  const exact = carrierErrors.find(
    row => row.name === name && row.reason !== undefined && row.reason === reason,
  )
  const anyReason = carrierErrors.find(row => row.name === name && row.reason === undefined)
  const row = exact ?? anyReason ?? (status === 403 || status === 429 ? ANY_AT_DOOR : UNHEARD_OF)
  if (row.isAtDoor || status === 403 || status === 429) return hasRequestId ? row : NOT_OF_AWS
  if (name !== VALIDATION) return row
  const subject =
    reason === undefined || exact === undefined || GENERIC_VALIDATIONS.includes(reason)
      ? subjectOf(fields)
      : undefined
  return subject === undefined ? row : validationOf(subject)
}

/** About the recipient if one of the fields is, else about the message if one is: neither is another from the next candidate. */
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
  __proto__: null as never, // a field called `constructor` is none of them
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
  return refusal({ name: VALIDATION, reason: undefined, about, why: 'Its fields say what it is about.' })
}

const UNHEARD_OF: ErrorMeaning = {
  name: '(any other)',
  reason: undefined,
  result: UNKNOWN,
  isAtDoor: false,
  why: 'It may come before or after sending: an error that is not in the table proves nothing.',
}

const ANY_AT_DOOR: ErrorMeaning = {
  ...refusal({
    name: '(any other, 403 or 429)',
    reason: undefined,
    about: 'account',
    why: 'AWS authenticates, authorizes and counts before it does any work.',
  }),
  isAtDoor: true,
}

const NOT_OF_AWS: ErrorMeaning = {
  ...UNHEARD_OF,
  name: '(at the door, without a request ID)',
  why: 'A proxy or firewall in between may have said it, before or after it forwarded the request.',
}
