/** One JSON line. Secrets print themselves as dots. */
export function log(fields: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...fields })}\n`)
}
