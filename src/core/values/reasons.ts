/**
 * Every reason why a code did not go out: what Okta hears, who must act, what the operator reads.
 * A name is for ever; `docs/errors.md` is generated from this table.
 */
export const reasons = {
  // Who is asking?
  CREDENTIALS_MISSING: {
    answer: 'unauthorized',
    actor: 'Okta administrator',
    meaning: 'The call carried neither a Bearer access token nor the secret header.',
    remedy:
      "Set the hook's authentication in Okta to OAuth 2.0 or to the secret header that Hookline expects.",
  },
  CLIENT_NOT_VERIFIED: {
    answer: 'unauthorized',
    actor: 'platform engineer',
    meaning: "The call came to the hook function without the word of the API's authorizer.",
    remedy:
      'The API method has lost its authorizer, or somebody invokes the function directly. Deploy again, and look who may invoke it.',
  },
  TOKEN_MALFORMED: {
    answer: 'unauthorized',
    actor: 'Okta administrator',
    meaning: 'The Authorization header is not `Bearer` and one JWT.',
    remedy:
      'Check that the hook uses OAuth 2.0, and that nothing between Okta and Hookline rewrites the header.',
  },
  TOKEN_ALGORITHM: {
    answer: 'unauthorized',
    actor: 'Okta administrator',
    meaning: 'The access token is not signed with RS256.',
    remedy:
      'Use a custom authorization server of Okta; it signs with RS256. Otherwise somebody is forging tokens.',
  },
  TOKEN_KEY_UNKNOWN: {
    answer: 'unauthorized',
    actor: 'Okta administrator',
    meaning: 'The key that signed the access token is not among the keys of the issuer.',
    remedy:
      'Check HOOKLINE_OKTA_ISSUER, or `issuer` in HOOKLINE_ORGS. After a key rotation this ends by itself within a minute.',
  },
  TOKEN_SIGNATURE: {
    answer: 'unauthorized',
    actor: 'platform engineer',
    meaning: 'The signature of the access token is wrong.',
    remedy: 'Somebody is forging tokens, or something rewrites the header on the way.',
  },
  TOKEN_EXPIRED: {
    answer: 'unauthorized',
    actor: 'platform engineer',
    meaning: 'The access token has expired, beyond the 60 s leeway.',
    remedy: "Check this machine's clock.",
  },
  TOKEN_NOT_YET_VALID: {
    answer: 'unauthorized',
    actor: 'platform engineer',
    meaning: 'The access token is not valid yet, or was issued in the future, beyond the 60 s leeway.',
    remedy: "Check this machine's clock.",
  },
  TOKEN_LIFETIME: {
    answer: 'unauthorized',
    actor: 'Okta administrator',
    meaning: 'The access token is valid for more than 24 hours.',
    remedy: "Okta's own maximum is 24 hours. Look at the rule of the authorization server's access policy.",
  },
  TOKEN_TYPE: {
    answer: 'unauthorized',
    actor: 'Okta administrator',
    meaning: 'The token is of another type (header `typ`) than an access token, such as an ID token.',
    remedy: 'Something else than the hook of Okta is calling with a token of the same server.',
  },
  TOKEN_ISSUER: {
    answer: 'unauthorized',
    actor: 'Okta administrator',
    meaning: 'The access token was issued by another authorization server.',
    remedy:
      'Make HOOKLINE_OKTA_ISSUER, or `issuer` in HOOKLINE_ORGS, the issuer of the server whose token URL the hook uses.',
  },
  TOKEN_AUDIENCE: {
    answer: 'unauthorized',
    actor: 'Okta administrator',
    meaning: 'The access token is for another audience.',
    remedy:
      'Make HOOKLINE_OKTA_AUDIENCE, or `audience` in HOOKLINE_ORGS, the audience of the authorization server (often api://default).',
  },
  TOKEN_CLIENT: {
    answer: 'unauthorized',
    actor: 'Okta administrator',
    meaning: 'The access token was issued to another client (claim `cid`).',
    remedy:
      "Make HOOKLINE_OKTA_CLIENT_ID, or `clientId` in HOOKLINE_ORGS, the client ID of the hook's service app.",
  },
  TOKEN_SCOPE: {
    answer: 'unauthorized',
    actor: 'Okta administrator',
    meaning: 'The access token lacks the scope (claim `scp`).',
    remedy:
      'Make HOOKLINE_OKTA_SCOPE, or `scope` in HOOKLINE_ORGS, the scope that the hook asks for, and grant it in the access policy.',
  },
  KEYS_UNAVAILABLE: {
    answer: 'unauthorized',
    actor: 'platform engineer',
    meaning: "The issuer's keys could not be fetched, and none were kept from the last 24 hours.",
    remedy: 'Check that this machine reaches the issuer (`<issuer>/v1/keys`) over HTTPS.',
  },
  SECRET_WRONG: {
    answer: 'unauthorized',
    actor: 'Okta administrator',
    meaning: 'The secret header does not hold one of the configured secrets.',
    remedy: 'Make the header value of the hook in Okta one of HOOKLINE_SECRETS, or of HOOKLINE_ORG_SECRETS.',
  },

  // What is asked?
  BODY_TOO_LARGE: {
    answer: 'unreadable',
    actor: 'Okta administrator',
    meaning: 'The body is larger than 64 KB.',
    remedy: 'Okta sends about 1 KB: something else is calling this address.',
  },
  BODY_NOT_JSON: {
    answer: 'unreadable',
    actor: 'Okta administrator',
    meaning: 'The body is not a JSON object.',
    remedy: 'Something else than a telephony inline hook is calling this address.',
  },
  BODY_INCOMPLETE: {
    answer: 'unreadable',
    actor: 'platform engineer',
    meaning: 'The body did not arrive in time.',
    remedy: 'Look at the network and the proxy between Okta and Hookline.',
  },
  PHONE_NUMBER_MISSING: {
    answer: 'invalid',
    location: 'data.messageProfile.phoneNumber',
    actor: 'Okta administrator',
    meaning: 'The request names no phone number.',
    remedy:
      'Check that the hook is of type telephony. In a Preview, fill in data.messageProfile.phoneNumber.',
  },
  PHONE_NUMBER_TOO_LONG: {
    answer: 'invalid',
    location: 'data.messageProfile.phoneNumber',
    actor: 'Okta administrator',
    meaning: 'The phone number has more than 64 characters.',
    remedy: 'Okta sends about 13: something else is calling with a valid credential. Rotate it.',
  },
  EVENT_ID_INVALID: {
    answer: 'invalid',
    location: 'eventId',
    actor: 'Okta administrator',
    meaning: 'The eventId has more than 255 characters, or one that cannot be seen.',
    remedy: 'Okta sends 22 plain characters: something else is calling with a valid credential. Rotate it.',
  },
  PREVIEW_PLACEHOLDER: {
    answer: 'invalid',
    location: 'data.messageProfile.phoneNumber',
    actor: 'Okta administrator',
    meaning: "9876543210 is the placeholder of Okta's Preview, not a number of anybody.",
    remedy:
      'In the Preview, replace data.messageProfile.phoneNumber by a real number in E.164, such as +14155550100.',
  },
  CODE_MISSING: {
    answer: 'invalid',
    location: 'data.messageProfile.otpCode',
    actor: 'Okta administrator',
    meaning: 'The request carries no code.',
    remedy: 'Check that the hook is of type telephony.',
  },
  CODE_NOT_DIGITS: {
    answer: 'invalid',
    location: 'data.messageProfile.otpCode',
    actor: 'Okta administrator',
    meaning: 'The code is not 4 to 10 digits. Hookline sends one-time codes and no other words.',
    remedy: 'Okta sends digits: something else is calling with a valid credential. Rotate it.',
  },
  CHANNEL_UNKNOWN: {
    answer: 'invalid',
    location: 'data.messageProfile.deliveryChannel',
    actor: 'platform engineer',
    meaning: 'The delivery channel is neither a spelling of SMS nor of voice call.',
    remedy: 'If Okta has a new channel, update Hookline. An unknown channel is never guessed.',
  },
  CODE_EXPIRED: {
    answer: 'invalid',
    location: 'data.messageProfile.otpExpires',
    actor: 'platform engineer',
    meaning: 'The code expired more than 60 s ago: it could not be used any more.',
    remedy: "Check this machine's clock. Otherwise the request was held up, or replayed.",
  },

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

export type ReasonCode = keyof typeof reasons

/**
 * We chose not to go on, or cannot: what a step returns instead of its result. One `kind` for all; the code says the rest.
 */
export type Refusal = {
  readonly kind: 'refusal'
  readonly code: ReasonCode
  /** Sentences for the operator, without anything personal. */
  readonly detail?: string
}

export function isRefusal<T extends object>(result: T | Refusal): result is Extract<T, Refusal> | Refusal {
  return 'kind' in result && result.kind === 'refusal'
}

/** One reason why a code did not go out. */
export type ReasonEntry = {
  /**
   * What Okta hears: `unauthorized` 401; `unreadable` 400 (413 when too large); `invalid` 200 with an error
   * that names the field; `cannot-send` and `failed` 200 FAILED; `over-limit`, `blocked` and `unknown` as set.
   */
  readonly answer:
    | 'unauthorized'
    | 'unreadable'
    | 'invalid'
    | 'cannot-send'
    | 'over-limit'
    | 'blocked'
    | 'failed'
    | 'unknown'
  readonly actor: 'Okta administrator' | 'platform engineer' | 'security team' | 'user'
  readonly meaning: string
  readonly remedy: string
  /** Where in Okta's body, for `invalid`. */
  readonly location?: string
}
