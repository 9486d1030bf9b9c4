import * as sdk from '@aws-sdk/client-pinpoint-sms-voice-v2'
import { describeClosedList, ruledOut } from '../../../test/fixtures/closed-list.ts'
import { carrierErrors } from './carrier-error-table.ts'
import { FIELDS } from './carrier-errors.ts'

const SEND_INPUTS = [
  ...[sdk.SendTextMessageRequest$, sdk.SendVoiceMessageRequest$],
  ...[sdk.SendNotifyTextMessageRequest$, sdk.SendNotifyVoiceMessageRequest$],
]

const ENUMS_OF_SDK: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ConflictException: sdk.ConflictExceptionReason,
  ServiceQuotaExceededException: sdk.ServiceQuotaExceededExceptionReason,
  ValidationException: sdk.ValidationExceptionReason,
  AccessDeniedException: sdk.AccessDeniedExceptionReason,
}
/** What no Send call does: a reason of these would be refused as one that may be about the recipient. */
const IMPOSSIBLE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ConflictException: {
    ...ruledOut(
      'Of making, changing or deleting a registration.',
      `CREATE_REGISTRATION_VERSION_NOT_ALLOWED DISASSOCIATE_REGISTRATION_NOT_ALLOWED
       DISCARD_REGISTRATION_VERSION_NOT_ALLOWED EDIT_REGISTRATION_FIELD_VALUES_NOT_ALLOWED
       REGISTRATION_ALREADY_SUBMITTED SUBMIT_REGISTRATION_VERSION_NOT_ALLOWED
       RCS_AGENT_ALREADY_ASSOCIATED_TO_REGISTRATION_TYPE`,
    ),
    ...ruledOut(
      'Of making, changing or deleting a resource.',
      `DELETION_PROTECTION_ENABLED EVENT_DESTINATION_MISMATCH LAST_PHONE_NUMBER
       PROTECT_CONFIGURATION_ASSOCIATED_WITH_CONFIGURATION_SET PROTECT_CONFIGURATION_IS_ACCOUNT_DEFAULT
       RESOURCE_ALREADY_ASSOCIATED RESOURCE_ALREADY_EXISTS RESOURCE_DELETION_NOT_ALLOWED
       RESOURCE_MODIFICATION_NOT_ALLOWED RESOURCE_NOT_EMPTY`,
    ),
    ...ruledOut(
      'Of verifying a destination number in the sandbox.',
      'VERIFICATION_ALREADY_COMPLETE VERIFICATION_CODE_EXPIRED',
    ),
  },
  ServiceQuotaExceededException: ruledOut(
    'A limit of how many resources there may be.',
    `ASSOCIATIONS_PER_REGISTRATION CONFIGURATION_SETS_PER_ACCOUNT EVENT_DESTINATIONS_PER_CONFIGURATION_SET
     KEYWORDS_PER_PHONE_NUMBER KEYWORDS_PER_POOL NOTIFY_CONFIGURATIONS_PER_ACCOUNT OPT_OUT_LISTS_PER_ACCOUNT
     ORIGINATION_IDENTITIES_PER_POOL PHONE_NUMBERS_PER_ACCOUNT PHONE_NUMBERS_PER_REGISTRATION POOLS_PER_ACCOUNT
     PROTECT_CONFIGURATIONS_PER_ACCOUNT RCS_AGENTS_PER_ACCOUNT REGISTRATIONS_PER_ACCOUNT
     REGISTRATION_ATTACHMENTS_CREATED_PER_DAY REGISTRATION_ATTACHMENTS_PER_ACCOUNT REGISTRATION_VERSIONS_CREATED_PER_DAY
     SENDER_IDS_PER_ACCOUNT TAGS_PER_RESOURCE VERIFICATION_ATTEMPTS_PER_DAY VERIFIED_DESTINATION_NUMBERS_PER_ACCOUNT`,
  ),
  ValidationException: {
    ...ruledOut(
      'Of a registration and its attachments.',
      `ATTACHMENT_TYPE_NOT_SUPPORTED FIELD_VALIDATION_FAILED INVALID_REGISTRATION_ASSOCIATION
       REGISTRATION_FIELD_CANNOT_BE_DELETED UNKNOWN_REGISTRATION_FIELD UNKNOWN_REGISTRATION_SECTION
       UNKNOWN_REGISTRATION_TYPE UNKNOWN_REGISTRATION_VERSION`,
    ),
    ...ruledOut('Of opt-out lists.', 'CANNOT_ADD_OPTED_OUT_NUMBER PHONE_NUMBER_CANNOT_BE_OPTED_IN'),
    ...ruledOut(
      'Of messages that come to our numbers.',
      `TWO_WAY_CHANNEL_NOT_PRESENT TWO_WAY_NOT_ENABLED TWO_WAY_NOT_SUPPORTED_IN_COUNTRY
       TWO_WAY_NOT_SUPPORTED_IN_REGION TWO_WAY_TOPIC_NOT_PRESENT`,
    ),
    ...ruledOut('Of lists.', 'INVALID_FILTER_VALUES INVALID_NEXT_TOKEN'),
    MEDIA_TYPE_NOT_SUPPORTED: 'Of SendMediaMessage, which Hookline does not call.',
    PHONE_NUMBER_CANNOT_BE_RELEASED: 'Of releasing a number.',
    REQUESTED_SPEND_LIMIT_HIGHER_THAN_SERVICE_LIMIT: 'Of setting a spend limit.',
    VERIFICATION_CODE_MISMATCH: 'Of verifying a destination number in the sandbox.',
  },
  AccessDeniedException: {},
}
for (const [name, reasons] of Object.entries(ENUMS_OF_SDK)) {
  describeClosedList(`reasons of ${name}`, {
    values: Object.values(reasons),
    isDecided: reason => carrierErrors.some(row => row.name === name && row.reason === reason),
    impossible: IMPOSSIBLE[name] ?? {},
  })
}

describeClosedList('exceptions', {
  values: Object.keys(sdk).filter(name => name.endsWith('Exception')),
  isDecided: name => carrierErrors.some(row => row.name === name),
  impossible: { PinpointSMSVoiceV2ServiceException: 'The class that all of them extend.' },
})

describeClosedList('members of the Send calls', {
  values: SEND_INPUTS.flatMap(([, , , , members]) => members),
  isDecided: member => FIELDS[member.toLowerCase()] !== undefined,
  impossible: {},
})
