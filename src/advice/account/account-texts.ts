import type { CountryCode } from '../../core/values/phone-number.ts'
import type { Channel } from '../../core/values/request.ts'

/** A finding about an identity for one country and channel, or about an account. */
export type Flaw = {
  readonly name:
    | 'missing'
    | 'inactive'
    | 'pending registration'
    | 'no capability'
    | 'not transactional'
    | 'wrong country'
    | 'wrong region'
    | 'no fall-back'
    | 'simulator'
    | 'sandbox'
    | 'monthly limit'
  /** `error`: nothing can be sent from it now. `warning`: it works, or may work, but should be checked. */
  readonly severity: 'error' | 'warning'
  readonly sentence: string
  readonly remedy: string
}

/** Where an identity should send to; `*` is every country without its own route. */
export type Use = { readonly country: CountryCode | '*'; readonly channel: Channel }

const error = (name: Flaw['name'], sentence: string, remedy: string): Flaw => ({
  name,
  severity: 'error',
  sentence,
  remedy,
})
const warning = (name: Flaw['name'], sentence: string, remedy: string): Flaw => ({
  name,
  severity: 'warning',
  sentence,
  remedy,
})

/** Every sentence about the identities of an account. `what`: the identity, as the operator knows it. */
export const flaws = {
  // Of any identity
  missing: (kind: string, identity: string, region: string) =>
    error(
      'missing',
      `The account has no ${kind} ${identity} in ${region}.`,
      `${REPLACE} If it is in another region, add that to the route ("region").`,
    ),
  wrongRegion: (identity: string, homeRegion: string, problem: string) =>
    error('wrong region', `${identity} cannot be used from ${homeRegion}: ${problem}.`, REPLACE),
  inactive: (what: string, status: string) =>
    error(
      'inactive',
      `${what} is ${status}, not ACTIVE. AWS refuses to send from it.`,
      'Wait until it is ACTIVE in AWS End User Messaging, or put another identity before it.',
    ),
  pending: (what: string, registrationId: string) =>
    error(
      'pending registration',
      `The registration of ${what} (${registrationId}) is pending. AWS refuses to send from it.`,
      'Check the registration in AWS End User Messaging. It may need an answer from you.',
    ),
  cannot: (what: string, channel: Channel, channels: readonly Channel[]) =>
    error(
      'no capability',
      `${what} cannot ${VERBS[channel]}; it can ${channels.length === 0 ? 'do neither' : channels.map(one => VERBS[one]).join(' and ')}.`,
      `Remove it from the ${channel} route, and add an identity that can ${VERBS[channel]}.`,
    ),
  promotional: (what: string) =>
    error(
      'not transactional',
      `${what} is not for transactional messages, such as codes. AWS refuses them (MESSAGE_TYPE_MISMATCH).`,
      'Request an identity for transactional messages. The type cannot be changed later.',
    ),

  // Of a number
  simulator: (number: string) =>
    error(
      'simulator',
      `${number} is a simulator number. It reaches only the simulator destinations of AWS, not phones.`,
      'Request a real number in AWS End User Messaging, and route to it.',
    ),
  released: (number: string) =>
    error('missing', `${number} was released. The account no longer has it.`, REPLACE),
  abroad: (number: string, own: string, country: Use['country']) =>
    warning(
      'wrong country',
      `${number} is a number of ${own} without international sending, but the route uses it for ${everyOr(country)}. AWS may refuse.`,
      country === '*'
        ? 'Add a route for each country that you serve, or turn on international sending for the number.'
        : `Add an identity of ${country} to the route, or turn on international sending for the number.`,
    ),

  // Of a sender ID
  senderIdEverywhere: (name: string, countries: readonly string[]) =>
    warning(
      'wrong country',
      `The sender ID ${name} is only for ${countries.join(', ')}, but the default route uses it for every country without its own route.`,
      `Use it in a route for ${countries.join(', ')}, and use a number or pool in the default route.`,
    ),
  noSenderIds: (name: string, country: string) =>
    error(
      'wrong country',
      `${country} does not support sender IDs. Texts from ${name} are refused there.`,
      `Route ${country} to a number or pool.`,
    ),
  senderIdElsewhere: (name: string, countries: readonly string[], country: string) =>
    error(
      'wrong country',
      `The sender ID ${name} is for ${countries.join(', ')}, not for ${country}.`,
      `Request it for ${country} in AWS End User Messaging, or route ${country} to another identity.`,
    ),
  unregistered: (name: string, country: string) =>
    warning(
      'pending registration',
      `The sender ID ${name} is not registered in ${country}, which requires registration. Texts may be refused.`,
      'Register it in AWS End User Messaging, Registrations.',
    ),

  // Of an RCS agent or a notify configuration
  agentsUnread: (identity: string, region: string) =>
    warning(
      'missing',
      `AWS did not allow reading the RCS agents of ${region}, so ${identity} was not checked.`,
      'Allow the credentials of this command sms-voice:DescribeRcsAgents and sms-voice:DescribeRcsAgentCountryLaunchStatus, and check that RCS is available in the region.',
    ),
  notLaunched: (id: string, country: Use['country']) =>
    error(
      'wrong country',
      `The RCS agent ${id} is not launched in ${country}.`,
      `Launch it in ${country} (AWS End User Messaging, RCS agents), or route ${country} to another identity.`,
    ),
  /** Nothing takes over if a phone or its carrier has no RCS: AWS accepts the text, and it never arrives. */
  rcsOnly: (what: string, country: Use['country']) =>
    warning(
      'no fall-back',
      `${what} texts ${named(country)} only by RCS. A phone without RCS gets nothing, although Okta is answered that the code was sent.`,
      `Put the agent and a number that can text ${named(country)} into one pool, and route to the pool. AWS then falls back to SMS.`,
    ),
  notEnabled: (id: string, country: Use['country']) =>
    error(
      'wrong country',
      `${id} is not enabled for ${country}.`,
      `Enable ${country} in the notify configuration, or route ${country} to another identity.`,
    ),

  // Of a pool
  idleMembers: (id: string, active: number, members: number, { country, channel }: Use) =>
    (active === 0 ? error : warning)(
      'inactive',
      `${active === 0 ? 'No member' : `Only ${active} of ${members} members`} of ${id} that can ${VERBS[channel]} ${named(country)} ${active > 1 ? 'are' : 'is'} ACTIVE.`,
      'Check the numbers of the pool in AWS End User Messaging, and complete their registrations.',
    ),
  noMember: (id: string, country: Use['country'], hasSharedRoutes: boolean, isCertain: boolean) =>
    (isCertain ? error : warning)(
      'wrong country',
      `${id} has no member of ${named(country)}${hasSharedRoutes ? ', only the shared routes of AWS, which some countries (such as US) do not have' : ''}.`,
      `Add an identity of ${named(country)} to the pool, or route ${named(country)} to another identity.`,
    ),

  // Of the account
  sandbox: () =>
    warning(
      'sandbox',
      'The account is in the sandbox. Only verified destination numbers get messages.',
      'Request production access in AWS End User Messaging.',
    ),
  noSpendLimit: (channel: Channel, region: string) =>
    error(
      'monthly limit',
      `The monthly spend limit for ${channel} in ${region} is $0, so nothing is sent.`,
      RAISE,
    ),
  limitReached: (channel: Channel, identity: string) =>
    error(
      'monthly limit',
      `AWS refused the last ${channel === 'sms' ? 'text' : 'call'} from ${identity}, because the monthly spend limit is reached.`,
      RAISE,
    ),
} as const

