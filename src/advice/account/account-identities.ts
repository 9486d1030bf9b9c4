import { identityKind } from '../../core/policy/route.ts'
import type { Channel } from '../../core/values/request.ts'

/** Everything in one region of the account that a message could be sent from. */
export type AccountIdentities = {
  readonly region: string
  readonly numbers: readonly AccountNumber[]
  readonly pools: readonly AccountPool[]
  /** One entry for each country for which a sender ID was requested. */
  readonly senderIds: readonly AccountSenderId[]
  /** Undefined if AWS does not let us read them: RCS is not in every region. */
  readonly rcsAgents: readonly AccountRcsAgent[] | undefined
  /** Undefined if they were not read. */
  readonly notifyConfigurations: readonly AccountNotify[] | undefined
  /** Undefined if AWS does not say. */
  readonly isInSandbox: boolean | undefined
  /** US dollars a month. */
  readonly spendLimits: readonly { readonly channel: Channel; readonly limit: number }[]
}

/** Statuses and types are AWS's values. */
type Owned = {
  readonly id: string
  readonly arn: string
  readonly status: string
  readonly isShared: boolean
}

export type AccountNumber = Owned & {
  /** E.164; a short code is its digits. */
  readonly number: string
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  readonly type: string
  readonly messageType: string
  readonly channels: readonly Channel[]
  readonly registrationId: string | undefined
  /** AWS: `InternationalSendingEnabled`. */
  readonly sendsAbroad: boolean
  readonly textsPerSecond: number | undefined
}

/** Of an RCS agent's status, or of its launch in a country: with all carriers, or with some. */
export function isLaunchedAtAll(status: string): boolean {
  return status === 'ACTIVE' || status === 'PARTIAL'
}

export type AccountPool = Owned & {
  readonly messageType: string
  /** AWS may also send from identities that it shares among customers. */
  readonly hasSharedRoutes: boolean
  readonly members: readonly PoolMember[]
}

export type PoolMember = {
  readonly id: string
  readonly arn: string
  readonly country: string | undefined
  readonly channels: readonly Channel[]
}

export type AccountSenderId = {
  readonly name: string
  readonly arn: string
  readonly country: string
  readonly messageTypes: readonly string[]
  readonly isRegistered: boolean
  readonly registrationId: string | undefined
  readonly textsPerSecond: number | undefined
  readonly isShared: boolean
}

export type AccountRcsAgent = Owned & {
  /** Where it is launched, at least with some carriers. */
  readonly countries: readonly string[]
}

export type AccountNotify = Omit<Owned, 'isShared'> & {
  /** Empty if AWS chooses. */
  readonly countries: readonly string[]
  readonly channels: readonly Channel[]
}

export type FoundIdentity =
  | { readonly kind: 'number'; readonly number: AccountNumber }
  | { readonly kind: 'pool'; readonly pool: AccountPool }
  | { readonly kind: 'sender ID'; readonly entries: readonly [AccountSenderId, ...AccountSenderId[]] }
  | { readonly kind: 'RCS agent'; readonly agent: AccountRcsAgent }
  | { readonly kind: 'notify configuration'; readonly notify: AccountNotify }

/** Finds an identity, as written in a route (value, ID or ARN), in the account. */
export function findIdentity(identity: string, account: AccountIdentities): FoundIdentity | undefined {
  const matches = ({ id, arn }: { readonly id: string; readonly arn: string }): boolean =>
    id === identity || arn === identity
  const number = account.numbers.find(
    one => matches(one) || withoutPlus(one.number) === withoutPlus(identity),
  )
  if (number !== undefined) return { kind: 'number', number }
  const pool = account.pools.find(matches)
  if (pool !== undefined) return { kind: 'pool', pool }
  const agent = account.rcsAgents?.find(matches)
  if (agent !== undefined) return { kind: 'RCS agent', agent }
  const notify = account.notifyConfigurations?.find(matches)
  if (notify !== undefined) return { kind: 'notify configuration', notify }
  const [first, ...others] = account.senderIds.filter(
    ({ name, arn }) => name === identity || arn === identity,
  )
  return first && { kind: 'sender ID', entries: [first, ...others] }
}

/** Whether identities of its kind were not read, so that nothing is known about it. */
export function isUnread(identity: string, { rcsAgents, notifyConfigurations }: AccountIdentities): boolean {
  const kind = identityKind(identity)
  return (
    (kind === 'RCS agent' && rcsAgents === undefined) ||
    (kind === 'notify configuration' && notifyConfigurations === undefined)
  )
}

/** AWS may write a short code with or without a plus. */
function withoutPlus(number: string): string {
  return number.replace(/^\+/, '')
}
