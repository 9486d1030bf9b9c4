import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createCanaryCredential } from '../../adapters/node/canary-credential.ts'
import { systemClock } from '../../adapters/node/system-clock.ts'
import type { CanaryTarget, OpenCanary } from '../../cli/canary/canary.ts'
import { findStack, hookOf, readStackSettings } from '../../cli/doctor/read-deployment.ts'
import { explainAwsError } from '../../cli/terminal/aws-error.ts'
import type { CloudAccess } from '../../cli/terminal/cloud.ts'
import { Problem } from '../../cli/terminal/problem.ts'
import { followedCanary } from '../../config/canary-address.ts'
import type { Settings } from '../../config/settings.ts'
import { hashKeysOf } from '../../config/store-settings.ts'
import type { DeliveryStore } from '../../core/records/delivery-store.ts'
import type { Secret } from '../../core/values/secret.ts'
import type { RestApiResult } from '../../http/rest-api.ts'
import { callWith, knockWith } from '../canary-over-http.ts'
import type { CanaryHour } from '../lambda/canary-hour.ts'
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
      call: callWith(
        url,
        country,
        createCanaryCredential(hashKeysOf(hashKey, settings.store)),
        systemClock.now,
      ),
      store,
      hasReceipts:
        settings.aws.receiptTopics !== undefined || (store !== undefined && (await hasReceipts(store))),
      receiptMs,
      clock: systemClock,
    },
    close: async () => store?.close(),
  }
}

/** A canary that the function of a deployment sends when this command runs it, as the rule of each hour does. */
export async function openStacksCanary(
  access: Pick<CloudAccess, 'open'>,
  name: string,
  region: string | undefined,
  { country: wanted, receiptMs }: CanaryTarget,
): Promise<OpenCanary> {
  const cloud = await access.open(region).catch(error => {
    throw explainAwsError(error)
  })
  try {
    const stack = await findStack(cloud, name)
    const read = readStackSettings(stack, cloud)
    if (read.kind === 'problems') throw new Problem('settings', read.problems.join('\n'))
    const { settings } = read
    const kept = settings.canary.country
    const country = wanted ?? (kept === 'off' ? 'US' : kept)
    const hook = hookOf(stack)
    const store = await openNamed(settings)
    return {
      country,
      parts: {
        url: stack.outputs.get('HookUrl') ?? '',
        knock: knockWith(settings.callers.secretHeader),
        call: async (at, signal) => {
          const time = new Date(at).toISOString()
          const event: CanaryHour = { source: 'aws.events', time, detail: { country } }
          const returned = await cloud.services.runFunction(hook.name, hook.alias, event, signal)
          const { statusCode: status, body } = returned as RestApiResult
          return { status, body }
        },
        store,
        hasReceipts: true,
        receiptMs,
        clock: systemClock,
      },
      close: async () => {
        await store.close()
        cloud.close()
      },
    }
  } catch (error) {
    cloud.close()
    throw explainAwsError(error)
  }
}

function readUrl(text: string): string {
  const url = followedCanary.url.read(text)
  if (url !== undefined) return url
  throw new Problem('usage', `--url is "${text}"; expected ${followedCanary.url.allowed}.`)
}

/** The command may not know the server's settings: then a receipt of a recent code says that there are some. */
async function hasReceipts(store: Pick<DeliveryStore, 'pageDeliveries'>): Promise<boolean> {
  const { deliveries } = await store.pageDeliveries({ limit: 50 })
  return deliveries.some(({ progress }) => progress !== undefined)
}
