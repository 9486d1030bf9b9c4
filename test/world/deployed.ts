import { startTables } from '../../simulators/aws/dynamodb/table.ts'
import {
  type EndUserMessaging,
  startEndUserMessaging,
} from '../../simulators/aws/end-user-messaging/server.ts'
import { createInvokeAsync, type DeadLetter, type InvokeAsync } from '../../simulators/aws/events/delivery.ts'
import { type CarrierEvents, startCarrierEvents } from '../../simulators/aws/events/events.ts'
import { type AwsFront, startAwsFront } from '../../simulators/aws/front/aws-front.ts'
import { createSecrets, type Secrets } from '../../simulators/aws/front/secrets.ts'
import { type ApiGateway, startApiGateway } from '../../simulators/aws/gateway/api-gateway.ts'
import { checkLogGroups } from '../../simulators/aws/iam/encryption.ts'
import { type AwsCallRecord, createLedger } from '../../simulators/aws/iam/ledger.ts'
import { type Functions, startFunctions } from '../../simulators/aws/lambda/functions.ts'
import { readTemplate, type Stack } from '../../simulators/aws/template/stack.ts'
import type { Template } from '../../simulators/aws/template/template.ts'
import type { CallOrder } from '../../simulators/okta/call-order.ts'
import type { CallResult } from '../../simulators/okta/hook-caller.ts'
import type { Okta } from '../../simulators/okta/okta.ts'
import { startOkta } from '../../simulators/okta/server.ts'
import { usNumber } from '../support/numbers.ts'
import { createTestClock, type TestClock } from './clock.ts'
import type { Message } from './hook-bench.ts'
import { oktaParameters } from './okta-parameters.ts'

/** A template, standing on this machine with both other parties as stand-ins. Ends with `await using`. */
export type Deployed = AsyncDisposable & {
  readonly stack: Stack
  readonly hookUrl: string
  readonly okta: Okta
  readonly carrier: EndUserMessaging
  readonly gateway: ApiGateway
  readonly front: AwsFront
  readonly functions: Functions
  readonly secrets: Secrets
  readonly events: CarrierEvents
  readonly clock: TestClock
  /** As SNS and EventBridge invoke a function: with retries and the dead-letter queue. */
  readonly invokeAsync: InvokeAsync
  /** DynamoDB itself, where nobody asks for permission; and the table. */
  readonly dynamodb: { readonly url: string; readonly table: string }
  /** Acts as Okta, for another user and number each time unless the order names them. */
  readonly call: (order?: CallOrder) => Promise<CallResult>
  readonly messages: () => Promise<readonly Message[]>
  /** A call of the carrier's stand-in, such as `PUT /events`. */
  readonly carrierSays: (method: string, path: string, body?: object) => Promise<unknown>
  /** Resolves when the carrier has told the end of every message, and every function has heard it. */
  readonly allTold: () => Promise<void>
  /** Everything in the table. */
  readonly items: () => Promise<readonly unknown[]>
  /** Everything that functions asked of AWS. */
  readonly calls: () => readonly AwsCallRecord[]
  /** What is granted and was not asked for so far. */
  readonly neverCalled: () => readonly string[]
  /** Every line that functions and gateway logged. */
  readonly logs: () => readonly string[]
  readonly deadLetters: () => readonly DeadLetter[]
  /** What would have got lost on AWS, in words. */
  readonly lost: () => readonly string[]
}

export type DeployedOptions = {
  readonly parameters?: Readonly<Record<string, string>>
  /** The folder of the archives. */
  readonly archives: string
  /** Which of AWS's two ways receipts take. Default: both. */
  readonly ways?: readonly ('topic' | 'rule')[]
}

