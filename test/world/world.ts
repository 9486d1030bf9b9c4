import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { after } from 'node:test'
import { startEndUserMessaging } from '../../simulators/aws/end-user-messaging/server.ts'
import type { CallOrder } from '../../simulators/okta/call-order.ts'
import type { CallResult } from '../../simulators/okta/hook-caller.ts'
import type { Okta, OktaOptions } from '../../simulators/okta/okta.ts'
import { startOkta } from '../../simulators/okta/server.ts'
import { readSettings } from '../../src/config/settings.ts'
import { startService } from '../../src/main/server/service.ts'
import { CREDENTIALS, useTestCredentials } from '../fixtures/aws-credentials.ts'
import { usNumber } from '../support/numbers.ts'
import { startJudgedOkta } from '../support/okta-contract/judged-okta.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { type AwsAccount, type AwsAccountOptions, startAwsAccount } from './aws-account.ts'
import { type CallingWorld, callsTo, carrierAt, commandsIn, type HookWorld, type World } from './controls.ts'
import type { DeployedOptions, DeployedWorld } from './deployed.ts'
import { controlsOf, type Org } from './org.ts'
import { type ChildProgram, startProgram } from './processes.ts'
import { type StandInHook, startStandInHook } from './stand-in-hook.ts'

type Variables = Readonly<Record<string, string>>

/**
 * Where the hook runs: in this process; as `hookline serve` in any number of processes; on a deployed template, with
 * AWS as a stand-in; as a stand-in that answers instead; or not at all, for commands that need no hook.
 */
export type WorldOptions = {
  readonly hook: 'in-process' | 'process' | 'stand-in' | 'none'
  /** `new`: an org with a management API, to be set up by commands. Default: clients and audience are ready-made. */
  readonly org?: 'new'
  /** More options of the org. */
  readonly okta?: Partial<OktaOptions>
  /** Adds AWS's control plane. Default: only the carrier. */
  readonly aws?: AwsAccountOptions
  /** Settings of the hook and of commands, in addition to those that point to the world. */
  readonly settings?: Variables
  /** A file for `routes import`. `none`: no routes. Default: the routes of tests if a hook is running. */
  readonly routes?: string
  /** A file for `templates import`. Default: the shipped templates. */
  readonly templates?: string
}

/** With any number of `hookline serve`, which share a store. */
export type ServeWorld = CallingWorld & {
  /** The files of their output. */
  readonly outputs: { readonly stdout: string; readonly stderr: string }
  /** `hookline serve` in a process of its own. */
  readonly serve: (changed?: Variables) => Promise<ServedHook>
  /** Acts as Okta, at this hook. */
  readonly call: (hook: Pick<ServedHook, 'hookUrl'>, order: CallOrder) => Promise<CallResult>
}

export type ServedHook = ChildProgram & { readonly hookUrl: string }

/** With a hook that has a configurable answer. */
type StandInWorld = CallingWorld & { readonly hook: StandInHook }
export type OrgWorld = StandInWorld & Org
export type AwsWorld = World & { readonly aws: AwsAccount }

type WorldOf<Options> = (Options extends { readonly hook: 'in-process' }
  ? HookWorld
  : Options extends { readonly hook: 'process' }
    ? ServeWorld
    : Options extends { readonly hook: 'stand-in' }
      ? StandInWorld
      : World) &
  (Options extends { readonly org: 'new' } ? Org : unknown) &
  (Options extends { readonly aws: object } ? { readonly aws: AwsAccount } : unknown)

export const ROUTES_OF_TESTS = new URL('../vectors/routes-of-tests.json', import.meta.url).pathname
export const HASH_KEY_OF_TESTS = 'a key of tests, longer than 32 characters'

export function startWorld(options: DeployedOptions): Promise<DeployedWorld>
export function startWorld<const Options extends WorldOptions>(options: Options): Promise<WorldOf<Options>>
export async function startWorld(options: WorldOptions | DeployedOptions): Promise<World> {
  // Loaded on demand, because most tests do not need its many modules.
  if (options.hook === 'deployed') return (await import('./deployed.ts')).startDeployedWorld(options)
  useTestCredentials()
  await using parts = new AsyncDisposableStack()
  const folder = parts.use(temporaryFolder()).path
  const dataFolder = join(folder, 'data')
  const carrier = parts.adopt(await startEndUserMessaging({ port: 0 }), one => one.close())
  const aws = options.aws && parts.use(await startAwsAccount(options.aws))
  const env = {
    ...CREDENTIALS,
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: carrier.url,
    ...aws?.env,
    HOOKLINE_DATA_DIR: dataFolder,
    HOOKLINE_HASH_KEY: HASH_KEY_OF_TESTS,
    ...options.settings,
  }
  const ofCarrier = carrierAt(carrier.url)
  const world = {
    ...{ folder, dataFolder, carrier: carrier.url, env },
    ...commandsIn(env, folder),
    ...ofCarrier,
    reset: async () => {
      rmSync(dataFolder, { recursive: true, force: true })
      await ofCarrier.callCarrier('DELETE', '/account')
      await ofCarrier.callCarrier('DELETE', '/faults')
      await aws?.setFaults({})
    },
  }
  await importPolicy(world, options)
  const calling = options.hook !== 'none' && (await startCalling(world, options, parts))
  const ending = parts.move()
  return {
    ...world,
    ...(aws && { aws }),
    ...calling,
    [Symbol.asyncDispose]: () => ending.disposeAsync(),
  } as World
}

