import { createHash, randomUUID } from 'node:crypto'
import { XMLParser } from 'fast-xml-parser'
import { ACCOUNT } from './faults.ts'
import { type Answer, type ControlRequest, type XmlValue, xml } from './http.ts'

type Bucket = {
  readonly region: string
  /** The versions of each key, newest first. Without versioning there is one, with the ID `null`. */
  readonly objects: Map<string, readonly Version[]>
  /** `publicAccessBlock`, `encryption`, `policy`, `lifecycle`, `tagging`, `versioning`: as they were sent. */
  readonly settings: Map<string, string>
}

export type Version = {
  readonly id: string
  /** Undefined: a delete marker. */
  readonly body: Buffer | undefined
  readonly modifiedAt: string
}

/** A version by its ID. Default: the newest, which may be a delete marker. */
export function findVersion({ objects }: Bucket, key: string, id?: string): Version | undefined {
  const versions = objects.get(key) ?? []
  return id === undefined ? versions[0] : versions.find(one => one.id === id)
}

export type Buckets = ReadonlyMap<string, Bucket>

export type S3 = {
  readonly buckets: Buckets
  /** The IAM action of a request. */
  readonly actionOf: (request: ControlRequest) => string
  readonly answer: (request: ControlRequest) => Answer
}

/** S3 in memory, addressed by path: `/bucket/key`. */
export function createS3(now: () => Date): S3 {
  const buckets = new Map<string, Bucket>()
  return {
    buckets,
    actionOf,
    answer: request => {
      const [, name = '', key = ''] = /^\/([^/]+)\/?(.*)$/s.exec(request.path) ?? []
      const { method } = request
      const bucket = buckets.get(name)
      if (bucket === undefined) {
        if (method !== 'PUT' || key !== '' || settingOf(request) !== undefined)
          return problem(404, 'NoSuchBucket', 'The specified bucket does not exist')
        return createBucket(buckets, name, request)
      }
      const owner = request.headers['x-amz-expected-bucket-owner'] ?? ACCOUNT
      if (owner !== ACCOUNT) return problem(403, 'AccessDenied', 'Access Denied')
      if (key !== '') return answerObject(bucket, key, request, now)
      return answerBucket(buckets, name, bucket, request, now)
    },
  }
}

function createBucket(buckets: Map<string, Bucket>, name: string, { region, body }: ControlRequest): Answer {
  const request = PARSER.parse(body) as {
    CreateBucketConfiguration?: { LocationConstraint?: string }
  }
  const place = request.CreateBucketConfiguration?.LocationConstraint
  // us-east-1 has no location constraint; every other region must be named.
  if ((place ?? 'us-east-1') !== region)
    return problem(400, 'IllegalLocationConstraintException', 'The location constraint is not this region')
  buckets.set(name, { region, objects: new Map(), settings: new Map() })
  return { status: 200, headers: { location: `/${name}` } }
}

function answerBucket(
  buckets: Map<string, Bucket>,
  name: string,
  bucket: Bucket,
  request: ControlRequest,
  now: () => Date,
): Answer {
  const { method, query, body } = request
  const setting = settingOf(request)
  if (method === 'HEAD') return { status: 200, headers: { 'x-amz-bucket-region': bucket.region } }
  if (method === 'PUT' && setting !== undefined) {
    bucket.settings.set(setting, body.toString('utf8'))
    return { status: setting === 'policy' || setting === 'tagging' ? 204 : 200 }
  }
  if (method === 'GET' && setting === 'versioning') {
    const Status = isVersioned(bucket) ? 'Enabled' : undefined
    return xmlAnswer('VersioningConfiguration', { Status })
  }
  if (method === 'PUT')
    return problem(409, 'BucketAlreadyOwnedByYou', 'Your previous request to create the bucket succeeded')
  if (method === 'GET' && query.get('list-type') === '2') return listObjects(name, bucket, query)
  if (method === 'GET' && query.has('versions')) return listVersions(name, bucket, query)
  if (method === 'POST' && query.has('delete')) {
    const { Delete } = PARSER.parse(body) as { Delete?: { Object?: Deletion | Deletion[] } }
    const deletions = [Delete?.Object ?? []].flat()
    for (const { Key, VersionId } of deletions) remove(bucket, String(Key), VersionId, now)
    return xmlAnswer('DeleteResult', { Deleted: deletions.map(({ Key }) => ({ Key })) })
  }
  if (method === 'DELETE') {
    if (bucket.objects.size > 0)
      return problem(409, 'BucketNotEmpty', 'The bucket you tried to delete is not empty')
    buckets.delete(name)
    return { status: 204 }
  }
  return problem(405, 'MethodNotAllowed', `The stand-in does not know ${method} here`)
}

type Deletion = { readonly Key: string; readonly VersionId?: string }

function isVersioned({ settings }: Bucket): boolean {
  return settings.get('versioning')?.includes('<Status>Enabled</Status>') ?? false
}

