import { identityKind } from '../../core/policy/route.ts'
import type { Channel } from '../../core/values/request.ts'

/** What the account has in one region: whatever a message could be sent from. */
export type AccountIdentities = {
  readonly region: string
  readonly numbers: readonly AccountNumber[]
  readonly pools: readonly AccountPool[]
  /** One entry for each country that a sender ID was asked for. */
  readonly senderIds: readonly AccountSenderId[]
  /** Undefined where AWS does not let us read them: RCS is not in every region. */
  readonly rcsAgents: readonly AccountRcsAgent[] | undefined
  /** Undefined where nobody asked for them. */
  readonly notifyConfigurations: readonly AccountNotify[] | undefined
  /** Undefined where AWS does not say. */
  readonly isInSandbox: boolean | undefined
  /** US dollars a month. */
  readonly spendLimits: readonly { readonly channel: Channel; readonly limit: number }[]
}

/** Statuses and types are AWS's words. */
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

export type AccountPool = Owned & {
  readonly messageType: string
  /** AWS may send from what it shares with other customers. */
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
  /** Where it is launched, in part at least. */
  readonly countries: readonly string[]
}

export type AccountNotify = Omit<Owned, 'isShared'> & {
  /** Empty for AWS's own choice. */
  readonly countries: readonly string[]
  readonly channels: readonly Channel[]
}

export type FoundIdentity =
  | { readonly kind: 'number'; readonly number: AccountNumber }
  | { readonly kind: 'pool'; readonly pool: AccountPool }
  | { readonly kind: 'sender ID'; readonly entries: readonly [AccountSenderId, ...AccountSenderId[]] }
  | { readonly kind: 'RCS agent'; readonly agent: AccountRcsAgent }
  | { readonly kind: 'notify configuration'; readonly notify: AccountNotify }

/** An identity as a route writes it (value, ID or ARN), looked up in the account. */
export function findIdentity(identity: string, account: AccountIdentities): FoundIdentity | undefined {
  const isIt = ({ id, arn }: { readonly id: string; readonly arn: string }): boolean =>
    id === identity || arn === identity
  const number = account.numbers.find(one => isIt(one) || withoutPlus(one.number) === withoutPlus(identity))
  if (number !== undefined) return { kind: 'number', number }
  const pool = account.pools.find(isIt)
  if (pool !== undefined) return { kind: 'pool', pool }
  const agent = account.rcsAgents?.find(isIt)
  if (agent !== undefined) return { kind: 'RCS agent', agent }
  const notify = account.notifyConfigurations?.find(isIt)
  if (notify !== undefined) return { kind: 'notify configuration', notify }
  const [first, ...others] = account.senderIds.filter(
    ({ name, arn }) => name === identity || arn === identity,
  )
  return first && { kind: 'sender ID', entries: [first, ...others] }
}

/** Identities of its kind were not read: nothing is known about it. */
export function isUnread(identity: string, { rcsAgents, notifyConfigurations }: AccountIdentities): boolean {
  const kind = identityKind(identity)
  return (
    (kind === 'RCS agent' && rcsAgents === undefined) ||
    (kind === 'notify configuration' && notifyConfigurations === undefined)
  )
}

/** AWS may write a short code with or without it. */
function withoutPlus(number: string): string {
  return number.replace(/^\+/, '')
}
