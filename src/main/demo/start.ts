import { createWriteStream, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { keepEventSecret, keepHashKey } from '../../adapters/node/hash-key.ts'
import { openSqliteStore } from '../../adapters/sqlite/store.ts'
import { makeFolder } from '../../cli/terminal/files.ts'
import { type ExitCode, exitCodes, Problem } from '../../cli/terminal/problem.ts'
import type { Environment } from '../../config/environment.ts'
import { allSettings } from '../../config/setting-table.ts'
import { readSettings } from '../../config/settings.ts'
import type { Retention } from '../../core/records/store.ts'
import { inheritedEnvironment } from '../environment.ts'
import { dataFolderProblem } from '../server/open-store.ts'
import { retention } from '../server/retention.ts'
import { type Streams, say } from '../terminal.ts'
import { showAttack } from './attack.ts'
import type { Child } from './child.ts'
import { demoAccount, seedDemo } from './demo-routes.ts'
import { CLIENT_TO_BE, handOrg, TOKEN_OF_STAND_IN } from './empty-org.ts'
import { enterCode, sendFirstCodes } from './first-codes.ts'
import { exchange, explainStandIn, runPrograms } from './programs.ts'

type StartOptions = {
  readonly oktaPort: string
  readonly carrierPort: string
  readonly awsPort: string
  readonly emptyOrg?: boolean
  readonly once?: boolean
  readonly attack?: boolean
  readonly aws?: boolean
  readonly oneFunction?: boolean
}

/**
 * `hookline start`: the whole journey on one machine. The stand-ins and `serve` run as programs of their own;
 * `serve` knows the stand-ins by its environment alone. Then one text and one call go through; with an empty org, a
 * person sets it up first; with `aws`, the deployed functions run instead of `serve`. Until Ctrl-C, or with `once` until
 * both codes were shown and one was entered (not with `aws`): exit code 4 if that fails.
 */
export async function start(
  options: StartOptions,
  environment: Environment,
  streams: Pick<Streams, 'stdout' | 'stderr' | 'signal'>,
  endWith: (exitCode: ExitCode) => void,
): Promise<void> {
  const { oktaPort, carrierPort, awsPort, emptyOrg, once, attack, aws, oneFunction } = options
  const { stdout, stderr, signal } = streams
  if (emptyOrg && aws) throw new Problem('usage', '--aws cannot be combined with --empty-org.')
  if (oneFunction && !aws) throw new Problem('usage', '--one-function is only for --aws.')
  if (attack && (emptyOrg || aws))
    throw new Problem('usage', '--attack cannot be combined with --empty-org or --aws.')
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
  const ownFolder = resolve(settings.store.dataFolder)
  const dataFolder = attack ? join(ownFolder, 'attack') : ownFolder
  if (aws) {
    const { startOnAws } = await import('./start-aws.ts')
    return startOnAws({ ...options, dataFolder }, environment, streams, endWith)
  }
  if (attack) rmSync(dataFolder, { recursive: true, force: true }) // of the last time
  makeFolder(dataFolder)
  const hashKey = (settings.store.hashKey ?? keepHashKey(dataFolder)).reveal()
  const eventSecret = (settings.events.secrets?.[0] ?? keepEventSecret(dataFolder)).reveal()
  await seedStore(dataFolder, retention(settings.store), attack)

  await runPrograms({ stderr, signal, endWith }, async (launch, stop) => {
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
      HOOKLINE_CONSOLE_PORT: String(settings.server.consolePort ?? 0),
      HOOKLINE_RECEIPT_TOPICS: RECEIPT_TOPIC,
    })
    hook.output.pipe(createWriteStream(join(dataFolder, 'hookline.log'), { flags: 'a', mode: 0o600 }))
    const hookUrl = `${hook.ready.ready}${settings.server.path}`
    await exchange('PUT', `${carrier.ready.ready}/events`, {
      url: `${hook.ready.ready}/events/carrier`,
      topicArn: RECEIPT_TOPIC,
    })
    await exchange('PUT', `${carrier.ready.ready}/codes`, { url: `${okta.ready.ready}/caller/codes` })
    print(addresses(hook.ready, settings.server.path, okta.ready, carrier.ready.ready, dataFolder))
    if (emptyOrg) {
      const account = await launch(
        'AWS stand-in',
        ['--port', awsPort],
        inheritedEnvironment(environment),
      ).catch(explainStandIn('AWS', '--aws-port'))
      await exchange('PUT', `${carrier.ready.ready}/account`, demoAccount())
      const about = { dataFolder, orgUrl: okta.ready.ready, carrierUrl: carrier.ready.ready, hookUrl }
      print(handOrg({ ...ofHook, AWS_ENDPOINT_URL_STS: account.ready.ready }, about))
      return
    }
    await exchange('PUT', `${okta.ready.ready}/caller/hook`, { url: hookUrl })
    const eventsUrl = `${hook.ready.ready}/events/okta`
    await exchange('PUT', `${okta.ready.ready}/caller/event-hook`, { url: eventsUrl, secret: eventSecret })
    const standIns = { okta: okta.ready.ready, carrier: carrier.ready.ready }
    if (attack) {
      const store = await openSqliteStore(dataFolder, Date.now, retention(settings.store))
      const isHeld = await showAttack(standIns, store, print, once ? 0 : ATTACK_PAUSE_MS).finally(store.close)
      if (!isHeld) endWith(exitCodes.notSent)
      if (once) stop()
      else print(afterAttack(dataFolder))
      return
    }
    print("A code by text and a code by voice, from Okta's call to the phone:\n")
    const [text, call] = await sendFirstCodes(standIns, print)
    if (once) {
      const store = await openSqliteStore(dataFolder, Date.now, retention(settings.store))
      const isAnswered = await enterCode(text, standIns, store, print).finally(store.close)
      endWith(text.isDelivered && call.isDelivered && isAnswered ? exitCodes.done : exitCodes.notSent)
      stop()
    } else print(NEXT)
  })
}

