/** The answer of a Lambda proxy integration. */
export type ProxyAnswer = {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
}

/**
 * Reads what a function returned; undefined if it does not have the form of a proxy answer, which results in a 502.
 */
export function readProxyAnswer(payload: string): ProxyAnswer | undefined {
  const answer: unknown = JSON.parse(payload)
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return undefined
  const {
    statusCode,
    headers = {},
    multiValueHeaders = {},
    body = '',
    isBase64Encoded = false,
    ...more
  } = answer as Readonly<Record<string, unknown>>
  const status = Number(statusCode)
  const isForm =
    Object.keys(more).length === 0 &&
    (typeof statusCode === 'number' || typeof statusCode === 'string') &&
    Number.isInteger(status) &&
    status >= 100 &&
    status <= 599 &&
    isMapOf(headers, isScalar) &&
    isMapOf(multiValueHeaders, values => Array.isArray(values) && values.every(isScalar)) &&
    (typeof body === 'string' || body === null) &&
    typeof isBase64Encoded === 'boolean'
  if (!isForm) return undefined
  const multi = Object.entries(Object(multiValueHeaders) as Readonly<Record<string, readonly unknown[]>>)
  const single = Object.entries(Object(headers) as Readonly<Record<string, unknown>>)
  const all = [
    ...multi.flatMap(([name, values]) => values.map(value => [name, String(value)] as const)),
    ...single.filter(([name]) => !multi.some(([other]) => other === name)),
  ].map(([name, value]) => [remapped(name), String(value)] as const)
  const hasType = all.some(([name]) => name.toLowerCase() === 'content-type')
  return {
    status,
    headers: hasType ? all : [...all, ['content-type', 'application/json']],
    // Base64 is decoded only if the API has binary media types; Hookline's has none.
    body: Buffer.from(String(body ?? '')),
  }
}

/** Developer guide, "Important notes": headers that the gateway reserves are renamed. */
function remapped(name: string): string {
  return REMAPPED.has(name.toLowerCase()) ? `x-amzn-Remapped-${name}` : name
}

const REMAPPED = new Set([
  ...[
    'authorization',
    'connection',
    'content-length',
    'content-md5',
    'date',
    'expect',
    'host',
    'max-forwards',
  ],
  ...['server', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'user-agent', 'warning', 'www-authenticate'],
])

function isMapOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  if (value === null) return true
  return typeof value === 'object' && !Array.isArray(value) && Object.values(Object(value)).every(isItem)
}

function isScalar(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value)
}
