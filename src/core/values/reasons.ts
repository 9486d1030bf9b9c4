/**
 * Every reason why a code was not sent: how Okta is answered, who must act, what the operator reads.
 * A code never changes. `docs/errors.md` is generated from this table.
 */
export const reasons = {
  // Who is calling?
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
    meaning: "The hook function was called without a result of the API's authorizer.",
    remedy:
      'The API method has no authorizer, or the function was invoked directly. Deploy again, and check who may invoke the function.',
  },
  TOKEN_MALFORMED: {
    answer: 'unauthorized',
    actor: 'Okta administrator',
    meaning: 'The Authorization header is not `Bearer` followed by one JWT.',
    remedy:
      'Check that the hook uses OAuth 2.0, and that nothing between Okta and Hookline rewrites the header.',
  },
  TOKEN_ALGORITHM: {
    answer: 'unauthorized',
    actor: 'Okta administrator',
    meaning: 'The access token is not signed with RS256.',
    remedy:
      'Use a custom authorization server of Okta, which signs with RS256. If you already do, someone is forging tokens.',
  },
  TOKEN_KEY_UNKNOWN: {
    answer: 'unauthorized',
    actor: 'Okta administrator',
    meaning: "The access token was signed with a key that is not one of the issuer's.",
    remedy:
      'Check HOOKLINE_OKTA_ISSUER, or `issuer` in HOOKLINE_ORGS. After a key rotation this stops within a minute.',
  },
  TOKEN_SIGNATURE: {
    answer: 'unauthorized',
    actor: 'platform engineer',
    meaning: 'The signature of the access token is invalid.',
    remedy: 'Somebody is forging tokens, or something between Okta and Hookline changes the header.',
  },
  TOKEN_EXPIRED: {
    answer: 'unauthorized',
    actor: 'platform engineer',
    meaning: 'The access token expired more than 60 s ago.',
    remedy: "Check this machine's clock.",
  },
  TOKEN_NOT_YET_VALID: {
    answer: 'unauthorized',
    actor: 'platform engineer',
    meaning: 'The access token is not valid yet, or was issued in the future (with a leeway of 60 s).',
    remedy: "Check this machine's clock.",
  },
  TOKEN_LIFETIME: {
    answer: 'unauthorized',
    actor: 'Okta administrator',
    meaning: 'The access token is valid for more than 24 hours.',
    remedy:
      "Okta's own maximum is 24 hours. Check the rule in the access policy of the authorization server.",
  },
  TOKEN_TYPE: {
    answer: 'unauthorized',
    actor: 'Okta administrator',
    meaning: 'The token (header `typ`) is not an access token but, for example, an ID token.',
    remedy: "Something other than Okta's hook is calling with a token of the same authorization server.",
  },
  TOKEN_ISSUER: {
    answer: 'unauthorized',
    actor: 'Okta administrator',
    meaning: 'The access token was issued by another authorization server.',
    remedy:
      'Set HOOKLINE_OKTA_ISSUER, or `issuer` in HOOKLINE_ORGS, to the issuer of the authorization server whose token URL the hook uses.',
  },
  TOKEN_AUDIENCE: {
    answer: 'unauthorized',
    actor: 'Okta administrator',
    meaning: 'The access token is for another audience.',
    remedy:
      'Set HOOKLINE_OKTA_AUDIENCE, or `audience` in HOOKLINE_ORGS, to the audience of the authorization server (often api://default).',
  },
  TOKEN_CLIENT: {
    answer: 'unauthorized',
    actor: 'Okta administrator',
    meaning: 'The access token was issued to another client (claim `cid`).',
    remedy:
      "Set HOOKLINE_OKTA_CLIENT_ID, or `clientId` in HOOKLINE_ORGS, to the client ID of the hook's service app.",
  },
  TOKEN_SCOPE: {
    answer: 'unauthorized',
    actor: 'Okta administrator',
    meaning: 'The access token lacks the scope (claim `scp`).',
    remedy:
      'Set HOOKLINE_OKTA_SCOPE, or `scope` in HOOKLINE_ORGS, to the scope that the hook requests, and grant it in the access policy.',
  },
  KEYS_UNAVAILABLE: {
    answer: 'unauthorized',
    actor: 'platform engineer',
    meaning: "The issuer's keys could not be fetched, and there are none from the last 24 hours.",
    remedy: 'Check that this machine can reach the issuer (`<issuer>/v1/keys`) over HTTPS.',
  },
  SECRET_WRONG: {
    answer: 'unauthorized',
    actor: 'Okta administrator',
    meaning: 'The value of the secret header is not one of the configured secrets.',
    remedy: "Set the hook's header value in Okta to one of HOOKLINE_SECRETS or HOOKLINE_ORG_SECRETS.",
  },

  // What is requested?
  BODY_TOO_LARGE: {
    answer: 'unreadable',
    actor: 'Okta administrator',
    meaning: 'The body is larger than 64 KB.',
    remedy: 'Okta sends about 1 KB. Something else is calling this address.',
  },
  BODY_NOT_JSON: {
    answer: 'unreadable',
    actor: 'Okta administrator',
    meaning: 'The body is not a JSON object.',
    remedy: 'Something other than a telephony inline hook is calling this address.',
  },
  BODY_INCOMPLETE: {
    answer: 'unreadable',
    actor: 'platform engineer',
    meaning: 'The body did not arrive in time.',
    remedy: 'Check the network and the proxy between Okta and Hookline.',
  },
  PHONE_NUMBER_MISSING: {
    answer: 'invalid',
    location: 'data.messageProfile.phoneNumber',
    actor: 'Okta administrator',
    meaning: 'The request has no phone number.',
    remedy:
      'Check that the type of the hook is Telephony. In a Preview, enter data.messageProfile.phoneNumber.',
  },
  PHONE_NUMBER_TOO_LONG: {
    answer: 'invalid',
    location: 'data.messageProfile.phoneNumber',
    actor: 'Okta administrator',
    meaning: 'The phone number has more than 64 characters.',
    remedy: 'Okta sends about 13. Something else is calling with a valid credential: rotate it.',
  },
  EVENT_ID_INVALID: {
    answer: 'invalid',
    location: 'eventId',
    actor: 'Okta administrator',
    meaning: 'The eventId has more than 255 characters, or an invisible character.',
    remedy: 'Okta sends 22 plain characters. Something else is calling with a valid credential: rotate it.',
  },
  PREVIEW_PLACEHOLDER: {
    answer: 'invalid',
    location: 'data.messageProfile.phoneNumber',
    actor: 'Okta administrator',
    meaning: "9876543210 is the placeholder in Okta's Preview, not a real number.",
    remedy:
      'In the Preview, set data.messageProfile.phoneNumber to a real number in E.164, such as +14155550100.',
  },
  CODE_MISSING: {
    answer: 'invalid',
    location: 'data.messageProfile.otpCode',
    actor: 'Okta administrator',
    meaning: 'The request has no code.',
    remedy: 'Check that the type of the hook is Telephony.',
  },
  CODE_NOT_DIGITS: {
    answer: 'invalid',
    location: 'data.messageProfile.otpCode',
    actor: 'Okta administrator',
    meaning: 'The code is not 4 to 10 digits. Hookline sends only one-time codes.',
    remedy: 'Okta sends digits. Something else is calling with a valid credential: rotate it.',
  },
  CHANNEL_UNKNOWN: {
    answer: 'invalid',
    location: 'data.messageProfile.deliveryChannel',
    actor: 'platform engineer',
    meaning: 'The delivery channel is neither SMS nor voice call.',
    remedy: 'If Okta has a new channel, update Hookline. Hookline never guesses the channel.',
  },
  CODE_EXPIRED: {
    answer: 'invalid',
    location: 'data.messageProfile.otpExpires',
    actor: 'platform engineer',
    meaning: 'The code expired more than 60 s ago and can no longer be used.',
    remedy: "Check this machine's clock. If it is right, the request was delayed or replayed.",
  },
  CANARY_NOT_SIMULATOR: {
    answer: 'invalid',
    location: 'data.messageProfile.phoneNumber',
    actor: 'security team',
    meaning: "A call with a canary's credential asks for something else than a text to AWS's simulator.",
    remedy:
      'Nothing was sent. Hookline requests nothing else, so somebody has the hash key or may invoke the function: find out who.',
  },

  // Can it be sent?
  NUMBER_AMBIGUOUS: {
    answer: 'cannot-send',
    actor: 'Okta administrator',
    meaning: 'The number has no `+`, and its digits match several numbers, or none with certainty.',
    remedy:
      'Store numbers in Okta in E.164: `+`, calling code, number. If the numbers are of one country, set HOOKLINE_DEFAULT_COUNTRY.',
  },
  NUMBER_IMPOSSIBLE: {
    answer: 'cannot-send',
    actor: 'user',
    meaning:
      'This is not a phone number: it has characters other than digits or an unknown calling code, or it is a pager or a voice mailbox.',
    remedy: 'The user must enrol another number.',
  },
  NUMBER_WRONG_LENGTH: {
    answer: 'cannot-send',
    actor: 'user',
    meaning: 'The number has too few or too many digits for its country.',
    remedy: 'The user must check for a missing or an extra digit, and enrol the number again.',
  },
  NUMBER_OLD_FORM: {
    answer: 'cannot-send',
    actor: 'user',
    meaning:
      'The number is in a form that its country no longer uses, and no published rule gives the current number.',
    remedy: 'The user must enrol the number as it is dialled today.',
  },
  NUMBER_RANGE_UNKNOWN: {
    answer: 'cannot-send',
    actor: 'platform engineer',
    meaning: 'The length is right, but the number is in a range that this version of Hookline does not know.',
    remedy:
      'The number may be right: ranges are added every month. Update Hookline, or add the country to HOOKLINE_UNKNOWN_RANGES to send to such numbers.',
  },
  NUMBER_EXTENSION: {
    answer: 'cannot-send',
    actor: 'user',
    meaning: 'The number has an extension, which Hookline cannot dial. A switchboard would get the code.',
    remedy: 'The user must enrol a number that reaches the phone directly.',
  },
  NUMBER_LANDLINE: {
    answer: 'cannot-send',
    actor: 'user',
    meaning: 'The number is a landline, which cannot receive a text.',
    remedy: 'The user can request a voice call instead.',
  },
  NUMBER_PREMIUM: {
    answer: 'blocked',
    actor: 'security team',
    meaning:
      'A call or text to this number is charged extra (premium rate or personal number), a known kind of fraud.',
    remedy: 'Check who enrolled it. A real user must enrol another number.',
  },
  NUMBER_SHARED_COST: {
    answer: 'blocked',
    actor: 'security team',
    meaning: 'The cost of a call to this number is shared (shared-cost number).',
    remedy: 'The user must enrol another number.',
  },
  NUMBER_SATELLITE: {
    answer: 'blocked',
    actor: 'security team',
    meaning:
      'The number belongs to no country (satellite or international network). Such numbers are expensive and often used for fraud.',
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
    meaning: 'There is no template for this channel in a suitable language.',
    remedy: 'Import one with `hookline templates import`, at least in the default locale.',
  },
  MESSAGE_TOO_LONG: {
    answer: 'cannot-send',
    actor: 'platform engineer',
    meaning: 'The filled-in template is longer than the carrier accepts.',
    remedy: 'Shorten the template.',
  },

  STORE_UNAVAILABLE: {
    answer: 'cannot-send',
    actor: 'platform engineer',
    meaning: 'The store could not be read, so there are no templates and no routes. Nothing was sent.',
    remedy:
      'Check the data folder (HOOKLINE_DATA_DIR): does it exist, is it writable, is the disk full? A running server keeps using the policy in memory, and a new one starts with its copy (last-policy.json); there was neither.',
  },

  // May it be sent?
  LIMIT_NUMBER: {
    answer: 'over-limit',
    actor: 'security team',
    meaning: 'Too many codes were requested for this number within a window of time.',
    remedy: 'Check its deliveries. If real users are affected, raise the limit with `hookline limits set`.',
  },
  LIMIT_USER: {
    answer: 'over-limit',
    actor: 'security team',
    meaning: 'Too many codes were requested for this user within a window of time.',
    remedy:
      'Check the deliveries of the user. If real users are affected, raise the limit with `hookline limits set`.',
  },
  LIMIT_NUMBER_AND_CHANNEL: {
    answer: 'over-limit',
    actor: 'security team',
    meaning: 'Too many codes were requested for this number over this channel within a window of time.',
    remedy: 'Check its deliveries. If real users are affected, raise the limit with `hookline limits set`.',
  },

  // Is it fraud?
  FRAUD_BLOCK: {
    answer: 'blocked',
    actor: 'security team',
    meaning:
      'Too few codes to new numbers of this block, which differ only in their last four digits, were answered.',
    remedy:
      'Check who requests codes there. If it is an attack, nothing needs to be done: a code is let through now and then, and when people answer again, the hold ends.',
  },
  FRAUD_PREFIX: {
    answer: 'blocked',
    actor: 'security team',
    meaning:
      'Too few codes to new numbers with this beginning, which differ only in their last six digits, were answered.',
    remedy:
      'Check who requests codes there. If it is an attack, nothing needs to be done: a code is let through now and then, and when people answer again, the hold ends.',
  },
  FRAUD_COUNTRY: {
    answer: 'blocked',
    actor: 'security team',
    meaning: 'Too few codes to new numbers of this country were answered.',
    remedy:
      'Check who requests codes there. If it is an attack, nothing needs to be done: a code is let through now and then, and when people answer again, the hold ends.',
  },
  FRAUD_NETWORK: {
    answer: 'blocked',
    actor: 'security team',
    meaning: 'Too few codes to new numbers that were requested from this network were answered.',
    remedy:
      'Check who requests codes there. If it is an attack, nothing needs to be done: a code is let through now and then, and when people answer again, the hold ends.',
  },
  FRAUD_NEW_COUNTRIES: {
    answer: 'blocked',
    actor: 'security team',
    meaning:
      'Too few codes were answered in all the countries together in which almost no phone has answered yet.',
    remedy:
      'Check who requests codes there. If it is an attack, nothing needs to be done: a code is let through now and then, and when people answer again, the hold ends.',
  },
  FRAUD_SMALL_COUNTRIES: {
    answer: 'blocked',
    actor: 'security team',
    meaning:
      'Too few codes were answered in all the countries together in which few phones have answered yet.',
    remedy:
      'Check who requests codes there. If it is an attack, nothing needs to be done: a code is let through now and then, and when people answer again, the hold ends.',
  },
  FRAUD_BUDGET: {
    answer: 'blocked',
    actor: 'security team',
    meaning:
      'The daily budget for codes to new numbers is spent, of the country or of all countries. Phones that answered before get their codes.',
    remedy:
      'Check who requests codes. If they are people, raise the budget or allow their numbers; it begins anew at midnight UTC.',
  },
  FRAUD_RARE_PREFIXES: {
    answer: 'blocked',
    actor: 'security team',
    meaning:
      'Too few codes were answered, of all countries where many phones have answered together, with prefixes where few phones have answered lately.',
    remedy:
      'Check who requests codes there. If it is an attack, nothing needs to be done: a code is let through now and then, and when people answer again, the hold ends.',
  },
  FRAUD_SILENT_BLOCKS: {
    answer: 'blocked',
    actor: 'security team',
    meaning:
      'Too few codes were answered in all the blocks together in which a number did not answer: numbers that differ only in their last four digits.',
    remedy:
      'Check who requests codes there. If it is an attack, nothing needs to be done: a code is let through now and then, and when people answer again, the hold ends.',
  },
  FRAUD_RECOVERIES: {
    answer: 'blocked',
    actor: 'security team',
    meaning:
      'Too few codes were answered of all the resets and unlocks together that went to phones that answered only once, on another network.',
    remedy:
      'Check who requests codes there. If it is an attack, nothing needs to be done: a code is let through now and then, and when people answer again, the hold ends.',
  },
  FRAUD_RESERVE: {
    answer: 'blocked',
    actor: 'security team',
    meaning:
      'Too few codes were answered that new numbers got from the reserve: in countries and prefixes where many phones have answered, after their own credit was spent.',
    remedy:
      'Check who requests codes there. If it is an attack, nothing needs to be done: a code is let through now and then, and when people answer again, the hold ends.',
  },
  FRAUD_KNOWN_USERS: {
    answer: 'blocked',
    actor: 'security team',
    meaning:
      'Too few of those codes were answered that were sent although their country was held: to known users with a new phone, and from networks and in countries that answer.',
    remedy:
      'Check who requests codes there. If it is an attack, nothing needs to be done: a code is let through now and then, and when people answer again, the hold ends.',
  },
  FRAUD_DENIED: {
    answer: 'blocked',
    actor: 'security team',
    meaning: 'An operator denied codes to this number, user, prefix, network or country.',
    remedy: 'The override says who, why and until when.',
  },
  NUMBER_SILENT: {
    answer: 'blocked',
    actor: 'security team',
    meaning:
      'This phone left too many codes unanswered that were requested from networks where it answered before.',
    remedy:
      'If the user does not receive the codes, check the deliveries of the number. A code is let through later, and an answer ends the hold.',
  },
  NUMBER_STRANGE_NETWORK: {
    answer: 'blocked',
    actor: 'security team',
    meaning:
      'This phone left too many codes unanswered that were requested from networks where it never answered.',
    remedy:
      'Probably somebody else requests them. Codes that the user requests from a usual network are sent.',
  },
  NUMBER_UNPROVEN: {
    answer: 'blocked',
    actor: 'security team',
    meaning: 'This number has never answered a code, and got three in an hour or five in a day.',
    remedy:
      'The user can wait, or must check the number. If the user does not receive the codes, check the deliveries of the number.',
  },
  USER_MANY_NUMBERS: {
    answer: 'blocked',
    actor: 'security team',
    meaning: 'This user requested codes for too many new numbers within a day.',
    remedy: 'Check the account: it may be stolen.',
  },

  // Did the carrier accept it?
  CARRIER_REFUSED: {
    answer: 'failed',
    actor: 'platform engineer',
    meaning: 'The carrier refused the message from every candidate that was tried. Nothing was sent.',
    remedy: "Read the carrier's error name and reason in the log or in `hookline deliveries`.",
  },
  CARRIER_SANDBOX: {
    answer: 'failed',
    actor: 'platform engineer',
    meaning: 'The AWS account is in the sandbox, and this number is not a verified destination.',
    remedy: 'Request production access in AWS End User Messaging, or verify the number there.',
  },
  CARRIER_UNREACHABLE: {
    answer: 'failed',
    actor: 'platform engineer',
    meaning: 'The carrier could not be reached in time. Nothing was sent.',
    remedy: 'Check AWS_REGION, credentials, the network and DNS.',
  },
  RECIPIENT_OPTED_OUT: {
    answer: 'failed',
    actor: 'user',
    meaning: 'The user has opted out of our texts (by replying STOP).',
    remedy:
      'If the user wants texts again, remove the opt-out with `hookline optouts remove --phone …`. Voice calls are not affected.',
  },
  RECIPIENT_BLOCKED: {
    answer: 'blocked',
    actor: 'security team',
    meaning: 'Our own Protect configuration in AWS blocks this country or number.',
    remedy: 'If you want to send there, allow it in the Protect configuration.',
  },
  RECIPIENT_CALLED_TOO_OFTEN: {
    answer: 'failed',
    actor: 'user',
    meaning: 'AWS allows at most five calls to one recipient in 24 hours.',
    remedy: 'The user can request a text instead.',
  },
  CARRIER_UNKNOWN: {
    answer: 'unknown',
    actor: 'platform engineer',
    meaning: 'The carrier may or may not have accepted the message. Hookline does not send it again.',
    remedy: "Wait for the receipt. If this is frequent, check the carrier's status and the network.",
  },
  DUPLICATE_UNSETTLED: {
    answer: 'unknown',
    actor: 'platform engineer',
    meaning:
      'The same request came before, and its result is not known (yet). Hookline does not send it again.',
    remedy: 'If this is frequent, check for processes that died while sending.',
  },

  // Our own fault
  INTERNAL_ERROR: {
    answer: 'unknown',
    actor: 'platform engineer',
    meaning: 'An internal error of Hookline.',
    remedy: 'The error is logged. Please report it.',
  },
} as const satisfies Record<string, ReasonEntry>

export type ReasonCode = keyof typeof reasons

/** What a step returns instead of its result if the request cannot or must not continue. */
export type Refusal = {
  readonly kind: 'refusal'
  readonly code: ReasonCode
  /** Sentences for the operator, without anything personal. */
  readonly detail?: string
}

export function isRefusal<T extends object>(result: T | Refusal): result is Extract<T, Refusal> | Refusal {
  return 'kind' in result && result.kind === 'refusal'
}

/** One reason why a code was not sent. */
export type ReasonEntry = {
  /**
   * How Okta is answered: `unauthorized` 401; `unreadable` 400 (413 when too large); `invalid` 200 with an error
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
