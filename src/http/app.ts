import { Hono } from 'hono'
import { type Events, webEvents } from './events.ts'
import { BODY_MAX_BYTES, type Gateway, type Hook, type HookCall } from './hook.ts'
import { readJsonBody } from './read-json-body.ts'

export type AppParts = {
  readonly path: string
  readonly hook: Hook
  /** `POST /events/carrier`; undefined if no topic is set. */
  readonly receipts: ((request: Request) => Promise<Response>) | undefined
  /** `/events/okta`. */
  readonly events: Events | undefined
  readonly readiness: () => Promise<Response>
}

/** All addresses of the hook server, as a web-standard function from Request to Response. */
export function createApp({ path, hook, receipts, events, readiness }: AppParts): Hono {
  const app = new Hono()
  const answer = webHook(hook)
  app.post(path, context => answer(context.req.raw))
  if (receipts !== undefined) app.post('/events/carrier', context => receipts(context.req.raw))
  if (events !== undefined) {
    const answerEvents = webEvents(events)
    app.on(['GET', 'POST'], '/events/okta', context => answerEvents(context.req.raw))
  }
  app.get('/healthz', context => context.json({ status: 'ok' }))
  app.get('/readyz', readiness)
  app.notFound(context => context.json({ error: `Not found. The hook is POST ${path}.` }, 404))
  return app
}

/** The hook as a web-standard function from Request to Response, for servers. @internal */
export function webHook(hook: Hook): (request: Request) => Promise<Response> {
  return async request => {
    const { httpStatus: status, body } = await hook(readWebRequest(request))
    return body === undefined
      ? new Response(null, { status, headers: { 'www-authenticate': 'Bearer' } })
      : Response.json(body, { status })
  }
}

/** @internal */
export function readWebRequest(request: Request, gateway?: Gateway): HookCall {
  return {
    header: name => request.headers.get(name),
    readBody: () => readJsonBody(request, BODY_MAX_BYTES),
    gateway,
  }
}