/**
 * A world shared by tests that change nothing: its limits only observe, and each test uses its own numbers or sends
 * nothing. It ends with the process's tests.
 */
export function sharedWorld(): Promise<HookWorld> {
  if (shared === undefined) {
    shared = startWorld({ hook: 'in-process' })
    after(async () => (await shared)?.[Symbol.asyncDispose]())
  }
  return shared
}

let shared: Promise<HookWorld> | undefined

type Started = Omit<World, keyof AsyncDisposable>

/** Okta, and the hook that it calls. */
async function startCalling(world: Started, options: WorldOptions, parts: AsyncDisposableStack) {
  const start = options.org === 'new' ? startJudgedOkta : startOkta
  const okta = parts.adopt(await start({ port: 0, ...options.okta }), one => one.close())
  const calling = {
    okta,
    addresses: ['--okta', okta.url, '--carrier', world.carrier],
    ...(okta.org && controlsOf(okta, okta.org, world.folder)),
  }
  switch (options.hook) {
    case 'stand-in':
      return { ...calling, hook: parts.use(await startStandInHook()) }
    case 'process':
      return { ...calling, ...servedIn(world, okta, parts) }
    default: {
      const read = readSettings({ ...serveEnvironment(okta, world.env) })
      if (read.kind === 'problems') throw new Error(read.problems.join('\n'))
      const service = parts.adopt(await startService(read.settings, () => {}), one => one.close())
      return { ...calling, ...callsTo(okta, `${service.url}/mfa`) }
    }
  }
}

/** Any number of `hookline serve`, configured only by their environment. */
function servedIn(
  { env, folder }: Started,
  okta: Okta,
  parts: AsyncDisposableStack,
): Pick<ServeWorld, 'outputs' | 'serve' | 'call'> {
  const programs = parts.use(new AsyncDisposableStack())
  const outputs = { stdout: join(folder, 'stdout'), stderr: join(folder, 'stderr') }
  return {
    outputs,
    serve: async (changed = {}) => {
      const trusted = okta.org === undefined ? serveEnvironment(okta, env) : { ...env, PORT: '0' }
      return programs.use(await startServe({ ...outputs, env: { ...trusted, ...changed } }))
    },
    call: ({ hookUrl }, order) => {
      okta.setHookUrl(hookUrl) // read at once
      return okta.call(order)
    },
  }
}

/** `hookline serve`, once it listens. */
export async function startServe(options: Parameters<typeof startProgram>[2]): Promise<ServedHook> {
  const program = await startProgram('src/main/hookline.ts', ['serve'], options)
  return { ...program, hookUrl: `${program.ready.ready}/mfa` }
}

/** The settings with which `hookline serve` trusts an org, in addition to those of commands. */
export function serveEnvironment(
  { issuer, audience, clientId, scope }: Pick<Okta, 'issuer' | 'audience' | 'clientId' | 'scope'>,
  env: Variables,
): Variables {
  return {
    PORT: '0',
    HOOKLINE_OKTA_ISSUER: issuer,
    HOOKLINE_OKTA_AUDIENCE: audience,
    HOOKLINE_OKTA_CLIENT_ID: clientId,
    HOOKLINE_OKTA_SCOPE: scope,
    ...env,
  }
}

async function importPolicy({ printed }: Started, options: WorldOptions): Promise<void> {
  const { hook, templates } = options
  const isRunning = hook === 'in-process' || hook === 'process'
  const { routes = isRunning ? ROUTES_OF_TESTS : 'none' } = options
  if (routes !== 'none') await printed('routes', 'import', routes)
  if (templates !== undefined) await printed('templates', 'import', templates)
  if (hook === 'in-process') await printed('limits', 'observe')
}

/**
 * Whether an answer took so long that a step of the hook may have run out of its time. On a busy machine this is no fault
 * of the hook, so tests under load judge the other calls. Far above what a call takes, and below each step's limit.
 */
export function isLate({ hookMs }: Pick<CallResult, 'hookMs'>): boolean {
  return hookMs > LATE_MS
}
const LATE_MS = 400

/** Calls until a code is sent in time: keys and policy are read then. To numbers that tests do not use. */
export async function warmUp(world: ServeWorld, hook: ServedHook): Promise<void> {
  for (let count = 1; ; count += 1) {
    const user = { userId: `00uwarm${count}`, login: `warm${count}@example.com` }
    const result = await world.call(hook, { to: usNumber(7_100 + count), user })
    if (result.verdict.kind === 'delivered-by-hook' && !isLate(result)) return
  }
}

/** Processes all items, `concurrency` at a time; the results are in the order of the items. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  concurrency: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = []
  const waiting = items.entries()
  const worker = async (): Promise<void> => {
    for (const [index, item] of waiting) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  return results
}
