import type { TimeLimit } from '../../../core/deliver/clock.ts'
import { untilAborted } from '../../../core/deliver/deadline.ts'
import { clockSkewMs, type Members, readAnswer, ServiceError } from './answer.ts'
import { type Environment, endpointOf, SERVICES, type Service } from './endpoint.ts'
import { ends, NoAnswer, type Transport, type WireRequest } from './exchange.ts'
import { retryDelayMs } from './retry.ts'
import { type Credentials, createSigner } from './sigv4.ts'

export type AwsClientOptions = {
  readonly service: Service
  /** Undefined where no region is set: every call rejects. */
  readonly region: string | undefined
  /** Instead of what the environment and AWS's own addresses say, for a stand-in. */
  readonly endpoint?: string | undefined
  readonly environment: Environment
  /** Asked before every try. */
  readonly credentials: () => Credentials | Promise<Credentials>
  readonly transport: Transport
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** For a service whose calls may be repeated. Default: a call is tried once. */
  readonly again?: Again
}

type Again = {
  /** How often a call is tried at most, the first time included. */
  readonly triesMax: number
  readonly pause: (ms: number) => Promise<unknown>
  /** From 0 to 1. */
  readonly random: () => number
}

/**
 * One operation of the service, as `SendTextMessage`: input and output have the service's own members. Rejects with
 * `ServiceError` if the service answered with anything else than the output, and with `NoAnswer` if it did not answer,
 * or not before the signal aborted. Neither holds the input.
 */
export type AwsCall = (operation: string, input: object, signal?: TimeLimit) => Promise<Members>

/** A client of AWS's protocols JSON 1.0 and 1.1: signed calls of one service in one region, and no more. */
export function createAwsClient(options: AwsClientOptions): AwsCall {
  const { service, region, environment, credentials, transport, now, again } = options
  const { target, version } = SERVICES[service]
  const sign = createSigner(service, region ?? '')
  let endpoint: URL | undefined
  let skewMs = 0 // how much AWS's clock is ahead of ours

  const prepare = async (operation: string, body: string, signal?: TimeLimit): Promise<WireRequest> => {
    if (region === undefined) throw new Error('No region of AWS is set: AWS_REGION is missing.')
    endpoint ??= endpointOf(service, region, environment, options.endpoint)
    const pending = credentials()
    const known = pending instanceof Promise ? await unlessAborted(pending, signal) : pending
    const headers = {
      'content-length': String(Buffer.byteLength(body)),
      'content-type': `application/x-amz-json-${version}`,
      host: endpoint.host,
      'x-amz-target': `${target}.${operation}`,
    }
    const signed = sign(headers, body, known, now() + skewMs)
    return { endpoint, headers: { ...signed, 'user-agent': 'hookline' }, body } // for CloudTrail
  }
  const tryOnce = async (operation: string, body: string, signal?: TimeLimit): Promise<Members> => {
    const request = await prepare(operation, body, signal).catch(error => {
      throw new NoAnswer(error, true)
    })
    const sentAt = now()
    const answer = await transport.exchange(request, signal)
    skewMs = clockSkewMs(answer, sentAt, now()) ?? skewMs
    return readAnswer(answer)
  }
  return async (operation, input, signal) => {
    const body = JSON.stringify(input)
    for (let tries = 1; ; tries += 1) {
      const skewBefore = skewMs
      try {
        return await tryOnce(operation, body, signal)
      } catch (error) {
        if (again === undefined || tries >= again.triesMax) throw error
        const isClockFixed = error instanceof ServiceError && skewMs !== skewBefore
        const delayMs = isClockFixed ? 0 : retryDelayMs(error, again.random())
        if (delayMs === undefined) throw error
        await again.pause(delayMs)
      }
    }
  }
}

/** The same client for each call in a region: it knows how far AWS's clock is ahead. */
export function keepCalls(callIn: (region: string) => AwsCall): (region: string) => AwsCall {
  const calls = new Map<string, AwsCall>() // as many as regions in the routes
  return region => {
    const call = calls.get(region) ?? callIn(region)
    calls.set(region, call)
    return call
  }
}

function unlessAborted<T>(promise: Promise<T>, signal: TimeLimit | undefined): Promise<T> {
  if (signal === undefined) return promise
  return untilAborted(promise, signal).catch(error => {
    throw signal.aborted ? ends.aborted() : error
  })
}
