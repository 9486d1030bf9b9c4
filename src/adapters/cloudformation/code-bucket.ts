import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from '@aws-sdk/client-s3'

/**
 * The private bucket from which Lambda and CloudFormation read. Its name can be guessed, so each call names the
 * account that must own it: a bucket that somebody else made under this name is never written to.
 */
export function createCodeBucket(client: S3Client) {
  return {
    /** Whose it is: ours, nobody's, or of another account (or one that we may not read). */
    look: async (name: string, account: string): Promise<'ours' | 'none' | 'not ours'> => {
      try {
        await client.send(new HeadBucketCommand({ Bucket: name, ExpectedBucketOwner: account }))
        return 'ours'
      } catch (error) {
        const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode
        if (status === 404) return 'none'
        if (status === 403) return 'not ours'
        throw error
      }
    },

    /** In the region of the client: AWS's SDK names it. */
    create: async (name: string) => {
      await client.send(new CreateBucketCommand({ Bucket: name }))
    },

    /** Private, encrypted, by TLS only. Put anew each time, so that what somebody changed is mended. */
    protect: async (name: string, account: string, partition: string) => {
      const bucket = { Bucket: name, ExpectedBucketOwner: account }
      await client.send(
        new PutPublicAccessBlockCommand({
          ...bucket,
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: true,
            BlockPublicPolicy: true,
            IgnorePublicAcls: true,
            RestrictPublicBuckets: true,
          },
        }),
      )
      await client.send(
        new PutBucketEncryptionCommand({
          ...bucket,
          ServerSideEncryptionConfiguration: {
            Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
          },
        }),
      )
      await client.send(
        new PutBucketPolicyCommand({ ...bucket, Policy: JSON.stringify(tlsOnly(name, partition)) }),
      )
      await client.send(
        new PutBucketTaggingCommand({
          ...bucket,
          Tagging: { TagSet: [{ Key: 'application', Value: 'hookline' }] },
        }),
      )
      await client.send(
        new PutBucketLifecycleConfigurationCommand({
          ...bucket,
          LifecycleConfiguration: {
            Rules: [
              {
                ID: 'unfinished uploads',
                Status: 'Enabled',
                Filter: { Prefix: '' },
                AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
              },
            ],
          },
        }),
      )
    },

    put: async (name: string, account: string, key: string, body: Uint8Array) => {
      await client.send(
        new PutObjectCommand({ Bucket: name, ExpectedBucketOwner: account, Key: key, Body: body }),
      )
    },

    list: async (name: string, account: string) => {
      const objects = []
      let token: string | undefined
      for (let page = 0; page < PAGES_MAX; page++) {
        const read = await client.send(
          new ListObjectsV2Command({ Bucket: name, ExpectedBucketOwner: account, ContinuationToken: token }),
        )
        for (const { Key, LastModified } of read.Contents ?? [])
          objects.push({ key: Key ?? '', at: LastModified?.getTime() ?? 0 })
        token = read.NextContinuationToken
        if (token === undefined) break
      }
      return objects
    },

    remove: async (name: string, account: string, keys: readonly string[]) => {
      for (let from = 0; from < keys.length; from += DELETED_AT_ONCE) {
        const Objects = keys.slice(from, from + DELETED_AT_ONCE).map(Key => ({ Key }))
        const { Errors: [first] = [] } = await client.send(
          new DeleteObjectsCommand({
            Bucket: name,
            ExpectedBucketOwner: account,
            Delete: { Objects, Quiet: true },
          }),
        )
        if (first !== undefined)
          throw new Error(`${first.Key} in ${name} was not deleted: ${first.Code} ${first.Message}`)
      }
    },

    /** It must be empty. */
    removeBucket: async (name: string, account: string) => {
      await client.send(new DeleteBucketCommand({ Bucket: name, ExpectedBucketOwner: account }))
    },
  } as const
}

export function tlsOnly(bucket: string, partition: string) {
  const arn = `arn:${partition}:s3:::${bucket}`
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'OnlyByTls',
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: [arn, `${arn}/*`],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  }
}

const PAGES_MAX = 1_000
/** AWS's own limit. */
const DELETED_AT_ONCE = 1_000
