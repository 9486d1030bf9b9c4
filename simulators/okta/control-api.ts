import { type Context, Hono } from 'hono'
import { isObject, parseOrder } from './call-order.ts'
import { parseEventDelivery } from './event-sender.ts'
import { parseKeysFault, parseTokenFault } from './faults.ts'
import { done, ORG_OVERVIEW, orgControls, type Reply, refuse } from './management/org-control.ts'
import type { OrgHandle } from './management/org-handle.ts'
import type { Okta } from './okta.ts'
import { parseEnteredCode } from './user-events.ts'

const OVERVIEW = `The stand-in for Okta. Bodies and answers are JSON.

POST /caller/calls  {"to": "+12025550123"}   act as Okta: ask the hook to deliver a code
GET  /caller/calls                           the last 200 calls, newest last
PUT  /caller/hook   {"url": "http://..."}    where the hook is
POST /caller/codes  {"code": "123456", "to": "+12025550123"}   act as a user: enter the code
POST /caller/sign-ins {"factor": "OKTA_VERIFY_PUSH"}   act as a user: sign in by another factor
PUT  /caller/event-hook {"url": "http://...", "secret": "..."}   without an org: where events go
GET  /caller/events                          the last 200 posts of events
PUT  /caller/events {"when": "prompt|late|held|lost", "ms": 5000, "copies": 2, "isReversed": true, "isApart": true}
POST /caller/events/release                  send what is held
POST /caller/token  {"scope": "..."}         a new access token of the hook's client
POST /faults/keys   {"mode": "up|down|slow|garbage|endless", "ms": 5000}
POST /faults/token  {"lifetimeSeconds": 60, "claims": {"cid": "other"}, "delayMs": 100}
POST /keys/rotate   {"drop": false, "unseen": false}
GET  /stats                                  how often keys and tokens were asked for
`

/** The HTTP API for people and tests: everything that the handle of `startOkta` can do. */
export function controlApi(okta: Okta): Hono {
  const app = new Hono()
  app.get('/', c => c.text(`${OVERVIEW}${okta.org ? ORG_OVERVIEW : ''}`))
  app.get('/stats', c => c.json(okta.stats()))
  app.get('/caller/calls', c => c.json(okta.calls()))
  app.post('/caller/calls', c => answer(c, body => placeCall(okta, body)))
  app.put('/caller/hook', c => answer(c, body => setHook(okta, body)))
  app.post('/caller/codes', c => answer(c, body => enterCode(okta, body)))
  app.post('/caller/sign-ins', c => answer(c, body => signIn(okta, body)))
  app.put('/caller/event-hook', c => answer(c, body => setEventHook(okta, body)))
  app.get('/caller/events', c => c.json(okta.eventPosts()))
  app.put('/caller/events', c => answer(c, body => setFault(parseEventDelivery(body), okta.setEventDelivery)))
  app.post('/caller/events/release', c => answer(c, () => okta.releaseEvents().then(() => done({}))))
  app.post('/caller/token', c => answer(c, body => newToken(okta, body)))
  app.post('/faults/keys', c => answer(c, body => setFault(parseKeysFault(body), okta.setKeysFault)))
  app.post('/faults/token', c => answer(c, body => setFault(parseTokenFault(body), okta.setTokenFault)))
  app.post('/keys/rotate', c => answer(c, body => rotateKeys(okta, body)))
  if (okta.org) addOrg(app, okta.org)
  return app
}

function addOrg(app: Hono, org: OrgHandle): void {
  app.get('/org/export', c => c.body(org.export(), 200, { 'Content-Type': 'application/json' }))
  for (const [what, handle] of Object.entries(orgControls(org))) {
    const [method = '', path = ''] = what.split(' ')
    app.on(method, path, c => answer(c, handle))
  }
}

async function placeCall(okta: Okta, body: Record<string, unknown>): Promise<Reply> {
  const parsed = parseOrder(body)
  if (parsed.kind === 'problem') return refuse(parsed.problem)
  const problem = okta.cannotCall(parsed.order)
  return problem === undefined ? done(await okta.call(parsed.order)) : { status: 409, body: { problem } }
}

async function setHook(okta: Okta, { url }: Record<string, unknown>): Promise<Reply> {
  if (typeof url !== 'string' || !/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    return refuse('"url" must be an http or https address.')
  }
  const problem = okta.setHookUrl(url)
  return problem === undefined ? done({ url }) : { status: 409, body: { problem } }
}

async function enterCode(okta: Okta, body: Record<string, unknown>): Promise<Reply> {
  const entered = parseEnteredCode(body)
  return entered ? done(okta.enterCode(entered)) : refuse('"code" must be a text, and so must "to".')
}

async function signIn(okta: Okta, { factor }: Record<string, unknown>): Promise<Reply> {
  if (typeof factor !== 'string') return refuse('"factor" must be a text, such as OKTA_VERIFY_PUSH.')
  okta.signIn(factor)
  return done({ factor })
}

async function setEventHook(okta: Okta, { url, secret }: Record<string, unknown>): Promise<Reply> {
  if (typeof url !== 'string' || !URL.canParse(url) || typeof secret !== 'string') {
    return refuse('"url" must be an address, and "secret" a text.')
  }
  const problem = await okta.setEventHook({ url, headers: { Authorization: secret } })
  return problem === undefined ? done({ url }) : { status: 409, body: { problem } }
}

async function newToken(okta: Okta, { scope }: Record<string, unknown>): Promise<Reply> {
  if (scope !== undefined && typeof scope !== 'string') return refuse('"scope" must be a text.')
  const token = await okta.fetchToken(scope)
  return token.kind === 'token' ? done(token) : { status: 502, body: { problem: token.reason } }
}

async function setFault<Fault extends object>(
  fault: Fault | undefined,
  set: (fault: Fault) => void,
): Promise<Reply> {
  if (!fault) return refuse('Unknown fault. GET / lists the faults.')
  set(fault)
  return done(fault)
}

async function rotateKeys(okta: Okta, { drop, unseen }: Record<string, unknown>): Promise<Reply> {
  return done(await okta.rotateKeys({ drop: drop === true, unseen: unseen === true }))
}

/** Reads the JSON body (an empty body is an empty object) and writes the reply. */
async function answer(
  c: Context,
  handle: (body: Record<string, unknown>) => Promise<Reply>,
): Promise<Response> {
  const reply = await readObject(c).then(body =>
    body ? handle(body) : refuse('The body must be a JSON object.'),
  )
  return c.json(reply.body, reply.status)
}

async function readObject(c: Context): Promise<Record<string, unknown> | undefined> {
  const text = await c.req.text()
  try {
    const body: unknown = JSON.parse(text === '' ? '{}' : text)
    return isObject(body) ? body : undefined
  } catch {
    return undefined
  }
}
