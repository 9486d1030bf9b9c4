import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createCanaryCredential } from '../../adapters/node/canary-credential.ts'
import { systemClock } from '../../adapters/node/system-clock.ts'
import type { CanaryTarget, OpenCanary } from '../../cli/canary/canary.ts'
import { Problem } from '../../cli/terminal/problem.ts'
import { canary } from '../../config/canary-settings.ts'
import type { Settings } from '../../config/settings.ts'
import type { DeliveryStore } from '../../core/records/delivery-store.ts'
import type { Secret } from '../../core/values/secret.ts'
import { callWith, knockWith } from '../canary-over-http.ts'
import { ownUrl } from '../server/healthz.ts'
import { openNamed } from '../server/open-store.ts'

/** A canary to the server of these settings, which runs: this machine's, or the one at the address. */
export async function openServersCanary(
  settings: Settings,
  hashKey: Secret,
  { url: asked, country: wanted, receiptMs }: CanaryTarget,
): Promise<OpenCanary> {
  const { host, port, path } = settings.server
  const url = asked === undefined ? (settings.canary.url ?? `${ownUrl(host, port)}${path}`) : readUrl(asked)
  const kept = settings.canary.country
  const country = wanted ?? (kept === 'off' ? 'US' : kept)
  const { table, dataFolder } = settings.store
  const hasStore = table !== undefined || existsSync(join(dataFolder, 'hookline.db'))
  const store = hasStore ? await openNamed(settings) : undefined
  return {
    country,
    parts: {
      url,
      knock: knockWith(settings.callers.secretHeader),
      call: callWith(url, country, createCanaryCredential(hashKey), systemClock.now),
      store,
      hasReceipts:
        settings.aws.receiptTopics !== undefined || (store !== undefined && (await hasReceipts(store))),
      receiptMs,
      clock: systemClock,
    },
    close: async () => store?.close(),
  }
}

function readUrl(text: string): string {
  const url = canary.url.read(text)
  if (url !== undefined) return url
  throw new Problem('usage', `--url is "${text}"; expected ${canary.url.allowed}.`)
}

/** The command may not know the server's settings: then a receipt of a recent code says that there are some. */
async function hasReceipts(store: Pick<DeliveryStore, 'pageDeliveries'>): Promise<boolean> {
  const { deliveries } = await store.pageDeliveries({ limit: 50 })
  return deliveries.some(({ progress }) => progress !== undefined)
}
