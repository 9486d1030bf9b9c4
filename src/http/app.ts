import { Hono } from 'hono'
import type { Hook } from './hook.ts'
import { webHook } from './web-hook.ts'

export type AppParts = {
  readonly path: string
  readonly hook: Hook
  /** `POST /events/carrier`; undefined where no topic is set. */
  readonly receipts: ((request: Request) => Promise<Response>) | undefined
  readonly readiness: () => Promise<Response>
}

/** Every address of the hook server, as one web-standard Request to Response. */
export function createApp({ path, hook, receipts, readiness }: AppParts): Hono {
  const app = new Hono()
  const answer = webHook(hook)
  app.post(path, context => answer(context.req.raw))
  if (receipts !== undefined) app.post('/events/carrier', context => receipts(context.req.raw))
  app.get('/healthz', context => context.json({ status: 'ok' }))
  app.get('/readyz', readiness)
  app.notFound(context => context.json({ error: `Nothing here. The hook is POST ${path}.` }, 404))
  return app
}
