import { Hono } from 'hono'
import { type Events, webEvents } from './events.ts'

export type AppParts = {
  /** Of the hook. */
  readonly path: string
  /** `POST /events/carrier`; undefined if no topic is set. */
  readonly receipts: ((request: Request) => Promise<Response>) | undefined
  /** `/events/okta`. */
  readonly events: Events | undefined
  readonly readiness: () => Promise<Response>
}

/** All addresses of the hook server except the hook itself, as a web-standard function from Request to Response. */
export function createApp({ path, receipts, events, readiness }: AppParts): Hono {
  const app = new Hono()
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
