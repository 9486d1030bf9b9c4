import { createHash } from 'node:crypto'
import {
  existsSync,
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
import { bundle } from '../../infra/build/bundle.ts'
import type { Template } from '../../simulators/aws/template/template.ts'
import { openDynamoStore } from '../../src/adapters/dynamodb/store.ts'
import { readRoutesFile } from '../../src/cli/routes/routes-file.ts'
import type { Limits } from '../../src/core/policy/limits.ts'
import type { Store } from '../../src/core/records/store.ts'
import { type Deployed, type DeployedOptions, standUp } from './deployed.ts'
import { CREDENTIALS } from './hook-bench.ts'

/** Hookline as it is deployed: its own template and archives, and the store that its commands use. */
export type DeployedHookline = Deployed & {
  readonly store: Store
  /** The environment in which `hookline`'s commands see the same table. */
  readonly commandEnvironment: Readonly<Record<string, string>>
}

export type HooklineOptions = Omit<DeployedOptions, 'archives'> & {
  /** Routes, as `hookline routes import` reads them. */
  readonly identities?: object
  readonly limits?: Limits
  /** Default: made anew. */
  readonly release?: Release
}

export async function standUpHookline(options: HooklineOptions = {}): Promise<DeployedHookline> {
  const { identities = { '*': '+12065550100' }, limits } = options
  const { template, archives } = options.release ?? (await makeRelease())
  await using parts = new AsyncDisposableStack()
  const deployed = parts.use(await standUp(template, { ...options, archives }))
  const { url: endpoint, table } = deployed.dynamodb
  const retention = { deliveriesMs: 30 * DAY_MS, receiptsMs: 4 * DAY_MS }
  const { region } = deployed.stack
  const commandEnvironment = {
    ...CREDENTIALS,
    AWS_REGION: region,
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    HOOKLINE_TABLE: table,
  }
  Object.assign(process.env, CREDENTIALS) // the SDK finds them here and nowhere else
  const store = parts.adopt(
    openDynamoStore({ table, region, endpoint, now: deployed.clock.now, retention }),
    one => one.close(),
  )
  await store.saveRoutes(readRoutesFile(JSON.stringify(identities), 'identities', region).routes)
  if (limits !== undefined) await store.saveLimits(limits)
  const ending = parts.move()
  return { ...deployed, store, commandEnvironment, [Symbol.asyncDispose]: () => ending.disposeAsync() }
}

/** What is deployed: the template, and the folder of the archives that it names. */
export type Release = { readonly template: Template; readonly archives: string }

/**
 * Bundles the functions and synthesizes the template. Synthesis takes seconds: what was made is kept beside the
 * installed packages, for as long as archives, stack and packages are the same.
 */
export async function makeRelease(): Promise<Release> {
  const { release, bundles } = await bundle()
  const hash = createHash('sha256').update(release)
  for (const file of [...readdirSync(INFRA).toSorted(), '../package-lock.json']) {
    if (/\.(ts|json)$/.test(file)) hash.update(file).update(readFileSync(join(INFRA, file)))
  }
  const archives = join(CACHE, hash.digest('hex').slice(0, 32))
  if (!existsSync(archives)) {
    const { synthesize } = await import('../../infra/build/synthesize.ts')
    forgetOldReleases()
    const making = `${archives}-${process.pid}`
    mkdirSync(making, { recursive: true })
    for (const { name, zip } of bundles) writeFileSync(join(making, `${name}.zip`), zip)
    writeFileSync(join(making, TEMPLATE), JSON.stringify(synthesize(release)))
    if (!existsSync(archives)) renameSync(making, archives) // nobody finds half of it
  }
  return { template: JSON.parse(readFileSync(join(archives, TEMPLATE), 'utf8')), archives }
}

function forgetOldReleases(): void {
  if (!existsSync(CACHE)) return
  const kept = readdirSync(CACHE).map(name => join(CACHE, name))
  const newestFirst = kept.toSorted((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs)
  for (const old of newestFirst.slice(KEPT_MAX)) rmSync(old, { recursive: true, force: true })
}

const KEPT_MAX = 4
const TEMPLATE = 'template.json'
const INFRA = fileURLToPath(new URL('../../infra', import.meta.url))
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/hookline', import.meta.url))
const DAY_MS = 86_400_000
