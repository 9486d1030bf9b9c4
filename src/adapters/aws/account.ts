import {
  DeleteProtectConfigurationRuleSetNumberOverrideCommand,
  DescribeAccountAttributesCommand,
  DescribeSpendLimitsCommand,
  GetProtectConfigurationCountryRuleSetCommand,
  PinpointSMSVoiceV2Client,
  PutProtectConfigurationRuleSetNumberOverrideCommand,
  ResourceNotFoundException,
  UpdateProtectConfigurationCountryRuleSetCommand,
} from '@aws-sdk/client-pinpoint-sms-voice-v2'
import type { Channel } from '../../core/values/request.ts'
import type { Secret } from '../../core/values/secret.ts'

export type CountryRule = 'ALLOW' | 'BLOCK' | 'MONITOR' | 'FILTER'

/** What AWS End User Messaging knows about an account in one region. */
export function createAccount(region: string) {
  const client = new PinpointSMSVoiceV2Client({ region, requestHandler: TIMES })
  return {
    /** Undefined if AWS does not say. */
    isInSandbox: async (): Promise<boolean | undefined> => {
      const { AccountAttributes = [] } = await client.send(new DescribeAccountAttributesCommand({}))
      const tier = AccountAttributes.find(({ Name }) => Name === 'ACCOUNT_TIER')?.Value
      return tier === undefined ? undefined : tier === 'SANDBOX'
    },

    /** US dollars a month; `max` is the highest that can be set without a request to AWS. */
    spendLimits: async () => {
      const { SpendLimits = [] } = await client.send(new DescribeSpendLimitsCommand({}))
      return SpendLimits.flatMap(({ Name, EnforcedLimit = 0, MaxLimit = 0 }) => {
        const channel = Name === undefined ? undefined : CHANNELS[Name]
        return channel === undefined ? [] : [{ channel, limit: EnforcedLimit, max: MaxLimit }]
      })
    },

    /** The rules of a protect configuration; a country without one is allowed. */
    countryRules: async (id: string, channel: Channel): Promise<ReadonlyMap<string, CountryRule>> => {
      const { CountryRuleSet = {} } = await client.send(
        new GetProtectConfigurationCountryRuleSetCommand({
          ProtectConfigurationId: id,
          NumberCapability: CAPABILITIES[channel],
        }),
      )
      return new Map(
        Object.entries(CountryRuleSet).map(([country, { ProtectStatus = 'ALLOW' }]) => [
          country,
          ProtectStatus,
        ]),
      )
    },

    /** Changes only these countries, at most 300. */
    changeCountryRules: async (id: string, channel: Channel, rules: ReadonlyMap<string, CountryRule>) => {
      await client.send(
        new UpdateProtectConfigurationCountryRuleSetCommand({
          ProtectConfigurationId: id,
          NumberCapability: CAPABILITIES[channel],
          CountryRuleSetUpdates: Object.fromEntries(
            [...rules].map(([country, ProtectStatus]) => [country, { ProtectStatus }]),
          ),
        }),
      )
    },

    /** Allows or blocks one number, whatever the rule of its country, until then (milliseconds since 1970). */
    putNumberRule: async (id: string, number: Secret, rule: 'ALLOW' | 'BLOCK', until: number) => {
      await client.send(
        new PutProtectConfigurationRuleSetNumberOverrideCommand({
          ProtectConfigurationId: id,
          DestinationPhoneNumber: number.reveal(),
          Action: rule,
          ExpirationTimestamp: new Date(until),
        }),
      )
    },

    /** False if there was none. */
    removeNumberRule: async (id: string, number: Secret): Promise<boolean> => {
      try {
        await client.send(
          new DeleteProtectConfigurationRuleSetNumberOverrideCommand({
            ProtectConfigurationId: id,
            DestinationPhoneNumber: number.reveal(),
          }),
        )
        return true
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return false
        throw error
      }
    },

    close: () => client.destroy(),
  } as const
}

const CAPABILITIES = { sms: 'SMS', voice: 'VOICE' } as const
const CHANNELS: Readonly<Record<string, Channel | undefined>> = {
  TEXT_MESSAGE_MONTHLY_SPEND_LIMIT: 'sms',
  VOICE_MESSAGE_MONTHLY_SPEND_LIMIT: 'voice',
}
const TIMES = { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true }
