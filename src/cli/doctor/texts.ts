import { openRotation } from '../../config/store-settings.ts'

/** Every sentence of the checks, in the order in which they run. Causes say what is wrong and what follows; remedies what to do. */
export const texts = {
  settings: {
    check: {
      name: 'settings',
      sentence: 'Every setting is known, valid and complete.',
      remedy: 'Correct it in the environment: docs/settings.md.',
    },
    problem: (problem: string) => ({ cause: problem }),
  },

  clock: {
    check: {
      name: 'clock',
      sentence: "This machine's clock agrees with those of Okta and AWS to within a minute.",
      remedy: 'Synchronize the clock of this machine with a time server (NTP).',
    },
    wrongHere: (apart: string) => ({ cause: clockCause(apart) }),
    wrongElsewhere: (apart: string, wrong: string, agreeing: readonly string[]) => ({
      cause: clockCause(`${apart}, but agrees with ${agreeing.join(' and ')}`),
      remedy: `Compare this machine's clock with a time server (NTP). If it is right, look for a proxy that answers for ${wrong}, or wait for ${wrong} to correct its clock.`,
    }),
    apart: (seconds: number, isBehind: boolean, who: string) =>
      `${seconds < 120 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`} ${isBehind ? 'behind' : 'ahead of'} that of ${who}`,
    detail: (clocks: readonly (readonly [who: string, aheadMs: number])[]) =>
      `Difference: ${clocks.map(([who, aheadMs]) => `${who} ${(aheadMs / 1000).toFixed(1)} s`).join(', ')}.`,
  },

  issuer: {
    check: {
      name: 'issuer',
      sentence: 'The issuer can be reached, names itself in its metadata, and has signing keys.',
      remedy:
        'Copy the issuer from the authorization server in Okta (Security > API) to the settings, exactly as it is.',
    },
    differs: (issuer: string | undefined, expected: string) => ({
      cause: `The issuer's metadata names ${issuer ?? 'no issuer'}, but the settings say ${expected}: every access token is refused.`,
    }),
    noKeys: (issuer: string) => ({
      cause: `${issuer}/v1/keys has no RSA signing key: no access token can be verified.`,
      remedy: 'Check the signing keys of the authorization server in Okta (Security > API).',
    }),
  },

  hookActive: {
    check: {
      name: 'hook active',
      sentence: "Hookline's telephony hook exists and is active.",
      remedy: 'Turn it on with hookline okta setup, or in Okta: Workflow > Inline Hooks.',
    },
    otherActive: (other: string, host: string | undefined, ours: string | undefined) => ({
      cause: `Another telephony hook is active: "${other}", which calls ${host ?? 'an unreadable address'}. ${ours === undefined ? 'Hookline has no hook in this org.' : `"${ours}" is inactive.`}`,
      remedy: `To send through Hookline, replace it: hookline okta setup --replace "${other}".`,
    }),
    none: {
      cause: 'The org has no telephony hook: Okta sends with its own provider.',
      remedy: 'Create it with hookline okta setup.',
    },
    inactive: (name: string) => ({
      cause: `The telephony hook "${name}" is inactive: Okta sends with its own provider.`,
    }),
  },

  hookAddress: {
    check: {
      name: 'hook address',
      sentence: 'The hook calls the address of this deployment.',
      remedy: 'Change the address with hookline okta setup --url, or in Okta: Workflow > Inline Hooks.',
    },
    differs: (name: string, uri: string, url: string) => ({
      cause: `The hook "${name}" calls ${uri}, but the deployment is at ${url}.`,
    }),
    detail: (uri: string | undefined) => `It calls ${uri ?? 'nothing'}. To compare, give --url.`,
  },

  client: {
    check: {
      name: 'client',
      sentence: "The hook's service app is active, has the hook's public key, and does not require DPoP.",
      remedy: 'Run hookline okta setup again, or change it in Okta: Applications.',
    },
    none: (clientId: string) => ({
      cause: `The org has no service app with the client ID ${clientId}: ${NO_TOKEN}.`,
      remedy: 'Run hookline okta setup, and give the deployment the client ID that it prints.',
    }),
    inactive: (app: string) => ({ cause: `The ${app} is not active: ${NO_TOKEN}.` }),
    needsDpop: (app: string) => ({
      cause: `The ${app} requires DPoP, which hooks do not support: ${NO_TOKEN}.`,
      remedy:
        'Turn off "Require Demonstrating Proof of Possession (DPoP)" in the app in Okta, or run hookline okta setup again.',
    }),
    method: (app: string, method: string) => ({
      cause: `The ${app} authenticates by ${method || 'nothing'}, but the hook by private_key_jwt.`,
    }),
    noGrant: (app: string) => ({
      cause: `The ${app} does not have the grant type client_credentials: ${NO_TOKEN}.`,
    }),
    noKey: (app: string, key: string, kid: string) => ({
      cause: `The hook signs with the key "${key}" (${kid}), which is not among the public keys of the ${app}: ${NO_TOKEN}.`,
      remedy: 'Run hookline okta setup again, or add the public key of the hook key to the app in Okta.',
    }),
  },

  authenticationMethod: {
    check: {
      name: 'hook authentication',
      sentence: 'The hook uses an authentication method that the deployment accepts.',
      remedy: 'Run hookline okta setup again: it corrects the hook.',
    },
    otherHeader: (name: string | undefined, expected: string) => ({
      cause: `The hook sends its secret in ${name ?? 'no header'}, but the deployment expects it in ${expected}.`,
    }),
    otherMethod: (method: string, accepted: readonly string[]) => ({
      cause: `The hook authenticates by ${method || 'nothing'}, but the deployment accepts ${accepted.join(' or ')}.`,
    }),
    byToken: 'an access token by private_key_jwt',
    bySecret: (header: string) => `a secret in ${header}`,
    differs: (what: string, is: string | undefined, expected: string | undefined) => ({
      cause: `The hook has ${is === undefined ? `no ${what}` : `the ${what} ${is}`}, but the deployment expects ${expected}: its calls are refused.`,
    }),
    noKey: (id: string | undefined) => ({
      cause: `The key of the hook (${id ?? 'none'}) is not in the org.`,
    }),
  },

  scope: {
    check: {
      name: 'scope',
      sentence: 'The authorization server has the scope.',
      remedy: 'Run hookline okta setup again, or add it in Okta: Security > API > Scopes.',
    },
    none: (server: string, scope: string) => ({
      cause: `The authorization server "${server}" has no scope ${scope}: ${NO_TOKEN}.`,
    }),
  },

  accessPolicy: {
    check: {
      name: 'access policy',
      sentence: "An access policy grants the scope to the hook's client.",
      remedy: 'Run hookline okta setup again, or add it in Okta: Security > API > Access Policies.',
    },
    none: (server: string, clientId: string) => ({
      cause: `No access policy of the authorization server "${server}" includes the client ${clientId}: ${NO_TOKEN}.`,
    }),
    off: (server: string, policy: string) => ({
      cause: `The access policy "${policy}" of the authorization server "${server}" is off: ${NO_TOKEN}.`,
    }),
    noRule: (policy: string, scope: string) => ({
      cause: `No active rule of the access policy "${policy}" grants the scope ${scope} by client credentials: ${NO_TOKEN}.`,
    }),
  },

  audience: {
    check: {
      name: 'audience',
      sentence: 'The authorization server is active, and has the audience and issuer of the settings.',
      remedy:
        'Make them equal: change the setting, or the authorization server in Okta (Security > API > Settings).',
    },
    noServer: (issuer: string) => ({
      cause: `The org has no authorization server for the issuer ${issuer}: ${NO_TOKEN}.`,
      remedy: 'Copy the issuer from this org in Okta (Security > API) to the settings.',
    }),
    inactive: (server: string) => ({
      cause: `The authorization server "${server}" is not active: ${NO_TOKEN}.`,
      remedy: 'Turn it on in Okta: Security > API.',
    }),
    otherIssuer: (server: string, is: string, expected: string) => ({
      cause: `The authorization server "${server}" has the issuer ${is}, but the settings say ${expected}: every access token is refused.`,
    }),
    otherAudience: (server: string, is: string, expected: string) => ({
      cause: `The authorization server "${server}" has the audience ${is}, but the settings say ${expected}: every access token is refused.`,
    }),
  },

  phone: {
    check: {
      name: 'phone authenticator',
      sentence: 'The phone authenticator is on, with text messages and calls.',
      remedy: 'Turn it on with hookline okta setup, or in Okta: Security > Authenticators > Phone.',
    },
    none: { cause: 'The org has no phone authenticator: users cannot enrol a phone.' },
    off: { cause: 'The phone authenticator is off: users cannot use a code by phone.' },
    methodOff: (method: string, what: string) => ({
      cause: `The ${method} method of the phone authenticator is off: users cannot get a ${what}.`,
    }),
  },

  // The findings of these four are judged, and their sentences kept, with the setup of the org: judge-phone-use.ts.
  phoneUse: {
    check: {
      name: 'phone use',
      sentence: 'The phone authenticator is allowed for sign-in and recovery.',
      remedy: 'In Okta: Security > Authenticators > Phone.',
    },
  },
  enrolment: {
    check: {
      name: 'enrolment',
      sentence: 'The enrolment policies let users enrol a phone.',
      remedy: 'In Okta: Security > Authenticators > Enrollment.',
    },
  },
  signOn: {
    check: {
      name: 'sign-on',
      sentence: 'A rule of an authentication policy accepts a code by phone.',
      remedy: 'In Okta: Security > Authentication Policies.',
    },
  },
  providers: {
    check: {
      name: 'telephony providers',
      sentence: 'No Twilio or Telesign account of yours sends in addition to the hook.',
      remedy: 'In Okta: Settings > Telephony.',
    },
  },

  endpoint: {
    check: {
      name: 'endpoint',
      sentence: "The hook refuses unauthenticated callers, well within Okta's timeout of three seconds.",
      remedy: "Check the deployment's log.",
    },
    redirects: (url: string, status: number) => ({
      cause: `${answered(url, status)}. It redirects to another address, which Okta does not follow.`,
      remedy: 'Give the final address.',
    }),
    wrongPath: (url: string, status: number) => ({
      cause: `${answered(url, status)}: the path is wrong.`,
      remedy: 'Use HookUrl of `hookline deploy`, or /mfa of `hookline serve`.',
    }),
    isOpen: (url: string, status: number) => ({
      cause: `${answered(url, status)}: it lets unauthenticated callers in, or is not Hookline.`,
      remedy: 'Use the address of the hook itself, not of a program in front that answers for it.',
    }),
    otherStatus: (url: string, status: number) => ({ cause: `${answered(url, status)}.` }),
    slow: (requests: number, medianMs: number, slowestMs: number) => ({
      cause: `Of ${requests} requests, half took ${seconds(medianMs)} or more and the slowest ${seconds(slowestMs)}, before any work was done. Okta waits 3 s in total, including its own token request.`,
      remedy: 'Move the hook closer to Okta, or check what is in between (proxy, VPN, cold starts).',
    }),
    certificate: (host: string, daysLeft: number) => ({
      cause: `The certificate of ${host} expires in ${daysLeft} days; after that, Okta does not call the hook.`,
      remedy: 'Renew it, and automate the renewal.',
    }),
    detail: (requests: number, slowestMs: number) =>
      `${requests} requests without a credential, the slowest in ${Math.ceil(slowestMs)} ms.`,
  },

  credentials: {
    check: {
      name: 'credentials',
      sentence: 'AWS accepts the credentials.',
      remedy: 'Sign in with `aws sso login`, or select a profile with AWS_PROFILE.',
    },
    detail: (account: string, arn: string) => `Account ${account}, ${arn.split(':').at(-1)}.`,
  },

  region: {
    check: {
      name: 'region',
      sentence: 'The region has AWS End User Messaging.',
      remedy: 'Set AWS_REGION to a region that has it, such as us-east-1 or eu-west-1.',
    },
    noMessaging: (region: string) => ({
      cause: `AWS End User Messaging is not available in ${region}: nothing can be sent.`,
    }),
    detail: (region: string) => `${region}.`,
  },

  accountTier: {
    check: {
      name: 'account tier',
      sentence: 'The account is in production and can send to every number.',
      remedy: 'Request production access in AWS End User Messaging.',
    },
    unknown: (region: string) => ({
      cause: `AWS does not report whether the account is in the sandbox in ${region}.`,
      remedy: 'Check the overview page of AWS End User Messaging.',
    }),
    sandbox: (region: string) => ({
      cause: `The account is in the sandbox in ${region}: codes reach only numbers that you have verified.`,
    }),
  },

  spendLimits: {
    check: {
      name: 'spend limits',
      sentence: 'The monthly spend limits are high enough.',
      remedy:
        'Raise the spend limit in AWS End User Messaging. For more than the maximum that it offers, ask AWS Support.',
    },
    zero: (channel: string, limit: number, max: number) => ({
      cause: `${spendLimit(channel, limit, max)}: nothing is sent.`,
    }),
    low: (channel: string, limit: number, max: number) => ({
      cause: `${spendLimit(channel, limit, max)}: once it is reached, nothing more is sent that month.`,
    }),
    detail: (channel: string, limit: number, max: number) => `${channel}: $${limit} of at most $${max}.`,
  },

  configurationSet: {
    check: {
      name: 'configuration set',
      sentence: 'The configuration set exists, and its events have a destination.',
      remedy:
        'Set HOOKLINE_CONFIGURATION_SET to one that exists: output ConfigurationSetName of hookline deploy.',
    },
    none: (name: string) => ({
      cause: `AWS has no configuration set ${name}, and refuses every message that names it.`,
    }),
    noDestination: (name: string, hasSome: boolean) => ({
      cause: `The configuration set ${name} has no ${hasSome ? 'enabled ' : ''}event destination: it is not known whether messages arrive.`,
      remedy: 'Add an SNS destination for all text and voice events; hookline deploy creates one.',
    }),
  },

  code: {
    check: {
      name: 'code',
      sentence: 'Each function runs the code that hookline deploy uploaded.',
      remedy:
        'Find out who changed it (CloudTrail: UpdateFunctionCode, UpdateAlias), then run hookline deploy.',
    },
    noArchive: (name: string) => ({
      cause: `The archive that ${name} was deployed from is no longer in the code bucket: CloudFormation could not roll back a failed change.`,
      remedy: 'Run hookline deploy: it uploads the archive again.',
    }),
    noFunction: (name: string) => ({ cause: `The function ${name} no longer exists.` }),
    differs: (name: string, runs: string, put: string) => ({
      cause: `The function ${name} runs other code (SHA-256 ${runs}) than was deployed (${put}).`,
    }),
  },

  oktaAddresses: {
    check: {
      name: 'okta addresses',
      sentence: "The firewall has all of Okta's published addresses.",
      remedy: 'Run hookline deploy.',
    },
    missing: (ranges: number, first: string) => ({
      cause: `Okta publishes ${ranges === 1 ? 'a range' : `${ranges} ranges`} that the firewall does not have, such as ${first}: calls from there count towards the rate rule, and are labelled as not from Okta.`,
    }),
  },

  store: {
    check: {
      name: 'store',
      sentence: 'The store can be read, and its policy has templates.',
      remedy: 'Add templates with: hookline templates import',
    },
    noTemplates: (where: string, version: number) => ({
      cause: `${where} has no templates (policy version ${version}): every call is refused.`,
    }),
    detail: (where: string, version: number, routes: number, templates: number) =>
      `${where}: policy version ${version}, ${routes} routes, ${templates} templates.`,
  },

  routes: {
    check: {
      name: 'routes',
      sentence: 'There are routes, and each has an identity that can send.',
      remedy: 'Change the route with hookline routes import; hookline coverage shows all routes.',
    },
    none: {
      cause: 'There are no routes: nothing can be sent.',
      remedy: "Create routes from the account's identities with hookline identities discover --apply.",
    },
    gap: (country: string, channel: string, sentence: string) => ({
      cause: `${country === '*' ? 'All other countries' : country} over ${channel}: ${sentence}`,
    }),
    detail: (routes: number, ...notes: readonly string[]) => [`${routes} routes.`, ...notes].join(' '),
    /** A note and not a finding, because an operator may choose not to serve a territory. */
    forgotten: (parent: string, countries: readonly { readonly code: string; readonly name: string }[]) =>
      `${countries.map(({ code, name }) => `${code} (${name})`).join(', ')}: no route, although numbers of ${parent} usually work there. To test this: hookline routes try --countries ${countries.map(({ code }) => code).join(',')}.`,
  },

  templates: {
    check: {
      name: 'templates',
      sentence: 'No user is refused because a template is missing.',
      remedy: 'Add a template with hookline templates set; hookline coverage shows every gap.',
    },
    gap: (locales: readonly string[], channel: string | undefined, sentence: string | undefined) => ({
      cause: `${few(locales)} over ${channel}: ${sentence}`,
    }),
    /** `brand`: the default of the setting, if no brand is set. */
    detail: (templates: number, brand: string | undefined) =>
      `${templates} templates.${brand === undefined ? '' : ` Messages come from "${brand}": HOOKLINE_BRAND (parameter Brand) is not set.`}`,
  },

  identities: {
    check: {
      name: 'identities',
      sentence: 'Every identity of the routes exists, is active and can send.',
      remedy: 'hookline identities check has the details.',
    },
    problem: (places: readonly string[], sentence: string) => ({
      cause: `${places.join(', ')}: ${sentence}`,
    }),
  },

  defaultCountry: {
    check: {
      name: 'default country',
      sentence: 'No number without + was refused as ambiguous.',
      remedy:
        'Store numbers in E.164 in Okta. If all numbers without + are of one country, set HOOKLINE_DEFAULT_COUNTRY (parameter DefaultCountry).',
    },
    refused: (refused: number, deliveries: number, country: string | undefined) => ({
      cause: `Of the newest ${deliveries} deliveries, ${refused} ${refused === 1 ? 'was' : 'were'} refused as NUMBER_AMBIGUOUS ${country === undefined ? 'without a default country' : `with the default country ${country}`}.`,
      ...(country !== undefined && { remedy: 'Store these numbers in E.164 in Okta.' }),
    }),
    detail: (country: string | undefined) =>
      country === undefined
        ? 'HOOKLINE_DEFAULT_COUNTRY is not set: a number without + is used only if it has one possible reading, and never if it has eleven digits that begin with 1.'
        : `Numbers without + are read as numbers of ${country}.`,
  },

  protect: {
    check: {
      name: 'protect',
      sentence: 'The protect configuration allows what the routes serve, and blocks the rest.',
      remedy: 'See the difference with hookline protect, and write it with: hookline protect --apply',
    },
    blocks: (id: string, channel: string, countries: readonly string[]) => ({
      cause: `${id} blocks ${channel} to ${few(countries)}, which routes serve: no code arrives there.`,
    }),
    allows: (id: string, channel: string, countries: number) => ({
      cause: `${id} allows ${channel} to ${countries === 1 ? '1 country' : `${countries} countries`} that no route serves.`,
    }),
  },

  preview: {
    check: {
      name: 'preview',
      sentence: 'Okta calls the hook, and reads its answer as a success.',
      remedy:
        'The findings above may be the reason. If not, check that the number has a route and has not reached its limit (five messages in ten minutes), or try another number with --to. The deployment records what it did: npx hookline deliveries.',
    },
    unusable: (sentence: string) => ({
      cause: `Okta called the hook, but could not use the answer: ${sentence}`,
    }),
    noSuccess: (reading: string) => ({ cause: `Okta called the hook, and read: ${reading}` }),
  },

  token: {
    check: {
      name: 'token',
      sentence: "Okta's access token, as the deployment verified it in the preview, matches the settings.",
      remedy:
        'These settings differ from those of the deployment that Okta calls. Use those of the deployment: --stack, or the environment of `serve`.',
    },
    differs: (what: string, is: string, expected: string) => ({
      cause: `The deployment accepted an access token with the ${what} ${is}, but the settings here say ${expected}.`,
    }),
    detail: (issuer: string, audience: string, clientId: string, scopes: readonly string[]) =>
      `Issuer ${issuer}, audience ${audience}, client ${clientId}, scope ${scopes.join(' ')}.`,
  },

  blockedAnswer: {
    check: {
      name: 'blocked answer',
      sentence: 'The answer for blocked numbers fits what the org does with it.',
      remedy: 'docs/okta.md#what-must-not-be-sent says which setting fits.',
    },
    oktaSends: (answer: string) => ({
      cause: `HOOKLINE_BLOCKED_ANSWER is ${answer}, and Okta sends codes with its own provider in this org: a blocked number gets its code from Okta.`,
      remedy: 'Set it to silent (parameter BlockedAnswer), or have Okta turn off its own telephony.',
    }),
    silentForNothing: {
      cause:
        'HOOKLINE_BLOCKED_ANSWER is silent, and Okta has no telephony of its own in this org: a user who is refused by mistake waits for a code that is never sent.',
      remedy:
        'Set it to error (parameter BlockedAnswer): the code is not sent either, but the user sees an error.',
    },
    detail: (answer: string, ownTelephony: 'sends' | 'none' | 'unknown') =>
      `HOOKLINE_BLOCKED_ANSWER is ${answer}; ${OWN_TELEPHONY[ownTelephony]}.`,
  },

  failOvers: {
    check: {
      name: 'fail-overs',
      sentence: 'In the last 24 hours, Okta did not send with its own provider instead of the hook.',
      remedy:
        'Look at the reason; docs/errors.md explains the codes. If it was before your last change, ignore it: it is listed for 24 hours.',
    },
    sent: (times: number, channel: string, at: string, reason: string | undefined) => ({
      cause: `Okta sent with its own provider ${times === 1 ? 'once' : `${times} times`} (${channel}), last at ${at}: ${reason ?? 'the System Log gives no reason'}`,
    }),
  },

  fraudMode: {
    check: {
      name: 'fraud rule',
      sentence: 'The fraud rule holds what it should hold, or has not observed long enough to say so.',
      remedy:
        'Look at hookline fraud episodes. If nobody was held wrongly: hookline fraud mode enforce. Then limit what attackers who answer their codes can cost: hookline fraud budgets propose prints ten times your biggest day. To run without the rule: hookline fraud mode off.',
    },
    propose: (figures: FraudFigures) => ({
      cause: `The fraud rule has observed for 14 days and holds nothing. Enforced, it ${describeFigures(figures)}.`,
    }),
    detail: (mode: string, hasBudgets: boolean, figures: FraudFigures) =>
      `Mode ${mode}, ${hasBudgets ? 'with' : 'without'} daily budgets. In the last 14 days it ${describeFigures(figures)}.`,
  },

  fraudAnswers: {
    check: {
      name: 'fraud answers',
      sentence: 'The fraud rule hears which codes people enter.',
      remedy:
        "Set up Okta's event hook: hookline okta activate with HOOKLINE_EVENT_SECRETS (docs/events.md). To run without the rule: hookline fraud mode off.",
    },
    none: (sent: number) => ({
      cause: `Of ${sent} codes in the last 14 days, none was reported as entered: the fraud rule cannot judge new numbers, and holds none.`,
    }),
  },

  fraudSent: {
    check: {
      name: 'fraud and Okta',
      sentence: 'In the last 24 hours, Okta sent no code that the fraud rule held.',
      remedy: 'Set HOOKLINE_BLOCKED_ANSWER=silent: Okta then sends nothing instead.',
    },
    sent: (times: number) => ({
      cause: `Okta sent ${times === 1 ? 'a code' : `${times} codes`} that the fraud rule held, with its own provider.`,
    }),
  },

  canary: {
    check: {
      name: 'canary',
      sentence: 'The last canary went out and was delivered, if one is sent each hour.',
      remedy: 'See which step fails: hookline canary. On AWS: hookline canary --stack.',
    },
    none: (country: string) => ({
      cause: `A canary should go to the simulator of ${country} each hour, but the store has none of the last two hours.`,
    }),
    failed: (at: string, why: string) => ({ cause: `The canary of ${at} ${why}.` }),
    noReceipt: (at: string) => ({
      cause: `No receipt has arrived for the canary of ${at}, so it is not known whether codes are delivered.`,
      remedy: 'Check the event destinations of the configuration set, and the subscription of the topic.',
    }),
    off: 'No canary is sent each hour: HOOKLINE_CANARY is off.',
    detail: (country: string, at: string | undefined) =>
      `To the simulator of ${country}, each hour.${at === undefined ? '' : ` The last one: ${at}.`}`,
  },

  hashKey: {
    check: {
      name: 'hash key',
      sentence: 'No rotation of the hash key is open.',
      remedy: openRotation.end,
    },
    open: { cause: openRotation.meaning },
  },

  eventHook: {
    check: {
      name: 'event hook',
      sentence: 'The event hook is active, verified and complete, and reports to this deployment.',
      remedy: 'Run hookline okta activate again: it corrects the event hook and has Okta verify it.',
    },
    none: {
      cause:
        'HOOKLINE_EVENT_SECRETS is set, but the org has no event hook of Hookline: Hookline does not learn which codes people entered.',
      remedy: 'Run hookline okta activate with HOOKLINE_EVENT_SECRETS: it creates the event hook.',
    },
    inactive: (name: string) => ({ cause: `The event hook "${name}" is inactive: Okta sends it no events.` }),
    unverified: (name: string) => ({
      cause: `The event hook "${name}" is not verified: Okta sends it no events.`,
    }),
    differs: (name: string, faults: readonly string[]) => ({
      cause: `The event hook "${name}" needs a change: ${faults.join('; ')}.`,
    }),
    detail: (uri: string | undefined) => `It calls ${uri ?? 'nothing'}.`,
  },

  events: {
    check: {
      name: 'events',
      sentence: 'In the last 24 hours, Okta delivered its events, and they answered deliveries.',
      remedy:
        "Check that the event hook has the secret of HOOKLINE_EVENT_SECRETS, and look for step=event in the deployment's log (docs/events.md).",
    },
    failed: (times: number, at: string, reason: string | undefined) => ({
      cause: `Okta could not deliver events ${times === 1 ? 'once' : `${times} times`} in the last 24 hours, last at ${at}: ${reason ?? 'the System Log gives no reason'}`,
    }),
    noneAnswered: (entered: number, sent: number) => ({
      cause: `Okta's System Log shows ${entered} entered codes, but none of the ${sent} deliveries of that time is answered: no events arrive, or they are about codes of another deployment.`,
    }),
    detail: (sent: number, answeredCount: number) =>
      `In the last 24 hours, ${answeredCount} of ${sent} sent codes were entered. How late events arrive: hookline_okta_event_delay_seconds.`,
  },

  eventLimit: {
    check: {
      name: 'event limit',
      sentence: "The org's event hooks get fewer than 280,000 events a day.",
      remedy:
        'Remove event types that you do not need from the event hooks of the org (Workflow > Event Hooks). The sign-ins by all factors count.',
    },
    near: (perDay: number, isOver: boolean) => ({
      cause: `The event hooks of the org get about ${perDay.toLocaleString('en')} events a day. ${isOver ? 'Okta stops after 400,000: codes that people enter after that are not reported.' : 'Okta stops after 400,000 events a day.'}`,
    }),
    detail: (perDay: number) => `About ${perDay.toLocaleString('en')} events a day.`,
  },
} as const

