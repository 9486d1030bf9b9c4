import type { ReasonEntry } from './reason-entry.ts'

/** Reasons that lie in the number, our policy, the store or the carrier. */
export const sendingReasons = {
  // Can it be sent?
  NUMBER_AMBIGUOUS: {
    answer: 'cannot-send',
    actor: 'Okta administrator',
    meaning: 'The number has no `+`, and its digits are several numbers, or none for certain.',
    remedy:
      'Store numbers in E.164 in Okta: `+`, calling code, number. For numbers of one country, HOOKLINE_DEFAULT_COUNTRY settles it.',
  },
  NUMBER_IMPOSSIBLE: {
    answer: 'cannot-send',
    actor: 'user',
    meaning:
      'This is not the number of a phone: other characters than digits, an unknown calling code, a pager or a voice mailbox.',
    remedy: 'The user must enrol another number.',
  },
  NUMBER_WRONG_LENGTH: {
    answer: 'cannot-send',
    actor: 'user',
    meaning: 'The number has too few or too many digits for its country.',
    remedy: 'The user must look for a missing or an extra digit, and enrol the number again.',
  },
  NUMBER_OLD_FORM: {
    answer: 'cannot-send',
    actor: 'user',
    meaning:
      'The number is in a form that its country no longer uses, and no published rule says which number it is now.',
    remedy: 'The user must enrol the number as it is dialled today.',
  },
  NUMBER_RANGE_UNKNOWN: {
    answer: 'cannot-send',
    actor: 'platform engineer',
    meaning:
      'The length fits, but the number belongs to a range that this version of Hookline does not know.',
    remedy:
      'The number may be right: ranges are added every month. Update Hookline, or name the country in HOOKLINE_UNKNOWN_RANGES to send to such numbers.',
  },
  NUMBER_EXTENSION: {
    answer: 'cannot-send',
    actor: 'user',
    meaning:
      'The number has an extension, which Hookline cannot dial: the code would be told to a switchboard.',
    remedy: 'The user must enrol a number that reaches the phone directly.',
  },
  NUMBER_LANDLINE: {
    answer: 'cannot-send',
    actor: 'user',
    meaning: 'The number is a landline, which cannot receive a text.',
    remedy: 'The user can ask for a voice call instead.',
  },
  NUMBER_PREMIUM: {
    answer: 'blocked',
    actor: 'security team',
    meaning: 'The number charges its caller (premium rate, or a personal number): a known fraud.',
    remedy: 'Look at who enrolled it. A real user must enrol another number.',
  },
  NUMBER_SHARED_COST: {
    answer: 'blocked',
    actor: 'security team',
    meaning: 'The number charges its caller a share (shared cost).',
    remedy: 'The user must enrol another number.',
  },
  NUMBER_SATELLITE: {
    answer: 'blocked',
    actor: 'security team',
    meaning:
      'The number belongs to no country (satellite and international networks): dear, and a known fraud.',
    remedy: 'The user must enrol another number.',
  },
  NO_ROUTE: {
    answer: 'cannot-send',
    actor: 'platform engineer',
    meaning: 'No origination identity is configured for this country and channel.',
    remedy: 'Import one with `hookline routes import`; the country `*` is the default route.',
  },
  NO_TEMPLATE: {
    answer: 'cannot-send',
    actor: 'platform engineer',
    meaning: 'No template for this channel in any language that would do.',
    remedy: 'Import one with `hookline templates import`, at least in the default locale.',
  },
  MESSAGE_TOO_LONG: {
    answer: 'cannot-send',
    actor: 'platform engineer',
    meaning: 'The filled-in template is longer than the carrier takes.',
    remedy: 'Shorten the template.',
  },

  STORE_UNAVAILABLE: {
    answer: 'cannot-send',
    actor: 'platform engineer',
    meaning: 'The store could not be read, so there are neither templates nor routes. Nothing was sent.',
    remedy:
      'Check the data folder (HOOKLINE_DATA_DIR): does it exist, is it writable, is the disk full? A server goes on with the policy in memory, or begins with its copy (last-policy.json): here there was neither.',
  },

  // May it be sent?
  LIMIT_NUMBER: {
    answer: 'over-limit',
    actor: 'security team',
    meaning: 'Too many codes for this number in a window of time.',
    remedy: 'Look at its deliveries. If people are hit, raise the limit with `hookline limits set`.',
  },
  LIMIT_USER: {
    answer: 'over-limit',
    actor: 'security team',
    meaning: 'Too many codes for this user in a window of time.',
    remedy:
      'Look at the deliveries of the user. If people are hit, raise the limit with `hookline limits set`.',
  },
  LIMIT_NUMBER_AND_CHANNEL: {
    answer: 'over-limit',
    actor: 'security team',
    meaning: 'Too many codes for this number over this channel in a window of time.',
    remedy: 'Look at its deliveries. If people are hit, raise the limit with `hookline limits set`.',
  },

  // Did the carrier take it?
  CARRIER_REFUSED: {
    answer: 'failed',
    actor: 'platform engineer',
    meaning: 'The carrier refused the message on every candidate that was tried. Nothing was sent.',
    remedy: "Read the carrier's error name and reason in the log or in `hookline deliveries`.",
  },
  CARRIER_SANDBOX: {
    answer: 'failed',
    actor: 'platform engineer',
    meaning: 'The AWS account is in the sandbox, and this number is not one of its verified destinations.',
    remedy: 'Request production access in AWS End User Messaging, or verify the number there.',
  },
  CARRIER_UNREACHABLE: {
    answer: 'failed',
    actor: 'platform engineer',
    meaning: 'No connection to the carrier could be made in time. Nothing was sent.',
    remedy: 'Check AWS_REGION, credentials, the network and DNS.',
  },
  RECIPIENT_OPTED_OUT: {
    answer: 'failed',
    actor: 'user',
    meaning: 'The user has opted out of our texts (by answering STOP).',
    remedy:
      'If the user wants texts again, take the number off with `hookline optouts remove --phone …`; or use a voice call.',
  },
  RECIPIENT_BLOCKED: {
    answer: 'blocked',
    actor: 'security team',
    meaning: 'Our own Protect configuration in AWS blocks this country or number.',
    remedy: 'If it is served, allow it in the Protect configuration.',
  },
  RECIPIENT_CALLED_TOO_OFTEN: {
    answer: 'failed',
    actor: 'user',
    meaning: 'AWS calls one recipient at most five times in 24 hours.',
    remedy: 'The user can ask for a text instead.',
  },
  CARRIER_UNKNOWN: {
    answer: 'unknown',
    actor: 'platform engineer',
    meaning: 'The carrier may or may not have taken the message. It is never sent again by us.',
    remedy: "Wait for the receipt. If this is frequent, look at the carrier's health and the network.",
  },
  DUPLICATE_UNSETTLED: {
    answer: 'unknown',
    actor: 'platform engineer',
    meaning:
      'The same request came before, and how it ended is not known (yet). It is never sent again by us.',
    remedy: 'If this is frequent, look for processes that died while sending.',
  },

  // Neither
  INTERNAL_ERROR: {
    answer: 'unknown',
    actor: 'platform engineer',
    meaning: 'A fault of Hookline itself.',
    remedy: 'The log has the error. Please report it.',
  },
} as const satisfies Record<string, ReasonEntry>
