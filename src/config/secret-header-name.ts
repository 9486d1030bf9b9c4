/**
 * Why a header cannot carry the secret, as a clause that follows its name ("is …"); undefined when it can. Refused are
 * headers that mean something else already, and those that are lost on the way.
 */
export function secretHeaderProblem(name: string): string | undefined {
  const lower = name.toLowerCase()
  if (lower === 'authorization') {
    return `is no header name for a secret: access tokens come in Authorization, so a secret there is read as one. ${IN_OKTA}`
  }
  if (/^[a-z][a-z0-9_-]{0,63}$/.test(lower) && lower.includes('_')) {
    return `is no header name for a secret: many proxies, nginx among them, drop headers with an underscore. ${IN_OKTA}`
  }
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(lower))
    return 'is no header name of at most 64 letters, digits and hyphens that begins with a letter'
  if (TAKEN.has(lower) || TAKEN_PREFIXES.some(prefix => lower.startsWith(prefix))) {
    return `is no header name for a secret: HTTP, Okta or a proxy on the way sets this header itself. ${IN_OKTA}`
  }
  return undefined
}

const IN_OKTA =
  'In Okta, edit the inline hook, name another authentication field there, such as X-Hookline-Secret, and set the same name here'

/**
 * Set by HTTP clients and proxies themselves, or renamed by API Gateway. Source: RFC 9110; API Gateway, "Important notes",
 * headers of REST APIs. Okta's hooks send Accept, Content-Type and User-Agent.
 */
const TAKEN: ReadonlySet<string> = new Set(
  (
    'accept cache-control connection cookie date expect forwarded from host keep-alive max-forwards origin pragma range ' +
    'referer server set-cookie te trailer trailers transfer-encoding upgrade user-agent via warning www-authenticate x-real-ip'
  ).split(' '),
)
const TAKEN_PREFIXES = [
  ...['accept-', 'access-control-', 'content-', 'if-', 'proxy-', 'sec-'],
  ...['cf-', 'cloudfront-', 'x-amz-', 'x-amzn-', 'x-forwarded-'],
]
