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
import { isLaunchedAtAll } from '../../advice/account/flaw.ts'
import type { Channel } from '../../core/values/request.ts'

export type Wanted = {
  /** Undefined: the region of the environment or the profile, as AWS's SDK finds it. */
  readonly region: string | undefined
  /** Notify is not everywhere, and needs a right of its own: asked for only where a route names one. */
  readonly hasNotify: boolean
}

/**
 * Reads what the account has in one region. One call after the other, because AWS allows about one a second; what it
 * turns away as too fast is asked again. Rejects with AWS's own errors, and when no region is set anywhere.
 */
export async function readAccountIdentities({
  region: asked,
  hasNotify,
}: Wanted): Promise<AccountIdentities> {
  const client = new PinpointSMSVoiceV2Client({
    ...(asked !== undefined && { region: asked }),
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

function readNumber(given: PhoneNumberInformation, isShared: boolean): AccountNumber {
  return {
    id: given.PhoneNumberId ?? given.PhoneNumberArn ?? '',
    arn: given.PhoneNumberArn ?? '',
    number: given.PhoneNumber ?? '',
    status: given.Status ?? '',
    country: given.IsoCountryCode ?? '',
    type: given.NumberType ?? '',
    messageType: given.MessageType ?? '',
    channels: readChannels(given.NumberCapabilities),
    registrationId: given.RegistrationId,
    sendsAbroad: given.InternationalSendingEnabled ?? false,
    textsPerSecond: given.MessagingLimits?.RateLimits?.SMS,
    isShared,
  }
}

function readPool(
  given: PoolInformation,
  members: readonly OriginationIdentityMetadata[],
  isShared: boolean,
): AccountPool {
  return {
    id: given.PoolId ?? '',
    arn: given.PoolArn ?? '',
    status: given.Status ?? '',
    messageType: given.MessageType ?? '',
    hasSharedRoutes: given.SharedRoutesEnabled ?? false,
    members: members.map(member => ({
      id: member.OriginationIdentity ?? '',
      arn: member.OriginationIdentityArn ?? '',
      country: member.IsoCountryCode,
      channels: readChannels(member.NumberCapabilities),
    })),
    isShared,
  }
}

function readSenderId(given: SenderIdInformation, isShared: boolean): AccountSenderId {
  return {
    name: given.SenderId ?? '',
    arn: given.SenderIdArn ?? '',
    country: given.IsoCountryCode ?? '',
    messageTypes: given.MessageTypes ?? [],
    isRegistered: given.Registered ?? false,
    registrationId: given.RegistrationId,
    textsPerSecond: given.MessagingLimits?.RateLimits?.SMS,
    isShared,
  }
}

/** Adds what there is, with where each is launched; false where AWS does not let us read it. */
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

// RCS is younger than the rights of those who look, and not in every region.
const NO_RCS = ['AccessDeniedException', 'UnknownOperationException', 'ValidationException']

async function readNotify(paging: Paging): Promise<readonly AccountNotify[]> {
  const found: AccountNotify[] = []
  for await (const { NotifyConfigurations = [] } of paginateDescribeNotifyConfigurations(paging, {}))
    found.push(
      ...NotifyConfigurations.map(given => ({
        id: given.NotifyConfigurationId ?? '',
        arn: given.NotifyConfigurationArn ?? '',
        status: given.Status ?? '',
        countries: given.EnabledCountries ?? [],
        channels: readChannels(given.EnabledChannels),
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

/** By NumberCapability. Only an RCS agent has RCS, and the same call texts from it. @internal */
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
