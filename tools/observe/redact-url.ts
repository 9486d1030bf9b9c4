/** An address without its host, and without every part of its path that is not a word of Okta's own paths. */
export function redactUrl(text: string): string {
  const [, scheme, rest = ''] = /^(https?):\/\/[^/?#]*(.*)$/is.exec(text) ?? []
  const path = scheme === undefined ? text : rest
  if (path !== '' && !path.startsWith('/')) return 'text that is no address'
  const [plain = '', query] = path.split(/[?#]/, 2)
  const parts = plain
    .split('/')
    .slice(1, PARTS_MAX + 1)
    .map(part => (part === '' || OKTAS_OWN.has(part) ? part : '…'))
  const shown = parts.length === 0 ? '' : `/${parts.join('/')}`
  const host = scheme === undefined ? '' : `${scheme.toLowerCase()}://(host)`
  return `\`${host}${shown}${query === undefined ? '' : '?…'}\``
}

const PARTS_MAX = 12

/** Not every plain word: an app's or a company's name may be one. */
const OKTAS_OWN: ReadonlySet<string> = new Set(
  `api v1 v2 internal admin idp idx oauth2 default authorize token login signin app apps authn sso saml
  inlineHooks com.okta.telephony.provider generatePreview execute users me credentials factors authenticators
  enroll enrollments activate verify verification challenge challenges answer poll resend resendByUrl introspect
  identify interact select cancel skip recover recovery recoverpassword password reset forgot_password unlock
  unlock-account reset-password change_password expire_password phone phones sms call voice lifecycle transactions
  enduser settings profile myaccount device register`.split(/\s+/),
)
