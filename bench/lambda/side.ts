import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  type ExecutionEnvironment,
  startExecutionEnvironment,
} from '../../simulators/aws/lambda/execution-environment.ts'
import { quantile } from '../load.ts'

/** One way to answer Okta: the functions that a request goes through, one after the other. */
export type Side = {
  readonly name: string
  readonly functions: readonly FunctionUnderTest[]
  /** What the last answer contains. Default: `SUCCESSFUL`. */
  readonly answers?: string
}

type FunctionUnderTest = {
  /** The folder of its code, and `file.export` in it. */
  readonly task: string
  readonly handler: string
  readonly env: Readonly<Record<string, string>>
  /** The event for one request; `before` is what the function before it answered. */
  readonly event: (request: string, before: unknown) => unknown
}

export type ColdStart = {
  readonly firstAnswerMs: number
  /** Of all its processes, from their start to the answer. */
  readonly cpuMs: number
  readonly peakMemoryMb: number
}
export type Warm = {
  readonly cpuMicroseconds: number
  /** Of the last function alone: the others are not called while the gateway keeps the authorizer's answer. */
  readonly lastCpuMicroseconds: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly peakMemoryMb: number
}

/** Fresh processes, one after the other as the gateway calls them, until the last one has answered. */
export async function measureColdStart(side: Side, loop: string, request: string): Promise<ColdStart> {
  await using running = new AsyncDisposableStack()
  const startedAt = performance.now()
  let answer: unknown
  let peakMemoryMb = 0
  let cpuMs = 0
  for (const one of side.functions) {
    const environment = running.use(await start(one, loop))
    answer = await invoke(environment, one.event(request, answer))
    peakMemoryMb = Math.max(peakMemoryMb, environment.peakMemoryMb())
    cpuMs += environment.cpuMicroseconds() / 1_000
  }
  const firstAnswerMs = performance.now() - startedAt
  expectSuccess(side, answer)
  return { firstAnswerMs, cpuMs, peakMemoryMb }
}

/** Processes that have answered many requests, and can be measured in turn with those of other sides. */
export type WarmSide = AsyncDisposable & { readonly measure: (requests: number) => Promise<Warm> }

/** Starts its processes, and sends them requests until their code is compiled. */
export async function warmUp(
  side: Side,
  loop: string,
  nextRequest: () => string,
  requests: number,
): Promise<WarmSide> {
  await using running = new AsyncDisposableStack()
  const environments: ExecutionEnvironment[] = []
  for (const one of side.functions) environments.push(running.use(await start(one, loop)))
  const answerOne = async (): Promise<void> => {
    const request = nextRequest()
    let answer: unknown
    for (const [index, one] of side.functions.entries()) {
      const environment = environments[index]
      if (environment !== undefined) answer = await invoke(environment, one.event(request, answer))
    }
    expectSuccess(side, answer)
  }
  const measure = async (count: number): Promise<Warm> => {
    const before = environments.map(one => one.cpuMicroseconds())
    const durationsMs: number[] = []
    for (let done = 0; done < count; done += 1) {
      const startedAt = performance.now()
      await answerOne()
      durationsMs.push(performance.now() - startedAt)
    }
    const used = environments.map((one, index) => (one.cpuMicroseconds() - (before[index] ?? 0)) / count)
    return {
      cpuMicroseconds: used.reduce((sum, cpu) => sum + cpu, 0),
      lastCpuMicroseconds: used.at(-1) ?? Number.NaN,
      p50Ms: quantile(durationsMs, 0.5),
      p99Ms: quantile(durationsMs, 0.99),
      peakMemoryMb: Math.max(...environments.map(one => one.peakMemoryMb())),
    }
  }
  await measure(requests)
  const ending = running.move()
  return { measure, [Symbol.asyncDispose]: () => ending.disposeAsync() }
}

function start({ task, handler, env }: FunctionUnderTest, loop: string): Promise<ExecutionEnvironment> {
  const home = join(loop, '..', 'home')
  mkdirSync(home, { recursive: true })
  return startExecutionEnvironment({
    loop,
    env: { ...env, HOME: home, LAMBDA_TASK_ROOT: task, _HANDLER: handler },
    timeoutMs: 10_000,
    memoryMb: 512,
    log: () => undefined,
    skippedMs: () => 0,
  })
}

async function invoke(environment: ExecutionEnvironment, event: unknown): Promise<unknown> {
  const result = await environment.invoke(
    JSON.stringify(event),
    'arn:aws:lambda:us-east-1:123456789012:function:bench',
  )
  if (result.kind === 'error') throw new Error(`${result.errorType}: ${result.errorMessage}`)
  return JSON.parse(result.payload)
}

function expectSuccess({ name, answers = 'SUCCESSFUL' }: Side, answer: unknown): void {
  const text = JSON.stringify(answer) ?? ''
  if (!text.includes(answers)) throw new Error(`${name} answered ${text}`)
}
