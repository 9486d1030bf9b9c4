/** A process that answers requests. Its events come in this order, and none after `ended`. */
export type StartedWorker = {
  readonly pid: number | undefined
  readonly stop: () => void
  readonly kill: () => void
  /** Resolves with its message when it answers requests. Stays pending if it ends first. */
  readonly ready: Promise<{ readonly ready: string }>
  /** Resolves when it has ended and its output was read, with the signal or the exit code. */
  readonly ended: Promise<string | number>
}

/** What becomes of the workers. @internal */
export type WorkerEvent =
  | { readonly kind: 'ready'; readonly number: number; readonly pid: number | undefined }
  /** `againAfterMs`: undefined if it is not replaced. */
  | {
      readonly kind: 'ended'
      readonly number: number
      readonly how: string
      readonly againAfterMs: number | undefined
    }

export type WorkersOptions = {
  readonly count: number
  readonly start: (number: number) => StartedWorker
  readonly onEvent: (event: WorkerEvent) => void
  /** Resolves after this many milliseconds. */
  readonly pause: (ms: number) => Promise<unknown>
  /** Milliseconds since an arbitrary moment. */
  readonly monotonic: () => number
}

export type Workers = {
  /** Resolves with the address when all answer requests for the first time. */
  readonly ready: Promise<string>
  /** Resolves if the server cannot continue: a worker ends repeatedly, or the first one did not start. */
  readonly failed: Promise<WorkersFailure>
  /** Stops all, and resolves when they have ended; one that does not stop within ten seconds is killed. */
  readonly stop: () => Promise<void>
}

/** `exitCode`: of the first worker, which itself reported why it could not start. */
type WorkersFailure = { readonly why: string; readonly exitCode?: number }

/**
 * Starts workers and replaces each that ends: after a second, and after twice as long each time it ends within ten
 * seconds of its start. After the fifth such end in a row, the server ends. The first worker starts alone, so that a
 * problem with a setting or the store is reported once.
 */
export function keepWorkers({ count, start, onEvent, pause, monotonic }: WorkersOptions): Workers {
  const ready = Promise.withResolvers<string>()
  const failed = Promise.withResolvers<WorkersFailure>()
  const running = new Map<number, StartedWorker>()
  const started = new Set<number>()
  const idle: (() => void)[] = []
  let isStopping = false

  const run = (number: number, shortLives: number): void => {
    if (isStopping) return
    const startedAt = monotonic()
    const worker = start(number)
    running.set(number, worker)
    void worker.ready.then(({ ready: url }) => {
      onEvent({ kind: 'ready', number, pid: worker.pid })
      started.add(number)
      if (number === 1 && started.size === 1) for (let other = 2; other <= count; other += 1) run(other, 0)
      if (started.size === count) ready.resolve(url)
    })
    void worker.ended.then(how => {
      running.delete(number)
      if (running.size === 0) for (const resolve of idle.splice(0)) resolve()
      if (isStopping) return
      const howText = typeof how === 'number' ? `exit code ${how}` : how
      if (started.size === 0) {
        const why = `The first of ${count} workers did not start (${howText}).`
        return failed.resolve(typeof how === 'number' ? { why, exitCode: how } : { why })
      }
      const short = monotonic() - startedAt < SHORT_LIFE_MS ? shortLives + 1 : 0
      const againAfterMs = AGAIN_MS * 2 ** Math.max(0, short - 1)
      const isOneTooMany = short >= SHORT_LIVES_MAX
      onEvent({ kind: 'ended', number, how: howText, againAfterMs: isOneTooMany ? undefined : againAfterMs })
      if (isOneTooMany) {
        const times = `${SHORT_LIVES_MAX} times in a row within ${SHORT_LIFE_MS / 1_000} seconds of its start`
        return failed.resolve({ why: `Worker ${number} ended ${times}, the last time with ${howText}.` })
      }
      void pause(againAfterMs).then(() => run(number, short))
    })
  }

  run(1, 0)
  return {
    ready: ready.promise,
    failed: failed.promise,
    stop: async () => {
      isStopping = true
      if (running.size === 0) return
      const allEnded = new Promise<void>(resolve => idle.push(resolve))
      for (const worker of running.values()) worker.stop()
      void pause(STOP_MS).then(() => {
        for (const worker of running.values()) worker.kill()
      })
      await allEnded
    },
  }
}

/** Long enough to read what a dying worker wrote. */
const AGAIN_MS = 1_000
const SHORT_LIFE_MS = 10_000
const SHORT_LIVES_MAX = 5
const STOP_MS = 10_000
