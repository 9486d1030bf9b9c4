/** Lets so many through at once; the others wait in line. */
export type Gate = {
  /** Runs the work when there is room for it. */
  run<Result>(work: () => Promise<Result>): Promise<Result>
}

export function createGate(max: number): Gate {
  let inside = 0
  // A line that is long is not moved at each step: `next` is its head.
  let line: (() => void)[] = []
  let next = 0

  function leave(): void {
    const first = line[next]
    if (!first) {
      inside -= 1
      return
    }
    next += 1
    if (next >= 1000 && next * 2 > line.length) {
      line = line.slice(next)
      next = 0
    }
    first()
  }

  return {
    async run(work) {
      if (inside < max) inside += 1
      else await new Promise<void>(resolve => line.push(resolve))
      try {
        return await work()
      } finally {
        leave()
      }
    },
  }
}
