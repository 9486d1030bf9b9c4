/** The real time, which a test can move on: for gateway and functions alike. */
export type TestClock = {
  readonly now: () => number
  readonly skippedMs: () => number
  readonly skip: (ms: number) => void
}

export function createTestClock(): TestClock {
  let skipped = 0
  return {
    now: () => Date.now() + skipped,
    skippedMs: () => skipped,
    skip: ms => {
      skipped += ms
    },
  }
}
