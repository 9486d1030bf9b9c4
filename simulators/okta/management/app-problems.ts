import { isObject } from '../call-order.ts'
import { at, blanks, type Json, notOneOf, textAt, textsAt } from './route.ts'

const CLIENT = 'settings.oauthClient'
const METHOD = 'credentials.oauthClient.token_endpoint_auth_method'

const METHODS = ['private_key_jwt', 'client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'none']
const TYPES = ['web', 'native', 'browser', 'service']
const GRANTS = ['authorization_code', 'implicit', 'password', 'refresh_token', 'client_credentials']

/** Okta's problems with an app of the kind `oidc_client`, field by field. */
export function appProblems(body: Json): readonly string[] {
  if (body.name !== undefined && body.name !== 'oidc_client') {
    return ['name: This stand-in knows only apps of the kind oidc_client']
  }
  if (body.signOnMode !== 'OPENID_CONNECT') return ['signOnMode: The value must be OPENID_CONNECT']
  return [
    ...blanks(body, ['label', METHOD, `${CLIENT}.application_type`]),
    ...((textAt(body, 'label') ?? '').length > 100
      ? ['label: The field is too long, 100 characters are allowed']
      : []),
    ...notOneOf(body, METHOD, METHODS),
    ...notOneOf(body, `${CLIENT}.application_type`, TYPES),
    ...grantProblems(body),
    ...keyProblems(body),
    ...flagProblems(body),
  ]
}

function grantProblems(body: Json): readonly string[] {
  const grants = textsAt(body, `${CLIENT}.grant_types`)
  if (grants.length === 0) return [`${CLIENT}.grant_types: The field cannot be left blank`]
  if (grants.some(grant => !GRANTS.includes(grant))) {
    return [`${CLIENT}.grant_types: The value must be one of ${GRANTS.join(', ')}`]
  }
  if (at(body, `${CLIENT}.application_type`) !== 'service') return []
  const isServiceGrant = grants.every(grant => grant === 'client_credentials')
  const responses = textsAt(body, `${CLIENT}.response_types`)
  return [
    ...(isServiceGrant ? [] : [`${CLIENT}.grant_types: A service app may only have client_credentials`]),
    ...(responses.every(type => type === 'token')
      ? []
      : [`${CLIENT}.response_types: A service app may only have token`]),
  ]
}

function keyProblems(body: Json): readonly string[] {
  if (at(body, METHOD) !== 'private_key_jwt') return []
  const where = `${CLIENT}.jwks`
  const keys = at(body, `${where}.keys`)
  if (!Array.isArray(keys) || keys.length === 0) {
    const hasAddress = textAt(body, `${CLIENT}.jwks_uri`) !== undefined
    return hasAddress ? [] : [`${where}: The field cannot be left blank with private_key_jwt`]
  }
  const ids = keys.map(key => at(key, 'kid'))
  return [
    ...keys.flatMap(key => oneKeyProblems(key, where)),
    ...(new Set(ids).size < ids.length ? [`${where}: Each key needs a kid of its own`] : []),
  ]
}

function oneKeyProblems(key: unknown, where: string): readonly string[] {
  if (!isObject(key)) return [`${where}: A key must be an object`]
  if (key.d !== undefined) return [`${where}: A key must be public`]
  if (key.kty !== 'RSA') return [`${where}: This stand-in knows only keys of the type RSA`]
  const ofOkta = ['id', 'created', 'lastUpdated', '_links'].filter(name => key[name] !== undefined)
  return [
    ...ofOkta.map(name => `${where}.${name}: The field is read-only`),
    ...blanks(key, ['kid', 'n', 'e']).map(problem => `${where}.${problem}`),
    // A hook key as Okta itself returns it has `alg` "RSA" and `use` null, and is refused here.
    ...(key.use === undefined || key.use === 'sig' ? [] : [`${where}: use must be sig`]),
    ...(key.alg === undefined || /^RS(256|384|512)$/.test(String(key.alg))
      ? []
      : [`${where}: alg must be RS256, RS384 or RS512`]),
  ]
}

function flagProblems(body: Json): readonly string[] {
  const path = `${CLIENT}.dpop_bound_access_tokens`
  const flag = at(body, path)
  return flag === undefined || flag === null || typeof flag === 'boolean'
    ? []
    : [`${path}: The value must be true or false`]
}
