/** One parameter: what the person who deploys may choose. */
export type ParameterPlan = {
  readonly label: string
  readonly description: string
  /** Where nothing is given. Without it, something must be given. */
  readonly value?: string | number
  /** What may be given, for the message about anything else. */
  readonly allowed: string
} & (
  | { readonly kind: 'text'; readonly pattern: string }
  | { readonly kind: 'choice'; readonly values: readonly (string | number)[] }
  | { readonly kind: 'number'; readonly min: number; readonly max: number }
)

export type ParameterGroup = {
  readonly label: string
  readonly parameters: Readonly<Record<string, ParameterPlan>>
}

export function text(
  label: string,
  value: string | undefined,
  pattern: string,
  allowed: string,
  description: string,
): ParameterPlan {
  return { kind: 'text', label, ...(value !== undefined && { value }), pattern, allowed, description }
}

export function choice(
  label: string,
  value: string | number,
  values: readonly (string | number)[],
  description: string,
): ParameterPlan {
  return { kind: 'choice', label, value, values, allowed: `one of ${values.join(', ')}`, description }
}

export function yesOrNo(label: string, value: 'true' | 'false', description: string): ParameterPlan {
  return choice(label, value, ['true', 'false'], description)
}

export function number(
  label: string,
  value: number,
  min: number,
  max: number,
  description: string,
): ParameterPlan {
  return { kind: 'number', label, value, min, max, allowed: `a number from ${min} to ${max}`, description }
}
