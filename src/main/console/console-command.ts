import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { createAwsClient } from '../../adapters/aws/wire/client.ts'
import { type Alarms, readAlarms } from '../../adapters/cloudwatch/alarms.ts'
import { findStack, stackEnvironment } from '../../cli/doctor/read-deployment.ts'
import { explainAwsError } from '../../cli/terminal/aws-error.ts'
import { readNumber, readRegion } from '../../cli/terminal/option-values.ts'
import type { Environment } from '../../config/environment.ts'
import { createContext } from '../commands/commands.ts'
import { serverAws } from '../server/server-aws.ts'
import { type Streams, say } from '../terminal.ts'
import { openConsole } from './open-console.ts'

type Options = {
  readonly port: string
  readonly readOnly?: boolean
  readonly stack?: string
  readonly region?: string
}

/** `hookline console`: serves the console on loopback and prints its address, until Ctrl-C. With a stack, over its table. */
export async function consoleCommand(
  { port, readOnly = false, stack, region }: Options,
  environment: Environment,
  streams: Streams,
): Promise<void> {
  const { stdout, signal, sendReady } = streams
  const settings = stack === undefined ? environment : await ofStack(stack, region, environment, streams)
  const context = await createContext(settings, streams, () => undefined)
  const opened = await openConsole(context, {
    port: readNumber('--port', port, { min: 0, max: 65_535 }),
    setting: '--port',
    isReadOnly: readOnly,
    needsStore: true,
    readAlarms: stack === undefined ? undefined : () => alarmsOf(stack, settings),
    onOpened: address => say(stdout, `\nA browser was let in. For another one:\n\n  ${address}\n`),
  })
  say(stdout, `${greeting(opened.address(), readOnly)}\n`)
  sendReady({ ready: opened.address() })
  if (!signal.aborted) await once(signal, 'abort')
  await opened.close()
}

/** CloudFormation names an alarm by its stack and what the template calls it. */
async function alarmsOf(nameOrId: string, { AWS_REGION: region }: Environment): Promise<Alarms> {
  const { openTransport, ...access } = serverAws()
  const transport = openTransport({
    connectMs: 1_000,
    answerMs: 3_000,
    answerMaxBytes: 4_194_304,
    now: Date.now,
  })
  const again = { triesMax: 3, pause: setTimeout, random: Math.random }
  const call = createAwsClient({ ...access, service: 'monitoring', region, transport, again, now: Date.now })
  return readAlarms(call, `${nameOrId.startsWith('arn:') ? nameOrId.split('/')[1] : nameOrId}-Alarm`).finally(
    transport.close,
  )
}

/** The settings of a deployment, beside what is not a setting, such as credentials. */
async function ofStack(
  name: string,
  region: string | undefined,
  environment: Environment,
  streams: Streams,
): Promise<Environment> {
  const { cloud, homeRegion } = await createContext(environment, streams, () => undefined)
  try {
    const opened = await cloud.open(readRegion(region) ?? homeRegion())
    try {
      const own = Object.entries(environment).filter(([variable]) => !variable.startsWith('HOOKLINE_'))
      return { ...Object.fromEntries(own), ...stackEnvironment(await findStack(opened, name), opened) }
    } finally {
      opened.close()
    }
  } catch (error) {
    throw explainAwsError(error)
  }
}

function greeting(address: string, isReadOnly: boolean): string {
  return `
The console${isReadOnly ? ', read-only' : ''}: open this address in a browser on this machine. It lets one browser in, once.

  ${address}

Ctrl-C ends it.`
}
