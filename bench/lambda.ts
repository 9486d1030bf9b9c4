import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { bundle } from '../infra/build/bundle.ts'
import { runtimeLoop } from '../simulators/aws/lambda/function-files.ts'
import { writeLambdaReport } from './lambda/report.ts'
import {
  type ColdStart,
  measureColdStart,
  type Side,
  type Warm,
  type WarmSide,
  warmUp,
} from './lambda/side.ts'
import { plainTemplates } from './lambda/templates.ts'
import { startWorld } from './lambda/world.ts'
import { describeMachine, watchOtherWork } from './machine.ts'
import { oktaRequests } from './okta-requests.ts'
import { checkOut } from './other-version.ts'
import { replaceReport } from './report.ts'

/**
 * `npm run bench:lambda`: the built functions and a plain handler side by side, over Lambda's Runtime API, each in
 * fresh processes. Prints what it found and writes it into docs/performance.md. Loopback only.
 *
 *   --against <commit>   measures that version too, in the same run; writes nothing
 */
const COLD_STARTS = 20
const WARM_UPS = 600
const WARM = { requests: 250, rounds: 8 }

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const PAGE = join(ROOT, 'docs/performance.md')
const folder = mkdtempSync(join(tmpdir(), 'hookline-bench-lambda-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const { against } = parseArgs({ options: { against: { type: 'string' } } }).values
using other = against === undefined ? undefined : checkOut(against, join(folder, 'other'))
if (other !== undefined)
  execFileSync(process.execPath, ['-e', `import('./infra/build/bundle.ts').then(({ bundle }) => bundle())`], {
    cwd: other.folder,
  })
await using world = await startWorld(plainTemplates)
const { bundles } = await bundle()
const loop = await runtimeLoop(join(folder, 'runtime-loop.mjs'))
const { token, methodArn } = world
const gatewayEvent = (body: string, authorizer: unknown) => ({
  headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
  body,
  isBase64Encoded: false,
  requestContext: { requestTimeEpoch: Date.now(), authorizer },
})
/** Authorizer and hook, as in a deployment. */
const hooklineOf = (name: string, functions: string): Side => ({
  name,
  functions: [
    {
      task: join(functions, 'authorizer'),
      handler: 'index.handler',
      env: world.authorizer,
      event: () => ({ type: 'TOKEN', authorizationToken: `Bearer ${token}`, methodArn }),
    },
    {
      task: join(functions, 'hook'),
      handler: 'index.handler',
      env: world.hook,
      event: (request, before) => gatewayEvent(request, (before as { readonly context: unknown }).context),
    },
  ],
})
/** With the parameter OneFunction. */
const oneFunctionOf = (name: string, functions: string): Side => ({
  name,
  functions: [
    {
      task: join(functions, 'one-function'),
      handler: 'index.handler',
      env: { ...world.authorizer, ...world.hook },
      event: request => gatewayEvent(request, undefined),
    },
  ],
})
const here = join(ROOT, 'bench/lambda')
const plain: Side = {
  name: 'plain handler',
  functions: [
    {
      task: here,
      handler: 'plain-handler.handler',
      env: world.plain,
      event: request => gatewayEvent(request, undefined),
    },
  ],
}
const emptyFunction = { task: here, handler: 'empty-handler.handler', env: {}, event: () => ({}) }
const sides: readonly Side[] = [
  hooklineOf('two functions', join(ROOT, 'dist/functions')),
  oneFunctionOf('one function', join(ROOT, 'dist/functions')),
  plain,
  { name: 'one empty', functions: [emptyFunction] },
  { name: 'two empty', functions: [emptyFunction, emptyFunction] },
  {
    name: 'events',
    functions: [
      {
        task: join(ROOT, 'dist/functions/events'),
        handler: 'index.handler',
        env: world.events,
        event: () => world.eventPost,
      },
    ],
    answers: '"statusCode":204',
  },
  {
    name: 'figures',
    functions: [
      {
        task: join(ROOT, 'dist/functions/figures'),
        handler: 'index.handler',
        env: world.figures,
        event: () => ({ 'detail-type': 'Scheduled Event', source: 'aws.events' }),
      },
    ],
    answers: '', // a run answers nothing; one that fails is an error
  },
  ...(other === undefined ? [] : [hooklineOf(other.commit, join(other.folder, 'dist/functions'))]),
]

const nextRequest = oktaRequests()
const otherWork = watchOtherWork()
const cold: Readonly<Record<string, ColdStart>>[] = []
for (let count = 0; count <= COLD_STARTS; count += 1) {
  const round: Record<string, ColdStart> = {}
  for (const side of sides) round[side.name] = await measureColdStart(side, loop, nextRequest())
  cold.push(round)
}
const warm = await measureWarm(sides.filter(({ name }) => name !== 'two empty'))
const report = writeLambdaReport({
  cold: cold.slice(1), // the first is to warm the file cache
  warm,
  zips: bundles.map(({ name, zip }) => ({ name, kilobytes: zip.length / 1_000 })),
  requests: WARM.requests,
  machine: describeMachine(),
  otherWork: otherWork(),
  date: new Date().toISOString().slice(0, 10),
})
console.log(report)
if (other === undefined)
  await writeFile(PAGE, replaceReport(await readFile(PAGE, 'utf8'), report, 'bench:lambda'))

/** In turns, so that load on the machine affects all sides alike. */
async function measureWarm(all: readonly Side[]): Promise<readonly Readonly<Record<string, Warm>>[]> {
  await using running = new AsyncDisposableStack()
  const ready: { readonly name: string; readonly side: WarmSide }[] = []
  for (const side of all)
    ready.push({ name: side.name, side: running.use(await warmUp(side, loop, nextRequest, WARM_UPS)) })
  const rounds: Record<string, Warm>[] = []
  for (let count = 0; count < WARM.rounds; count += 1) {
    const round: Record<string, Warm> = {}
    for (const { name, side } of ready) round[name] = await side.measure(WARM.requests)
    rounds.push(round)
  }
  return rounds
}
