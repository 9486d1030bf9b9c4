import {
  DeleteOptedOutNumberCommand,
  DescribeOptedOutNumbersCommand,
  PinpointSMSVoiceV2Client,
  paginateDescribeOptOutLists,
} from '@aws-sdk/client-pinpoint-sms-voice-v2'
import type { Secret } from '../../core/values/secret.ts'

/** One entry of one number. */
type OptOut = {
  readonly list: string
  /** `recipient`: by a reply such as STOP. `account`: by somebody with access to the AWS account. */
  readonly by: 'recipient' | 'account'
  /** Milliseconds since 1970; undefined if AWS does not say. */
  readonly at: number | undefined
}

/**
 * The opt-out lists of one region; `undefined`: the region of the environment or the profile. Rejects with AWS's own
 * errors. No error contains the number: ours do not, and AWS's messages do not repeat it.
 */
export async function openOptOuts(region: string | undefined) {
  const client = new PinpointSMSVoiceV2Client({
    ...(region !== undefined && { region: region }),
    requestHandler: TIMES,
    maxAttempts: ATTEMPTS_MAX,
  })
  return {
    region: await client.config.region(),

    /** Searches every list of the account, because each identity may have its own. */
    find: async (number: Secret): Promise<readonly OptOut[]> => {
      const found: OptOut[] = []
      for await (const { OptOutLists = [] } of paginateDescribeOptOutLists({ client }, {}))
        for (const { OptOutListName: list = '' } of OptOutLists) {
          const entry = await entryOf(client, list, number)
          if (entry !== undefined) found.push(entry)
        }
      return found
    },

    /** Removes the number from one list. AWS allows that once every 30 days. */
    remove: async (list: string, number: Secret): Promise<void> => {
      await client.send(
        new DeleteOptedOutNumberCommand({ OptOutListName: list, OptedOutNumber: number.reveal() }),
      )
    },

    close: () => client.destroy(),
  } as const
}

async function entryOf(
  client: PinpointSMSVoiceV2Client,
  list: string,
  number: Secret,
): Promise<OptOut | undefined> {
  try {
    const { OptedOutNumbers: [first] = [] } = await client.send(
      new DescribeOptedOutNumbersCommand({ OptOutListName: list, OptedOutNumbers: [number.reveal()] }),
    )
    return (
      first && {
        list,
        by: first.EndUserOptedOut === true ? 'recipient' : 'account',
        at: first.OptedOutTimestamp?.getTime(),
      }
    )
  } catch (error) {
    // For a number that is not on the list, AWS may return nothing or this error; it documents only that the list must
    // exist.
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined
    throw error
  }
}

const ATTEMPTS_MAX = 6 // AWS allows about one call a second
const TIMES = { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true }
