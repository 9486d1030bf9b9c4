/**
 * Lambda's Node runtime, according to the Runtime API: loads the handler, requests one event at a time, posts the
 * answer. Runs in its own process, as plain JavaScript; its only input is its environment.
 */
import { existsSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { format } from 'node:util'

type Handler = (event: unknown, context: object) => unknown
type RuntimeError = {
  readonly errorType: string
  readonly errorMessage: string
  readonly trace: readonly string[]
}

const { AWS_LAMBDA_RUNTIME_API = '', LAMBDA_TASK_ROOT = '', _HANDLER = '' } = process.env
const [host, port] = AWS_LAMBDA_RUNTIME_API.split(':')
let requestId = ''
let skippedMs = 0

prefixConsole()
moveClock()
try {
  const handler = await loadHandler()
  for (;;) await serveOne(handler)
} catch (error) {
  console.error('Uncaught Exception', JSON.stringify(errorOf(error)))
  await post('/init/error', errorOf(error))
  process.exit(1)
}

async function loadHandler(): Promise<Handler> {
  const [file = '', name = '', ...more] = _HANDLER.split('.')
  if (name === '' || more.length > 0) throw named('Runtime.MalformedHandlerName', 'Bad handler')
  const path = ['.js', '.mjs', '.cjs'].map(ending => join(LAMBDA_TASK_ROOT, file + ending)).find(existsSync)
  if (path === undefined) throw named('Runtime.ImportModuleError', `Error: Cannot find module '${file}'`)
  const loaded = (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>
  const handler = loaded[name]
  if (handler === undefined) {
    throw named('Runtime.HandlerNotFound', `${_HANDLER} is undefined or not exported`)
  }
  if (typeof handler !== 'function') throw named('Runtime.HandlerNotFound', `${_HANDLER} is not a function`)
  if (handler.length >= 3) {
    throw named('Runtime.CallbackHandlerDeprecated', 'Handlers with a callback are gone from Node.js 24 on')
  }
  return handler as Handler
}

async function serveOne(handler: Handler): Promise<void> {
  const { headers, body } = await call('GET', '/invocation/next')
  requestId = String(headers['lambda-runtime-aws-request-id'])
  skippedMs = Number(headers['hookline-skipped-ms'] ?? 0)
  process.env._X_AMZN_TRACE_ID = String(headers['lambda-runtime-trace-id'])
  const deadline = Number(headers['lambda-runtime-deadline-ms'])
  const { env } = process
  const context = {
    callbackWaitsForEmptyEventLoop: true,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    awsRequestId: requestId,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  }
  try {
    const answer = await handler(JSON.parse(body), context)
    await post(`/invocation/${requestId}/response`, answer === undefined ? null : answer)
  } catch (error) {
    console.error('Invoke Error', JSON.stringify(errorOf(error)))
    await post(`/invocation/${requestId}/error`, errorOf(error))
  }
}

function errorOf(thrown: unknown): RuntimeError {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') }
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name })
}

async function post(path: string, json: unknown): Promise<void> {
  await call('POST', path, JSON.stringify(json))
}

function call(
  method: string,
  path: string,
  body?: string,
): Promise<{ readonly headers: Readonly<Record<string, unknown>>; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ host, port, method, path: `/2018-06-01/runtime${path}`, agent: false }, answer => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (part: string) => {
        text += part
      })
      answer.on('end', () => resolve({ headers: answer.headers, body: text }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** Lambda's log lines: time, request ID and level before the text, or JSON if the function is configured so. */
function prefixConsole(): void {
  const isJson = process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON'
  const levels = { debug: 'DEBUG', log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR' } as const
  for (const [name, level] of Object.entries(levels) as [keyof typeof levels, string][]) {
    console[name] = (...parts: readonly unknown[]) => {
      const timestamp = new Date().toISOString()
      const message = format(...parts)
      const line = isJson
        ? JSON.stringify({ timestamp, level, requestId, message })
        : `${timestamp}\t${requestId}\t${level}\t${message}`
      process.stdout.write(`${line}\n`)
    }
  }
}

/** The clock moves on while a process is frozen; a test can move it, too. */
function moveClock(): void {
  const RealDate = Date
  globalThis.Date = class extends RealDate {
    constructor(...parts: readonly unknown[]) {
      super(...((parts.length > 0 ? parts : [RealDate.now() + skippedMs]) as [number]))
    }
    static override now(): number {
      return RealDate.now() + skippedMs
    }
  } as DateConstructor
}
