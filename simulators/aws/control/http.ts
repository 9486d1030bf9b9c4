import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'

/** A request with its whole body. */
export type ControlRequest = {
  readonly method: string
  /** The path, decoded. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /**
   * The service in the signature's scope: `cloudformation`, `s3`, `sts`, `sms-voice`. The signature is not verified.
   */
  readonly service: string
  readonly region: string
}

export type Answer = {
  readonly status: number
  readonly contentType?: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Undefined when the body is larger than 20 MB. */
export async function readRequest(request: IncomingMessage): Promise<ControlRequest | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= BODY_BYTES_MAX) chunks.push(chunk)
  }
  if (size > BODY_BYTES_MAX) return undefined
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stand-in')
  // Credential=key/date/region/service/aws4_request
  const [, credential = ''] = /Credential=([^,\s]+)/.exec(request.headers.authorization ?? '') ?? []
  const [, , region = '', service = ''] = credential.split('/')
  return {
    method: request.method ?? 'GET',
    path: decodeURIComponent(pathname),
    query: searchParams,
    headers: request.headers,
    body: Buffer.concat(chunks),
    service,
    region,
  }
}

export function send(response: ServerResponse, { status, contentType, body = '', headers }: Answer): void {
  response.writeHead(status, {
    ...(contentType !== undefined && { 'content-type': contentType }),
    'content-length': Buffer.byteLength(body),
    ...headers,
  })
  response.end(body)
}

export function json(status: number, value: unknown, contentType = 'application/json'): Answer {
  return { status, contentType, body: JSON.stringify(value) }
}

const BODY_BYTES_MAX = 20 * 1024 * 1024

export type XmlValue =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlValue[]
  | { readonly [name: string]: XmlValue }

/**
 * One element with its content; empty if the value is undefined. Lists are wrapped, each item in `<member>`, as the
 * query protocol has them; with `flat` their items repeat the element, as S3 has them.
 */
export function xml(name: string, value: XmlValue, lists: 'member' | 'flat' = 'member'): string {
  if (value === undefined) return ''
  if (Array.isArray(value)) {
    const items = value as readonly XmlValue[]
    return lists === 'flat'
      ? items.map(item => xml(name, item, lists)).join('')
      : `<${name}>${items.map(item => xml('member', item, lists)).join('')}</${name}>`
  }
  const content =
    typeof value === 'object'
      ? Object.entries(value)
          .map(([child, inner]) => xml(child, inner as XmlValue, lists))
          .join('')
      : escapeXml(String(value))
  return `<${name}>${content}</${name}>`
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
}
