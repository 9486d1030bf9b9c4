import * as z from 'zod'

/** A deployment setting: its shape, what is allowed, and what it means. */
export type Field = {
  readonly schema: z.ZodType
  readonly allowed: string
  readonly meaning: string
  /** Its value is in no message. */
  readonly isSecret: boolean
  /** Its schema says what is wrong with a value that is too long to be looked through. */
  readonly tellsWhy: boolean
  /** Why a value is refused, as a clause after "it", where what is allowed does not say it. */
  readonly problemOf: ((value: string) => string | undefined) | undefined
}
export type Fields = Readonly<Record<string, Field>>
export type ValuesOf<F extends Fields> = { readonly [Name in keyof F]: z.output<F[Name]['schema']> }
export type Environment = Readonly<Record<string, string | undefined>>

export function field<S extends z.ZodType>(
  schema: S,
  allowed: string,
  meaning: string,
  { isSecret = false, tellsWhy = false }: Partial<Pick<Field, 'isSecret' | 'tellsWhy'>> = {},
) {
  return { schema, allowed, meaning, isSecret, tellsWhy, problemOf: undefined }
}

/** A text that is refused with the reason. */
export function explainedField(
  problemOf: (value: string) => string | undefined,
  allowed: string,
  meaning: string,
) {
  const schema = z
    .string()
    .refine(value => problemOf(value) === undefined)
    .optional()
  return { ...field(schema, allowed, meaning), problemOf }
}

/** Reads these settings from an environment: all that is right, and all problems at once. */
export function readFields<F extends Fields>(
  fields: F,
  environment: Environment,
): { readonly values: ValuesOf<F>; readonly problems: readonly string[] } {
  const problems: string[] = []
  const values: Record<string, unknown> = {}
  for (const [name, { schema, allowed, isSecret, tellsWhy, problemOf }] of Object.entries(fields)) {
    const given = environment[name]?.trim() || undefined // an empty variable is an unset one
    const parsed = schema.safeParse(given)
    if (parsed.success) {
      values[name] = parsed.data
      continue
    }
    const why = parsed.error.issues.map(({ message }) => message).join('; ')
    const is = tellsWhy ? `not usable: ${why}` : isSecret ? 'set, but not usable' : `"${given}"`
    const reason = given === undefined ? undefined : problemOf?.(given)
    problems.push(`${name} is ${is}; expected ${allowed}.${reason === undefined ? '' : ` It ${reason}.`}`)
  }
  return { values: values as ValuesOf<F>, problems }
}