function answerObject(bucket: Bucket, key: string, request: ControlRequest, now: () => Date): Answer {
  const { method, body, headers, query } = request
  if (method === 'PUT') {
    const expected = headers['x-amz-checksum-sha256']
    if (expected !== undefined && expected !== sha256(body))
      return problem(400, 'BadDigest', 'The SHA256 you specified did not match the calculated checksum.')
    const id = isVersioned(bucket) ? randomUUID() : 'null'
    const older = (bucket.objects.get(key) ?? []).filter(one => one.id !== id)
    bucket.objects.set(key, [{ id, body, modifiedAt: now().toISOString() }, ...older])
    return { status: 200, headers: { etag: '"stand-in"', ...(id !== 'null' && { 'x-amz-version-id': id }) } }
  }
  if (method === 'DELETE') {
    remove(bucket, key, query.get('versionId') ?? undefined, now)
    return { status: 204 }
  }
  const version = findVersion(bucket, key, query.get('versionId') ?? undefined)
  if (version?.body === undefined) return problem(404, 'NoSuchKey', 'The specified key does not exist.')
  return method === 'HEAD'
    ? {
        status: 200,
        headers: {
          'last-modified': new Date(version.modifiedAt).toUTCString(),
          'x-amz-version-id': version.id,
          ...(headers['x-amz-checksum-mode'] === 'ENABLED' && {
            'x-amz-checksum-sha256': sha256(version.body),
          }),
        },
      }
    : method === 'GET'
      ? { status: 200, body: version.body.toString('utf8') }
      : problem(405, 'MethodNotAllowed', `The stand-in does not know ${method} here`)
}

/** Without a version ID, a versioned bucket only gets a delete marker; nothing is deleted. */
function remove(bucket: Bucket, key: string, id: string | undefined, now: () => Date): void {
  const versions = bucket.objects.get(key) ?? []
  if (id === undefined && isVersioned(bucket)) {
    const marker: Version = { id: randomUUID(), body: undefined, modifiedAt: now().toISOString() }
    bucket.objects.set(key, [marker, ...versions])
    return
  }
  const left = versions.filter(one => one.id !== (id ?? 'null'))
  if (left.length > 0) bucket.objects.set(key, left)
  else bucket.objects.delete(key)
}

/** In short pages; a page begins after a version of a key. */
function listVersions(name: string, bucket: Bucket, query: URLSearchParams): Answer {
  const prefix = query.get('prefix') ?? ''
  const all = [...bucket.objects.entries()]
    .filter(([key]) => key.startsWith(prefix))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([key, versions]) => versions.map((version, at) => ({ key, version, isLatest: at === 0 })))
  const marker = query.get('key-marker')
  const from =
    marker === null
      ? 0
      : 1 +
        all.findIndex(({ key, version }) => key === marker && version.id === query.get('version-id-marker'))
  const page = all.slice(from, from + KEYS_A_PAGE)
  const last = page.at(-1)
  const isTruncated = from + page.length < all.length
  const entry = ({ key, version, isLatest }: (typeof all)[number]) => ({
    Key: key,
    VersionId: version.id,
    IsLatest: isLatest,
    LastModified: version.modifiedAt,
  })
  return xmlAnswer('ListVersionsResult', {
    Name: name,
    IsTruncated: isTruncated,
    NextKeyMarker: isTruncated ? last?.key : undefined,
    NextVersionIdMarker: isTruncated ? last?.version.id : undefined,
    Version: page.filter(({ version }) => version.body !== undefined).map(entry),
    DeleteMarker: page.filter(({ version }) => version.body === undefined).map(entry),
  })
}

function sha256(body: Buffer): string {
  return createHash('sha256').update(body).digest('base64')
}

function listObjects(name: string, bucket: Bucket, query: URLSearchParams): Answer {
  const after = query.get('continuation-token') ?? ''
  const keys = [...bucket.objects.keys()]
    .filter(key => key.startsWith(query.get('prefix') ?? '') && key > after)
    .filter(key => findVersion(bucket, key)?.body !== undefined)
    .sort()
  const page = keys.slice(0, KEYS_A_PAGE)
  const isTruncated = keys.length > page.length
  return xmlAnswer('ListBucketResult', {
    Name: name,
    KeyCount: page.length,
    IsTruncated: isTruncated,
    NextContinuationToken: isTruncated ? page.at(-1) : undefined,
    Contents: page.map(Key => {
      const object = findVersion(bucket, Key)
      return { Key, LastModified: object?.modifiedAt, Size: object?.body?.length }
    }),
  })
}

function actionOf(request: ControlRequest): string {
  const { method, query } = request
  const isObject = /^\/[^/]+\/./.test(request.path)
  const setting = settingOf(request)
  if (isObject) return method === 'PUT' ? 'PutObject' : method === 'DELETE' ? 'DeleteObject' : 'GetObject'
  if (setting === 'versioning' && method === 'GET') return 'GetBucketVersioning'
  if (query.has('versions')) return 'ListBucketVersions'
  if (setting !== undefined) return SETTINGS[setting] ?? setting
  if (method === 'PUT') return 'CreateBucket'
  if (method === 'DELETE') return 'DeleteBucket'
  return method === 'POST' && query.has('delete') ? 'DeleteObject' : 'ListBucket'
}

function settingOf({ query }: ControlRequest): string | undefined {
  return Object.keys(SETTINGS).find(name => query.has(name))
}

function xmlAnswer(name: string, value: XmlValue): Answer {
  return { status: 200, contentType: 'application/xml', body: xml(name, value, 'flat') }
}

function problem(status: number, code: string, message: string): Answer {
  return { status, contentType: 'application/xml', body: xml('Error', { Code: code, Message: message }) }
}

const SETTINGS: Readonly<Record<string, string>> = {
  publicAccessBlock: 'PutBucketPublicAccessBlock',
  encryption: 'PutEncryptionConfiguration',
  policy: 'PutBucketPolicy',
  lifecycle: 'PutLifecycleConfiguration',
  tagging: 'PutBucketTagging',
  versioning: 'PutBucketVersioning',
}
const KEYS_A_PAGE = 3
const PARSER = new XMLParser({ parseTagValue: false })
