import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { CREDENTIALS } from '../fixtures/aws-credentials.ts'
import type { Message } from '../world/controls.ts'
import { fakedClock } from '../world/faked-clock.ts'
import { type ChildProgram, startProgram } from '../world/processes.ts'
import { runHookline } from '../world/run-hookline.ts'
import { HASH_KEY_OF_TESTS, type ServedHook, serveEnvironment, startServe } from '../world/world.ts'
import { FIRST, SECOND } from './faults.ts'
import type { Row } from './matrix.ts'
import { requestJson } from './request-json.ts'
import { INSPECTED } from './store-thread.ts'

/** Both stand-ins, each a process of its own. */
export type StandIns = AsyncDisposable & {
  readonly okta: ChildProgram
  /** Changes when the process is replaced; its address does not. */
  readonly carrier: () => ChildProgram
  readonly carrierUrl: string
  readonly stopCarrier: () => Promise<void>
  readonly restartCarrier: () => Promise<void>
  /** Every message, from all runs of the carrier. */
  readonly messages: () => Promise<readonly Message[]>
  /** Sets the destination of receipts. */
  readonly sendReceipts: (options: object) => Promise<void>
}

/** 1.5 times what two slow cores need for 50 requests at once, so that only hanging requests reach the limit. */
export const BUDGET_MS = 1_200
export const SECRET_HEADER = { name: 'x-hook-secret', value: 'a-secret-of-tests-longer-than-32-characters' }
export const TOPIC = 'arn:aws:sns:us-east-1:123456789012:hookline-receipts'

