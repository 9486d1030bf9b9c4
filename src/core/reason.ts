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
    remedy: 'Check HOOKLINE_OKTA_ISSUER. After a key rotation this ends by itself within a minute.',
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
    meaning: 'The access token is not valid yet, beyond the 60 s leeway.',
    remedy: "Check this machine's clock.",
  },
  TOKEN_ISSUER: {
    answer: 'unauthorized',
    actor: 'Okta administrator',
    meaning: 'The access token was issued by another authorization server.',
    remedy: 'Make HOOKLINE_OKTA_ISSUER the issuer of the server whose token URL the hook uses.',
  },
  TOKEN_AUDIENCE: {
    answer: 'unauthorized',
    actor: 'Okta administrator',
    meaning: 'The access token is for another audience.',
    remedy: 'Make HOOKLINE_OKTA_AUDIENCE the audience of the authorization server (often api://default).',
  },
  TOKEN_CLIENT: {
    answer: 'unauthorized',
    actor: 'Okta administrator',
    meaning: 'The access token was issued to another client (claim `cid`).',
    remedy: "Make HOOKLINE_OKTA_CLIENT_ID the client ID of the hook's service app.",
  },
  TOKEN_SCOPE: {
    answer: 'unauthorized',
    actor: 'Okta administrator',
    meaning: 'The access token lacks the scope (claim `scp`).',
    remedy: 'Make HOOKLINE_OKTA_SCOPE the scope that the hook asks for, and grant it in the access policy.',
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
    remedy: 'Make the header value of the hook in Okta one of HOOKLINE_SECRETS.',
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
  PHONE_NUMBER_MISSING: {
    answer: 'invalid',
    location: 'data.messageProfile.phoneNumber',
    actor: 'Okta administrator',
    meaning: 'The request names no phone number.',
    remedy:
      'Check that the hook is of type telephony. In a Preview, fill in data.messageProfile.phoneNumber.',
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
    meaning: 'The number has no `+` and country code, and is not unmistakably international.',
    remedy: 'Store numbers in E.164 in Okta, or set HOOKLINE_DEFAULT_COUNTRY.',
  },
  NUMBER_IMPOSSIBLE: {
    answer: 'cannot-send',
    actor: 'user',
    meaning: 'No phone can have this number.',
    remedy: 'The user must enrol another number.',
  },
  NUMBER_LANDLINE: {
    answer: 'cannot-send',
    actor: 'user',
    meaning: 'The number is a landline, which cannot receive a text.',
    remedy: 'The user can ask for a voice call instead.',
  },
  NUMBER_PREMIUM: {
    answer: 'must-not-send',
    actor: 'security team',
    meaning: 'The number charges its caller (premium rate, or a personal number): a known fraud.',
    remedy: 'Look at who enrolled it. A real user must enrol another number.',
  },
  NUMBER_SHARED_COST: {
    answer: 'must-not-send',
    actor: 'security team',
    meaning: 'The number charges its caller a share (shared cost).',
    remedy: 'The user must enrol another number.',
  },
  NUMBER_SATELLITE: {
    answer: 'must-not-send',
    actor: 'security team',
    meaning:
      'The number belongs to no country (satellite and international networks): dear, and a known fraud.',
    remedy: 'The user must enrol another number.',
  },
  NO_ROUTE: {
    answer: 'cannot-send',
    actor: 'platform engineer',
    meaning: 'No origination identity is configured for this country and channel.',
    remedy: 'Import one with `hookline identities import`; the country `*` is the default route.',
  },
  NO_TEMPLATE: {
    answer: 'cannot-send',
    actor: 'platform engineer',
    meaning: 'No wording for this channel in any language that would do.',
    remedy: 'Import one with `hookline templates import`, at least in the default locale.',
  },
  MESSAGE_TOO_LONG: {
    answer: 'cannot-send',
    actor: 'platform engineer',
    meaning: 'The filled-in wording is longer than the carrier takes.',
    remedy: 'Shorten the template.',
  },

  // Did the carrier take it?
  CARRIER_REFUSED: {
    answer: 'failed',
    actor: 'platform engineer',
    meaning: 'The carrier refused the message. Nothing was sent.',
    remedy: "Read the carrier's error name and reason in the log or in `hookline deliveries`.",
  },
  CARRIER_UNREACHABLE: {
    answer: 'failed',
    actor: 'platform engineer',
    meaning: 'No connection to the carrier could be made. Nothing was sent.',
    remedy: 'Check AWS_REGION, the network and DNS.',
  },
  CARRIER_UNKNOWN: {
    answer: 'unknown',
    actor: 'platform engineer',
    meaning: 'The carrier may or may not have taken the message. It is not sent again by us.',
    remedy: "Wait for the receipt. If this is frequent, look at the carrier's health and the network.",
  },
} as const satisfies Record<string, ReasonEntry>

export type ReasonCode = keyof typeof reasons

export type ReasonEntry = {
  /**
   * What Okta hears: `unauthorized` 401; `unreadable` 400 (413 when too large); `invalid` 200 with an error
   * that names the field; `cannot-send` and `failed` 200 FAILED; `must-not-send` and `unknown` as set.
   */
  readonly answer:
    | 'unauthorized'
    | 'unreadable'
    | 'invalid'
    | 'cannot-send'
    | 'must-not-send'
    | 'failed'
    | 'unknown'
  readonly actor: 'Okta administrator' | 'platform engineer' | 'security team' | 'user'
  readonly meaning: string
  readonly remedy: string
  /** Where in Okta's body, for `invalid`. */
  readonly location?: string
}
