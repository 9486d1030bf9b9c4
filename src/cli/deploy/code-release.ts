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
  /** For each template parameter: the version of its archive that the functions run. */
  readonly versions: ReadonlyMap<string, string>
}

/**
 * Secures the bucket and uploads the release, even over objects with the same names: they are never trusted. If the
 * version that the stack runs has the archive's checksum, the stack keeps that version.
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

/** `HookCodeVersion` for `hook.zip`, `OneFunctionCodeVersion` for `one-function.zip`. */
function codeVersionParameter(archive: string): string {
  const words = archive.replace(/\.zip$/, '').split('-')
  return `${words.map(word => word.charAt(0).toUpperCase() + word.slice(1)).join('')}CodeVersion`
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
      `The bucket ${bucket} belongs to another account, or you have no permission to read it. Nothing was uploaded. Ask for access to it.`,
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
        : ', changed: now versioned'
  print(`✓ code bucket   ${bucket}${what}`)
}

function sha256Of(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('base64')
}

/**
 * Removes code that is no longer needed, but never that of a release that a stack runs: CloudFormation reads it again to
 * roll back a failed change. A lifecycle rule of the bucket could not tell the two apart.
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

/** Removes the code of a stack; with the last stack, also the bucket. */
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

/** The folder of the archives, as the template names it. */
const CODE = 'hookline'
const STACKS = 'stacks'
const KEPT_MS = 90 * 24 * 60 * 60 * 1000
