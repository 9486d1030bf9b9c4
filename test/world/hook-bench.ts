import { after } from 'node:test'
import {
  type EndUserMessaging,
  startEndUserMessaging,
} from '../../simulators/aws/end-user-messaging/server.ts'
import type { CallOrder } from '../../simulators/okta/call-order.ts'
import type { CallResult } from '../../simulators/okta/hook-caller.ts'
import type { Okta } from '../../simulators/okta/okta.ts'
import { startOkta } from '../../simulators/okta/server.ts'
import { type Environment, readSettings } from '../../src/config/settings.ts'
import { startService } from '../../src/main/server/service.ts'
import { usNumber } from '../support/numbers.ts'
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts'
import { runHookline } from './program.ts'

/** A message as the carrier's stand-in lists it. */
export type Message = Readonly<Record<string, unknown>> & {
  readonly body: string
  readonly context?: Readonly<Record<string, string>>
}

/** The hook server in this process, over the wire between both stand-ins. Ends with `await using`. */
export type HookBench = AsyncDisposable & {
  readonly okta: Okta
  readonly hookUrl: string
  /** The address of the carrier's stand-in. */
  readonly carrier: string
  readonly dataFolder: string
  /** The environment in which commands see the same store. */
  readonly env: Readonly<Record<string, string>>
  /** The options by which `send` finds the stand-ins. */
  readonly addresses: readonly string[]
  /** Acts as Okta, for another user and number each time unless the order names them. */
  readonly call: (order?: CallOrder) => Promise<CallResult>
  /** Posts anything to the hook, with a good access token unless the headers say otherwise. */
  readonly post: (body: string, headers?: Readonly<Record<string, string>>) => Promise<Response>
  /** What arrived at the carrier since it was last asked, oldest first. */
  readonly takeMessages: () => Promise<readonly Message[]>
  /** Arms a failure of the carrier. */
  readonly armFault: (rule: object) => Promise<void>
  /** How often the armed failures have struck; they are over then. */
  readonly takeFaultCount: () => Promise<number>
}

/** The rest of a bench, by the settings of `hookline serve`, and files to import before it starts. */
export type BenchOptions = {
  readonly settings?: Environment
  readonly routesFile?: string
  readonly templatesFile?: string
}

export const ROUTES_OF_TESTS = new URL('../vectors/routes-of-tests.json', import.meta.url).pathname

/**
 * The bench of all tests that leave nothing behind: its limits only observe, and each test has numbers of its own or
 * sends nothing. It ends with the process's tests.
 */
export function sharedBench(): Promise<HookBench> {
  shared ??= startHookBench()
  return shared
}

let shared: Promise<HookBench> | undefined
after(async () => (await shared)?.[Symbol.asyncDispose]())

export async function startHookBench(options: BenchOptions = {}): Promise<HookBench> {
  // AWS's SDK finds its credentials here and nowhere else.
  Object.assign(process.env, CREDENTIALS)
  await using stack = new AsyncDisposableStack()
  const folder = stack.use(temporaryFolder())
  const env = { HOOKLINE_DATA_DIR: folder.path, HOOKLINE_HASH_KEY: HASH_KEY_OF_TESTS }
  await importPolicy(env, options)
  const carrier = stack.use(disposable(await startEndUserMessaging({ port: 0 })))
  const okta = stack.use(disposable(await startOkta({ port: 0 })))
  const service = stack.use(
    disposable(await startService(settingsOf(okta, carrier, folder, options), () => {})),
  )
  const hookUrl = `${service.url}/mfa`
  okta.setHookUrl(hookUrl)

  const carrierCall = async (path: string, method = 'GET', body?: object): Promise<unknown> => {
    const init = body === undefined ? {} : { body: JSON.stringify(body) }
    const response = await fetch(`${carrier.url}${path}`, { method, ...init })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }
  let orders = 0
  const ending = stack.move()
  return {
    okta,
    hookUrl,
    carrier: carrier.url,
    dataFolder: folder.path,
    env,
    addresses: ['--okta', okta.url, '--carrier', carrier.url],
    call: order => {
      orders += 1
      return okta.call({
        to: usNumber(orders),
        user: { userId: `00utest${orders}`, login: `user${orders}@example.com` },
        ...order,
      })
    },
    post: async (body, headers) => {
      const authorization = headers?.authorization ?? `Bearer ${await goodToken(okta)}`
      return fetch(hookUrl, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', ...headers, authorization },
      })
    },
    takeMessages: async () => {
      const messages = (await carrierCall('/messages')) as readonly Message[]
      await carrierCall('/messages', 'DELETE')
      return messages
    },
    armFault: async rule => void (await carrierCall('/faults', 'POST', rule)),
    takeFaultCount: async () => {
      const rules = (await carrierCall('/faults')) as readonly { readonly used: number }[]
      await carrierCall('/faults', 'DELETE')
      return rules.reduce((sum, { used }) => sum + used, 0)
    },
    [Symbol.asyncDispose]: () => ending.disposeAsync(),
  }
}

export async function goodToken(okta: Pick<Okta, 'fetchToken'>): Promise<string> {
  const token = await okta.fetchToken()
  if (token.kind !== 'token') throw new Error(token.why)
  return token.accessToken
}

export const HASH_KEY_OF_TESTS = 'a key of tests, longer than 32 characters'

/** Credentials for stand-ins, which take any signature. */
export const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'not-a-secret',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
} as const

async function importPolicy(env: Readonly<Record<string, string>>, options: BenchOptions): Promise<void> {
  const { routesFile = ROUTES_OF_TESTS, templatesFile } = options
  const imports = [
    ['routes', 'import', routesFile],
    ['limits', 'observe'],
  ]
  if (templatesFile !== undefined) imports.push(['templates', 'import', templatesFile])
  for (const args of imports) {
    const { code, stderr } = await runHookline(args, { env })
    if (code !== 0) throw new Error(stderr)
  }
}

function settingsOf(
  okta: Okta,
  carrier: EndUserMessaging,
  folder: TemporaryFolder,
  { settings }: BenchOptions,
) {
  const read = readSettings({
    PORT: '0',
    HOOKLINE_DATA_DIR: folder.path,
    HOOKLINE_HASH_KEY: HASH_KEY_OF_TESTS,
    HOOKLINE_OKTA_ISSUER: okta.issuer,
    HOOKLINE_OKTA_AUDIENCE: okta.audience,
    HOOKLINE_OKTA_CLIENT_ID: okta.clientId,
    HOOKLINE_OKTA_SCOPE: okta.scope,
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: carrier.url,
    ...settings,
  })
  if (read.kind === 'problems') throw new Error(read.problems.join('\n'))
  return read.settings
}

function disposable<T extends { close(): Promise<void> }>(thing: T): T & AsyncDisposable {
  return Object.assign(thing, { [Symbol.asyncDispose]: () => thing.close() })
}
