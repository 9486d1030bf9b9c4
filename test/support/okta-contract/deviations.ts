/**
 * Where the traffic may differ from one of Okta's documents, and why. A test fails if a deviation does not occur.
 */
export type Deviation = {
  /** Matches the sentence of `describeFinding`. */
  readonly finding: RegExp
  readonly reason: string
}

export const deviations: readonly Deviation[] = [
  {
    finding: /^Okta's SDK: .*: answer (\[\]\.)?isUsed is a string, and no boolean$/,
    reason:
      "Okta's OpenAPI document and its examples have a string here, and only the SDK's model has a boolean.",
  },
  {
    finding:
      /^Okta's SDK: \w+ \/api\/v1\/apps\S*: \w+ (\[\]\.)?settings\.oauthClient\.jwks\.keys\[\]\.(alg|use) /,
    reason:
      "Okta's guide to hooks with a private key has both written into the app's key: alg RS256, use sig. The models of signing keys have neither.",
  },
  {
    finding:
      /^Okta's OpenAPI: \w+ \/api\/v1\/apps\S*: \w+ (\[\]\.)?settings\.oauthClient\.jwks\.keys\[\]\.(alg|use) /,
    reason: 'The same.',
  },
  {
    finding:
      /^Okta's OpenAPI: \w+ \/api\/v1\/policies\/\{policyId\}\/rules: answer (\[\]\.)?conditions is null/,
    reason: "Okta's own examples answer null for a rule without conditions.",
  },
  {
    finding: /^Okta's OpenAPI: GET \/api\/v1\/api-tokens: path /,
    reason: "The part of Okta's document in CI does not have this path; the SDK does.",
  },
  {
    finding: /^Okta's SDK: \w+ \S+\/execute: answer debugContext has a name/,
    reason: 'Whether execute answers with the debugContext of the hook is not documented; it may.',
  },
  { finding: /^Okta's OpenAPI: \w+ \S+\/execute: answer debugContext has a name/, reason: 'The same.' },
  {
    finding: /^Okta's SDK: GET \/api\/v1\/hook-keys\/public\/\{keyId\}: answer _embedded has a name/,
    reason: "The schema of this answer is flat; Okta's example has it all in _embedded.",
  },
  {
    finding: /^Okta's OpenAPI: GET \/api\/v1\/hook-keys\/public\/\{keyId\}: answer _embedded has a name/,
    reason: 'The same.',
  },
  {
    finding: /^Okta's SDK: GET \/api\/v1\/hook-keys\/\{\w+\}: (query expand|answer _embedded) has a name/,
    reason: "The operation's description has expand=publickey, its parameters and schema do not.",
  },
  {
    finding: /^Okta's OpenAPI: GET \/api\/v1\/hook-keys\/\{\w+\}: (query expand|answer _embedded) has a name/,
    reason: 'The same.',
  },
]

/** Members of Okta's example requests that Hookline does not send, and why. A test fails if one does not occur. */
export const notSent: readonly { readonly leaf: RegExp; readonly reason: string }[] = [
  {
    leaf: /^POST \/api\/v1\/apps: (profile\.label|settings\.oauthClient\.(client_uri|logo_uri|participate_slo|redirect_uris\[\]))$/,
    reason: 'Of an app that people sign in to with a browser; a service app has no page.',
  },
  {
    leaf: /\/authorizationServers\/\S+: actions\.token\.inlineHook\.id$/,
    reason: 'A hook that changes tokens; Hookline needs none.',
  },
  {
    leaf: /^POST \/api\/v1\/policies\/\{policyId\}\/rules: conditions\./,
    reason: 'The rule is for everybody, from everywhere: the policy decides whom it is for.',
  },
  {
    leaf: /^POST \/api\/v1\/policies\/\{policyId\}\/rules: actions\.appSignOn\.(keepMeSignedIn|verificationMethod\.constraints)/,
    reason:
      'Other factors and how long they count; the rule asks for a password and a code by phone, by their methods.',
  },
  {
    leaf: /^POST \/api\/v1\/policies\/\{policyId\}\/rules: system$/,
    reason: 'False unless Okta made the rule.',
  },
  {
    leaf: /\/eventHooks\S*: events\.filter\./,
    reason:
      "An early access feature that few orgs have. Its filters do not see the factor of a sign-in, so they could not keep other factors' events away.",
  },
  {
    leaf: /^POST \/api\/v1\/eventHooks: channel\.config\.headers\[\]\./,
    reason: 'A new hook sends only its secret; a replaced one keeps its headers.',
  },
]
