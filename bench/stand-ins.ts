import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ChildProgram, type ReadyMessage, startProgram } from '../test/world/processes.ts'

type Variables = Readonly<Record<string, string>>

/** Everything beside the programs that are measured: stand-ins, a token, a folder. All of it ends with this process. */
export type StandIns = AsyncDisposable & {
  readonly folder: string
  /** Where programs write what they print. */
  readonly logFile: string
  /** Starts a program in a process of its own, as on a machine that has never run it. */
  readonly launch: <Ready = ReadyMessage>(
    program: string,
    args: readonly string[],
    env: Variables,
  ) => Promise<ChildProgram<Ready>>
  /** An access token of the issuer. */
  readonly token: string
  readonly okta: OktaReady
  /** The stand-in for End User Messaging, and the carrier for servers under load. */
  readonly carriers: { readonly standIn: string; readonly quick: string }
  /** Settings of a hook with its own store, that sends by one of them. */
  readonly hookEnv: (store: string, carrier: string) => Variables
}

type OktaReady = {
  readonly ready: string
  readonly issuer: string
  readonly audience: string
  readonly clientId: string
  readonly scope: string
}

export async function startStandIns(): Promise<StandIns> {
  const folder = mkdtempSync(join(tmpdir(), 'hookline-bench-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  // Whatever ends this process, `startProgram` ends the children.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  const logFile = join(folder, 'log')
  const children: ChildProgram<unknown>[] = []
  const launch: StandIns['launch'] = async (program, args, env) => {
    const output = { stdout: logFile, stderr: logFile }
    const child = await startProgram<never>(program, args, { env: { ...UNCACHED, ...env }, ...output })
    children.push(child)
    return child
  }
  const free = ['--port', '0']
  const standIn = await launch('simulators/aws/end-user-messaging/main.ts', free, {})
  const quick = await launch('bench/run-carrier.ts', [], {})
  const { ready: okta } = await launch<OktaReady>('simulators/okta/main.ts', free, {})
  const answer = await fetch(`${okta.ready}/caller/token`, { method: 'POST' })
  const { accessToken: token } = (await answer.json()) as { accessToken: string }
  // The stand-in takes any signature; what the machine's owner has configured stays out of it.
  const aws = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'stand-in',
    AWS_SECRET_ACCESS_KEY: 'stand-in',
    AWS_CONFIG_FILE: join(folder, 'no-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'no-credentials'),
  }
  return {
    folder,
    logFile,
    launch,
    token,
    okta,
    carriers: { standIn: standIn.ready.ready, quick: quick.ready.ready },
    hookEnv: (store, carrier) => ({
      ...UNCACHED,
      ...aws,
      PORT: '0',
      HOOKLINE_OKTA_ISSUER: okta.issuer,
      HOOKLINE_OKTA_AUDIENCE: okta.audience,
      HOOKLINE_OKTA_CLIENT_ID: okta.clientId,
      HOOKLINE_OKTA_SCOPE: okta.scope,
      HOOKLINE_HASH_KEY: 'benchmark'.repeat(4),
      HOOKLINE_DATA_DIR: join(folder, store),
      AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: carrier,
    }),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(children.map(child => child[Symbol.asyncDispose]()))
    },
  }
}

/** A file of routes, as `hookline routes import` reads it. */
export function writeRoutes(folder: string): string {
  const file = join(folder, 'routes.json')
  writeFileSync(file, JSON.stringify({ US: '+12065550100' }))
  return file
}

const UNCACHED = { NODE_DISABLE_COMPILE_CACHE: '1' }
