import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from '@aws-sdk/client-s3'

/** One version of an object, or a delete marker. */
export type StoredVersion = {
  readonly key: string
  readonly version: string
  /** Milliseconds since 1970. */
  readonly at: number
  /** The newest version, which a request without a version ID gets. */
  readonly isCurrent: boolean
}

/**
 * The private bucket from which Lambda and CloudFormation read. Its name can be guessed, so each call names the account
 * that must own it. Nothing is written to a bucket of another account.
 */
export function createCodeBucket(client: S3Client) {
  return {
    /** Its owner: this account, none (it does not exist), or another account (also if we may not read it). */
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

    /** Created in the region of the client, which AWS's SDK adds. */
    create: async (name: string) => {
      await client.send(new CreateBucketCommand({ Bucket: name }))
    },

    isVersioned: async (name: string, account: string): Promise<boolean> => {
      const { Status } = await client.send(
        new GetBucketVersioningCommand({ Bucket: name, ExpectedBucketOwner: account }),
      )
      return Status === 'Enabled'
    },

    /** Private, encrypted, versioned, TLS only. Set at each deployment, which reverts changes by others. */
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
        new PutBucketVersioningCommand({ ...bucket, VersioningConfiguration: { Status: 'Enabled' } }),
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

    /**
     * Resolves with the ID of the new version. S3 refuses content that does not match the checksum (SHA-256, base64).
     */
    put: async (
      name: string,
      account: string,
      key: string,
      body: Uint8Array,
      sha256: string,
    ): Promise<string> => {
      const { VersionId = '' } = await client.send(
        new PutObjectCommand({
          Bucket: name,
          ExpectedBucketOwner: account,
          Key: key,
          Body: body,
          ChecksumSHA256: sha256,
        }),
      )
      return VersionId
    },

    /** The SHA-256 of a version, as computed by S3, base64. Undefined if there is no such version, or no checksum. */
    checksumOf: async (
      name: string,
      account: string,
      key: string,
      version: string,
    ): Promise<string | undefined> => {
      const read = await client
        .send(
          new HeadObjectCommand({
            Bucket: name,
            ExpectedBucketOwner: account,
            Key: key,
            VersionId: version,
            ChecksumMode: 'ENABLED',
          }),
        )
        .catch((error: unknown) => {
          const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode
          // 400: the ID is not that of a version.
          if (status === 404 || status === 400) return undefined
          throw error
        })
      return read?.ChecksumSHA256
    },

    /** Every version of every key, including delete markers. Objects from before versioning have the ID `null`. */
    list: async (name: string, account: string): Promise<readonly StoredVersion[]> => {
      const versions: StoredVersion[] = []
      let next: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {}
      for (let page = 0; page < PAGES_MAX && next !== undefined; page++) {
        const read: ListObjectVersionsCommandOutput = await client.send(
          new ListObjectVersionsCommand({ Bucket: name, ExpectedBucketOwner: account, ...next }),
        )
        const { Versions = [], DeleteMarkers = [], NextKeyMarker, NextVersionIdMarker } = read
        for (const [all, isMarker] of [
          [Versions, false],
          [DeleteMarkers, true],
        ] as const) {
          for (const { Key = '', VersionId = 'null', LastModified, IsLatest = false } of all)
            versions.push({
              key: Key,
              version: VersionId,
              at: LastModified?.getTime() ?? 0,
              isCurrent: IsLatest && !isMarker,
            })
        }
        next =
          NextKeyMarker === undefined
            ? undefined
            : {
                KeyMarker: NextKeyMarker,
                ...(NextVersionIdMarker !== undefined && { VersionIdMarker: NextVersionIdMarker }),
              }
      }
      return versions
    },

    /** Permanently: with their version IDs, no older content is left behind a delete marker. */
    remove: async (
      name: string,
      account: string,
      versions: readonly Pick<StoredVersion, 'key' | 'version'>[],
    ) => {
      for (let from = 0; from < versions.length; from += DELETED_AT_ONCE) {
        const Objects = versions
          .slice(from, from + DELETED_AT_ONCE)
          .map(({ key, version }) => ({ Key: key, VersionId: version }))
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

/** @internal exported for its judge */
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