type FraudFigures = {
  readonly people: number
  readonly refused: number
  readonly answeredLater: number
  readonly isWhole: boolean
}

/** What it refused, or would have refused. */
function describeFigures({ people, refused, answeredLater, isWhole }: FraudFigures): string {
  const later = refused === 0 ? '' : `, ${answeredLater} of whom entered a code later`
  return `would have refused ${refused} of ${people} people${later}${isWhole ? '' : ' (newest deliveries only)'}`
}

const NO_TOKEN = 'the hook gets no access token'

const OWN_TELEPHONY = {
  sends: 'Okta sends with its own provider where the hook does not',
  none: 'Okta has no telephony of its own in this org',
  unknown: 'the System Log does not show whether Okta has telephony of its own in this org',
} as const

function clockCause(apart: string): string {
  return `This machine's clock is ${apart}: access tokens seem expired or from the future, and AWS refuses signatures.`
}

function answered(url: string, status: number): string {
  return `${url} answered ${status} to a request without a credential; Hookline answers 401`
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}

function spendLimit(channel: string, limit: number, max: number): string {
  return `The monthly spend limit for ${channel} is $${limit} (at most $${max} without asking AWS)`
}

function few(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN_MAX).join(', ')
  return names.length > SHOWN_MAX ? `${shown} and ${names.length - SHOWN_MAX} more` : shown
}

