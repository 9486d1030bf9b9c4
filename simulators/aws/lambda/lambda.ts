import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Resource } from '../template/stack.ts'
import {
  type ExecutionEnvironment,
  type Invocation,
  startExecutionEnvironment,
} from './execution-environment.ts'
import { runtimeLoop, unpackArchive } from './function-files.ts'

/** A function of the template: its archive, run by one process for each concurrent event, up to a limit. */
export type LambdaFunction = AsyncDisposable & {
  readonly resource: Resource
  readonly name: string
  readonly arn: string
  /** `arn`: the invoked function, with its alias or version. */
  readonly invoke: (event: unknown, arn?: string) => Promise<Invocation>
  readonly invocations: () => number
  readonly processes: () => number
  /** Freezes every process, as Lambda does between calls. The next invocation thaws the process it uses. */
  readonly freeze: () => void
  readonly logs: () => readonly string[]
  readonly memory: () => { readonly peakMb: number; readonly limitMb: number }
}

export type LambdaOptions = {
  /** The folder of the archives. */
  readonly archives: string
  readonly region: string
  /** Credentials, endpoints and other variables that the harness adds to the template's environment. */
  readonly env: Readonly<Record<string, string>>
  /** Changes the template's variables, so that they point to a stand-in. */
  readonly translate?: (value: string) => string
  readonly skippedMs: () => number
  /** Called before each invocation. */
  readonly invoked?: () => void
  /** Whether the function's role allows a log line; other lines are lost, as on AWS. */
  readonly mayLog?: (isFirst: boolean) => boolean
  /** Called with each line that is logged. */
  readonly logged?: ((line: string) => void) | undefined
  /** The most processes at once. Default: 4. */
  readonly processesMax?: number
}

export async function createLambda(resource: Resource, options: LambdaOptions): Promise<LambdaFunction> {
  await using stack = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'hookline-lambda-'))
  stack.defer(() => rmSync(folder, { recursive: true, force: true }))
  const task = join(folder, 'task')
  mkdirSync(task)
  unpackArchive(resource, options.archives, task)
  const loop = await runtimeLoop(join(folder, 'runtime-loop.mjs'))

  const { properties, arn = '', ref: name } = resource
  const timeoutMs = Number(properties.Timeout ?? 3) * 1000
  const memoryMb = Number(properties.MemorySize ?? 128)
  const env = environmentOf(resource, options, task)
  const logs: string[] = []
  let lines = 0
  const log = (line: string): void => {
    const isKept = options.mayLog?.(lines === 0) !== false
    lines += 1
    if (!isKept) return
    logs.push(line)
    if (logs.length > LOGS_MAX) logs.splice(0, LOGS_MAX / 2)
    options.logged?.(line)
  }
  const all: ExecutionEnvironment[] = []
  const idle: ExecutionEnvironment[] = []
  const waiting: (() => void)[] = []
  let invocations = 0
  let peakMb = 0
  let starting = 0

  const take = async (): Promise<ExecutionEnvironment> => {
    for (;;) {
      const known = idle.pop()
      if (known?.isAlive()) return known
      if (known !== undefined) continue
      const alive = all.filter(one => one.isAlive()).length
      if (alive + starting < (options.processesMax ?? 4)) break
      await new Promise<void>(resolve => waiting.push(resolve))
    }
    starting += 1
    try {
      const { skippedMs } = options
      const started = await startExecutionEnvironment({ loop, env, timeoutMs, memoryMb, log, skippedMs })
      all.push(started)
      return started
    } finally {
      starting -= 1
    }
  }
  const killAll = (): void => {
    for (const one of all) one.signal('SIGKILL')
  }
  process.once('exit', killAll)
  stack.defer(async () => {
    process.off('exit', killAll)
    await Promise.all(all.map(one => one[Symbol.asyncDispose]()))
  })
  const ending = stack.move()
  return {
    resource,
    name,
    arn,
    invoke: async (event, invokedArn = arn) => {
      invocations += 1
      options.invoked?.()
      const environment = await take()
      environment.signal('SIGCONT')
      try {
        return await environment.invoke(JSON.stringify(event), invokedArn)
      } finally {
        peakMb = Math.max(peakMb, environment.peakMemoryMb())
        if (environment.isAlive()) idle.push(environment)
        waiting.shift()?.()
      }
    },
    invocations: () => invocations,
    processes: () => all.filter(one => one.isAlive()).length,
    freeze: () => {
      for (const environment of idle) environment.signal('SIGSTOP')
    },
    logs: () => logs,
    memory: () => ({ peakMb, limitMb: memoryMb }),
    [Symbol.asyncDispose]: () => ending.disposeAsync(),
  }
}

/** Lambda's own variables and the template's; none from this process. */
function environmentOf(
  { properties, ref: name, logicalId }: Resource,
  { region, env, translate = value => value }: LambdaOptions,
  task: string,
): Readonly<Record<string, string>> {
  const { Variables = {} } = Object(properties.Environment) as { readonly Variables?: object }
  const { LogFormat = 'Text', LogGroup = `/aws/lambda/${name}` } = Object(
    properties.LoggingConfig,
  ) as Readonly<Record<string, string>>
  const measured = JSON.stringify(Variables)
  if (Buffer.byteLength(measured) > ENVIRONMENT_BYTES_MAX)
    throw new Error(
      `${logicalId}: the environment variables exceed the 4KB limit. String measured: ${measured}`,
    )
  const own = Object.entries(Variables).map(([key, value]) => {
    if (typeof value !== 'string') throw new Error(`${logicalId}: the variable ${key} is not a string`)
    if (/^(AWS_|LAMBDA_|_HANDLER$)/.test(key) && !ALLOWED_AWS_VARIABLES.test(key)) {
      throw new Error(`${logicalId}: Lambda keeps the variable ${key} for its own use`)
    }
    return [key, translate(value)] as const
  })
  return {
    PATH: '/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin',
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    LAMBDA_TASK_ROOT: task,
    AWS_EXECUTION_ENV: `AWS_Lambda_${properties.Runtime}`,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(properties.MemorySize ?? 128),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_FORMAT: LogFormat,
    AWS_LAMBDA_LOG_GROUP_NAME: LogGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: '2026/01/01/[1]0123456789abcdef0123456789abcdef',
    _HANDLER: String(properties.Handler),
    ...Object.fromEntries(own),
    ...env,
  }
}

const LOGS_MAX = 100_000
/** Lambda quotas, "Environment variables". */
const ENVIRONMENT_BYTES_MAX = 4_096

/** The AWS_ names that a function may set: `AWS_LAMBDA_EXEC_WRAPPER`, and settings of the SDK. */
const ALLOWED_AWS_VARIABLES = /^AWS_(LAMBDA_EXEC_WRAPPER|NODEJS_|MAX_ATTEMPTS|RETRY_MODE|STS_|ENDPOINT_URL)/
