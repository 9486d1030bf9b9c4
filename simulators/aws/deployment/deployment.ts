import { startTables, type Tables } from '../dynamodb/table.ts'
import { createInvokeAsync, type DeadLetter, type InvokeAsync } from '../events/delivery.ts'
import { type CarrierEvents, startCarrierEvents } from '../events/events.ts'
import { tellSchedules } from '../events/sources.ts'
import { type AwsFront, startAwsFront } from '../front/aws-front.ts'
import { createSecrets, type Secrets } from '../front/secrets.ts'
import { type ApiGateway, startApiGateway } from '../gateway/api-gateway.ts'
import { checkLogGroups } from '../iam/encryption.ts'
import { createLedger, type Ledger } from '../iam/ledger.ts'
import { type Functions, startFunctions } from '../lambda/functions.ts'
import { wholePattern } from '../template/parameters.ts'
import { readStack, type Stack } from '../template/stack.ts'
import type { TemplateDocument } from '../template/template.ts'

/** A finished template on this machine: API Gateway, Lambda, IAM, DynamoDB, SNS, EventBridge and Secrets Manager. */
export type Deployment = AsyncDisposable & {
  readonly stack: Stack
  /** Output `HookUrl`, at this machine's gateway. */
  readonly hookUrl: string
  readonly gateway: ApiGateway
  readonly front: AwsFront
  readonly functions: Functions
  readonly tables: Tables
  readonly secrets: Secrets
  readonly ledger: Ledger
  readonly events: CarrierEvents
  /** As SNS and EventBridge invoke a function: with retries and the dead-letter queue. */
  readonly invokeAsync: InvokeAsync
  /** A minute has come: EventBridge invokes the functions of the rules that run each minute. Resolves when they have ended. */
  readonly minute: () => Promise<void>
  /** An hour has come, in the same way. */
  readonly hour: () => Promise<void>
  readonly deadLetters: () => readonly DeadLetter[]
  /** A sentence about each event that would have been lost on AWS. */
  readonly lost: () => readonly string[]
}

export type DeploymentOptions = {
  readonly template: TemplateDocument
  /** The folder of the functions' archives. */
  readonly archives: string
  readonly parameters?: Readonly<Record<string, string>>
  /** Whom the deployment trusts. Undefined: only what the parameters say. */
  readonly okta?: TrustedOkta | undefined
  /** The address of End User Messaging's stand-in. */
  readonly carrierUrl: string
  /** The paths of receipts on AWS. Default: both. */
  readonly ways?: readonly ('topic' | 'rule')[]
  /** Default: this machine's clock. */
  readonly clock?: DeploymentClock
  /** Called with each line that a function logs. */
  readonly logged?: (line: string) => void
}

/** An authorization server and the client of the hook. */
type TrustedOkta = {
  readonly issuer: string
  readonly audience: string
  readonly clientId: string
  readonly scope: string
}

/** The machine's time, moved on by `skippedMs`. */
type DeploymentClock = { readonly now: () => number; readonly skippedMs: () => number }

export async function startDeployment(options: DeploymentOptions): Promise<Deployment> {
  const { template, archives, parameters = {}, carrierUrl, logged, ways = ['topic', 'rule'] } = options
  const { now, skippedMs } = options.clock ?? { now: Date.now, skippedMs: () => 0 }
  await using parts = new AsyncDisposableStack()
  const { values, translate } = oktaParameters(template, options.okta)
  const stack = readStack(template, { parameters: { ...values, ...parameters } })
  checkLogGroups(stack)

  const tables = parts.use(await startTables(stack.ofType('AWS::DynamoDB::Table'), stack.region))
  const secrets = createSecrets(stack)
  const ledger = createLedger(stack)
  const front = parts.use(
    await startAwsFront({ stack, ledger, secrets, dynamodb: tables.url, carrier: carrierUrl }),
  )
  // A function may call the gateway's address, and the gateway calls functions.
  let started: Functions | undefined
  const invoke: Functions['invoke'] = (arn, event) => {
    if (started === undefined) throw new Error('The functions have not started')
    return started.invoke(arn, event)
  }
  const gateway = parts.use(await startApiGateway({ stack, invoke, now }))
  const hookUrl = hookUrlOf(stack, gateway)
  const functions = parts.use(
    await startFunctions({
      ...{ stack, front, ledger, archives, skippedMs, logged },
      translate: value => (value === stack.outputs.HookUrl ? hookUrl : translate(value)),
    }),
  )
  started = functions
  const { isGranted } = functions

  const deadLetters: DeadLetter[] = []
  const losses: string[] = []
  const bury = (letter: DeadLetter): void => void deadLetters.push(letter)
  const lost = (why: string): void => void losses.push(why)
  const invokeAsync = createInvokeAsync({ stack, invoke, isGranted, bury, lost })
  const events = parts.use(
    await startCarrierEvents({ stack, invokeAsync, bury, lost, now, carrierUrl, ways }),
  )
  const told = { stack, invokeAsync, bury, lost, now }
  const minute = (): Promise<void> => tellSchedules('rate(1 minute)', told)
  const hour = (): Promise<void> => tellSchedules('rate(1 hour)', told)
  const ending = parts.move()
  return {
    ...{ stack, gateway, front, functions, tables, secrets, ledger, events, invokeAsync, minute, hour },
    hookUrl,
    deadLetters: () => deadLetters,
    lost: () => losses,
    [Symbol.asyncDispose]: () => ending.disposeAsync(),
  }
}

function hookUrlOf(stack: Stack, gateway: ApiGateway): string {
  const output = new URL(stack.outputs.HookUrl ?? '')
  const host = `${gateway.api.id}.execute-api.${stack.region}.amazonaws.com`
  if (output.protocol !== 'https:' || output.host !== host)
    throw new Error(`HookUrl is ${output}, not at ${host}`)
  return new URL(output.pathname, gateway.url).href
}

/**
 * The parameters about Okta, and the changes of the functions' environment that point to a stand-in. That uses plain http on
 * loopback: a template that only accepts https gets an https address, and the functions' environment gets the stand-in's.
 */
function oktaParameters(
  template: TemplateDocument,
  okta: TrustedOkta | undefined,
): {
  readonly values: Readonly<Record<string, string>>
  readonly translate: (value: string) => string
} {
  const code = { CodeBucket: 'hookline-code-on-this-machine' }
  if (okta === undefined) return { values: code, translate: value => value }
  const { issuer, audience, clientId, scope } = okta
  const pattern = template.Parameters?.OktaIssuer?.AllowedPattern ?? '.*'
  const issuerParameter = wholePattern(pattern).test(issuer)
    ? issuer
    : 'https://hookline.okta.com/oauth2/default'
  return {
    values: {
      ...code,
      OktaIssuer: issuerParameter,
      OktaAudience: audience,
      OktaClientId: clientId,
      OktaScope: scope,
    },
    translate: value => value.replace(issuerParameter, issuer),
  }
}
