import type { Writable } from 'node:stream'

/** Writes one JSON line for each event. Secrets print themselves as dots. */
export function createLog(output: Writable): (fields: Readonly<Record<string, unknown>>) => void {
  return fields => void output.write(`${JSON.stringify({ time: new Date().toISOString(), ...fields })}\n`)
}
