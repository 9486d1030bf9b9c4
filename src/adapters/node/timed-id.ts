import { randomUUID } from 'node:crypto'

/** A UUID that begins with its moment, in milliseconds since 1970 (RFC 9562 §5.7, version 7). */
export function timedId(now: number): string {
  const time = now.toString(16).padStart(12, '0')
  // Of a random UUID, everything after its time and version. Node keeps random bytes for many of them.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`
}
