import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { S3Client } from '@aws-sdk/client-s3'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'

export type ClientOptions = {
  /** Default: the region of the environment or the profile, as AWS's SDK finds it. */
  readonly region: string | undefined
  /** Whether buckets are named in the path instead of the host: a stand-in has only one host. */
  readonly hasBucketsInPath: boolean
}

export type Clients = {
  readonly region: string
  readonly cloudFormation: CloudFormationClient
  readonly s3: S3Client
  /** The caller: its account, and the ARN of its user or role. */
  readonly whoAmI: () => Promise<{ readonly account: string; readonly arn: string }>
  readonly close: () => void
}

/** AWS's SDK for the control plane, with one region and one set of credentials. Rejects if no region is set. */
export async function createClients({ region: asked, hasBucketsInPath }: ClientOptions): Promise<Clients> {
  const config = { ...(asked !== undefined && { region: asked }), requestHandler: TIMES }
  const cloudFormation = new CloudFormationClient(config)
  const region = await cloudFormation.config.region()
  const s3 = new S3Client({ ...config, region, forcePathStyle: hasBucketsInPath })
  const sts = new STSClient({ ...config, region })
  return {
    region,
    cloudFormation,
    s3,
    whoAmI: async () => {
      const { Account = '', Arn = '' } = await sts.send(new GetCallerIdentityCommand())
      return { account: Account, arn: Arn }
    },
    close: () => {
      for (const client of [cloudFormation, s3, sts]) client.destroy()
    },
  }
}

const TIMES = { connectionTimeout: 5_000, requestTimeout: 60_000, throwOnRequestTimeout: true }
