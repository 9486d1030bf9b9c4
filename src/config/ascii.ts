/** The text with what is beyond ASCII as `\u00e9`, by UTF-16 unit: CloudFormation replaces other letters by `?`. */
export function toAscii(text: string): string {
  return text.replaceAll(/[^ -~]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** What `toAscii` was given. */
export function fromAscii(text: string): string {
  return text.replaceAll(/\\u([0-9a-f]{4})/g, (_, unit: string) =>
    String.fromCharCode(Number.parseInt(unit, 16)),
  )
}