const SHOWN_MAX = 8

/** What could not be read: `… could not be read: <reason>`. `isWarning`: codes may go out although this is not known. */
export const factTexts = {
  settingProblems: { what: 'The settings', isWarning: false },
  settings: { what: 'The settings', isWarning: false },
  clocks: { what: 'The time of Okta and AWS', isWarning: true },
  issuer: { what: "The issuer's metadata and keys", isWarning: false },
  policy: { what: 'The store', isWarning: false },
  fraud: { what: 'The deliveries of 14 days', isWarning: true },
  canary: { what: 'The last canary', isWarning: true },
  rotation: { what: 'The hash key', isWarning: true },
  credentials: { what: 'The AWS account', isWarning: false },
  region: { what: 'The region', isWarning: false },
  tier: { what: 'The account tier', isWarning: true },
  spendLimits: { what: 'The spend limits', isWarning: true },
  configurationSet: { what: 'The configuration set', isWarning: true },
  protect: { what: 'The protect configuration', isWarning: true },
  identities: { what: "The account's identities", isWarning: true },
  functionCode: { what: 'The code of the functions', isWarning: true },
  oktaAddresses: { what: "Okta's published addresses", isWarning: true },
  endpoint: { what: "The hook's endpoint", isWarning: false },
  org: { what: "The org's setup", isWarning: false },
  tokens: { what: "The org's setup", isWarning: false },
  preview: { what: 'The preview', isWarning: true },
  claims: { what: "Okta's access token", isWarning: true },
  failOvers: { what: 'The System Log', isWarning: true },
  ownTelephony: { what: 'The System Log', isWarning: true },
  eventHook: { what: 'The event hooks', isWarning: true },
  eventLog: { what: 'The System Log', isWarning: true },
  enrolment: { what: 'The enrolment policies', isWarning: true },
  signOn: { what: 'The authentication policies', isWarning: true },
  providers: { what: "Okta's own telephony", isWarning: true },
  orgFix: { what: 'What --fix would do', isWarning: true },
} as const

