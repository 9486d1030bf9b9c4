import { randomInt } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { keepEventSecret, keepHashKey } from '../../adapters/node/hash-key.ts'
import { openSqliteStore } from '../../adapters/sqlite/store.ts'
import { describeSent, sendThroughOkta } from '../../cli/codes/send.ts'
import { type ExitCode, exitCodes, Problem } from '../../cli/terminal/problem.ts'
import type { Environment } from '../../config/environment.ts'
import { allSettings } from '../../config/setting-table.ts'
import { readSettings } from '../../config/settings.ts'
import { defaultLimits } from '../../core/policy/limits.ts'
import type { DeliveryStore } from '../../core/records/delivery-store.ts'
import type { Retention } from '../../core/records/store.ts'
import { inheritedEnvironment } from '../environment.ts'
import { dataFolderProblem } from '../server/open-store.ts'
import { retention } from '../server/retention.ts'
import { seedTemplates } from '../shipped-templates.ts'
import { type Streams, say } from '../terminal.ts'
import { type Child, NotStarted, startChild } from './child.ts'
import { demoAccount, demoRoutes } from './demo-routes.ts'
import { CLIENT_TO_BE, handOrg, TOKEN_OF_STAND_IN } from './empty-org.ts'

type StartOptions = {
  readonly oktaPort: string
  readonly carrierPort: string
  readonly awsPort: string
  readonly emptyOrg?: boolean
  readonly once?: boolean
}

/**
 * `hookline start`: the whole journey on one machine. The stand-ins and `serve` run as programs of their own;
 * `serve` knows the stand-ins by its environment alone. Then one text and one call go through; with an empty org, a
 * person sets it up first. Until Ctrl-C, or with `once` until both codes were shown and one was entered: exit code 4 if
 * that fails.
 */