/** Only the hook needs the settings. */
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

async function seedStore(dataFolder: string, retention: Retention, isEnforced = false): Promise<void> {
  const store = await openSqliteStore(dataFolder, Date.now, retention)
  await seedDemo(store)
  if (isEnforced) {
    const by = { author: 'Hookline', at: Date.now(), because: 'The attack of npm start -- --attack.' }
    await store.saveFraudPolicy({ mode: 'enforce', modes: {}, overrides: [] }, by)
  }
  await store.close()
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

  Phone page     ${carrier}/          texts and calls as they arrive
  Console        ${hook.console}
                 lets one browser in; the next address is in ${join(dataFolder, 'console-address')}
  Hook           ${hook.ready}${path}       the address that Okta calls
  Health         ${hook.ready}/healthz and /readyz
  Metrics        ${hook.metrics}
  Okta stand-in  ${okta.issuer}
  Data and log   ${dataFolder}
${problem === undefined ? '' : `\n${problem}\n`}`
}

const RECEIPT_TOPIC = 'arn:aws:sns:us-east-1:123456789012:hookline-receipts'

/** Slowly enough to be watched on the phone page. */
const ATTACK_PAUSE_MS = 100

function afterAttack(dataFolder: string): string {
  return `
Look at it from a second terminal:

  export HOOKLINE_DATA_DIR=${dataFolder}
  npx hookline fraud status
  npx hookline fraud episodes
  npx hookline deliveries

Ctrl-C ends everything.`
}

const NEXT = `Open the phone page and press "Enter the code": npx hookline deliveries then says after how long it was answered.
Send more, from a second terminal:

  npx hookline send --to +34683783440 --locale es_MX --channel "voice call"
  npx hookline explain --to 9876543210
  npx hookline deliveries

Ctrl-C ends everything.`
