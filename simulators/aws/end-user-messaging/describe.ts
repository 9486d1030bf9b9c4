import { type Account, phoneNumberArn, phoneNumberId, poolArn, rcsAgentArn, senderIdArn } from './account.ts'
import type { AccountSetting, NumberSetting, SenderIdSetting } from './account-setting.ts'
import { type AwsError, awsError } from './aws-error.ts'
import { DESCRIBE_OPERATIONS, type DescribeOperation } from './model.ts'
import { checkFields, type Input, invalidFields } from './validation.ts'

/** A valid request to describe the account in one region. */
export type DescribeRequest = {
  readonly kind: 'describe'
  readonly operation: DescribeOperation
  readonly region: string
  readonly input: Input
}

/** Reads the input of an operation as AWS would. */
export function readDescribeRequest(
  operation: DescribeOperation,
  region: string,
  input: Input,
): DescribeRequest | AwsError {
  const wrong = checkFields(input, DESCRIBE_OPERATIONS[operation])
  if (wrong) return wrong
  const ids = IDS_OF[operation]
  if (ids !== undefined && input.Owner !== undefined && input[ids] !== undefined) {
    const message = `Owner and ${ids} can't be used at the same time`
    return invalidFields('PARAMETERS_CANNOT_BE_USED_TOGETHER', [{ name: 'Owner', message }])
  }
  return { kind: 'describe', operation, region, input }
}

/** One page of the answer, as JSON; or the error that AWS answers with. */
export function describeAccount(account: Account, request: DescribeRequest): string | AwsError {
  const { operation, region, input } = request
  const setting = account.setting()
  const found = LISTS[operation](here(setting, region), region, input)
  if ('kind' in found) return found
  const offset = input.NextToken === undefined ? 0 : offsetOf(String(input.NextToken), operation)
  if (offset === undefined || offset > found.items.length) {
    const message = 'Member must be a token of an answer to the same operation'
    return invalidFields('INVALID_NEXT_TOKEN', [{ name: 'NextToken', message }])
  }
  const requested = typeof input.MaxResults === 'number' ? input.MaxResults : setting.pageSize
  const end = offset + Math.min(requested, setting.pageSize)
  return JSON.stringify({
    ...found.head,
    [found.name]: found.items.slice(offset, end),
    ...(end < found.items.length && { NextToken: tokenOf(operation, end) }),
  })
}

/** The items that exist in the region. */
function here(setting: AccountSetting, region: string): AccountSetting {
  const isHere = (one: { readonly region?: string }): boolean =>
    one.region === undefined || one.region === region
  return {
    ...setting,
    numbers: setting.numbers.filter(isHere),
    pools: setting.pools.filter(isHere),
    senderIds: setting.senderIds.filter(isHere),
    rcsAgents: setting.rcsAgents.filter(isHere),
    notifyConfigurations: setting.notifyConfigurations.filter(isHere),
  }
}

type Listed = {
  readonly name: string
  readonly items: readonly object[]
  readonly head?: object
}
type List = (account: AccountSetting, region: string, input: Input) => Listed | AwsError

