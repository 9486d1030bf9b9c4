import { createHash } from 'node:crypto'
import {
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle, hashOfCode } from '../../infra/build/bundle.ts'
import { type Deployment, startDeployment } from '../../simulators/aws/deployment/deployment.ts'
import { startEndUserMessaging } from '../../simulators/aws/end-user-messaging/server.ts'
import type { Secrets } from '../../simulators/aws/front/secrets.ts'
import type { AwsCallRecord } from '../../simulators/aws/iam/ledger.ts'
import type { Stack } from '../../simulators/aws/template/stack.ts'
import type { TemplateDocument } from '../../simulators/aws/template/template.ts'
import { startOkta } from '../../simulators/okta/server.ts'
import { type FigureStore, openFigureStore } from '../../src/adapters/dynamodb/figures.ts'
import { createSdkTableCall } from '../../src/adapters/dynamodb/sdk-call.ts'
import { openDynamoStore } from '../../src/adapters/dynamodb/store.ts'
import { readRoutesFile } from '../../src/cli/routes/routes-file.ts'
import type { Limits } from '../../src/core/policy/limits.ts'
import type { Store } from '../../src/core/records/store.ts'
import { CREDENTIALS, useTestCredentials } from '../fixtures/aws-credentials.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { callsTo, carrierAt, commandsIn, type HookWorld } from './controls.ts'

/** A deployed template between Okta and the carrier. */
export type DeployedWorld = HookWorld &
  Deployment & {
    readonly clock: TestClock
    /** The store that commands use, without a check of permissions. */
    readonly store: Store
    /** The same for what only the function for figures does. */
    readonly figureStore: FigureStore
    /**
     * Resolves when the carrier has sent the last event of every message, and every function has handled its events.
     */
    readonly allDelivered: () => Promise<void>
    /** Everything in the table. */
    readonly items: () => Promise<readonly unknown[]>
    /** All calls of functions to AWS. */
    readonly calls: () => readonly AwsCallRecord[]
    /** The permissions not used so far. */
    readonly neverCalled: () => readonly string[]
    /** Every line that functions and gateway logged. */
    readonly logs: () => readonly string[]
  }

export type DeployedOptions = {
  readonly hook: 'deployed'
  readonly parameters?: Readonly<Record<string, string>>
  /** The release. Default: Hookline, built again. */
  readonly release?: Release
  /** The paths of receipts on AWS. Default: both. */
  readonly ways?: readonly ('topic' | 'rule')[]
  /** Routes, as `hookline routes import` reads them. `none` for a table that is not Hookline's. */
  readonly routes?: object | 'none'
  readonly limits?: Limits
}

export async function startDeployedWorld(options: DeployedOptions): Promise<DeployedWorld> {
  const { parameters = {}, ways = ['topic', 'rule'], limits, routes = { '*': '+12065550100' } } = options
  const { template, archives } = options.release ?? (await makeRelease())
  await using parts = new AsyncDisposableStack()
  const folder = parts.use(temporaryFolder()).path
  const clock = createTestClock()
  const header: SecretHeader | undefined = parameters.SecretHeaderName
    ? { name: parameters.SecretHeaderName, value: '' }
    : undefined
  const okta = parts.adopt(await startOkta({ port: 0, ...(header && { secretHeader: header }) }), one =>
    one.close(),
  )
  const carrier = parts.adopt(await startEndUserMessaging({ port: 0 }), one => one.close())
  const deployment = parts.use(
    await startDeployment({
      ...{ template, archives, parameters, clock, ways },
      okta: header === undefined ? okta : undefined,
      carrierUrl: carrier.url,
    }),
  )
  const { stack, gateway, functions, tables, secrets, ledger, events } = deployment
  if (header !== undefined) header.value = firstSecret(stack, secrets)

  const { region } = stack
  const table = stack.ofType('AWS::DynamoDB::Table')[0]?.ref ?? ''
  const env = {
    ...CREDENTIALS,
    AWS_REGION: region,
    AWS_ENDPOINT_URL_DYNAMODB: tables.url,
    HOOKLINE_TABLE: table,
  }
  useTestCredentials()
  const retention = { deliveriesMs: 30 * DAY_MS, receiptsMs: 4 * DAY_MS }
  const sdk = createSdkTableCall({ region, endpoint: tables.url, attemptMs: 5_000 })
  const onTable = { table, ...sdk, now: clock.now, retention }
  const store = parts.adopt(openDynamoStore(onTable), one => one.close())
  if (routes !== 'none')
    await store.saveRoutes(readRoutesFile(JSON.stringify(routes), 'routes', region).routes, {
      author: 'a test',
      at: 0,
    })
  if (limits !== undefined) await store.saveLimits(limits, { author: 'a test', at: 0 })

  const { call, ...calls } = callsTo(okta, deployment.hookUrl)
  const ofCarrier = carrierAt(carrier.url)
  let codes = 0
  const ending = parts.move()
  return {
    ...deployment,
    ...{ clock, store, figureStore: openFigureStore(onTable) },
    ...{ folder, dataFolder: join(folder, 'data'), carrier: carrier.url, env, okta },
    addresses: ['--okta', okta.url, '--carrier', carrier.url],
    ...commandsIn(env, folder),
    ...ofCarrier,
    ...calls,
    call: order => {
      codes += 1
      // Long enough to be distinguished from other digits in a log.
      return call({ code: String(70_000_000 + codes * 7_919), ...order })
    },
    allDelivered: async () => {
      for (;;) {
        const { queued } = (await ofCarrier.callCarrier('GET', '/events')) as { readonly queued: number }
        if (queued === 0) return events.settled()
        await new Promise(resolve => setImmediate(resolve))
      }
    },
    reset: async () => {
      throw new Error('A deployed world cannot be reset: start another one')
    },
    items: tables.items,
    calls: ledger.calls,
    neverCalled: () => ledger.neverCalled(functions.callers),
    logs: () => [...functions.all.flatMap(({ logs }) => logs()), ...gateway.accessLog()],
    [Symbol.asyncDispose]: () => ending.disposeAsync(),
  }
}