/** Why a fact was not read, so that its checks are skipped. */
export const skipTexts = {
  needs: (what: string) => `It needs ${what}.`,
  validSettings: 'valid settings',
  secretsOfStack: 'The secrets of a deployment are not read.',
  needIsUnread: 'What it needs could not be read.',
  noMessaging: 'It needs a region with AWS End User Messaging.',
  noConfigurationSet: (setting: string) => `${setting} is not set: there are no receipts.`,
  noProtectConfiguration: (setting: string) => `${setting} is not set: AWS blocks no country.`,
  noRoutes: 'There are no routes yet.',
  secretOnly: 'The deployment accepts a secret header, and no access tokens.',
  noHookUrl: "It needs the hook's address: --url, or --stack.",
  noOrg: 'It needs the org: --org, with an API token.',
  oktaUnread: 'Okta was not read.',
  noEvents: 'HOOKLINE_EVENT_SECRETS is not set, and the org has no event hook of Hookline.',
  noEventHook: 'It needs an event hook.',
  noPreview: 'The preview is turned off (--no-preview).',
  noActiveHook: "It needs Hookline's hook to be active.",
  noClaims: (notice: string | undefined) =>
    `It needs a preview with an access token that the deployment accepted.${notice === undefined ? '' : ` ${notice}`}`,
  noRelease: 'The stack does not say which release it is: an older release deployed it.',
  noCodeVersions: 'The stack has no versions of its code in its parameters: a pipeline deployed it.',
  firewallOff: 'The firewall is off.',
} as const

