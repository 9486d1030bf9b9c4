import type { Writable } from 'node:stream'
import { printableLines } from '../core/values/printable.ts'

/** Writes text for people. Whoever wrote a part of it (Okta, AWS, a file), the terminal obeys nothing in it. */
export function say(output: Writable, text: string): void {
  output.write(printableLines(text))
}
