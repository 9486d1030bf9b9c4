import { join } from 'node:path'
import {
  type EndUserMessaging,
  startEndUserMessaging,
} from '../../simulators/aws/end-user-messaging/server.ts'
import type { CallOrder } from '../../simulators/okta/call-order.ts'
import type { CallResult } from '../../simulators/okta/hook-caller.ts'
import type { Okta } from '../../simulators/okta/okta.ts'
import { startOkta } from '../../simulators/okta/server.ts'
import type { CarrierMessage } from '../support/carrier-message.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { type ChildProgram, startProgram } from './child-program.ts'
import { CREDENTIALS, HASH_KEY_OF_TESTS, ROUTES_OF_TESTS } from './hook-bench.ts'
import { runHookline } from './program.ts'

/** Both stand-ins in this process, and a data folder for any number of `serve`. Ends with `await using`. */
export type Serving = AsyncDisposable & {
  readonly okta: Okta
  readonly carrier: EndUserMessaging
  readonly folder: string
  readonly dataFolder: string
  /** Where programs put what they print. */
  readonly outputs: { readonly stdout: string; readonly stderr: string }
  /** `hookline serve` in a process of its own. */
  readonly serve: () => Promise<ChildProgram>
  /** Acts as Okta, at the hook of this process. */
  readonly call: (hook: ChildProgram, order: CallOrder) => Promise<CallResult>
  readonly messages: () => Promise<readonly CarrierMessage[]>
  /** Runs another command on the same store. */
  readonly hookline: (...args: readonly string[]) => Promise<string>
}

export async function startServing(settings: Readonly<Record<string, string>> = {}): Promise<Serving> {
  await using stack = new AsyncDisposableStack()
  const folder = stack.use(temporaryFolder()).path
  const dataFolder = join(folder, 'data')
  const outputs = { stdout: join(folder, 'stdout'), stderr: join(folder, 'stderr') }
  const okta = stack.adopt(await startOkta({ port: 0 }), one => one.close())
  const carrier = stack.adopt(await startEndUserMessaging({ port: 0 }), one => one.close())
  const env = { HOOKLINE_DATA_DIR: dataFolder, HOOKLINE_HASH_KEY: HASH_KEY_OF_TESTS }
  const hookline = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await runHookline(args, { env })
    if (code !== 0) throw new Error(stderr)
    return stdout
  }
  await hookline('routes', 'import', ROUTES_OF_TESTS)
  const programs = stack.use(new AsyncDisposableStack())
  const running = stack.move()
  return {
    okta,
    carrier,
    folder,
    dataFolder,
    outputs,
    serve: async () => {
      const hook = await startProgram('src/main/hookline.ts', ['serve'], {
        ...outputs,
        env: {
          ...CREDENTIALS,
          ...env,
          PORT: '0',
          HOOKLINE_OKTA_ISSUER: okta.issuer,
          HOOKLINE_OKTA_AUDIENCE: okta.audience,
          HOOKLINE_OKTA_CLIENT_ID: okta.clientId,
          HOOKLINE_OKTA_SCOPE: okta.scope,
          AWS_REGION: 'us-east-1',
          AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: carrier.url,
          ...settings,
        },
      })
      return programs.use(hook)
    },
    call: (hook, order) => {
      okta.setHookUrl(`${hook.ready.ready}/mfa`) // read at once
      return okta.call(order)
    },
    messages: async () =>
      (await (await fetch(`${carrier.url}/messages`)).json()) as readonly CarrierMessage[],
    hookline,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** Works through all items, so many at a time; the results are in the order of the items. */
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