/** Why --fix does not change the org. */
export const orgFixTexts = {
  endpointFirst: "The hook's endpoint must be fixed first.",
  worksElsewhere: (uri: string) =>
    `The hook works at its present address, ${uri}, and is not moved. To move it: hookline okta setup --url.`,
  noMethod: 'The settings have no authentication method: neither an issuer nor a secret header.',
  serverFirst:
    'The issuer and audience of the authorization server and of the settings must be made equal first.',
  otherActive: (name: string, id: string) =>
    `Another telephony hook is active, "${name}" (${id}), and is not turned off. To replace it: hookline okta setup --replace ${id}.`,
  appByHand: (id: string | undefined) =>
    `The service app ${id} was made by hand, and is not changed: it does not have the public key of a hook key, or belongs to another hook.`,
  otherClient: (is: string, expected: string | undefined) =>
    `Hookline's service app in the org has the client ID ${is}, but the deployment expects ${expected}: make them equal first.`,
  otherHook: (name: string | undefined) =>
    `The hook "${name}" is not the one that Hookline's setup would change. To see what it would do: hookline okta setup.`,
} as const

/** What --fix prints, and why it refuses to start. */
export const fixTexts = {
  needsFix: '--dry-run, --yes and --secret-file require --fix: doctor alone changes nothing.',
  oneOrg: '--fix works on one org at a time. Name it with --org instead of --all.',
  jsonNeedsYes:
    '--fix with --json does not ask. Add --yes to make the changes, or --dry-run to only see them.',
  needsPreview:
    '--fix has Okta call the hook after the fix, which --no-preview forbids. Leave one of them out, or add --dry-run.',
  available: 'doctor --fix can fix this.',
  nothingToFix: 'Nothing to fix.',
  noneFixable: '--fix cannot fix any of these findings; each says what to do.',
  orgNotChanged: (why: string) => `The org is not changed. ${why}`,
  planned: '--fix makes these changes:',
  question: 'Make these changes?',
  notChanged: 'Nothing was changed.',
  dryRun: 'Nothing was changed: this was a dry run.',
  again: 'Checking again:',
  templatesAdded: (templates: number) => `The ${templates} templates that come with Hookline are added.`,
  noTemplatesNow: 'There are none now.',
  noStore: (where: string) => `${where} no longer has a store.`,
  protectTitle: (id: string, region: string) => `The protect configuration ${id} in ${region}`,
  allowed: (channel: string, country: string) => `${channel} to ${country} is allowed.`,
  blocked: (channel: string, country: string) => `${channel} to ${country} is blocked.`,
  orgTitle: (url: string) => `The org ${url}`,
} as const

