import type { Metrics } from '../../adapters/prometheus/metrics.ts'
import { settingTable } from '../../config/setting-table.ts'
import type { Settings } from '../../config/settings.ts'
import { type Listener, listen, webListener } from './listen.ts'

/** `GET /metrics` on its own port, if the settings have one. */
export async function serveMetrics(
  metrics: Pick<Metrics, 'page'>,
  settings: Settings,
): Promise<Listener | undefined> {
  const { metricsPort: port } = settings.server
  if (port === undefined) return undefined
  const page = async ({ url }: Request): Promise<Response> => {
    if (new URL(url).pathname !== '/metrics')
      return new Response('Only /metrics is served here.\n', { status: 404 })
    const { contentType, text } = await metrics.page()
    return new Response(text, { headers: { 'content-type': contentType } })
  }
  const listener = await listen(webListener(page), '127.0.0.1', port, settingTable.server.metricsPort.name)
  return { ...listener, url: `${listener.url}/metrics` }
}
