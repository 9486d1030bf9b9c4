import { Hono } from 'hono'
import type { Hook } from './hook.ts'

/** Every address of the hook server, as one web-standard Request to Response. */
export function createApp(hook: Hook, path: string): Hono {
  const app = new Hono()
  app.post(path, context => hook(context.req.raw))
  app.get('/healthz', context => context.json({ status: 'ok' }))
  app.notFound(context => context.json({ error: `Nothing here. The hook is POST ${path}.` }, 404))
  return app
}
