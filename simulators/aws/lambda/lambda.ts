import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Resource } from '../template/stack.ts'
import {
  type ExecutionEnvironment,
  type Invocation,
  startExecutionEnvironment,
} from './execution-environment.ts'
import { unpackArchive, writeRuntimeLoop } from './function-files.ts'

/** A function of the template: its archive, run by as many processes as are busy at once, up to a limit. */
export type LambdaFunction = AsyncDisposable & {
  readonly resource: Resource
  readonly name: string
  readonly arn: string
  /** `arn`: what was invoked, with its alias or version. */
  readonly invoke: (event: unknown, arn?: string) => Promise<Invocation>
  readonly invocations: () => number
  readonly processes: () => number
  /** Stops every process where it stands, as Lambda does between calls. The next invocation thaws its own. */
  readonly freeze: () => void
  readonly logs: () => readonly string[]
  readonly memory: () => { readonly peakMb: number; readonly limitMb: number }
}

export type LambdaOptions = {
  /** Where the archives lie. */
  readonly archives: string
  readonly region: string
  /** Credentials, endpoints and what else the harness adds to the template's environment. */
  readonly env: Readonly<Record<string, string>>
  /** Changes the template's own variables, so that a stand-in is found. */
  readonly translate?: (value: string) => string
  readonly skippedMs: () => number
  /** Hears of each invocation, before it runs. */
  readonly invoked?: () => void
  /** Whether the function's role lets a line into the log; lines that it does not are lost, as on AWS. */
  readonly mayLog?: (isFirst: boolean) => boolean
  /** How many processes there may be. Default: 4. */
  readonly processesMax?: number
}

export async function createLambda(resource: Resource, options: LambdaOptions): Promise<LambdaFunction> {
  await using stack = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'hookline-lambda-'))
  stack.defer(() => rmSync(folder, { recursive: true, force: true }))
  const task = join(folder, 'task')
  const loop = join(folder, 'runtime-loop.mjs')
  mkdirSync(task)
  unpackArchive(resource, options.archives, task)
  await writeRuntimeLoop(loop)

  const { properties, arn = '', ref: name } = resource
  const timeoutMs = Number(properties.Timeout ?? 3) * 1000
  const memoryMb = Number(properties.MemorySize ?? 128)
  const env = environmentOf(resource, options, task)
  const logs: string[] = []
  let lines = 0
  const log = (line: string): void => {
    if (options.mayLog?.(lines === 0) !== false) logs.push(line)
    lines += 1
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

/** What Lambda puts there, the template's variables, and nothing of this process. */
function environmentOf(
  { properties, ref: name, logicalId }: Resource,
  { region, env, translate = value => value }: LambdaOptions,
  task: string,
): Readonly<Record<string, string>> {
  const { Variables = {} } = Object(properties.Environment) as { readonly Variables?: object }
  const { LogFormat = 'Text', LogGroup = `/aws/lambda/${name}` } = Object(
    properties.LoggingConfig,
  ) as Readonly<Record<string, string>>
  const own = Object.entries(Variables).map(([key, value]) => {
    if (typeof value !== 'string') throw new Error(`${logicalId}: the variable ${key} is no text`)
    if (/^(AWS_|LAMBDA_|_HANDLER$)/.test(key) && !ALLOWED_AWS_VARIABLES.test(key)) {
      throw new Error(`${logicalId}: Lambda keeps the variable ${key} for itself`)
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

/** The AWS_ names that a function may set: `AWS_LAMBDA_EXEC_WRAPPER`, and settings of the SDK. */
const ALLOWED_AWS_VARIABLES = /^AWS_(LAMBDA_EXEC_WRAPPER|NODEJS_|MAX_ATTEMPTS|RETRY_MODE|STS_|ENDPOINT_URL)/
