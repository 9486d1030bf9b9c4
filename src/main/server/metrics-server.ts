import type { RequestListener } from 'node:http'
import type { Metrics } from '../../adapters/prometheus/metrics.ts'
import { settingTable } from '../../config/setting-table.ts'
import type { Settings } from '../../config/settings.ts'
import { pathOf } from '../../http/app.ts'
import { type Listener, listen } from './listen.ts'

/** `GET /metrics` on its own port, if the settings have one. */
export async function serveMetrics(
  metrics: Pick<Metrics, 'page'>,
  settings: Settings,
): Promise<Listener | undefined> {
  const { metricsPort: port } = settings.server
  if (port === undefined) return undefined
  const page: RequestListener = (incoming, outgoing) => {
    if (pathOf(incoming.url) !== '/metrics') {
      outgoing.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' })
      outgoing.end('Only /metrics is served here.\n')
      return
    }
    metrics.page().then(
      ({ contentType, text }) => outgoing.writeHead(200, { 'content-type': contentType }).end(text),
      () => outgoing.destroy(),
    )
  }
  const listener = await listen(page, '127.0.0.1', port, settingTable.server.metricsPort.name)
  return { ...listener, url: `${listener.url}/metrics` }
}
