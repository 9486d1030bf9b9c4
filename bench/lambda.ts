import { mkdtempSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle } from '../infra/build/bundle.ts'
import { writeRuntimeLoop } from '../simulators/aws/lambda/function-files.ts'
import { writeLambdaReport } from './lambda/report.ts'
import { type ColdStart, measureColdStart, measureWarm, type Side, type Warm } from './lambda/side.ts'
import { plainTemplates } from './lambda/templates.ts'
import { startWorld } from './lambda/world.ts'
import { describeMachine } from './machine.ts'
import { oktaRequests } from './okta-requests.ts'
import { replaceReport } from './report.ts'

/**
 * `npm run bench:lambda`: the built functions and a plain handler side by side, over Lambda's Runtime API, each in
 * fresh processes. Prints what it found and writes it into docs/performance.md. Loopback only.
 */
const COLD_STARTS = 9
const WARM = { warmUps: 600, requests: 400, rounds: 5 }

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const PAGE = join(ROOT, 'docs/performance.md')
const folder = mkdtempSync(join(tmpdir(), 'hookline-bench-lambda-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

await using world = await startWorld(plainTemplates)
const { bundles } = await bundle()
const loop = join(folder, 'runtime-loop.mjs')
await writeRuntimeLoop(loop)
const { token, methodArn } = world
const gatewayEvent = (body: string, authorizer: unknown) => ({
  headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
  body,
  isBase64Encoded: false,
  requestContext: { requestTimeEpoch: Date.now(), authorizer },
})
const hookline: Side = {
  name: 'Hookline',
  functions: [
    {
      task: join(ROOT, 'dist/functions/authorizer'),
      handler: 'index.handler',
      env: world.authorizer,
      event: () => ({ type: 'TOKEN', authorizationToken: `Bearer ${token}`, methodArn }),
    },
    {
      task: join(ROOT, 'dist/functions/hook'),
      handler: 'index.handler',
      env: world.hook,
      event: (request, before) => gatewayEvent(request, (before as { readonly context: unknown }).context),
    },
  ],
}
const plain: Side = {
  name: 'plain handler',
  functions: [
    {
      task: join(ROOT, 'bench/lambda'),
      handler: 'plain-handler.handler',
      env: world.plain,
      event: request => gatewayEvent(request, undefined),
    },
  ],
}

const nextRequest = oktaRequests()
const cold: { hookline: ColdStart; plain: ColdStart }[] = []
for (let count = 0; count <= COLD_STARTS; count += 1) {
  cold.push({
    hookline: await measureColdStart(hookline, loop, nextRequest()),
    plain: await measureColdStart(plain, loop, nextRequest()),
  })
}
const warm: { hookline: readonly Warm[]; plain: readonly Warm[] } = {
  hookline: await measureWarm(hookline, loop, nextRequest, WARM),
  plain: await measureWarm(plain, loop, nextRequest, WARM),
}
const report = writeLambdaReport({
  cold: cold.slice(1), // the first is to warm the file cache
  warm,
  zips: bundles.map(({ name, zip }) => ({ name, kilobytes: zip.length / 1_000 })),
  requests: WARM.requests,
  machine: describeMachine(),
  date: new Date().toISOString().slice(0, 10),
})
console.log(report)
await writeFile(PAGE, replaceReport(await readFile(PAGE, 'utf8'), report, 'bench:lambda'))
