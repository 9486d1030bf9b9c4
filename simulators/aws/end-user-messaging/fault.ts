import type { ServerResponse } from 'node:http'
import { type AwsError, awsError } from './aws-error.ts'

/** A fault. `before` and `after` say whether it happens before or after the message is accepted. */
export type Fault =
  | { readonly kind: 'error'; readonly error: AwsError }
  | { readonly kind: 'latency'; readonly ms: number }
  | { readonly kind: 'hang'; readonly when: When }
  | { readonly kind: 'reset'; readonly when: When }
  | { readonly kind: 'server-error'; readonly when: When }
  | { readonly kind: 'slow-body'; readonly ms: number }
  | { readonly kind: 'garbage-body' }
  | { readonly kind: 'empty-answer' }
  | { readonly kind: 'refuse-connections'; readonly ms: number }

export type When = 'before' | 'after'

/** A request with a fault, and the ways to answer it. */
export type Stricken = {
  readonly response: ServerResponse
  /** Accepts the message; returns the body of its answer. */
  readonly accept: () => Promise<string>
  readonly after: (ms: number, callback: () => void) => void
  readonly refuseConnections: (ms: number) => void
  readonly answer: (body: string) => void
  readonly fail: (error: AwsError) => void
  /** Writes the head of a successful answer whose body has an unknown length. */
  readonly begin: () => void
}

/**
 * Makes a fault happen. A service that has read a request continues without its client, so a message delayed by
 * `latency` is accepted even if the client has given up.
 */
export async function playFault(fault: Fault, stricken: Stricken): Promise<void> {
  const { accept, after, answer, fail, response } = stricken
  if ('when' in fault && fault.when === 'after') await accept()
  switch (fault.kind) {
    case 'error':
      fail(fault.error)
      return
    case 'latency':
      after(fault.ms, async () => answer(await accept()))
      return
    case 'hang':
      return // the connection stays open until the client leaves or the server closes
    case 'reset':
      response.socket?.resetAndDestroy()
      return
    case 'server-error':
      fail(awsError('InternalServerException', 'A fault rule of the stand-in asks for this failure'))
      return
    case 'slow-body':
      trickle(await accept(), fault.ms, stricken)
      return
    case 'garbage-body':
      await accept()
      answer('<html><body>This is not the JSON you are looking for</body></html>')
      return
    case 'empty-answer':
      await accept()
      answer('{}')
      return
    case 'refuse-connections':
      stricken.refuseConnections(fault.ms)
      return
  }
}

/** Sends the head at once, then the body in pieces, the last one after `ms`. */
function trickle(body: string, ms: number, { response, after, begin }: Stricken): void {
  const pieces = Math.min(body.length, TRICKLE_PIECES)
  const size = Math.ceil(body.length / pieces)
  begin()
  response.flushHeaders()
  const step = (offset: number) => {
    after((ms * size) / body.length, () => {
      if (response.destroyed) return
      const next = offset + size
      response.write(body.slice(offset, next))
      if (next >= body.length) response.end()
      else step(next)
    })
  }
  step(0)
}

const TRICKLE_PIECES = 10
