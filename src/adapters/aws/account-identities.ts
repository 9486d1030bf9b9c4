import {
  type OriginationIdentityMetadata,
  type PhoneNumberInformation,
  PinpointSMSVoiceV2Client,
  type PoolInformation,
  paginateDescribeAccountAttributes,
  paginateDescribeNotifyConfigurations,
  paginateDescribePhoneNumbers,
  paginateDescribePools,
  paginateDescribeRcsAgentCountryLaunchStatus,
  paginateDescribeRcsAgents,
  paginateDescribeSenderIds,
  paginateDescribeSpendLimits,
  paginateListPoolOriginationIdentities,
  type SenderIdInformation,
} from '@aws-sdk/client-pinpoint-sms-voice-v2'
import type {
  AccountIdentities,
  AccountNotify,
  AccountNumber,
  AccountPool,
  AccountRcsAgent,
  AccountSenderId,
} from '../../advice/account/account-identities.ts'
import { isLaunchedAtAll } from '../../advice/account/account-identities.ts'
import type { Channel } from '../../core/values/request.ts'

export type Wanted = {
  /** Undefined: the region of the environment or the profile, as found by AWS's SDK. */
  readonly region: string | undefined
  /** Read only if a route names a Notify configuration: Notify is not in every region, and needs its own permission. */
  readonly hasNotify: boolean
}

/**
 * Reads what the account has in one region. Calls are made one after another, because AWS allows about one a second;
 * throttled calls are repeated. Rejects with AWS's own errors, and if no region is set anywhere.
 */
export async function readAccountIdentities({
  region: configured,
  hasNotify,
}: Wanted): Promise<AccountIdentities> {
  const client = new PinpointSMSVoiceV2Client({
    ...(configured !== undefined && { region: configured }),
    requestHandler: TIMES,
    maxAttempts: ATTEMPTS_MAX,
  })
  try {
    const region = await client.config.region()
    const paging = { client, pageSize: 100 }
    const numbers: AccountNumber[] = []
    const pools: AccountPool[] = []
    const senderIds: AccountSenderId[] = []
    const rcsAgents: AccountRcsAgent[] = []
    let isRcsKnown = true
    for (const Owner of ['SELF', 'SHARED'] as const) {
      const isShared = Owner === 'SHARED'
      for await (const { PhoneNumbers = [] } of paginateDescribePhoneNumbers(paging, { Owner }))
        numbers.push(...PhoneNumbers.map(information => readNumber(information, isShared)))
      for await (const { Pools = [] } of paginateDescribePools(paging, { Owner }))
        for (const pool of Pools) pools.push(readPool(pool, await membersOf(paging, pool), isShared))
      for await (const { SenderIds = [] } of paginateDescribeSenderIds(paging, { Owner }))
        senderIds.push(...SenderIds.map(information => readSenderId(information, isShared)))
      isRcsKnown &&= await readRcsAgents(paging, Owner, rcsAgents)
    }
    return {
      region,
      numbers,
      pools,
      senderIds,
      rcsAgents: isRcsKnown ? rcsAgents : undefined,
      notifyConfigurations: hasNotify ? await readNotify(paging) : undefined,
      isInSandbox: await readSandbox(paging),
      spendLimits: await readSpendLimits(paging),
    }
  } finally {
    client.destroy()
  }
}

type Paging = { readonly client: PinpointSMSVoiceV2Client; readonly pageSize: number }

async function membersOf(
  paging: Paging,
  { PoolArn: PoolId }: PoolInformation,
): Promise<readonly OriginationIdentityMetadata[]> {
  const members: OriginationIdentityMetadata[] = []
  for await (const { OriginationIdentities = [] } of paginateListPoolOriginationIdentities(paging, {
    PoolId,
  }))
    members.push(...OriginationIdentities)
  return members
}

function readNumber(input: PhoneNumberInformation, isShared: boolean): AccountNumber {
  return {
    id: input.PhoneNumberId ?? input.PhoneNumberArn ?? '',
    arn: input.PhoneNumberArn ?? '',
    number: input.PhoneNumber ?? '',
    status: input.Status ?? '',
    country: input.IsoCountryCode ?? '',
    type: input.NumberType ?? '',
    messageType: input.MessageType ?? '',
    channels: readChannels(input.NumberCapabilities),
    registrationId: input.RegistrationId,
    sendsAbroad: input.InternationalSendingEnabled ?? false,
    textsPerSecond: input.MessagingLimits?.RateLimits?.SMS,
    isShared,
  }
}

