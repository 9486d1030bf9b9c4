import { randomBytes } from 'node:crypto'
import { createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { openSqliteStore } from '../adapters/sqlite/store.ts'
import { Problem } from '../cli/problem.ts'
import { describeSent, sendThroughOkta } from '../cli/send.ts'
import { type Environment, readSettings } from '../config/settings.ts'
import { type Child, startChild } from './child.ts'
import { demoRoutes } from './demo-routes.ts'
import { seedTemplates } from './shipped-templates.ts'

type StartOptions = { readonly oktaPort: string; readonly carrierPort: string }

/**
 * `hookline start`: the whole journey on one machine. Both stand-ins and `serve` run as programs of their own;
 * `serve` knows the stand-ins by its environment alone. Then one text and one call go through. Until Ctrl-C.
 */
export async function start(
  { oktaPort, carrierPort }: StartOptions,
  environment: Environment,
): Promise<void> {
  const read = readSettings(environment)
  if (read.kind === 'problems') throw new Problem('settings', read.problems.join('\n'))
  const dataFolder = resolve(read.settings.HOOKLINE_DATA_DIR)
  const hashKey = environment.HOOKLINE_HASH_KEY ?? keptHashKey(dataFolder)
  await seedStore(dataFolder)

  const children: Child[] = []
  const stopAll = stopper(children)
  const launch = async (program: string, args: readonly string[], env: Environment): Promise<Child> => {
    const child = await startChild(program, args, env)
    children.push(child)
    child.ended.then(reason => stopAll(`${child.name} ended by itself: ${reason}`))
    return child
  }
  try {
    const carrier = await launch(
      'simulators/end-user-messaging/main.ts',
      ['--port', carrierPort],
      environment,
    )
    const okta = await launch('simulators/okta/main.ts', ['--port', oktaPort], environment)
    const logFile = createWriteStream(join(dataFolder, 'hookline.log'), { flags: 'a' })
    const hook = await launch('src/main/hookline.ts', ['serve'], {
      ...environment,
      HOOKLINE_OKTA_ISSUER: okta.ready.issuer,
      HOOKLINE_OKTA_AUDIENCE: okta.ready.audience,
      HOOKLINE_OKTA_CLIENT_ID: okta.ready.clientId,
      HOOKLINE_OKTA_SCOPE: okta.ready.scope,
      HOOKLINE_HASH_KEY: hashKey,
      HOOKLINE_DATA_DIR: dataFolder,
      AWS_REGION: environment.AWS_REGION ?? 'us-east-1',
      AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: carrier.ready.ready,
      // The stand-in takes any signature; your own credentials stay out of it.
      AWS_ACCESS_KEY_ID: 'stand-in',
      AWS_SECRET_ACCESS_KEY: 'stand-in',
      AWS_SESSION_TOKEN: undefined,
    })
    hook.output.pipe(logFile)
    await connectOkta(okta.ready.ready, `${hook.ready.ready}${read.settings.HOOKLINE_PATH}`)
    print(
      addresses(hook.ready.ready, read.settings.HOOKLINE_PATH, okta.ready, carrier.ready.ready, dataFolder),
    )
    await tryBothChannels(okta.ready.ready, carrier.ready.ready)
    print(NEXT)
  } catch (error) {
    await stopAll()
    throw error
  }
}

function stopper(children: readonly Child[]): (why?: string) => Promise<void> {
  let stopping: Promise<unknown> | undefined
  const stopAll = async (why?: string): Promise<void> => {
    if (stopping === undefined && why !== undefined) {
      process.stderr.write(`${why}\n`)
      process.exitCode = 1
    }
    stopping ??= Promise.all(children.map(child => child.stop()))
    await stopping
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stopAll())
  return stopAll
}

/** The key that numbers are hashed with: made once, then kept beside the store. */
function keptHashKey(dataFolder: string): string {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  const file = join(dataFolder, 'hash-key')
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600 })
  return readFileSync(file, 'utf8')
}

async function seedStore(dataFolder: string): Promise<void> {
  const store = await openSqliteStore(dataFolder)
  await seedTemplates(store)
  if ((await store.readPolicy())?.routes.length === 0) await store.saveRoutes(demoRoutes)
  await store.close()
}

async function connectOkta(oktaUrl: string, hookUrl: string): Promise<void> {
  const response = await fetch(`${oktaUrl}/caller/hook`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url: hookUrl }),
  })
  if (!response.ok)
    throw new Error(`The Okta stand-in did not take the hook's address: ${await response.text()}`)
}

/** AWS's own simulator numbers: nobody is texted, whatever this is pointed at. */
async function tryBothChannels(okta: string, carrier: string): Promise<void> {
  const journeys = [
    { to: '+14254147755', channel: 'SMS', locale: 'en_US' },
    { to: '+34683783440', channel: 'voice call', locale: 'es_MX' },
  ]
  for (const journey of journeys) {
    const sent = await sendThroughOkta({ ...journey, purpose: 'mfa-verification', okta, carrier })
    const isDelivered = sent.delivered !== undefined
    print(
      `${isDelivered ? '✓ delivered' : '✗ not delivered'}: ${journey.channel} to ${journey.to} in ${journey.locale}`,
    )
    print(`${describeSent(sent)}\n`)
  }
}

function addresses(
  hook: string,
  path: string,
  okta: Child['ready'],
  carrier: string,
  dataFolder: string,
): string {
  return `
Hookline runs on this machine:

  Phone page     ${carrier}/          what arrives: texts, and calls to listen to
  Hook           ${hook}${path}       where Okta calls
  Health         ${hook}/healthz
  Okta stand-in  ${okta.issuer}
  Data and log   ${dataFolder}

A code by text and a code by voice, from Okta's call to the phone:
`
}

const NEXT = `Open the phone page, then send more, from a second terminal:

  npx hookline send --to +34683783440 --locale es_MX --channel "voice call"
  npx hookline explain --to 9876543210

Ctrl-C ends everything.`

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
