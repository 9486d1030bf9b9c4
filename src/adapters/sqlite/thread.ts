import { setTimeout } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { RefusedForm } from '../../core/records/stored-form.ts'
import { messageOf } from '../../core/values/printable.ts'
import type { Call, EndOfCall, Operations } from './operations.ts'

/** What a thread reports: results of calls, or the state of its database. */
export type FromThread =
  | readonly EndOfCall[]
  | { readonly isOpen: true }
  | { readonly closed: true }
  /** It ends, because the file was replaced. */
  | { readonly moved: string }
  /** The log has grown to this size; reported again when it has doubled. */
  | { readonly logBytes: number }

/** The thread's changes of state. @internal */
export type ThreadEvent =
  /** Until there is a new thread, every call is rejected at once with this cause. */
  | { readonly kind: 'ended'; readonly cause: string }
  | { readonly kind: 'back' }
  /** A program that keeps the database open for reading prevents the log from restarting. */
  | { readonly kind: 'log-grows'; readonly bytes: number }

export type ThreadOptions = {
  /** Starts a thread that opens the database. If that fails, it throws or the thread ends. */
  readonly start: () => Pick<Worker, 'on' | 'postMessage' | 'terminate'>
  readonly onEvent?: (event: ThreadEvent) => void
  /** Resolves after this many milliseconds. Default: a timer that keeps no process alive. */
  readonly pause?: (ms: number) => Promise<unknown>
}

type Thread = {
  readonly call: <V extends keyof Operations>(
    verb: V,
    ...args: Parameters<Operations[V]>
  ) => Promise<Awaited<ReturnType<Operations[V]>>>
  /** How many threads have been started: each may have opened another file. */
  readonly generation: () => number
  readonly close: () => Promise<void>
}

/**
 * The thread that uses the database. If it ends, it is replaced, after 0.1 s at first and 10 s at last. Its pending
 * calls are rejected, because it is unknown whether they were done; with a `RefusedForm` if the file has a form that this
 * release cannot use. At most 2,000 calls wait for it.
 */
export function keepThread({ start, onEvent = () => undefined, pause = waitFor }: ThreadOptions): Thread {
  const waiting = new Map<number, { resolve: (result: never) => void; reject: (error: Error) => void }>()
  let current: ReturnType<ThreadOptions['start']> | undefined
  let outbox: Call[] = []
  let cause = new Error('store: its thread was not started')
  let lastId = 0
  let generation = 0
  let failures = 0
  let isDown = false
  let isClosed = false
  const closed = Promise.withResolvers<void>()

  const ended = (message: string, againAfterMs: number, isRefused = false): void => {
    current = undefined
    cause = isRefused ? new RefusedForm(message) : new Error(`store: ${message}`)
    for (const { reject } of waiting.values()) reject(cause)
    waiting.clear()
    outbox = []
    if (isClosed) {
      closed.resolve()
      return
    }
    if (!isDown) onEvent({ kind: 'ended', cause: message })
    isDown = true
    void pause(againAfterMs).then(run)
  }
  const failed = (message: string, isRefused = false): void => {
    failures += 1
    ended(message, Math.min(AGAIN_MAX_MS, AGAIN_MS * 2 ** (failures - 1)), isRefused)
  }
  const run = (): void => {
    if (isClosed) return
    generation += 1
    try {
      const thread = start()
      const only =
        <A>(work: (argument: A) => void) =>
        (argument: A): void => {
          if (current === thread) work(argument)
        }
      current = thread
      thread.on('message', only<FromThread>(hear))
      thread.on(
        'error',
        // Its class does not come with it from the other thread.
        only<Error>(({ name, message }) => failed(message, name === REFUSED)),
      )
      thread.on(
        'exit',
        only<number>(code => failed(`its thread ended (exit code ${code})`)),
      )
    } catch (error) {
      failed(`its thread cannot be started: ${messageOf(error)}`)
    }
  }
  const hear = (message: FromThread): void => {
    if ('moved' in message) ended(message.moved, MOVED_MS)
    else if ('isOpen' in message) isBack()
    else if ('closed' in message) closed.resolve()
    else if ('logBytes' in message) onEvent({ kind: 'log-grows', bytes: message.logBytes })
    else for (const end of message) finish(end)
  }
  const isBack = (): void => {
    if (isDown) onEvent({ kind: 'back' })
    isDown = false
  }
  const finish = ({ id, result, error }: EndOfCall): void => {
    failures = 0
    const call = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) call?.resolve(result as never)
    else call?.reject(new Error(`store: ${error}`))
  }
  const call: Thread['call'] = (verb, ...args) =>
    new Promise((resolve, reject) => {
      if (current === undefined) return reject(cause)
      if (waiting.size >= WAITING_MAX) return reject(new Error(`store: ${WAITING_MAX} calls wait already`))
      lastId += 1
      waiting.set(lastId, { resolve, reject })
      outbox.push({ id: lastId, verb, args })
      if (outbox.length === 1) queueMicrotask(post)
    })
  // Calls of one turn of the event loop are sent in one message, which costs as much as their work.
  const post = (): void => {
    const calls = outbox
    outbox = []
    if (calls.length > 0) current?.postMessage(calls)
  }

  run()
  return {
    call,
    generation: () => generation,
    close: async () => {
      if (isClosed) return
      isClosed = true
      const thread = current
      // Does not wait for a thread that hangs, for example on its disk.
      if (thread !== undefined) {
        post()
        thread.postMessage('close')
        await Promise.race([closed.promise, pause(CLOSE_MS)])
      }
      ended('closed', 0)
      await Promise.race([thread?.terminate(), pause(CLOSE_MS)])
    },
  }
}

const waitFor = (ms: number): Promise<unknown> => setTimeout(ms, undefined, { ref: false })

const REFUSED = new RefusedForm('').name
const AGAIN_MS = 100
const AGAIN_MAX_MS = 10_000
const MOVED_MS = 2_000 // another file may still be being copied to its place
const WAITING_MAX = 2_000
const CLOSE_MS = 500
