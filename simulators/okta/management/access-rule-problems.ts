import { isObject } from '../call-order.ts'
import { at, type Json, notOneOf } from './route.ts'

const SIGN_ON = 'actions.appSignOn'
const METHOD = `${SIGN_ON}.verificationMethod`

/** Okta's problems with the action of a rule of an ACCESS_POLICY. */
export function accessRuleProblems(body: Json): readonly string[] {
  if (!isObject(at(body, SIGN_ON))) return [`${SIGN_ON}: The field cannot be left blank`]
  const isAllowed = at(body, `${SIGN_ON}.access`) === 'ALLOW'
  return [
    ...notOneOf({ access: 'missing', ...known(at(body, SIGN_ON)) }, 'access', ['ALLOW', 'DENY']).map(
      problem => `${SIGN_ON}.${problem}`,
    ),
    ...(isAllowed ? methodProblems(body) : []),
  ]
}

function methodProblems(body: Json): readonly string[] {
  const method = at(body, METHOD)
  if (!isObject(method)) return [`${METHOD}: The field cannot be left blank`]
  const constraints = method.constraints ?? []
  return [
    ...(method.type === 'ASSURANCE' ? [] : [`${METHOD}.type: This stand-in knows only ASSURANCE`]),
    ...(method.factorMode === '1FA' || method.factorMode === '2FA'
      ? []
      : [`${METHOD}.factorMode: The value must be one of 1FA, 2FA`]),
    ...(isPeriod(method.reauthenticateIn)
      ? []
      : [`${METHOD}.reauthenticateIn: The value must be an ISO 8601 period`]),
    ...(Array.isArray(constraints)
      ? constraints.flatMap(constraintProblems)
      : [`${METHOD}.constraints: The value must be a list`]),
    ...(method.factorMode === '1FA' && Array.isArray(constraints) && constraints.some(hasBoth)
      ? [`${METHOD}.factorMode: Two factors are required, and one is allowed`]
      : []),
  ]
}

function constraintProblems(constraint: unknown): readonly string[] {
  const where = `${METHOD}.constraints`
  if (!isObject(constraint)) return [`${where}: A constraint must be an object`]
  return Object.entries(constraint).flatMap(([kind, wanted]) => {
    if (kind !== 'knowledge' && kind !== 'possession')
      return [`${where}.${kind}: There is no such constraint`]
    const methods = at(wanted, 'authenticationMethods')
    if (methods === undefined) return []
    if (!Array.isArray(methods)) return [`${where}.${kind}.authenticationMethods: The value must be a list`]
    return methods.flatMap(one => {
      const allowed = METHODS[kind][String(at(one, 'key'))]
      const method = at(one, 'method')
      return allowed !== undefined && (method === undefined || allowed.includes(String(method)))
        ? []
        : [`${where}.${kind}.authenticationMethods: ${at(one, 'key')} ${method} is no such factor`]
    })
  })
}

/** The authenticators of this stand-in, as factors. */
const METHODS: Readonly<Record<'knowledge' | 'possession', Readonly<Record<string, readonly string[]>>>> = {
  knowledge: { okta_password: ['password'] },
  possession: {
    phone_number: ['sms', 'voice'],
    okta_email: ['email'],
    okta_verify: ['totp', 'push', 'signed_nonce'],
  },
}

function hasBoth(constraint: unknown): boolean {
  return at(constraint, 'knowledge.required') === true && at(constraint, 'possession.required') === true
}

function isPeriod(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && /^PT\d+[HMS]$/.test(value))
}

function known(value: unknown): Json {
  return isObject(value) ? value : {}
}
