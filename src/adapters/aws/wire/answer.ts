/** An answer as it was received. */
export type Answer = {
  readonly status: number
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

/** The members of a JSON object: whatever the service sent, their types not checked. */
export type Members = Readonly<Record<string, unknown>>

/** A service answered, and not with what was asked for. `name` is the service's own, such as `ThrottlingException`. */
export class ServiceError extends Error {
  readonly status: number
  /** Of AWS: a proxy or firewall in between gives none. */
  readonly requestId: string | undefined
  /** The members of the answer; none if it was not a JSON object. */
  readonly members: Members

  constructor(name: string, { status, headers }: Answer, members: Members = {}) {
    const text = members.message ?? members.Message
    super(typeof text === 'string' ? text : `HTTP ${status}`)
    this.name = name
    this.status = status
    this.requestId = requestIdOf(headers)
    this.members = members
  }
}

/** The members of a good answer. Throws `ServiceError` for any other, one that did not come whole included. */
export function readAnswer(answer: Answer): Members {
  const { status, headers, body } = answer
  const checksum = headers['x-amz-crc32'] // DynamoDB's, of the body
  if (checksum !== undefined && Number(checksum) !== crc32(body))
    throw new ServiceError('ChecksumMismatch', answer)
  const members = membersOf(answer)
  if (status >= 200 && status < 300) return members
  throw new ServiceError(errorName(members, headers), answer, members)
}

/**
 * The checksum of ISO 3309 and ITU-T V.42, which DynamoDB sends of each body. Node's own is in `node:zlib`, which takes a
 * function 3 to 7 ms of CPU to load: more than all that it ever checks. @internal
 */
export function crc32(bytes: Uint8Array): number {
  let rest = 0xffffffff
  for (let index = 0; index < bytes.length; index += 1)
    rest = (rest >>> 8) ^ (TABLE[(rest ^ (bytes[index] ?? 0)) & 0xff] ?? 0)
  return ~rest >>> 0
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1
  return rest
})

function membersOf(answer: Answer): Members {
  const { body } = answer
  if (body.length === 0) return {}
  try {
    const value: unknown = JSON.parse(body.toString())
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Members) : {}
  } catch (error) {
    throw new ServiceError(error instanceof Error ? error.name : 'Error', answer)
  }
}

/**
 * `__type`, else `code`, else the header: `com.amazonaws.dynamodb.v20120810#ThrottlingException` or
 * `ThrottlingException:http://…`, of which only the name counts.
 */
function errorName(members: Members, headers: Answer['headers']): string {
  const code = Object.keys(members).find(key => key.toLowerCase() === 'code')
  const text =
    members.__type ?? (code === undefined ? undefined : members[code]) ?? headers['x-amzn-errortype']
  if (typeof text === 'number') return String(text)
  if (typeof text !== 'string') return 'Unknown'
  const [name = ''] = text.split(/[,:]/)
  return name.includes('#') ? (name.split('#')[1] ?? '') : name
}

function requestIdOf(headers: Answer['headers']): string | undefined {
  const id = headers['x-amzn-requestid'] ?? headers['x-amzn-request-id'] ?? headers['x-amz-request-id']
  return [id].flat()[0]
}

/**
 * By how much AWS's clock is ahead of ours, by the answer's `Date`; 0 while that is within what AWS tolerates. Undefined if
 * the answer does not say: without a date, from a cache, or when this process slept while it waited.
 */
export function clockSkewMs({ headers }: Answer, sentAt: number, answeredAt: number): number | undefined {
  const { date, age } = headers
  if (typeof date !== 'string' || age !== undefined || answeredAt - sentAt > SLEPT_MS) return undefined
  const skewMs = Date.parse(date) - answeredAt
  if (Number.isNaN(skewMs)) return undefined
  return Math.abs(skewMs) >= TOLERATED_MS ? skewMs : 0
}

const SLEPT_MS = 60_000
const TOLERATED_MS = 240_000 // AWS's 300,000, and one minute for what the clocks do meanwhile
