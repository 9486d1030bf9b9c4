/** One line of a stage's access log, from its format; what is not known there comes out as `-`, as on AWS. */
export function accessLogLine(format: string, values: Readonly<Record<string, unknown>>): string {
  return format.replaceAll(/\$context\.([\w.-]+\w)/g, (_, path: string) => {
    const found = path
      .split('.')
      .reduce<unknown>((value, name) => (Object(value) as Readonly<Record<string, unknown>>)[name], values)
    return found === undefined || found === null ? '-' : String(found)
  })
}
