/** Timers that can all be stopped at once; no timer starts after that. */
export type Timers = {
  after(ms: number, callback: () => void): void
  /** Resolves after `ms`; never, if the timers have been stopped. */
  pause(ms: number): Promise<void>
  end(): void
}

export function createTimers(): Timers {
  const pending = new Set<NodeJS.Timeout>()
  let ended = false

  function after(ms: number, callback: () => void): void {
    if (ended) return
    const timer = setTimeout(() => {
      pending.delete(timer)
      callback()
    }, ms)
    pending.add(timer)
  }

  return {
    after,
    pause: ms => new Promise(resolve => after(ms, resolve)),
    end() {
      ended = true
      for (const timer of pending) clearTimeout(timer)
      pending.clear()
    },
  }
}
