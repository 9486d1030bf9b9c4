import type { TimeLimit } from '../../../core/deliver/clock.ts'
import type { Answer } from './answer.ts'
import type { Headers } from './sigv4.ts'

/** One request, signed and ready to be sent: `POST /`. */
export type WireRequest = {
  /** Scheme, host and port. */
  readonly endpoint: URL
  readonly headers: Headers
  readonly body: string
}

/**
 * Carries requests over HTTP/1.1 connections that are kept. Rejects with `NoAnswer`, at the latest as soon as the signal
 * aborts. A connection that was idle for more than four seconds of wall-clock time, because a function or a machine
 * slept, is never used again: a reset on it would be an unknown of our own making.
 */
export type Transport = {
  readonly exchange: (request: WireRequest, signal: TimeLimit | undefined) => Promise<Answer>
  readonly close: () => void
}

export type TransportLimits = {
  /** Most milliseconds until a connection is made, TLS and a proxy's tunnel included. */
  readonly connectMs: number
  /** Most milliseconds until the whole answer has come. Default: as long as the signal allows. */
  readonly answerMs?: number
  /** Most bytes of an answer's body. */
  readonly answerMaxBytes: number
  /** Milliseconds of wall-clock time. */
  readonly now: () => number
}

/** There is no answer, or not a whole one. */
export class NoAnswer extends Error {
  /** True is proof that no byte of the request has left this machine. */
  readonly nothingSent: boolean
  /** Of the system, as `ECONNRESET`. */
  readonly code: string | undefined

  constructor(cause: unknown, nothingSent: boolean) {
    const { name, message, code } = (cause instanceof Error ? cause : new Error(String(cause))) as Error & {
      readonly code?: unknown
    }
    super(message, { cause })
    this.name = name
    this.nothingSent = nothingSent
    this.code = typeof code === 'string' ? code : undefined
  }
}

/** The ends of an exchange that are of our own making. */
export const ends = {
  aborted: () => named('AbortError', 'Given up: the time is over'),
  connecting: (ms: number) => named('ConnectTimeout', `No connection within ${ms} ms`),
  answering: (ms: number) => named('TimeoutError', `No answer within ${ms} ms`),
  closed: () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }),
  tooLarge: (bytes: number) => named('AnswerTooLarge', `More than ${bytes} bytes`),
} as const

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name })
}

/**
 * Calls `end` once: when there is no connection in time, no answer in time, or the signal aborts. `connected` ends the wait
 * for a connection, `stop` all of it.
 */
export function limitTime(
  { connectMs, answerMs }: TransportLimits,
  signal: TimeLimit | undefined,
  end: (error: Error) => void,
): { readonly connected: () => void; readonly stop: () => void } {
  const giveUp = (): void => end(ends.aborted())
  const connecting = setTimeout(() => end(ends.connecting(connectMs)), connectMs)
  const answering =
    answerMs === undefined ? undefined : setTimeout(() => end(ends.answering(answerMs)), answerMs)
  signal?.addEventListener('abort', giveUp, { once: true })
  return {
    connected: () => clearTimeout(connecting),
    stop: () => {
      clearTimeout(connecting)
      clearTimeout(answering)
      signal?.removeEventListener('abort', giveUp)
    },
  }
}

export const IDLE_MAX_MS = 4_000
export const CONNECTIONS_MAX = 500