export async function start(
  { oktaPort, carrierPort, awsPort, emptyOrg, once }: StartOptions,
  environment: Environment,
  { stdout, stderr, signal }: Pick<Streams, 'stdout' | 'stderr' | 'signal'>,
  endWith: (exitCode: ExitCode) => void,
): Promise<void> {
  if (once && emptyOrg) {
    throw new Problem(
      'usage',
      '--once cannot be combined with --empty-org: an empty org sends no code before it is set up.',
    )
  }
  const print = (text: string): void => say(stdout, `${text}\n`)
  const read = readSettings(environment)
  if (read.kind === 'problems') throw new Problem('settings', read.problems.join('\n'))
  const { settings } = read
  const dataFolder = resolve(settings.store.dataFolder)
  const hashKey = (settings.store.hashKey ?? keepHashKey(dataFolder)).reveal()
  const eventSecret = (settings.events.secrets?.[0] ?? keepEventSecret(dataFolder)).reveal()
  await seedStore(dataFolder, retention(settings.store))

  const running: Promise<unknown>[] = []
  const stopping = new AbortController()
  const stop = (): void => stopping.abort()
  signal.addEventListener('abort', stop, { once: true })
  const launch = async (
    program: keyof typeof programs,
    args: readonly string[],
    env: Environment,
  ): Promise<Child> => {
    const child = await startChild(program, programs[program], args, env, stopping.signal, stderr)
    const ended = child.ended.then(reason => {
      if (stopping.signal.aborted) return
      say(stderr, `${child.name} ended unexpectedly: ${reason}\n`)
      endWith(exitCodes.internalError)
      stop()
    })
    running.push(ended)
    return child
  }
  try {
    const carrier = await launch(
      'End User Messaging stand-in',
      ['--port', carrierPort],
      inheritedEnvironment(environment),
    ).catch(explainStandIn('End User Messaging', '--carrier-port'))
    const okta = await launch(
      'Okta stand-in',
      ['--port', oktaPort, ...(emptyOrg ? ['--org', 'empty'] : [])],
      { ...inheritedEnvironment(environment), OKTA_API_TOKEN: emptyOrg ? TOKEN_OF_STAND_IN : undefined },
    ).catch(explainStandIn('Okta', '--okta-port'))
    const ofHook = {
      ...settingsOf(okta.ready, carrier.ready.ready, emptyOrg),
      HOOKLINE_HASH_KEY: hashKey,
      HOOKLINE_EVENT_SECRETS: eventSecret,
      HOOKLINE_DATA_DIR: dataFolder,
      AWS_REGION: settings.aws.region ?? 'us-east-1',
    }
    const hook = await launch('hookline serve', ['serve'], {
      ...inheritedEnvironment(environment),
      ...settingsOfServe(environment),
      ...ofHook,
      HOOKLINE_METRICS_PORT: String(settings.server.metricsPort ?? 0),
      HOOKLINE_RECEIPT_TOPICS: RECEIPT_TOPIC,
    })
    hook.output.pipe(createWriteStream(join(dataFolder, 'hookline.log'), { flags: 'a', mode: 0o600 }))
    const hookUrl = `${hook.ready.ready}${settings.server.path}`
    await put(`${carrier.ready.ready}/events`, {
      url: `${hook.ready.ready}/events/carrier`,
      topicArn: RECEIPT_TOPIC,
    })
    await put(`${carrier.ready.ready}/codes`, { url: `${okta.ready.ready}/caller/codes` })
    print(addresses(hook.ready, settings.server.path, okta.ready, carrier.ready.ready, dataFolder))
    if (emptyOrg) {
      const aws = await launch('AWS stand-in', ['--port', awsPort], inheritedEnvironment(environment)).catch(
        explainStandIn('AWS', '--aws-port'),
      )
      await put(`${carrier.ready.ready}/account`, demoAccount())
      const about = { dataFolder, orgUrl: okta.ready.ready, carrierUrl: carrier.ready.ready, hookUrl }
      print(handOrg({ ...ofHook, AWS_ENDPOINT_URL_STS: aws.ready.ready }, about))
      await Promise.all(running)
      return
    }
    await put(`${okta.ready.ready}/caller/hook`, { url: hookUrl })
    const eventsUrl = `${hook.ready.ready}/events/okta`
    await put(`${okta.ready.ready}/caller/event-hook`, { url: eventsUrl, secret: eventSecret })
    print("A code by text and a code by voice, from Okta's call to the phone:\n")
    const standIns = { okta: okta.ready.ready, carrier: carrier.ready.ready }
    const [text, call] = await tryBothChannels(standIns, print)
    if (once) {
      const store = await openSqliteStore(dataFolder, Date.now, retention(settings.store))
      const isAnswered = await enterCode(text, standIns, store, print).finally(store.close)
      endWith(text.isDelivered && call.isDelivered && isAnswered ? exitCodes.done : exitCodes.notSent)
      stop()
    } else print(NEXT)
    await Promise.all(running)
  } catch (error) {
    const wasAsked = stopping.signal.aborted
    stop()
    await Promise.all(running)
    // A stop during the start is not an error.
    if (wasAsked) return
    throw error instanceof NotStarted ? new Problem('settings', error.message) : error
  }
}

/** Separate programs: a stand-in shares no code with Hookline. */
const programs = {
  'hookline serve': new URL('../hookline.ts', import.meta.url),
  'Okta stand-in': new URL('../../../simulators/okta/main.ts', import.meta.url),
  'End User Messaging stand-in': new URL(
    '../../../simulators/aws/end-user-messaging/main.ts',
    import.meta.url,
  ),
  'AWS stand-in': new URL('../../../simulators/aws/control/main.ts', import.meta.url),
}

/** The hook is the only one that needs the settings. */
function settingsOfServe(environment: Environment): Environment {
  return Object.fromEntries(allSettings.map(({ name }) => [name, environment[name]]))
}

/** The hook's settings for the stand-ins. The carrier stand-in accepts any signature, so your own credentials are not used. */
function settingsOf(okta: Child['ready'], carrier: string, isEmptyOrg = false) {
  return {
    HOOKLINE_OKTA_ISSUER: okta.issuer,
    HOOKLINE_OKTA_AUDIENCE: okta.audience,
    HOOKLINE_OKTA_CLIENT_ID: isEmptyOrg ? CLIENT_TO_BE : okta.clientId,
    HOOKLINE_OKTA_SCOPE: isEmptyOrg ? 'telephony.send' : okta.scope,
    AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: carrier,
    AWS_ACCESS_KEY_ID: 'stand-in',
    AWS_SECRET_ACCESS_KEY: 'stand-in',
  }
}

