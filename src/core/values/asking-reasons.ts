import type { ReasonEntry } from './reason-entry.ts'

/** Reasons that lie in who asked, or in what was asked. */
export const askingReasons = {
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
} as const satisfies Record<string, ReasonEntry>