export async function standUp(template: Template, options: DeployedOptions): Promise<Deployed> {
  const { parameters = {}, archives, ways = ['topic', 'rule'] } = options
  await using parts = new AsyncDisposableStack()
  const clock = createTestClock()
  const header: SecretHeader | undefined = parameters.SecretHeaderName
    ? { name: parameters.SecretHeaderName, value: '' }
    : undefined
  const okta = parts.adopt(await startOkta({ port: 0, ...(header && { secretHeader: header }) }), one =>
    one.close(),
  )
  const { given, translate } = oktaParameters(template, okta, parameters)
  const stack = readTemplate(template, { parameters: { ...given, ...parameters } })
  checkLogGroups(stack)

  const carrier = parts.adopt(await startEndUserMessaging({ port: 0 }), one => one.close())
  const tables = parts.use(await startTables(stack.ofType('AWS::DynamoDB::Table'), stack.region))
  const secrets = createSecrets(stack)
  if (header !== undefined) header.value = firstSecret(stack, secrets)
  const ledger = createLedger(stack)
  const front = parts.use(
    await startAwsFront({ stack, ledger, secrets, dynamodb: tables.url, carrier: carrier.url }),
  )
  const { skippedMs, now } = clock
  const functions = parts.use(await startFunctions({ stack, front, ledger, archives, translate, skippedMs }))
  const { invoke, isGranted } = functions
  const gateway = parts.use(await startApiGateway({ stack, invoke, now }))

  const deadLetters: DeadLetter[] = []
  const losses: string[] = []
  const bury = (letter: DeadLetter): void => void deadLetters.push(letter)
  const lost = (why: string): void => void losses.push(why)
  const invokeAsync = createInvokeAsync({ stack, invoke, isGranted, bury, lost })
  const events = parts.use(
    await startCarrierEvents({ stack, invokeAsync, bury, lost, now, carrierUrl: carrier.url, ways }),
  )
  const hookUrl = hookUrlOf(stack, gateway)
  okta.setHookUrl(hookUrl)

  const carrierSays = async (method: string, path: string, body?: object): Promise<unknown> => {
    const init = body === undefined ? {} : { body: JSON.stringify(body) }
    const response = await fetch(`${carrier.url}${path}`, { method, ...init })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }
  let orders = 0
  const ending = parts.move()
  return {
    ...{ stack, hookUrl, okta, carrier, gateway, front, functions, secrets, events, clock, carrierSays },
    invokeAsync,
    dynamodb: { url: tables.url, table: stack.ofType('AWS::DynamoDB::Table')[0]?.ref ?? '' },
    call: order => {
      orders += 1
      const user = { userId: `00utest${orders}`, login: `user${orders}@example.com` }
      // Long enough to be told from other digits, should it turn up in a log.
      const code = String(70_000_000 + orders * 7_919)
      return okta.call({ to: usNumber(orders), user, code, ...order })
    },
    messages: async () => (await carrierSays('GET', '/messages')) as readonly Message[],
    allTold: async () => {
      for (;;) {
        const { queued } = (await carrierSays('GET', '/events')) as { readonly queued: number }
        if (queued === 0) return events.settled()
        await new Promise(resolve => setImmediate(resolve))
      }
    },
    items: tables.items,
    calls: ledger.calls,
    neverCalled: () => ledger.neverCalled(functions.callers),
    logs: () => [...functions.all.flatMap(({ logs }) => logs()), ...gateway.accessLog()],
    deadLetters: () => deadLetters,
    lost: () => losses,
    [Symbol.asyncDispose]: () => ending.disposeAsync(),
  }
}

/** Okta's stand-in reads it at each call. */
type SecretHeader = { readonly name: string; value: string }

function firstSecret(stack: Stack, secrets: Secrets): string {
  const { text = '' } = secrets.get(stack.outputs.HookSecretArn) ?? {}
  const { HOOKLINE_SECRETS: all = '' } = JSON.parse(text) as { readonly HOOKLINE_SECRETS?: string }
  return all.split(',')[0] ?? ''
}

/** The address that people are told, at the gateway of this machine. */
function hookUrlOf(stack: Stack, gateway: ApiGateway): string {
  const told = new URL(stack.outputs.HookUrl ?? '')
  const host = `${gateway.api.id}.execute-api.${stack.region}.amazonaws.com`
  if (told.protocol !== 'https:' || told.host !== host) throw new Error(`HookUrl is ${told}, not at ${host}`)
  return new URL(told.pathname, gateway.url).href
}
