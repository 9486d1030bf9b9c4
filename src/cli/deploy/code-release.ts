import { createHash } from 'node:crypto'
import type { BuiltTemplate, Cloud } from '../terminal/cloud.ts'
import type { Context } from '../terminal/context.ts'
import { Problem } from '../terminal/problem.ts'

/** Where the code of an account and region is stored; every stack of Hookline there shares it. */
export function codeBucketOf(account: string, region: string): string {
  return `hookline-code-${account}-${region}`
}

export type Uploaded = {
  readonly templateUrl: string
  /** Template parameter to the version of its archive that the functions run. */
  readonly versions: ReadonlyMap<string, string>
}

/**
 * Secures the bucket, and uploads the release: existing objects with the same names are never trusted. If AWS's checksum
 * of the version that the stack runs is that of the archive, that version is kept, and nothing changes.
 */
export async function uploadRelease(
  cloud: Cloud,
  { print }: Pick<Context, 'print'>,
  { account, partition }: { readonly account: string; readonly partition: string },
  { name, parameters }: { readonly name: string; readonly parameters: ReadonlyMap<string, string> },
  { release, template, archives }: BuiltTemplate,
): Promise<Uploaded> {
  const { codeBucket, region } = cloud
  const bucket = codeBucketOf(account, region)
  await secureBucket(cloud, print, bucket, account, partition)
  const versions = new Map<string, string>()
  for (const [archive, content] of archives) {
    const key = codeKey(release, archive)
    const sha256 = sha256Of(content)
    const put = await codeBucket.put(bucket, account, key, content, sha256)
    const parameter = codeVersionParameter(archive)
    const running = parameters.get(parameter) ?? ''
    const isSame = running !== '' && (await codeBucket.checksumOf(bucket, account, key, running)) === sha256
    versions.set(parameter, isSame ? running : put)
    if (!isSame) print(`✓ uploaded      ${archive}, ${Math.ceil(content.length / 1024)} KB`)
  }
  const key = templateKey(name, release)
  await codeBucket.put(bucket, account, key, template, sha256Of(template))
  return { templateUrl: `https://${bucket}.s3.${region}.amazonaws.com/${key}`, versions }
}

/** `HookCodeVersion` for `hook.zip`. */
function codeVersionParameter(archive: string): string {
  const name = archive.replace(/\.zip$/, '')
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}CodeVersion`
}

/** Where an archive of a release is kept. */
export function codeKey(release: string, archive: string): string {
  return `${CODE}/${release}/${archive}`
}

async function secureBucket(
  { codeBucket }: Cloud,
  print: Context['print'],
  bucket: string,
  account: string,
  partition: string,
): Promise<void> {
  const owner = await codeBucket.look(bucket, account)
  if (owner === 'not ours') {
    throw new Problem(
      'settings',
      `The bucket ${bucket} belongs to another account, or you may not read it. Ask for rights to it; nothing was uploaded.`,
    )
  }
  if (owner === 'none') await codeBucket.create(bucket)
  const isVersioned = owner === 'ours' && (await codeBucket.isVersioned(bucket, account))
  await codeBucket.protect(bucket, account, partition)
  const what =
    owner === 'none'
      ? ', created: private, encrypted, versioned, TLS only'
      : isVersioned
        ? ''
        : ', changed: it now keeps versions'
  print(`✓ code bucket   ${bucket}${what}`)
}

function sha256Of(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('base64')
}

/**
 * Removes code that nothing needs any more, but never that of a release that a stack runs: CloudFormation reads it again
 * when it rolls a failed change back. That is why no lifecycle rule of the bucket does this.
 */
export async function removeOldReleases(
  cloud: Cloud,
  account: string,
  stack: string,
  release: string,
  now: number,
): Promise<void> {
  const bucket = codeBucketOf(account, cloud.region)
  const objects = await cloud.codeBucket.list(bucket, account)
  const current = templateKey(stack, release)
  const isOldTemplate = (key: string): boolean => key.startsWith(`${STACKS}/${stack}/`) && key !== current
  const inUse = objects.flatMap(({ key, isCurrent }) =>
    isOldTemplate(key) || !isCurrent ? [] : (/^stacks\/[^/]+\/([^/]+)\.yaml$/.exec(key)?.[1] ?? []),
  )
  const isOldCode = (key: string, at: number): boolean => {
    const [folder, itsRelease = ''] = key.split('/')
    return folder === CODE && !inUse.includes(itsRelease) && at < now - KEPT_MS
  }
  await cloud.codeBucket.remove(
    bucket,
    account,
    objects.filter(({ key, at }) => isOldTemplate(key) || isOldCode(key, at)),
  )
}

/** Removes what belongs to a stack; with the last stack, the bucket. */
export async function removeCode(
  cloud: Cloud,
  account: string,
  stack: string,
): Promise<'none' | 'removed' | 'shared'> {
  const bucket = codeBucketOf(account, cloud.region)
  if ((await cloud.codeBucket.look(bucket, account)) !== 'ours') return 'none'
  const objects = await cloud.codeBucket.list(bucket, account)
  const own = objects.filter(({ key }) => key.startsWith(`${STACKS}/${stack}/`))
  const isShared = objects.some(
    object => object.isCurrent && object.key.startsWith(`${STACKS}/`) && !own.includes(object),
  )
  await cloud.codeBucket.remove(bucket, account, isShared ? own : objects)
  if (isShared) return 'shared'
  await cloud.codeBucket.removeBucket(bucket, account)
  return 'removed'
}

function templateKey(stack: string, release: string): string {
  return `${STACKS}/${stack}/${release}.yaml`
}

/** The template names its archives by this folder. */
const CODE = 'hookline'
const STACKS = 'stacks'
const KEPT_MS = 90 * 24 * 60 * 60 * 1000
