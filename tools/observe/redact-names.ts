/**
 * The name of a field, a claim or a header if it looks like an identifier of a programmer; otherwise only its length. A
 * name with few capitals, and with digits only at its end, is one. An ID, an address or a number is not.
 */
export function redactName(name: string): string {
  return isWord(name) ? name : `(a name of ${name.length} characters)`
}

function isWord(name: string): boolean {
  if (name.length > NAME_MAX || !/^[A-Za-z][A-Za-z_]*\d{0,2}$/.test(name)) return false
  const letters = name.replace(/[^A-Za-z]/g, '')
  const capitals = letters.replace(/[a-z]/g, '')
  return capitals.length * 3 <= letters.length
}

/** The names of known headers, and how many others there were: a header of somebody's own may be called like a company. */
export function redactHeaders(names: readonly string[]): readonly string[] {
  const lower = names.map(name => name.toLowerCase())
  const known = lower.filter(name => HEADERS.has(name) || OKTAS_HEADER.test(name))
  const others = lower.length - known.length
  return [...new Set(known), ...(others === 0 ? [] : [`(${others} of other names)`])].sort()
}

/** An address with its host and every part of its path hidden that is not a word of Okta's own paths. */
export function redactUrl(text: string): string {
  const [, scheme, rest = ''] = /^(https?):\/\/[^/?#]*(.*)$/is.exec(text) ?? []
  const path = scheme === undefined ? text : rest
  if (path !== '' && !path.startsWith('/')) return 'text that is no address'
  const [plain = '', query] = path.split(/[?#]/, 2)
  const parts = plain
    .split('/')
    .slice(1, PATH_PARTS_MAX + 1)
    .map(part => (part === '' || PATHS.has(part) ? part : '…'))
  const shown = parts.length === 0 ? '' : `/${parts.join('/')}`
  const host = scheme === undefined ? '' : `${scheme.toLowerCase()}://(host)`
  return `\`${host}${shown}${query === undefined ? '' : '?…'}\``
}

const NAME_MAX = 41

const OKTAS_HEADER = /^x-okta-[a-z-]{1,40}$/
const HEADERS: ReadonlySet<string> = new Set(
  `accept accept-charset accept-encoding accept-language authorization cache-control connection content-encoding
  content-length content-type cookie date dpop expect forwarded from host keep-alive origin pragma priority referer
  te transfer-encoding upgrade user-agent via x-forwarded-for x-forwarded-host x-forwarded-port x-forwarded-proto
  x-real-ip x-request-id x-correlation-id x-amzn-trace-id traceparent tracestate baggage b3 x-b3-traceid x-b3-spanid
  x-b3-sampled x-hookline-secret x-made-by`.split(/\s+/),
)

const PATH_PARTS_MAX = 12

/** Not every plain word: an app's or a company's name may be one. */
const PATHS: ReadonlySet<string> = new Set(
  `api v1 v2 internal admin idp idx oauth2 default authorize token login signin app apps authn sso saml
  inlineHooks com.okta.telephony.provider generatePreview execute users me credentials factors authenticators
  enroll enrollments activate verify verification challenge challenges answer poll resend resendByUrl introspect
  identify interact select cancel skip recover recovery recoverpassword password reset forgot_password unlock
  unlock-account reset-password change_password expire_password phone phones sms call voice lifecycle transactions
  enduser settings profile myaccount device register`.split(/\s+/),
)
