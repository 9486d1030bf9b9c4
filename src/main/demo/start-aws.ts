import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { environmentCredentials } from '../../adapters/aws/wire/credentials.ts'
import { createUndiciTransport } from '../../adapters/aws/wire/undici-transport.ts'
import { openDynamoStore } from '../../adapters/dynamodb/store.ts'
import { makeFolder } from '../../cli/terminal/files.ts'
import { type ExitCode, exitCodes, Problem } from '../../cli/terminal/problem.ts'
import type { Environment } from '../../config/environment.ts'
import { tableCall } from '../aws-calls.ts'
import { makeRelease } from '../commands/build-template.ts'
import { inheritedEnvironment } from '../environment.ts'
import { retention } from '../server/retention.ts'
import { type Streams, say } from '../terminal.ts'
import type { Child } from './child.ts'
import { seedDemo } from './demo-routes.ts'
import { keepEnvironment } from './empty-org.ts'
import { sendFirstCodes } from './first-codes.ts'
import { exchange, explainStandIn, runPrograms } from './programs.ts'

type StartOptions = {
  readonly oktaPort: string
  readonly carrierPort: string
  readonly once?: boolean
  /** The parameter OneFunction. */
  readonly oneFunction?: boolean
  readonly dataFolder: string
}

/**
 * `hookline start --aws`: what `hookline deploy` puts on AWS, on this machine. The functions of the
 * finished template run in processes of their own, with the permissions of their roles; only AWS and Okta are stand-ins.
 */
export async function startOnAws(
  { oktaPort, carrierPort, once, oneFunction = false, dataFolder }: StartOptions,
  environment: Environment,
  { stdout, stderr, signal }: Pick<Streams, 'stdout' | 'stderr' | 'signal'>,
  endWith: (exitCode: ExitCode) => void,
): Promise<void> {
  const print = (text: string): void => say(stdout, `${text}\n`)
  if (Number(process.versions.node.split('.')[0]) < FUNCTIONS_NODE) {
    const node = `The functions run on Node ${FUNCTIONS_NODE}, as on AWS, and this is Node ${process.versions.node}.`
    throw new Problem('usage', `${node} Use Node ${FUNCTIONS_NODE}, or start without --aws.`)
  }
  makeFolder(dataFolder)
  const release = await makeRelease(environment, () =>
    print('… building      the functions and the template; this takes a few seconds'),
  )

  await runPrograms({ stderr, signal, endWith }, async (launch, stop) => {
    const inherited = inheritedEnvironment(environment)
    const carrier = await launch('End User Messaging stand-in', ['--port', carrierPort], inherited).catch(
      explainStandIn('End User Messaging', '--carrier-port'),
    )
    const okta = await launch('Okta stand-in', ['--port', oktaPort], inherited).catch(
      explainStandIn('Okta', '--okta-port'),
    )
    const { issuer = '', audience = '', clientId = '', scope = '' } = okta.ready
    const options = {
      ...release,
      ...{ carrier: carrier.ready.ready, issuer, audience, 'client-id': clientId, scope },
      set: `OneFunction=${oneFunction}`,
    }
    const aws = await launch(
      'AWS deployment stand-in',
      Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
      inherited,
    )
    aws.output.pipe(createWriteStream(join(dataFolder, 'functions.log'), { flags: 'a', mode: 0o600 }))
    const commands = commandSettings(aws.ready, carrier.ready.ready)
    await seedTable(commands)
    await exchange('PUT', `${okta.ready.ready}/caller/hook`, { url: aws.ready.ready })
    const functions = oneFunction ? 'one function' : 'the functions authorizer and hook'
    print(addresses({ aws: aws.ready, carrier: carrier.ready.ready, issuer, functions, dataFolder }))
    print("A code by text and a code by voice, from Okta's call to the phone:\n")
    const tried = await sendFirstCodes({ okta: okta.ready.ready, carrier: carrier.ready.ready }, print)
    if (once) {
      endWith(tried.every(({ isDelivered }) => isDelivered) ? exitCodes.done : exitCodes.notSent)
      stop()
    } else print(nextSteps(keepEnvironment(dataFolder, commands)))
  })
}

/** With these, commands see the table and the account of the stand-ins. */
function commandSettings({ region, dynamodb, table, secret = '' }: Child['ready'], carrier: string) {
  const { HOOKLINE_HASH_KEY } = JSON.parse(secret) as { readonly HOOKLINE_HASH_KEY: string }
  return {
    AWS_REGION: region ?? '',
    AWS_ACCESS_KEY_ID: 'stand-in',
    AWS_SECRET_ACCESS_KEY: 'stand-in',
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb ?? '',
    AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: carrier,
    HOOKLINE_TABLE: table ?? '',
    HOOKLINE_HASH_KEY,
  }
}

async function seedTable(environment: ReturnType<typeof commandSettings>): Promise<void> {
  const credentials = environmentCredentials(environment)
  const access = { environment, credentials, openTransport: createUndiciTransport }
  const store = openDynamoStore({
    ...tableCall(environment.AWS_REGION, access, TABLE_MS),
    table: environment.HOOKLINE_TABLE,
    now: Date.now,
    retention: retention({ retentionDays: 30 }),
  })
  await seedDemo(store)
  await store.close()
}

type Addresses = {
  readonly aws: Child['ready']
  readonly carrier: string
  readonly issuer: string
  /** Those that answer Okta. */
  readonly functions: string
  readonly dataFolder: string
}

function addresses({ aws, carrier, issuer, functions, dataFolder }: Addresses): string {
  return `
The deployment runs on this machine, from the finished template:

  Phone page     ${carrier}/          what arrives: texts, and calls to listen to
  Hook           ${aws.ready}       where Okta calls: API Gateway, then ${functions}
  Table          ${aws.table} at ${aws.dynamodb}
  Okta stand-in  ${issuer}
  Log            ${join(dataFolder, 'functions.log')}
`
}

function nextSteps(file: string): string {
  return `Open the phone page, then send more, from a second terminal in this folder:

  set -a; . ${file}; set +a
  npx hookline send --to +34683783440 --locale es_MX --channel "voice call"
  npx hookline deliveries
  npx hookline deliveries --phone +34683783440

The table is in memory: it ends with Ctrl-C, as everything does.`
}

/** Of the functions' runtime. */
const FUNCTIONS_NODE = 24
const TABLE_MS = 5_000
