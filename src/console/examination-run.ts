import type { Examination } from '../advice/examination.ts'
import { messageOf } from '../core/values/printable.ts'

/** What to examine, in addition to what the settings name. */
export type Target = { readonly org?: string; readonly stack?: string; readonly region?: string }

/** Reads and checks everything, and reports what it reads. Changes nothing and sends nothing. */
export type Examine = (target: Target, progress: (line: string) => void) => Promise<Examination>

/** The examination that runs, or ran last. There is one at a time. */
export type Doctor = {
  /** Does nothing while one runs. */
  readonly start: (target: Target) => void
  readonly state: () => DoctorState
}

export type DoctorState =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly target: Target; readonly lines: readonly string[] }
  | {
      readonly kind: 'ended'
      readonly target: Target
      readonly at: number
      readonly examination: Examination
    }
  | { readonly kind: 'failed'; readonly target: Target; readonly at: number; readonly why: string }

export function createDoctor(examine: Examine, now: () => number): Doctor {
  let state: DoctorState = { kind: 'none' }
  return {
    state: () => state,
    start: target => {
      if (state.kind === 'running') return
      const lines: string[] = []
      state = { kind: 'running', target, lines }
      const progress = (line: string): void => {
        lines.push(line)
        if (lines.length > LINES_MAX) lines.shift()
      }
      examine(target, progress).then(
        examination => {
          state = { kind: 'ended', target, at: now(), examination }
        },
        error => {
          state = { kind: 'failed', target, at: now(), why: messageOf(error) }
        },
      )
    },
  }
}

const LINES_MAX = 100