/** Notes on proposed routes. */
export const notes = {
  poolFirst:
    'A pool comes before its own members, because AWS picks one that is free. The members follow in case the pool is refused.',
  servedByDefault: (country: Use['country'], channel: Channel) =>
    `${country} ${channel} was served by the default route until now.`,
} as const

/** Why an identity of the account is in no proposed route. */
export const leftOut = {
  rcsOnly: (identity: string) =>
    `${identity} reaches only phones with RCS. Put the RCS agent and a number into one pool, and AWS falls back to SMS.`,
  unable: (identity: string) => `${identity} can neither text nor call.`,
  noMember: (identity: string) => `${identity} has no member that can text or call.`,
  unknownCountry: (identity: string) => `Hookline does not know the country of ${identity}.`,
} as const

function named(country: Use['country']): string {
  return country === '*' ? 'any country' : country
}

function everyOr(country: Use['country']): string {
  return country === '*' ? 'every country without its own route' : country
}

const VERBS: Readonly<Record<Channel, string>> = { sms: 'text', voice: 'call' }
const REPLACE =
  'Replace it with another identity (hookline routes import), or request one in AWS End User Messaging.'
const RAISE =
  'Raise the spend limit in AWS End User Messaging. Above the maximum that it offers, ask AWS Support.'