/** Why something could not be read, as far as doctor reads it itself: what happened, then what to do. */
export const readTexts = {
  noStack: (name: string, region: string) => `--stack is "${name}", but there is no such stack in ${region}.`,
  noStore: (where: string) =>
    `${where} has no store. Run doctor where \`serve\` runs, with its HOOKLINE_DATA_DIR, or set HOOKLINE_TABLE or --stack.`,
  severalOrgs: (names: string | undefined) =>
    `The deployment trusts several orgs: ${names}. Choose one with --org, or all with --all.`,
  unknownOrg: (setting: string, names: string | undefined, name: string | undefined, url: string) =>
    `${setting} has ${names}, but neither ${name ?? 'one of them'} nor ${url}: the deployment treats this org as an unauthenticated caller. Add it with hookline okta prepare, then deploy again.`,
  secretUnread: (setting: string, reason: string) => `The secret of ${setting} could not be read: ${reason}`,
  oneRegion: '--region must be one region here.',
  stillReading: (what: string) => `… still reading ${what}`,
  timeout: (seconds: number) =>
    `did not answer in ${seconds} s. Check what is in between: a firewall, a proxy, a VPN.`,
  untrusted: (code: string | undefined) =>
    `has a certificate that is not trusted (${code}). Okta needs one of a public authority, for this name, with its chain.`,
  notInDns: 'has no address in DNS (ENOTFOUND). Is the name spelled correctly?',
  noAnswer: (reason: string) =>
    `does not answer (${reason}). Is the program running, and is this its address?`,
  notMetadata: (url: string, status: number | undefined) =>
    `${url} answered ${status === undefined ? 'something that is not JSON' : `HTTP ${status}`}. Copy the issuer from the authorization server in Okta (Security > API) to the settings, exactly as it is.`,
  noClock: (names: readonly string[]) =>
    `${names.join(' and ')} did not answer with the time. Check the network of this machine.`,
} as const