export async function startStandIns(folder: string, seed: number): Promise<StandIns> {
  const startCarrier = (port: string) =>
    startProgram('simulators/aws/end-user-messaging/main.ts', ['--port', port, '--seed', String(seed)], {
      stdout: join(folder, 'carrier.log'),
    })
  await using starting = new AsyncDisposableStack()
  let carrier = await startCarrier('0')
  starting.defer(() => carrier[Symbol.asyncDispose]())
  const { ready: carrierUrl } = carrier.ready
  const okta = starting.use(
    await startProgram('simulators/okta/main.ts', ['--port', '0'], { stdout: join(folder, 'okta.log') }),
  )
  const arrived = new Map<string, Message>()
  const messages = async (): Promise<readonly Message[]> => {
    const listed = (await requestJson(`${carrierUrl}/messages`)) as readonly Message[]
    for (const message of listed) arrived.set(message.messageId, message)
    return [...arrived.values()]
  }
  const running = starting.move()
  return {
    okta,
    carrier: () => carrier,
    carrierUrl,
    stopCarrier: async () => {
      // Nothing is accepted after this, so that the list is complete.
      await requestJson(`${carrierUrl}/faults`, 'POST', { kind: 'hang', when: 'before' })
      for (const { finalEvent, ...message } of await messages()) {
        arrived.set(message.messageId, message) // receipts that are not sent yet are dropped
      }
      await carrier[Symbol.asyncDispose]()
    },
    restartCarrier: async () => {
      carrier = await startCarrier(new URL(carrierUrl).port)
    },
    messages,
    sendReceipts: options =>
      requestJson(`${carrierUrl}/events`, 'PUT', { topicArn: TOPIC, ...options }).then(() => undefined),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** A data folder with a route of two candidates; it is copied for each hook. */
export async function prepareFolder(folder: string, routesFile: string): Promise<void> {
  const { code, stderr } = await runHookline(['routes', 'import', routesFile], {
    env: { HOOKLINE_DATA_DIR: folder },
  })
  if (code !== 0) throw new Error(stderr)
}

// The second is in another region: AWS counts the calls of each region separately.
export const ROUTES = { US: [FIRST, { identity: SECOND, region: 'us-west-2' }] } as const

export type Hook = ServedHook & {
  readonly dataFolder: string
  readonly log: string
  readonly errors: string
  /** The offset of its wall clock in seconds. */
  readonly setClock: (offset: string) => void
  /** Starts a second process on the same data, in which the hash keys have changed places. */
  readonly rotateHashKey: () => Promise<void>
  /** The process that takes the next request: after `rotateHashKey` they take turns. */
  readonly takesNext: () => Pick<ServedHook, 'ready' | 'pid'>
}

/** The next hash key, which every process knows. */
export const OTHER_HASH_KEY = 'the next key of tests, longer than 32 characters'

/** `hookline serve` on a copy of the prepared folder, configured only by its environment. */
export async function startHook(
  standIns: StandIns,
  prepared: string,
  folder: string,
  { disturbance, oldRecords = 0, bySecret }: Pick<Row, 'disturbance' | 'oldRecords' | 'bySecret'>,
): Promise<Hook> {
  const dataFolder = join(folder, 'data')
  cpSync(prepared, dataFolder, { recursive: true })
  if (oldRecords > 0) fill(dataFolder, oldRecords)
  const errors = join(folder, 'hook.errors')
  const clock = fakedClock(folder)
  const isInspected = disturbance?.startsWith('store thread')
  const { issuer = '', audience = '', clientId = '', scope = '' } = standIns.okta.ready
  const okta = { issuer, audience, clientId, scope }
  const log = join(folder, 'hook.log')
  const options = {
    stdout: log,
    ...(isInspected && { stderr: errors }),
    piped: disturbance === 'disk full' || disturbance === 'log reader hung',
    env: serveEnvironment(okta, {
      ...CREDENTIALS,
      ...(disturbance === 'clock back and forth' && clock.env),
      ...(bySecret && {
        HOOKLINE_SECRET_HEADER: SECRET_HEADER.name,
        HOOKLINE_SECRETS: SECRET_HEADER.value,
      }),
      ...(isInspected && { NODE_OPTIONS: INSPECTED }),
      HOOKLINE_BUDGET_MS: String(BUDGET_MS),
      HOOKLINE_HASH_KEY: HASH_KEY_OF_TESTS,
      HOOKLINE_DATA_DIR: dataFolder,
      HOOKLINE_RECEIPT_TOPICS: TOPIC,
      HOOKLINE_BLOCKED_ANSWER: 'error', // no answer would look like a lost message
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: standIns.carrierUrl,
    }),
  }
  const keys = ([HOOKLINE_HASH_KEY, HOOKLINE_OTHER_HASH_KEY]: readonly [string, string]) => ({
    ...options,
    env: { ...options.env, HOOKLINE_HASH_KEY, HOOKLINE_OTHER_HASH_KEY },
  })
  const isRotated = disturbance === 'hash key rotated'
  const hook = await startServe(isRotated ? keys([HASH_KEY_OF_TESTS, OTHER_HASH_KEY]) : options)
  const processes = [hook]
  let requests = 0
  return {
    ...hook,
    ...{ dataFolder, log, errors, setClock: clock.set },
    rotateHashKey: async () => {
      const after = { ...keys([OTHER_HASH_KEY, HASH_KEY_OF_TESTS]), stdout: `${log}-2` }
      if (processes.length === 1) processes.push(await startServe(after))
    },
    takesNext: () => {
      const turn = TURNS[requests % TURNS.length]
      requests += 1
      return processes[turn ?? 0] ?? hook
    },
    [Symbol.asyncDispose]: async () => {
      for (const each of processes) await each[Symbol.asyncDispose]()
    },
  }
}

/** Of two equal requests at the same moment, and of one and its repetition fifty later, each process gets one, now the first. */
const TURNS = [0, 1, 1, 0]

/** Records of 1970. */
function fill(dataFolder: string, count: number): void {
  const database = new DatabaseSync(join(dataFolder, 'hookline.db'))
  database.exec(`
    WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < ${count})
    INSERT INTO deliveries (id, opened_at, caller, number_digest, user_digest, channel, purpose, state, end)
    SELECT 'old-' || n, n, 'nobody', 'number-' || n, 'user-' || n, 'sms', 'other', 'unknown',
      '{"state":"unknown","at":1,"code":"CARRIER_UNKNOWN","detail":"","attempts":[]}' FROM counted`)
  database.close()
}