function readPool(
  input: PoolInformation,
  members: readonly OriginationIdentityMetadata[],
  isShared: boolean,
): AccountPool {
  return {
    id: input.PoolId ?? '',
    arn: input.PoolArn ?? '',
    status: input.Status ?? '',
    messageType: input.MessageType ?? '',
    hasSharedRoutes: input.SharedRoutesEnabled ?? false,
    members: members.map(member => ({
      id: member.OriginationIdentity ?? '',
      arn: member.OriginationIdentityArn ?? '',
      country: member.IsoCountryCode,
      channels: readChannels(member.NumberCapabilities),
    })),
    isShared,
  }
}

function readSenderId(input: SenderIdInformation, isShared: boolean): AccountSenderId {
  return {
    name: input.SenderId ?? '',
    arn: input.SenderIdArn ?? '',
    country: input.IsoCountryCode ?? '',
    messageTypes: input.MessageTypes ?? [],
    isRegistered: input.Registered ?? false,
    registrationId: input.RegistrationId,
    textsPerSecond: input.MessagingLimits?.RateLimits?.SMS,
    isShared,
  }
}

/** Adds the agents, with the countries where each is launched; false if AWS does not let us read them. */
async function readRcsAgents(
  paging: Paging,
  Owner: 'SELF' | 'SHARED',
  agents: AccountRcsAgent[],
): Promise<boolean> {
  try {
    for await (const { RcsAgents = [] } of paginateDescribeRcsAgents(paging, { Owner }))
      for (const { RcsAgentId: id = '', RcsAgentArn: arn = '', Status: status = '' } of RcsAgents)
        agents.push({
          id,
          arn,
          status,
          countries: await launchedIn(paging, arn),
          isShared: Owner === 'SHARED',
        })
    return true
  } catch (error) {
    if (error instanceof Error && NO_RCS.includes(error.name)) return false
    throw error
  }
}

async function launchedIn(paging: Paging, RcsAgentId: string): Promise<readonly string[]> {
  const countries: string[] = []
  for await (const { CountryLaunchStatus = [] } of paginateDescribeRcsAgentCountryLaunchStatus(paging, {
    RcsAgentId,
  }))
    for (const { IsoCountryCode = '', Status } of CountryLaunchStatus)
      if (Status !== undefined && isLaunchedAtAll(Status)) countries.push(IsoCountryCode)
  return countries
}

// RCS is newer than many permission policies, and not in every region.
const NO_RCS = ['AccessDeniedException', 'UnknownOperationException', 'ValidationException']

async function readNotify(paging: Paging): Promise<readonly AccountNotify[]> {
  const found: AccountNotify[] = []
  for await (const { NotifyConfigurations = [] } of paginateDescribeNotifyConfigurations(paging, {}))
    found.push(
      ...NotifyConfigurations.map(input => ({
        id: input.NotifyConfigurationId ?? '',
        arn: input.NotifyConfigurationArn ?? '',
        status: input.Status ?? '',
        countries: input.EnabledCountries ?? [],
        channels: readChannels(input.EnabledChannels),
      })),
    )
  return found
}

async function readSandbox(paging: Paging): Promise<boolean | undefined> {
  let tier: string | undefined
  for await (const { AccountAttributes = [] } of paginateDescribeAccountAttributes(paging, {}))
    tier ??= AccountAttributes.find(({ Name }) => Name === 'ACCOUNT_TIER')?.Value
  return tier === undefined ? undefined : tier === 'SANDBOX'
}

async function readSpendLimits(paging: Paging): Promise<AccountIdentities['spendLimits']> {
  const found: { readonly channel: Channel; readonly limit: number }[] = []
  for await (const { SpendLimits = [] } of paginateDescribeSpendLimits(paging, {}))
    for (const { Name = '', EnforcedLimit: limit } of SpendLimits) {
      const channel = LIMITED_CHANNELS[Name]
      if (channel !== undefined && limit !== undefined) found.push({ channel, limit })
    }
  return found
}

function readChannels(capabilities: readonly string[] = []): readonly Channel[] {
  return [...new Set(capabilities.flatMap(capability => CHANNELS[capability] ?? []))]
}

/** By NumberCapability. Only RCS agents have RCS, and texts are sent from them with the same call. @internal */
export const CHANNELS: Readonly<Record<string, Channel | undefined>> = {
  SMS: 'sms',
  RCS: 'sms',
  VOICE: 'voice',
}
/** By SpendLimitName. @internal */
export const LIMITED_CHANNELS: Readonly<Record<string, Channel | undefined>> = {
  TEXT_MESSAGE_MONTHLY_SPEND_LIMIT: 'sms',
  VOICE_MESSAGE_MONTHLY_SPEND_LIMIT: 'voice',
}
const ATTEMPTS_MAX = 6 // the SDK waits longer each time
const TIMES = { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true }
