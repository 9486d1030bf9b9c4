import { printable } from '../core/values/printable.ts'

/** Where lines go: a stream, or what writes at once. */
export type LogOutput = {
  readonly write: (lines: string) => unknown
  /** What is not written yet. */
  readonly writableLength: number
}

export type Log = {
  (fields: Readonly<Record<string, unknown>>): void
  /** False while the next line would be dropped. */
  readonly isRead: () => boolean
}

/**
 * Writes one JSON line for each event. Secrets are printed as dots, and lines contain no control characters. A slow reader
 * delays nothing: if more than a megabyte is unread, lines are dropped, and the next line has their number.
 * With `later` (such as `setImmediate`), the lines of one turn are one write. Without it, each line is written at once, for
 * a process that may be frozen or killed after any turn. `common`: fields of every line.
 */
export function createLog(
  output: LogOutput,
  later?: (write: () => void) => void,
  common?: Readonly<Record<string, unknown>>,
): Log {
  let dropped = 0
  let waiting = ''
  const writeWaiting = (): void => {
    const lines = waiting
    waiting = ''
    output.write(lines)
  }
  const write = (fields: Readonly<Record<string, unknown>>): void => {
    if (waiting === '') later?.(writeWaiting)
    waiting += `${lineOf(common ? { ...common, ...fields } : fields, Date.now())}\n`
    if (later === undefined) writeWaiting()
  }
  const isRead = (): boolean => output.writableLength + waiting.length <= UNREAD_MAX_BYTES
  const log = (fields: Readonly<Record<string, unknown>>): void => {
    if (!isRead()) {
      dropped += 1
      return
    }
    if (dropped > 0) {
      const lines = dropped
      dropped = 0
      write({ step: 'log', outcome: 'dropped', lines, detail: 'The log was not read for a while.' })
    }
    write(fields)
  }
  return Object.assign(log, { isRead })
}

/** Assembled by hand: one call of `JSON.stringify` with a replacer costs three times as much. */
function lineOf(fields: Readonly<Record<string, unknown>>, at: number): string {
  let line = `{"time":"${isoTime(at)}"`
  for (const name in fields) {
    const field = fields[name]
    const value =
      typeof field === 'object' ? JSON.stringify(field, shortened) : JSON.stringify(shortened('', field))
    if (value !== undefined) line += `,${JSON.stringify(name)}:${value}`
  }
  return printable(`${line}}`)
}

/** The lines of one request are often of the same millisecond. */
let last = { at: Number.NaN, text: '' }
function isoTime(at: number): string {
  if (at !== last.at) last = { at, text: new Date(at).toISOString() }
  return last.text
}

function shortened(_: string, value: unknown): unknown {
  return typeof value === 'string' && value.length > TEXT_MAX ? `${value.slice(0, TEXT_MAX)}…` : value
}

const UNREAD_MAX_BYTES = 1024 * 1024
const TEXT_MAX = 8_192