/** Okta's stand-in reads it for each call. */
type SecretHeader = { readonly name: string; value: string }

function firstSecret(stack: Stack, secrets: Secrets): string {
  const { text = '' } = secrets.get(stack.outputs.HookSecretArn) ?? {}
  const { HOOKLINE_SECRETS: all = '' } = JSON.parse(text) as { readonly HOOKLINE_SECRETS?: string }
  return all.split(',')[0] ?? ''
}

/** The machine's time, which a test can move on, for gateway and functions. */
export type TestClock = {
  readonly now: () => number
  readonly skippedMs: () => number
  readonly skip: (ms: number) => void
}

export function createTestClock(): TestClock {
  let skipped = 0
  return {
    now: () => Date.now() + skipped,
    skippedMs: () => skipped,
    skip: ms => {
      skipped += ms
    },
  }
}

/** A release: the template, and the folder of its archives. */
export type Release = { readonly template: TemplateDocument; readonly archives: string }

/**
 * Bundles the functions and synthesizes the template. Compression and synthesis take seconds, so their result is cached with
 * the installed packages while code, stack and packages are the same.
 */
export async function makeRelease(): Promise<Release> {
  const hash = createHash('sha256').update(await hashOfCode())
  // The parameters of the template come from the table of settings.
  const sources = globSync(['infra/**/*.ts', 'src/config/*.ts', 'package-lock.json'], { cwd: ROOT })
  for (const file of sources.toSorted()) hash.update(file).update(readFileSync(join(ROOT, file)))
  const archives = join(CACHE, hash.digest('hex').slice(0, 32))
  if (!existsSync(archives)) {
    const { synthesize } = await import('../../infra/build/synthesize.ts')
    const { release, bundles } = await bundle()
    forgetOldReleases()
    const making = `${archives}-${process.pid}`
    mkdirSync(making, { recursive: true })
    for (const { name, zip } of bundles) writeFileSync(join(making, `${name}.zip`), zip)
    writeFileSync(join(making, TEMPLATE), JSON.stringify(synthesize(release)))
    if (!existsSync(archives)) renameSync(making, archives) // renamed at the end, so that no process reads a partial result
  }
  return { template: JSON.parse(readFileSync(join(archives, TEMPLATE), 'utf8')), archives }
}

function forgetOldReleases(): void {
  if (!existsSync(CACHE)) return
  const cached = readdirSync(CACHE).map(name => join(CACHE, name))
  const newestFirst = cached.toSorted((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs)
  for (const old of newestFirst.slice(KEPT_MAX)) rmSync(old, { recursive: true, force: true })
}

const KEPT_MAX = 4
const TEMPLATE = 'template.json'
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/hookline', import.meta.url))
const DAY_MS = 86_400_000
