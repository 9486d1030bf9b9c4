import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text as readText } from 'node:stream/consumers'

/** The result of an invocation: the handler's result as JSON, or Lambda's error. */
export type Invocation =
  | { readonly kind: 'answer'; readonly payload: string }
  | { readonly kind: 'error'; readonly errorType: string; readonly errorMessage: string }

/** One process of a function, and its Runtime API. It handles one event at a time. */
export type ExecutionEnvironment = AsyncDisposable & {
  readonly invoke: (event: string, arn: string) => Promise<Invocation>
  readonly signal: (signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL') => void
  readonly isAlive: () => boolean
  /** The most memory that it has used, in megabytes. */
  readonly peakMemoryMb: () => number
  /** The CPU time used so far by all threads; 0 if the system does not report it. */
  readonly cpuMicroseconds: () => number
}

export type EnvironmentOptions = {
  /** The runtime loop, as JavaScript. */
  readonly loop: string
  /** The whole environment, except the address of the Runtime API. */
  readonly env: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly memoryMb: number
  readonly log: (line: string) => void
  /** How far the test clock is ahead of the real one. */
  readonly skippedMs: () => number
}

/** Starts a process. It loads its handler at once; an invocation waits for that. */
export async function startExecutionEnvironment(options: EnvironmentOptions): Promise<ExecutionEnvironment> {
  const { loop, env, timeoutMs, memoryMb, log, skippedMs } = options
  let waiting: ServerResponse | undefined
  let pending: { id: string; event: string; arn: string; end: (result: Invocation) => void } | undefined
  let failure: Invocation | undefined
  let peakMemoryMb = 0

  const hand = (): void => {
    if (waiting === undefined || pending === undefined) return
    const { id, event, arn } = pending
    waiting.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': id,
      'lambda-runtime-deadline-ms': String(Date.now() + skippedMs() + timeoutMs),
      'lambda-runtime-invoked-function-arn': arn,
      'lambda-runtime-trace-id': `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${id.replaceAll('-', '').slice(0, 24)};Sampled=0`,
      'hookline-skipped-ms': String(skippedMs()),
    })
    waiting.end(event)
    waiting = undefined
  }
  const end = (result: Invocation): void => {
    peakMemoryMb = Math.max(peakMemoryMb, residentMb(child.pid))
    pending?.end(result)
    pending = undefined
  }
  const answerRuntime = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, version, , area, id, verb] = (request.url ?? '').split('/')
    if (version !== '2018-06-01') return void response.writeHead(404).end()
    if (area === 'invocation' && id === 'next') {
      waiting = response
      return hand()
    }
    const body = await readText(request)
    response.writeHead(202).end()
    if (area === 'init') failure = errorIn(body)
    else if (id === pending?.id) end(verb === 'response' ? { kind: 'answer', payload: body } : errorIn(body))
  }
  const server = createServer((request, response) => {
    answerRuntime(request, response).catch(error => {
      log(`The Runtime API of the harness failed: ${error}`)
      response.destroy()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The Runtime API has no port')

  const child = spawn(process.execPath, [`--max-old-space-size=${Math.round(memoryMb * 0.9)}`, loop], {
    env: { ...env, AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${address.port}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [child.stdout, child.stderr]) collectLines(stream, log)
  const kill = (): void => void child.kill('SIGKILL')
  let isAlive = true
  const ended = once(child, 'close').then(([code, signal]) => {
    isAlive = false
    const how = signal === null ? `exit status ${code}` : `signal: ${signal}`
    end(
      failure ?? {
        kind: 'error',
        errorType: 'Runtime.ExitError',
        errorMessage: `RequestId: ${pending?.id} Error: Runtime exited with error: ${how}`,
      },
    )
  })

  return {
    invoke: async (event, arn) => {
      const { promise, resolve } = Promise.withResolvers<Invocation>()
      const id = randomUUID()
      const startedAt = Date.now()
      log(`START RequestId: ${id} Version: ${env.AWS_LAMBDA_FUNCTION_VERSION}`)
      pending = { id, event, arn, end: resolve }
      const timer = setTimeout(() => {
        const seconds = (timeoutMs / 1000).toFixed(2)
        const errorMessage = `RequestId: ${id} Error: Task timed out after ${seconds} seconds`
        log(errorMessage)
        end({ kind: 'error', errorType: 'Sandbox.Timedout', errorMessage })
        kill()
      }, timeoutMs)
      hand()
      if (!isAlive) end(failure ?? EXITED)
      try {
        return await promise
      } finally {
        clearTimeout(timer)
        log(`END RequestId: ${id}`)
        const took = `Duration: ${Date.now() - startedAt} ms\tMemory Size: ${memoryMb} MB`
        log(`REPORT RequestId: ${id}\t${took}\tMax Memory Used: ${peakMemoryMb} MB`)
      }
    },
    signal: signal => void child.kill(signal),
    isAlive: () => isAlive,
    peakMemoryMb: () => peakMemoryMb,
    cpuMicroseconds: () => cpuOf(child.pid),
    [Symbol.asyncDispose]: async () => {
      kill()
      await ended
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

const EXITED: Invocation = {
  kind: 'error',
  errorType: 'Runtime.ExitError',
  errorMessage: 'Error: Runtime exited without providing a reason',
}

function errorIn(body: string): Invocation {
  const { errorType, errorMessage } = JSON.parse(body)
  return { kind: 'error', errorType: String(errorType), errorMessage: String(errorMessage) }
}

function collectLines(stream: NodeJS.ReadableStream, log: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) log(line)
  })
  stream.on('end', () => rest !== '' && log(rest))
}

/** Of all threads that still run, from Linux's scheduler; 0 if the system does not report it, or the process has exited. */
function cpuOf(pid: number | undefined): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`)
    const nanoseconds = threads.map(thread =>
      Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
    )
    return nanoseconds.reduce((sum, ran) => sum + ran, 0) / 1_000
  } catch {
    return 0
  }
}

/** 0 if the system does not report it, or the process has exited. */
function residentMb(pid: number | undefined): number {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Math.round(Number(kilobytes ?? 0) / 1024)
  } catch {
    return 0
  }
}
