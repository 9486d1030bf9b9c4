import { createCarrier } from '../src/adapters/aws/carrier.ts'
import { startClock } from '../src/adapters/node/system-clock.ts'
import { startSqliteStore } from '../src/adapters/sqlite/store.ts'
import { readSettings, type Settings } from '../src/config/settings.ts'
import { defaultLimits } from '../src/core/policy/limits.ts'
import { createHook } from '../src/http/hook.ts'
import { parseJsonBody } from '../src/http/read-json-body.ts'
import { carrierOptions } from '../src/main/aws-calls.ts'
import { demoRoutes } from '../src/main/demo/demo-routes.ts'
import { createLog } from '../src/main/log.ts'
import { seedTemplates } from '../src/main/seed-templates.ts'
import { retention } from '../src/main/server/retention.ts'
import { serverAws } from '../src/main/server/server-aws.ts'
import { serverParts } from '../src/main/server/service.ts'
import { handleLoads } from './load.ts'
import { oktaRequests } from './okta-requests.ts'

/**
 * What is measured: the hook of `hookline serve`, all its parts real, called as its server calls it, without the server. Settings come from the environment as `serve` reads them; `BENCH_TOKEN` is an
 * access token of their issuer. Events are logged to standard output.
 */
const settings = settingsOf(process.env)
const token = process.env.BENCH_TOKEN ?? ''
const store = startSqliteStore(settings.store.dataFolder, Date.now, retention(settings.store), {
  reportLogBytes: 32 * 1024 * 1024, // as in serve: with the thread for checkpoints
})
await seedTemplates(store, Date.now)
await store.saveRoutes(demoRoutes, { author: 'a test', at: 0 })
await store.saveLimits({ ...defaultLimits, mode: 'observe' }, { author: 'a test', at: 0 }) // counted, never refused
const log = createLog(process.stdout, setImmediate)
const clock = startClock(log)
const send = createCarrier(carrierOptions(settings, serverAws(), clock.steadyNow))
const hook = createHook(serverParts(settings, { store, send, clock, record: log }).parts)
const header = (name: string): string | null => (name === 'authorization' ? `Bearer ${token}` : null)
const headerNames = (): readonly string[] => ['authorization']

handleLoads(oktaRequests(), async body => {
  const readBody = async () => parseJsonBody(Buffer.from(body))
  const answer = await hook({ header, headerNames, readBody, gateway: undefined })
  const text = JSON.stringify(answer.body)
  if (!text.includes('"SUCCESSFUL"')) throw new Error(`The hook answered ${answer.httpStatus} ${text}`)
})

function settingsOf(environment: NodeJS.ProcessEnv): Settings {
  const read = readSettings(environment)
  if (read.kind === 'problems') throw new Error(read.problems.join('\n'))
  return read.settings
}
