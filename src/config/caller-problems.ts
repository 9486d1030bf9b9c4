/**
 * Why a text cannot be the issuer of access tokens, as a clause after its name ("is …"); undefined if it can. A token's
 * `iss` is compared with it character by character. Okta's form is `https://<host>/oauth2/<server>`; an issuer on loopback
 * may have any path. Source: Okta, "Authorization servers", and RFC 8414 §3.3.
 */
export function issuerProblem(text: string): string | undefined {
  const url = URL.parse(text)
  if (url === null || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))))
    return 'is not an https address (http on loopback only)'
  const better = correctedIssuer(url)
  const instead = better === undefined ? '' : `: write ${better}`
  if (text.includes('?') || text.includes('#'))
    return `has a query or a fragment, which an issuer cannot have${instead}`
  if (url.username !== '' || url.password !== '')
    return `has a user name, which an issuer cannot have${instead}`
  if (ADMIN_HOST.test(url.hostname))
    return `is an address of the admin console, which issues no tokens${instead}`
  const [, end] = ENDPOINT.exec(url.pathname) ?? []
  if (end !== undefined)
    return better === undefined
      ? ORG_SERVER
      : `ends in ${end}, which is an endpoint, not the issuer${instead}`
  if (/.\/$/.test(url.pathname) || text.endsWith('/')) {
    return isLoopback(url) || better !== undefined
      ? `ends in a slash, which the claim iss does not have${instead}`
      : ORG_SERVER
  }
  if (isLoopback(url)) return undefined
  if (/^\/(oauth2(\/v1)?)?$/.test(url.pathname)) return ORG_SERVER
  if (!ISSUER_PATH.test(url.pathname))
    return `has the path ${url.pathname}, but an issuer of Okta has /oauth2/ and the ID of an authorization server${instead}`
  if (better === undefined || text === better) return undefined
  return `differs from the claim iss, which has the host in lower case and no port${instead}`
}

/** The issuer that was probably intended; undefined if the address names no custom authorization server. */
function correctedIssuer(url: URL): string | undefined {
  const path = url.pathname
    .replace(/\/{2,}/g, '/')
    .replace(ENDPOINT, '')
    .replace(/(.)\/v1$/, '$1')
    .replace(/\/$/, '')
  if (isLoopback(url)) return `${url.origin}${path}`
  if (!ISSUER_PATH.test(path)) return undefined
  return `https://${url.hostname.replace(/\.$/, '').replace(ADMIN_HOST, '$1')}${path}`
}

/** `v1` is the path of the org authorization server's endpoints, and no server's ID. */
const ISSUER_PATH = /^\/oauth2\/(?!v1$)[A-Za-z0-9_-]+$/
/** Endpoints that Okta shows next to the issuer, and that people copy by mistake. */
const ENDPOINT =
  /(\/v1\/(?:token|keys|authorize|introspect|revoke|logout|userinfo|clients)|\/\.well-known\/(?:openid-configuration|oauth-authorization-server))\/?$/
/** Host of the admin console. Only in Okta's own domains, because a custom domain may also end in -admin. */
const ADMIN_HOST = /-admin(\.(?:okta|oktapreview|okta-emea|okta-gov)\.com|\.okta\.mil)$/
const ORG_SERVER =
  'is the org authorization server, whose access tokens only Okta can verify: use a custom one, such as https://example.okta.com/oauth2/default (in Okta: Security > API)'

/**
 * Why a header cannot carry the secret, as a clause after its name ("is …"); undefined if it can. Refuses headers
 * that have another meaning, and headers that do not arrive.
 */
export function secretHeaderProblem(name: string): string | undefined {
  const lower = name.toLowerCase()
  if (lower === 'authorization') {
    return `is not a usable header: access tokens are sent in Authorization, so a secret there is read as a token. ${IN_OKTA}`
  }
  if (/^[a-z][a-z0-9_-]{0,63}$/.test(lower) && lower.includes('_')) {
    return `is not a usable header: many proxies, including nginx, drop headers with an underscore. ${IN_OKTA}`
  }
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(lower))
    return 'is not a header name of at most 64 letters, digits and hyphens that begins with a letter'
  if (TAKEN.split(' ').includes(lower) || TAKEN_PREFIXES.some(prefix => lower.startsWith(prefix))) {
    return `is not a usable header: HTTP, Okta or a proxy sets this header itself. ${IN_OKTA}`
  }
  return undefined
}

const IN_OKTA =
  'In Okta, edit the inline hook and give it another authentication field, such as X-Hookline-Secret, then set the same name here'

/**
 * Headers that HTTP clients and proxies set, or that API Gateway renames. Source: RFC 9110; API Gateway, "Important notes",
 * headers of REST APIs. Okta's hooks send Accept, Content-Type and User-Agent.
 */
const TAKEN =
  'accept cache-control connection cookie date expect forwarded from host keep-alive max-forwards origin pragma range ' +
  'referer server set-cookie te trailer trailers transfer-encoding upgrade user-agent via warning www-authenticate x-real-ip'
const TAKEN_PREFIXES = [
  ...['accept-', 'access-control-', 'content-', 'if-', 'proxy-', 'sec-'],
  ...['cf-', 'cloudfront-', 'x-amz-', 'x-amzn-', 'x-forwarded-'],
]

/** Whether the address is on this machine. Only such addresses may be called without TLS. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)
}
