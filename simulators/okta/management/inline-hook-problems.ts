import { type InlineHook, type OrgState, TELEPHONY } from './org-state.ts'
import { at, blanks, type Json, notOneOf, textAt } from './route.ts'

const TYPES = [
  TELEPHONY,
  'com.okta.oauth2.tokens.transform',
  'com.okta.import.transform',
  'com.okta.saml.tokens.transform',
  'com.okta.user.pre-registration',
  'com.okta.user.credential.password.import',
]
const CONFIG = 'channel.config'

/** Okta's problems with an inline hook, field by field. `old` is the current hook, if this is an update. */
export function inlineHookProblems(org: OrgState, body: Json, old?: InlineHook): readonly string[] {
  return [
    ...blanks(body, ['name', 'version', `${CONFIG}.uri`, 'channel.type', 'channel.version']),
    ...notOneOf(body, 'version', ['1.0.0']),
    ...notOneOf(body, 'channel.version', ['1.0.0']),
    ...typeProblems(body, old),
    ...addressProblems(body, `${CONFIG}.uri`),
    ...notOneOf(body, `${CONFIG}.method`, ['POST']),
    ...headerProblems(body),
    ...notOneOf(body, 'channel.type', ['HTTP', 'OAUTH']),
    ...(at(body, 'channel.type') === 'OAUTH' ? tokenProblems(org, body) : []),
    ...(at(body, 'channel.type') === 'HTTP' ? secretProblems(body) : []),
  ]
}

function typeProblems(body: Json, old: InlineHook | undefined): readonly string[] {
  if (!old) return [...blanks(body, ['type']), ...notOneOf(body, 'type', TYPES)]
  return body.type === undefined || body.type === old.type ? [] : ['type: The field cannot be changed']
}

/** Okta accepts only https. A hook on the stand-in's own machine may use http. */
export function addressProblems(body: Json, path: string): readonly string[] {
  const text = textAt(body, path)
  if (text === undefined) return []
  const url = URL.parse(text)
  const isLoopback = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url?.hostname ?? '')
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback)) return []
  return [`${path}: The value must be a valid https URL`]
}

export function headerProblems(body: Json): readonly string[] {
  const headers = at(body, `${CONFIG}.headers`)
  if (headers === undefined || headers === null) return []
  const isRight =
    Array.isArray(headers) && headers.every(header => textAt(header, 'key') && textAt(header, 'value'))
  return isRight ? [] : [`${CONFIG}.headers: Each header needs a key and a value`]
}

function tokenProblems(org: OrgState, body: Json): readonly string[] {
  const hookKeyId = textAt(body, `${CONFIG}.hookKeyId`)
  if (at(body, `${CONFIG}.authType`) !== 'private_key_jwt') {
    return [`${CONFIG}.authType: This stand-in knows only private_key_jwt`]
  }
  const needed = ['clientId', 'scope', 'tokenUrl', 'hookKeyId'].map(name => `${CONFIG}.${name}`)
  const scheme = at(body, `${CONFIG}.authScheme`)
  return [
    ...(scheme === undefined || scheme === null ? [] : [`${CONFIG}.authScheme: The value must be null`]),
    ...blanks(body, needed),
    ...addressProblems(body, `${CONFIG}.tokenUrl`),
    ...(hookKeyId === undefined || org.hookKeys.has(hookKeyId)
      ? []
      : [`${CONFIG}.hookKeyId: There is no hook key ${hookKeyId}`]),
  ]
}

/** Okta never returns a secret, so an update of the hook must contain it again. */
function secretProblems(body: Json): readonly string[] {
  const scheme = `${CONFIG}.authScheme`
  return [
    ...blanks(body, [`${scheme}.key`, `${scheme}.value`]),
    ...notOneOf(body, `${scheme}.type`, ['HEADER']),
  ]
}
