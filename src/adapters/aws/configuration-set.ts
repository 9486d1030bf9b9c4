import {
  PinpointSMSVoiceV2Client,
  paginateDescribeConfigurationSets,
} from '@aws-sdk/client-pinpoint-sms-voice-v2'

/** The event destinations of a configuration set, by its name or ARN; undefined if it does not exist. */
export async function readConfigurationSet(region: string, nameOrArn: string) {
  const client = new PinpointSMSVoiceV2Client({ region, requestHandler: TIMES, maxAttempts: ATTEMPTS_MAX })
  try {
    const input = { ConfigurationSetNames: [nameOrArn] }
    for await (const { ConfigurationSets = [] } of paginateDescribeConfigurationSets({ client }, input)) {
      for (const { EventDestinations = [] } of ConfigurationSets) {
        return EventDestinations.map(
          ({
            EventDestinationName: name = '',
            Enabled: isEnabled = false,
            MatchingEventTypes: events = [],
          }) => ({
            name,
            isEnabled,
            events: events as readonly string[],
          }),
        )
      }
    }
    return undefined
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined
    throw error
  } finally {
    client.destroy()
  }
}

const ATTEMPTS_MAX = 6 // AWS allows about one call a second
const TIMES = { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true }
