import { isObject } from '../call-order.ts'
import { offerEnrolment } from './enrolment-policies.ts'
import {
  type Authenticator,
  activeTelephonyHook,
  changed,
  newborn,
  type OrgState,
  type Status,
} from './org-state.ts'
import {
  type Answer,
  type ApiRequest,
  blanks,
  found,
  invalid,
  type Json,
  notFound,
  notOneOf,
  ok,
  oktaError,
  type Route,
  textAt,
} from './route.ts'

const PHONE = 'phone_number'

/** `/api/v1/authenticators`: what users can sign in with. None can be deleted, only deactivated. */
export function authenticatorRoutes(org: OrgState): readonly Route[] {
  const all = '/api/v1/authenticators'
  const one = `${all}/:authenticatorId`
  const withOne = ({ params }: ApiRequest, use: (authenticator: Authenticator) => Answer) =>
    found(org.authenticators, params.authenticatorId, 'Authenticator', use)
  const withMethod = (request: ApiRequest, use: (authenticator: Authenticator, method: string) => Answer) =>
    withOne(request, authenticator => {
      const method = request.params.methodType ?? ''
      return method in authenticator.methods
        ? use(authenticator, method)
        : notFound(method, 'AuthenticatorMethod')
    })
  const lifecycles = (['activate', 'deactivate'] as const).flatMap((step): readonly Route[] => [
    {
      method: 'POST',
      path: `${one}/lifecycle/${step}`,
      handle: request => withOne(request, authenticator => setStatus(org, authenticator, step)),
    },
    {
      method: 'POST',
      path: `${one}/methods/:methodType/lifecycle/${step}`,
      handle: request =>
        withMethod(request, (authenticator, method) => setMethod(org, authenticator, method, step)),
    },
  ])
  return [
    {
      method: 'GET',
      path: all,
      handle: () => ok([...org.authenticators.values()].map(authenticator => written(org, authenticator))),
    },
    {
      method: 'POST',
      path: all,
      handle: ({ body, query }) => create(org, body, query.get('activate') === 'true'),
    },
    { method: 'GET', path: one, handle: request => withOne(request, found => ok(written(org, found))) },
    {
      method: 'PUT',
      path: one,
      handle: request => withOne(request, found => replace(org, found, request.body)),
    },
    {
      method: 'GET',
      path: `${one}/methods`,
      handle: request =>
        withOne(request, found => ok(Object.keys(found.methods).map(method => methodOf(org, found, method)))),
    },
    {
      method: 'GET',
      path: `${one}/methods/:methodType`,
      handle: request => withMethod(request, (found, method) => ok(methodOf(org, found, method))),
    },
    ...lifecycles,
  ]
}

/** The phone authenticator, if it has been added. */
export function phoneAuthenticator(org: OrgState): Authenticator | undefined {
  return [...org.authenticators.values()].find(({ key }) => key === PHONE)
}

function create(org: OrgState, body: Json, isActive: boolean): Answer {
  const problems = [...blanks(body, ['key', 'name']), ...useProblems(body)]
  if (problems.length > 0) return invalid(problems)
  if (body.key !== PHONE) return invalid([`key: This stand-in adds only ${PHONE}`])
  if (phoneAuthenticator(org)) {
    return oktaError(400, 'E0000157', 'An authenticator with this key is already active.')
  }
  if (isActive && !activeTelephonyHook(org)) return noProvider('E0000264')
  const authenticator: Authenticator = {
    ...newborn(org, 'aut'),
    key: PHONE,
    name: textAt(body, 'name') ?? '',
    type: 'phone',
    status: isActive ? 'ACTIVE' : 'INACTIVE',
    // As in Okta's example answer.
    settings: isObject(body.settings) ? body.settings : { allowedFor: 'none' },
    methods: { sms: 'ACTIVE', voice: 'INACTIVE' },
  }
  org.authenticators.set(authenticator.id, authenticator)
  if (isActive) offerEnrolment(org, PHONE)
  return ok(written(org, authenticator))
}

function useProblems(body: Json): readonly string[] {
  return notOneOf(body, 'settings.allowedFor', ['any', 'none', 'recovery', 'sso'])
}

function replace(org: OrgState, authenticator: Authenticator, body: Json): Answer {
  const problems = [...blanks(body, ['name']), ...useProblems(body)]
  if (problems.length > 0) return invalid(problems)
  const settings = isObject(body.settings) ? body.settings : authenticator.settings
  const replaced = changed(org, authenticator, { name: textAt(body, 'name') ?? '', settings })
  org.authenticators.set(replaced.id, replaced)
  return ok(written(org, replaced))
}

function setStatus(org: OrgState, authenticator: Authenticator, step: 'activate' | 'deactivate'): Answer {
  if (step === 'activate' && authenticator.key === PHONE && !activeTelephonyHook(org)) {
    return noProvider('E0000264')
  }
  const next = changed(org, authenticator, { status: statusAfter(step) })
  org.authenticators.set(next.id, next)
  if (step === 'activate') offerEnrolment(org, next.key)
  return ok(written(org, next))
}

function setMethod(
  org: OrgState,
  authenticator: Authenticator,
  method: string,
  step: 'activate' | 'deactivate',
): Answer {
  if (step === 'activate' && authenticator.key === PHONE && !activeTelephonyHook(org)) {
    return noProvider('E0000226')
  }
  const methods = { ...authenticator.methods, [method]: statusAfter(step) }
  const next = changed(org, authenticator, { methods })
  org.authenticators.set(next.id, next)
  return ok(methodOf(org, next, method))
}

function statusAfter(step: 'activate' | 'deactivate'): Status {
  return step === 'activate' ? 'ACTIVE' : 'INACTIVE'
}

/** Okta has two codes for this, and does not document when it uses which. */
function noProvider(code: 'E0000226' | 'E0000264'): Answer {
  const what = code === 'E0000226' ? 'telephony inline hook' : 'telephony hook or provider'
  return oktaError(400, code, `An active ${what} is required to use the phone authenticator.`)
}

function written(org: OrgState, { methods: _methods, settings, ...authenticator }: Authenticator): Json {
  const self = `${org.url}/api/v1/authenticators/${authenticator.id}`
  const step = authenticator.status === 'ACTIVE' ? 'deactivate' : 'activate'
  return {
    ...authenticator,
    ...(Object.keys(settings).length > 0 && { settings }),
    _links: {
      self: { href: self },
      methods: { href: `${self}/methods` },
      [step]: { href: `${self}/lifecycle/${step}`, hints: { allow: ['POST'] } },
    },
  }
}

function methodOf(org: OrgState, { id, methods }: Authenticator, type: string): Json {
  const self = `${org.url}/api/v1/authenticators/${id}/methods/${type}`
  return { type, status: methods[type], _links: { self: { href: self } } }
}