const LISTS: Readonly<Record<DescribeOperation, List>> = {
  DescribePhoneNumbers: ({ numbers }, region, { PhoneNumberIds, Owner }) =>
    chosen(
      'PhoneNumbers',
      ofOwner(numbers, Owner).map(number => phoneNumberInformation(number, region)),
      PhoneNumberIds,
      item => [item.PhoneNumberId, item.PhoneNumberArn],
    ),
  DescribePools: ({ pools }, region, { PoolIds, Owner }) =>
    chosen(
      'Pools',
      ofOwner(pools, Owner).map(({ id, status, messageType, hasSharedRoutes }) => ({
        PoolArn: poolArn(id, region),
        PoolId: id,
        Status: status,
        MessageType: messageType,
        SharedRoutesEnabled: hasSharedRoutes,
        ...DEFAULTS,
      })),
      PoolIds,
      item => [item.PoolId, item.PoolArn],
    ),
  ListPoolOriginationIdentities: ({ pools, numbers, senderIds, rcsAgents }, region, { PoolId }) => {
    const pool = pools.find(({ id }) => id === PoolId || poolArn(id, region) === PoolId)
    if (pool === undefined) return notFound(String(PoolId))
    const isMember = (one: { readonly pool?: string }): boolean => one.pool === pool.id
    return {
      name: 'OriginationIdentities',
      head: { PoolArn: poolArn(pool.id, region), PoolId: pool.id },
      items: [
        ...numbers.filter(isMember).map(number => ({
          OriginationIdentityArn: phoneNumberArn(number, region),
          OriginationIdentity: phoneNumberId(number),
          IsoCountryCode: number.country,
          NumberCapabilities: number.capabilities,
          PhoneNumber: number.number,
        })),
        ...senderIds.filter(isMember).map(senderId => ({
          OriginationIdentityArn: senderIdArn(senderId, region),
          OriginationIdentity: senderId.name,
          IsoCountryCode: senderId.country,
          NumberCapabilities: ['SMS'],
        })),
        // An agent has no country.
        ...rcsAgents.filter(isMember).map(({ id }) => ({
          OriginationIdentityArn: rcsAgentArn(id, region),
          OriginationIdentity: id,
          NumberCapabilities: ['RCS'],
        })),
      ],
    }
  },
  DescribeSenderIds: ({ senderIds }, region, { Owner }) => ({
    name: 'SenderIds',
    items: ofOwner(senderIds, Owner).map(senderId => senderIdInformation(senderId, region)),
  }),
  DescribeRcsAgents: ({ rcsAgents }, region, { RcsAgentIds, Owner }) =>
    chosen(
      'RcsAgents',
      ofOwner(rcsAgents, Owner).map(({ id, status, pool }) => ({
        RcsAgentArn: rcsAgentArn(id, region),
        RcsAgentId: id,
        Status: status,
        ...(pool !== undefined && { PoolId: pool }),
        ...DEFAULTS,
      })),
      RcsAgentIds,
      item => [item.RcsAgentId, item.RcsAgentArn],
    ),
  DescribeRcsAgentCountryLaunchStatus: ({ rcsAgents }, region, { RcsAgentId }) => {
    const agent = rcsAgents.find(({ id }) => id === RcsAgentId || rcsAgentArn(id, region) === RcsAgentId)
    if (agent === undefined) return notFound(String(RcsAgentId))
    return {
      name: 'CountryLaunchStatus',
      head: { RcsAgentArn: rcsAgentArn(agent.id, region), RcsAgentId: agent.id },
      items: agent.countries.map(country => ({
        IsoCountryCode: country,
        Status: 'ACTIVE',
        RegistrationId: `registration-${agent.id}${country}`,
        CarrierStatus: [],
      })),
    }
  },
  DescribeNotifyConfigurations: ({ notifyConfigurations }, region, { NotifyConfigurationIds }) =>
    chosen(
      'NotifyConfigurations',
      notifyConfigurations.map(({ id, status, countries, channels }) => ({
        NotifyConfigurationArn: `arn:aws:sms-voice:${region}:123456789012:notify-configuration/${id}`,
        NotifyConfigurationId: id,
        DisplayName: id,
        UseCase: 'CODE_VERIFICATION',
        EnabledCountries: countries,
        EnabledChannels: channels,
        Tier: 'BASIC',
        TierUpgradeStatus: 'BASIC',
        Status: status,
        DeletionProtectionEnabled: false,
        CreatedTimestamp: CREATED,
      })),
      NotifyConfigurationIds,
      item => [item.NotifyConfigurationId, item.NotifyConfigurationArn],
    ),
  DescribeAccountAttributes: ({ tier }) => ({
    name: 'AccountAttributes',
    items: [{ Name: 'ACCOUNT_TIER', Value: tier }],
  }),
  DescribeSpendLimits: ({ limits }) => ({
    name: 'SpendLimits',
    items: Object.entries(limits).map(([channel, limit]) => ({
      Name: `${channel.toUpperCase()}_MESSAGE_MONTHLY_SPEND_LIMIT`,
      EnforcedLimit: limit,
      MaxLimit: Math.max(limit, 1000),
      Overridden: limit !== 1000,
    })),
  }),
}

