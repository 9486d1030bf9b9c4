import type { BuiltTemplate, Cloud } from './cloud.ts'
import { Problem } from './problem.ts'
import type { Tools } from './tools.ts'

/** Where the code of an account and region lies; every stack of Hookline there shares it. */
export function codeBucketOf(account: string, region: string): string {
  return `hookline-code-${account}-${region}`
}

/** Makes sure of the bucket, and of the release in it. Resolves with the template's address. */
export async function uploadRelease(
  cloud: Cloud,
  { print }: Pick<Tools, 'print'>,
  { account, partition }: { readonly account: string; readonly partition: string },
  stack: string,
  { release, template, archives }: BuiltTemplate,
): Promise<string> {
  const { codeBucket, region } = cloud
  const bucket = codeBucketOf(account, region)
  const owner = await codeBucket.look(bucket, account)
  if (owner === 'not ours') {
    throw new Problem(
      'settings',
      `The bucket ${bucket} belongs to another account, or you may not read it. Ask for rights to it; nothing was uploaded.`,
    )
  }
  if (owner === 'none') await codeBucket.create(bucket)
  await codeBucket.protect(bucket, account, partition)
  print(`✓ code bucket   ${bucket}${owner === 'none' ? ', made: private, encrypted, by TLS only' : ''}`)

  const there = new Set((await codeBucket.list(bucket, account)).map(({ key }) => key))
  for (const [name, content] of archives) {
    const key = `${CODE}/${release}/${name}`
    if (there.has(key)) continue
    await codeBucket.put(bucket, account, key, content)
    print(`✓ uploaded      ${name}, ${Math.ceil(content.length / 1024)} KB`)
  }
  const key = templateKey(stack, release)
  await codeBucket.put(bucket, account, key, template)
  return `https://${bucket}.s3.${region}.amazonaws.com/${key}`
}

/**
 * Removes code that nothing can need any more. Never that of a release which a stack runs: CloudFormation reads it
 * again when it takes a failed change back. That is why no lifecycle rule of the bucket does this.
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
  const inUse = objects.flatMap(({ key }) =>
    isOldTemplate(key) ? [] : (/^stacks\/[^/]+\/([^/]+)\.yaml$/.exec(key)?.[1] ?? []),
  )
  const isOldCode = (key: string, at: number): boolean => {
    const [folder, itsRelease = ''] = key.split('/')
    return folder === CODE && !inUse.includes(itsRelease) && at < now - KEPT_MS
  }
  const old = objects.filter(({ key, at }) => isOldTemplate(key) || isOldCode(key, at))
  await cloud.codeBucket.remove(
    bucket,
    account,
    old.map(({ key }) => key),
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
  const keys = (await cloud.codeBucket.list(bucket, account)).map(({ key }) => key)
  const own = keys.filter(key => key.startsWith(`${STACKS}/${stack}/`))
  const isShared = keys.some(key => key.startsWith(`${STACKS}/`) && !own.includes(key))
  await cloud.codeBucket.remove(bucket, account, isShared ? own : keys)
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
