import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export type HopelessParts = {
  /** Ends this process; its supervisor starts another one. */
  readonly end: (why: string) => void
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Resolves after this many milliseconds. Default: a timer that keeps no process alive. */
  readonly pause?: (ms: number) => Promise<unknown>
  /** Whether another process can open the database and write to it. Default: starts one. */
  readonly opensElsewhere?: (dataFolder: string) => Promise<boolean>
}

/**
 * A process continues without its store's thread, because a new process on the same faulty disk would do no better. It
 * ends only if a new process could recover: the thread has been down for a minute, but another process can open the
 * database. This happens at most once in ten minutes, including successors: a file next to the database has the time.
 */
export function endWhenHopeless(
  dataFolder: string,
  { end, now, pause = waitFor, opensElsewhere = tryElsewhere }: HopelessParts,
): { readonly down: () => void; readonly back: () => void } {
  let downs = 0
  let isDown = false
  const watch = async (own: number): Promise<void> => {
    const isStillDown = (): boolean => isDown && downs === own
    for (await pause(AWAY_MS); isStillDown(); await pause(AWAY_MS)) {
      if (wasEndedLately(dataFolder, now()) || !(await opensElsewhere(dataFolder)) || !isStillDown()) continue
      if (!noteEnd(dataFolder, now())) continue // without the note, it could end repeatedly
      end(
        'The thread of the store has been down for a minute, although another process can open the database',
      )
      return
    }
  }
  return {
    down: () => {
      isDown = true
      downs += 1
      void watch(downs)
    },
    back: () => {
      isDown = false
    },
  }
}

/** A note from the future means that the clock was set back: the note is ignored. */
function wasEndedLately(dataFolder: string, now: number): boolean {
  try {
    const ageMs = now - Number(readFileSync(join(dataFolder, FILE), 'utf8'))
    return ageMs >= 0 && ageMs < NOT_AGAIN_MS
  } catch {
    return false
  }
}

function noteEnd(dataFolder: string, now: number): boolean {
  try {
    writeFileSync(join(dataFolder, FILE), String(now), { mode: 0o600 })
    return true
  } catch {
    return false
  }
}

function tryElsewhere(dataFolder: string): Promise<boolean> {
  const program = fileURLToPath(new URL('./try-open.ts', import.meta.url))
  return new Promise(resolve => {
    const options = { env: {}, timeout: TRY_MS }
    execFile(process.execPath, [program, dataFolder], options, error => resolve(error === null))
  })
}

const waitFor = (ms: number): Promise<unknown> => setTimeout(ms, undefined, { ref: false })

const FILE = 'last-end'
const AWAY_MS = 60_000
const NOT_AGAIN_MS = 600_000
const TRY_MS = 10_000