/** Adds the option of `start` to a stand-in's message about its own `--port`. */
function explainStandIn(name: string, option: string): (error: unknown) => never {
  return error => {
    if (!(error instanceof NotStarted)) throw error
    throw new NotStarted(
      `The ${name} stand-in did not start: ${error.message}\nHere its port is set by ${option}.`,
    )
  }
}

async function seedStore(dataFolder: string, retention: Retention): Promise<void> {
  const store = await openSqliteStore(dataFolder, Date.now, retention)
  await seedTemplates(store, Date.now)
  if ((await store.readPolicy())?.routes.length === 0) {
    await store.saveRoutes(demoRoutes)
    await store.saveLimits({ ...defaultLimits, mode: 'observe' }) // people who try things send much to one number
  }
  await store.close()
}

/** Tells a stand-in where the hook is. */
async function put(url: string, body: object): Promise<void> {
  await exchange('PUT', url, body)
}

async function exchange(method: 'PUT' | 'POST', url: string, body: object): Promise<void> {
  const init = { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(10_000) })
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
}

type StandIns = { readonly okta: string; readonly carrier: string }
type Tried = {
  readonly to: string
  readonly code: string
  readonly eventId: string
  readonly isDelivered: boolean
}

/** The numbers are AWS's own for simulation: nobody is texted, whatever this is pointed at. */
async function tryBothChannels(
  standIns: StandIns,
  print: (text: string) => void,
): Promise<readonly [Tried, Tried]> {
  const attempt = async (to: string, channel: string, locale: string): Promise<Tried> => {
    const code = String(randomInt(100_000, 1_000_000))
    const sent = await sendThroughOkta({
      to,
      channel,
      locale,
      code,
      purpose: 'mfa-verification',
      ...standIns,
    })
    const isDelivered = sent.delivered !== undefined
    print(`${isDelivered ? '✓ delivered' : '✗ not delivered'}: ${channel} to ${to} in ${locale}`)
    print(`${describeSent(sent)}\n`)
    return { to, code, eventId: sent.eventId, isDelivered }
  }
  return [await attempt('+14254147755', 'SMS', 'en_US'), await attempt('+34683783440', 'voice call', 'es_MX')]
}

/** Enters the code as a person would, and waits until Okta's event has answered the delivery. */
async function enterCode(
  { to, code, eventId }: Tried,
  { okta }: StandIns,
  store: Pick<DeliveryStore, 'listDeliveries'>,
  print: (text: string) => void,
): Promise<boolean> {
  await exchange('POST', `${okta}/caller/codes`, { to, code })
  for (let tries = 0; tries < ANSWER_TRIES_MAX; tries++) {
    const [delivery] = await store.listDeliveries({ eventId, limit: 1 })
    if (delivery?.answered !== undefined) {
      print(
        `✓ answered: the code to ${to} was entered ${Math.round(delivery.answered.afterMs / 1_000)} s after the request\n`,
      )
      return true
    }
    await setTimeout(ANSWER_PAUSE_MS)
  }
  print(`✗ not answered: no event of Okta about the code to ${to} arrived\n`)
  return false
}

function addresses(
  hook: Child['ready'],
  path: string,
  okta: Child['ready'],
  carrier: string,
  dataFolder: string,
): string {
  const problem = dataFolderProblem(dataFolder)
  return `
Hookline runs on this machine:

  Phone page     ${carrier}/          what arrives: texts, and calls to listen to
  Hook           ${hook.ready}${path}       where Okta calls
  Health         ${hook.ready}/healthz and /readyz
  Metrics        ${hook.metrics}
  Okta stand-in  ${okta.issuer}
  Data and log   ${dataFolder}
${problem === undefined ? '' : `\n${problem}\n`}`
}

const ANSWER_TRIES_MAX = 100
const ANSWER_PAUSE_MS = 50

const RECEIPT_TOPIC = 'arn:aws:sns:us-east-1:123456789012:hookline-receipts'

const NEXT = `Open the phone page and press "Enter the code": npx hookline deliveries then says after how long it was answered.
Send more, from a second terminal:

  npx hookline send --to +34683783440 --locale es_MX --channel "voice call"
  npx hookline explain --to 9876543210
  npx hookline deliveries

Ctrl-C ends everything.`