/**
 * Items that the account owns, or those shared with it on request. AWS does not document the list without `Owner`.
 */
function ofOwner<Item extends { readonly owner: string }>(items: readonly Item[], owner: unknown): Item[] {
  return items.filter(item => item.owner === (owner ?? 'SELF'))
}

/** The named items, in their order; all if none is named. An unknown ID is an error. */
function chosen<Item extends object>(
  name: string,
  items: readonly Item[],
  ids: unknown,
  namesOf: (item: Item) => readonly string[],
): Listed | AwsError {
  if (!Array.isArray(ids) || ids.length === 0) return { name, items }
  const found = ids.map((id: string) => ({ id, item: items.find(item => namesOf(item).includes(id)) }))
  const lost = found.find(({ item }) => item === undefined)
  return lost === undefined ? { name, items: found.flatMap(({ item }) => item ?? []) } : notFound(lost.id)
}

function phoneNumberInformation(number: NumberSetting, region: string) {
  return {
    PhoneNumberArn: phoneNumberArn(number, region),
    PhoneNumberId: phoneNumberId(number),
    PhoneNumber: number.number,
    Status: number.status,
    IsoCountryCode: number.country,
    MessageType: number.messageType,
    NumberCapabilities: number.capabilities,
    NumberType: number.type,
    MonthlyLeasingPrice: '1.00',
    InternationalSendingEnabled: number.sendsAbroad,
    ...(number.pool !== undefined && { PoolId: number.pool }),
    ...(number.registrationId !== undefined && { RegistrationId: number.registrationId }),
    ...(number.textsPerSecond !== undefined && {
      MessagingLimits: { RateLimits: { SMS: number.textsPerSecond } },
    }),
    ...DEFAULTS,
  }
}

function senderIdInformation(senderId: SenderIdSetting, region: string) {
  const { name, country, messageTypes, isRegistered, registrationId } = senderId
  return {
    SenderIdArn: senderIdArn(senderId, region),
    SenderId: name,
    IsoCountryCode: country,
    MessageTypes: messageTypes,
    MonthlyLeasingPrice: '0.00',
    DeletionProtectionEnabled: false,
    Registered: isRegistered,
    ...(registrationId !== undefined && { RegistrationId: registrationId }),
  }
}

function notFound(id: string): AwsError {
  return awsError('ResourceNotFoundException', `Resource not found: ${id}`)
}

function tokenOf(operation: DescribeOperation, offset: number): string {
  return Buffer.from(`${operation}:${offset}`).toString('base64url')
}

function offsetOf(token: string, operation: DescribeOperation): number | undefined {
  const [named, offset = ''] = Buffer.from(token, 'base64url').toString('utf8').split(':')
  return named === operation && /^\d{1,6}$/.test(offset) ? Number(offset) : undefined
}

const IDS_OF: Readonly<Partial<Record<DescribeOperation, string>>> = {
  DescribePhoneNumbers: 'PhoneNumberIds',
  DescribePools: 'PoolIds',
  DescribeRcsAgents: 'RcsAgentIds',
}
const CREATED = 1_760_000_000 // seconds since 1970, as AWS JSON has them
const DEFAULTS = {
  TwoWayEnabled: false,
  SelfManagedOptOutsEnabled: false,
  OptOutListName: 'Default',
  DeletionProtectionEnabled: false,
  CreatedTimestamp: CREATED,
} as const
