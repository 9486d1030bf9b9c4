import { XMLParser } from 'fast-xml-parser'
import { ACCOUNT } from './faults.ts'
import type { Answer, Asked } from './http.ts'
import { type XmlValue, xml } from './xml.ts'

type Bucket = {
  readonly region: string
  readonly objects: Map<string, { readonly body: Buffer; readonly modifiedAt: string }>
  /** `publicAccessBlock`, `encryption`, `policy`, `lifecycle`, `tagging`: as they were put. */
  readonly settings: Map<string, string>
}

export type Buckets = ReadonlyMap<string, Bucket>

export type S3 = {
  readonly buckets: Buckets
  /** The IAM action of a request. */
  readonly actionOf: (asked: Asked) => string
  readonly answer: (asked: Asked) => Answer
}

/** S3 in memory, addressed by path: `/bucket/key`. */
export function createS3(now: () => Date): S3 {
  const buckets = new Map<string, Bucket>()
  return {
    buckets,
    actionOf,
    answer: asked => {
      const [, name = '', key = ''] = /^\/([^/]+)\/?(.*)$/s.exec(asked.path) ?? []
      const { method } = asked
      const bucket = buckets.get(name)
      if (bucket === undefined) {
        if (method !== 'PUT' || key !== '' || settingOf(asked) !== undefined)
          return problem(404, 'NoSuchBucket', 'The specified bucket does not exist')
        return createBucket(buckets, name, asked)
      }
      const owner = asked.headers['x-amz-expected-bucket-owner'] ?? ACCOUNT
      if (owner !== ACCOUNT) return problem(403, 'AccessDenied', 'Access Denied')
      if (key !== '') return answerObject(bucket, key, asked, now)
      return answerBucket(buckets, name, bucket, asked)
    },
  }
}

function createBucket(buckets: Map<string, Bucket>, name: string, { region, body }: Asked): Answer {
  const asked = PARSER.parse(body) as {
    CreateBucketConfiguration?: { LocationConstraint?: string }
  }
  const place = asked.CreateBucketConfiguration?.LocationConstraint
  // us-east-1 has no name of its own here; every other region must be named.
  if ((place ?? 'us-east-1') !== region)
    return problem(400, 'IllegalLocationConstraintException', 'The location constraint is not this region')
  buckets.set(name, { region, objects: new Map(), settings: new Map() })
  return { status: 200, headers: { location: `/${name}` } }
}

function answerBucket(buckets: Map<string, Bucket>, name: string, bucket: Bucket, asked: Asked): Answer {
  const { method, query, body } = asked
  const setting = settingOf(asked)
  if (method === 'HEAD') return { status: 200, headers: { 'x-amz-bucket-region': bucket.region } }
  if (method === 'PUT' && setting !== undefined) {
    bucket.settings.set(setting, body.toString('utf8'))
    return { status: setting === 'policy' || setting === 'tagging' ? 204 : 200 }
  }
  if (method === 'PUT')
    return problem(409, 'BucketAlreadyOwnedByYou', 'Your previous request to create the bucket succeeded')
  if (method === 'GET' && query.get('list-type') === '2') return listObjects(name, bucket, query)
  if (method === 'POST' && query.has('delete')) {
    const { Delete } = PARSER.parse(body) as { Delete?: { Object?: { Key: string } | { Key: string }[] } }
    const keys = [Delete?.Object ?? []].flat().map(({ Key }) => String(Key))
    for (const key of keys) bucket.objects.delete(key)
    return xmlAnswer('DeleteResult', { Deleted: keys.map(Key => ({ Key })) })
  }
  if (method === 'DELETE') {
    if (bucket.objects.size > 0)
      return problem(409, 'BucketNotEmpty', 'The bucket you tried to delete is not empty')
    buckets.delete(name)
    return { status: 204 }
  }
  return problem(405, 'MethodNotAllowed', `The stand-in does not know ${method} here`)
}

function answerObject(bucket: Bucket, key: string, { method, body }: Asked, now: () => Date): Answer {
  if (method === 'PUT') {
    bucket.objects.set(key, { body, modifiedAt: now().toISOString() })
    return { status: 200, headers: { etag: '"stand-in"' } }
  }
  const object = bucket.objects.get(key)
  if (object === undefined) return problem(404, 'NoSuchKey', 'The specified key does not exist.')
  return method === 'HEAD'
    ? { status: 200, headers: { 'last-modified': new Date(object.modifiedAt).toUTCString() } }
    : problem(405, 'MethodNotAllowed', `The stand-in does not know ${method} here`)
}

function listObjects(name: string, bucket: Bucket, query: URLSearchParams): Answer {
  const after = query.get('continuation-token') ?? ''
  const keys = [...bucket.objects.keys()]
    .filter(key => key.startsWith(query.get('prefix') ?? '') && key > after)
    .sort()
  const page = keys.slice(0, KEYS_A_PAGE)
  const isTruncated = keys.length > page.length
  return xmlAnswer('ListBucketResult', {
    Name: name,
    KeyCount: page.length,
    IsTruncated: isTruncated,
    NextContinuationToken: isTruncated ? page.at(-1) : undefined,
    Contents: page.map(Key => {
      const object = bucket.objects.get(Key)
      return { Key, LastModified: object?.modifiedAt, Size: object?.body.length }
    }),
  })
}

function actionOf(asked: Asked): string {
  const { method, query } = asked
  const isObject = /^\/[^/]+\/./.test(asked.path)
  const setting = settingOf(asked)
  if (isObject) return method === 'PUT' ? 'PutObject' : method === 'DELETE' ? 'DeleteObject' : 'GetObject'
  if (setting !== undefined) return SETTINGS[setting] ?? setting
  if (method === 'PUT') return 'CreateBucket'
  if (method === 'DELETE') return 'DeleteBucket'
  return method === 'POST' && query.has('delete') ? 'DeleteObject' : 'ListBucket'
}

function settingOf({ query }: Asked): string | undefined {
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
}
const KEYS_A_PAGE = 3
const PARSER = new XMLParser({ parseTagValue: false })
