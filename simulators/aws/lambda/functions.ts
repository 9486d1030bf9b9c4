import { basename } from 'node:path'
import { functionOf } from '../events/delivery.ts'
import type { AwsFront } from '../front/aws-front.ts'
import { type RequestedAction, roleOf, statementsOfRole } from '../iam/iam.ts'
import type { Caller, Ledger } from '../iam/ledger.ts'
import type { Resource, Stack } from '../template/stack.ts'
import type { Invocation } from './execution-environment.ts'
import { createLambda, type LambdaFunction } from './lambda.ts'

/** Every function of a template, each with its own role. Ends with `await using`. */
export type Functions = AsyncDisposable & {
  readonly all: readonly LambdaFunction[]
  readonly callers: readonly Caller[]
  /** Functions by the names of their archives: `hook` for hookline/…/hook.zip. */
  readonly named: (name: string) => LambdaFunction
  readonly invoke: (functionArn: string, event: object) => Promise<Invocation>
  /** Whether a function's role allows what Lambda does on its behalf. */
  readonly isGranted: (functionArn: string, request: RequestedAction) => boolean
}

export type FunctionsOptions = {
  readonly stack: Stack
  readonly front: AwsFront
  readonly ledger: Ledger
  readonly archives: string
  readonly translate: (value: string) => string
  readonly skippedMs: () => number
  /** Called with each line that a function logs. */
  readonly logged?: ((line: string) => void) | undefined
}

export async function startFunctions(options: FunctionsOptions): Promise<Functions> {
  const { stack, front, ledger, archives, translate, skippedMs } = options
  await using parts = new AsyncDisposableStack()
  const started = new Map<Resource, { readonly lambda: LambdaFunction; readonly caller: Caller }>()
  for (const resource of stack.ofType('AWS::Lambda::Function')) {
    checkProperties(resource)
    const role = roleOf(stack, resource)
    const statements = statementsOfRole(stack, role)
    const caller = { function: nameOf(resource), roleArn: role.arn ?? '', statements }
    const lambda = await createLambda(resource, {
      archives,
      translate,
      skippedMs,
      logged: options.logged,
      region: stack.region,
      env: front.environmentFor(caller),
      invoked: () => traceActions(resource).every(request => ledger.ask(caller, request)),
      mayLog: isFirst => logActions(stack, resource, isFirst).every(request => ledger.ask(caller, request)),
    })
    started.set(resource, { lambda: parts.use(lambda), caller })
  }
  const find = (functionArn: string) => {
    const found = started.get(functionOf(stack, functionArn).lambda)
    if (found === undefined) throw new Error(`There is no function ${functionArn}`)
    return found
  }
  const all = [...started.values()].map(({ lambda }) => lambda)
  const ending = parts.move()
  return {
    all,
    callers: [...started.values()].map(({ caller }) => caller),
    named: name => {
      const found = all.find(({ resource }) => nameOf(resource) === name)
      if (found === undefined) throw new Error(`There is no function ${name}`)
      return found
    },
    invoke: (functionArn, event) => find(functionArn).lambda.invoke(event, functionArn),
    isGranted: (functionArn, request) => ledger.ask(find(functionArn).caller, request),
    [Symbol.asyncDispose]: () => ending.disposeAsync(),
  }
}

function nameOf({ logicalId, properties: { Code } }: Resource): string {
  const { S3Key } = Object(Code) as { readonly S3Key?: string }
  return S3Key === undefined ? logicalId : basename(S3Key, '.zip')
}

/**
 * The processes run on this machine's Node, which must be the template's version; a property that the harness does not
 * support is an error.
 */
function checkProperties({ logicalId, properties }: Resource): void {
  const major = process.versions.node.split('.')[0]
  if (properties.Runtime !== `nodejs${major}.x`) {
    throw new Error(
      `${logicalId} runs on ${properties.Runtime}, and this is Node ${process.versions.node}: use the template's version.`,
    )
  }
  const unknown = [
    'Layers',
    'VpcConfig',
    'FileSystemConfigs',
    'ImageConfig',
    'SnapStart',
    'KmsKeyArn',
  ].filter(name => properties[name] !== undefined)
  if (unknown.length > 0) throw new Error(`${logicalId}: the harness does not know ${unknown.join(', ')}`)
}

/** With active tracing, Lambda writes the trace of each invocation with the function's role. */
function traceActions({ properties }: Resource): readonly RequestedAction[] {
  const { Mode } = Object(properties.TracingConfig) as { readonly Mode?: string }
  if (Mode !== 'Active') return []
  return ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'].map(action => ({ action, resource: '*' }))
}

function logActions(
  stack: Stack,
  { ref, properties }: Resource,
  isFirst: boolean,
): readonly RequestedAction[] {
  const { LogGroup = `/aws/lambda/${ref}` } = Object(properties.LoggingConfig) as {
    readonly LogGroup?: string
  }
  const group = `arn:aws:logs:${stack.region}:${stack.account}:log-group:${LogGroup}`
  const resource = `${group}:log-stream:2026/01/01/[1]0123456789abcdef0123456789abcdef`
  const actions = isFirst ? ['logs:CreateLogStream', 'logs:PutLogEvents'] : ['logs:PutLogEvents']
  return actions.map(action => ({ action, resource }))
}
