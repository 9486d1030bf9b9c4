import type { TemplateParameter } from './template.ts'

export type ParameterValues = Readonly<Record<string, string | readonly string[]>>

export type ParameterProblem = {
  readonly kind: 'unknown' | 'missing' | 'constraint'
  readonly name: string
  readonly sentence: string
  /** The template's own description of the constraint. */
  readonly constraint?: string | undefined
}

/** The value of every parameter, from the input or its default, with all problems at once. */
export function readParameters(
  declared: Readonly<Record<string, TemplateParameter>>,
  input: Readonly<Record<string, string>>,
): { readonly texts: Readonly<Record<string, string>>; readonly problems: readonly ParameterProblem[] } {
  const known = Object.keys(declared).join(', ')
  const unknown = Object.keys(input)
    .filter(name => !(name in declared))
    .map((name): ParameterProblem => {
      const sentence = `${name} is not a parameter of the template; it has ${known}`
      return { kind: 'unknown', name, sentence }
    })
  const texts: Record<string, string> = {}
  const wrong = Object.entries(declared).flatMap(([name, parameter]): readonly ParameterProblem[] => {
    const value = input[name] ?? parameter.Default
    if (value === undefined)
      return [{ kind: 'missing', name, sentence: `${name} has no default; give it a value` }]
    texts[name] = String(value)
    return problemsOf(String(value), parameter).map(expected => {
      const constraint = parameter.ConstraintDescription
      const sentence = `${name} is "${value}"; ${constraint ?? `expected ${expected}`}`
      return { kind: 'constraint', name, sentence, constraint }
    })
  })
  return { texts, problems: [...unknown, ...wrong] }
}

/** The result of `Ref`: a list is split. */
export function parameterValues(
  declared: Readonly<Record<string, TemplateParameter>>,
  texts: Readonly<Record<string, string>>,
): ParameterValues {
  const values = Object.entries(texts).map(([name, text]) => {
    const isSplit = isList(declared[name]?.Type ?? '')
    return [name, isSplit ? text.split(',').map(item => item.trim()) : text] as const
  })
  return Object.fromEntries(values)
}

/** What is expected of an invalid value. */
function problemsOf(value: string, parameter: TemplateParameter): readonly string[] {
  const { Type, AllowedValues, AllowedPattern, MinLength, MaxLength, MinValue, MaxValue } = parameter
  const isNumber = Type === 'Number'
  const expected = [
    [!TYPES.test(Type), `a type that the harness knows, not ${Type}`],
    [isNumber && !/^-?\d+(\.\d+)?$/.test(value), 'a number'],
    [AllowedValues !== undefined && !AllowedValues.map(String).includes(value), AllowedValues?.join(', ')],
    [AllowedPattern !== undefined && !wholePattern(AllowedPattern).test(value), AllowedPattern],
    [MinLength !== undefined && value.length < Number(MinLength), `at least ${MinLength} characters`],
    [MaxLength !== undefined && value.length > Number(MaxLength), `at most ${MaxLength} characters`],
    [isNumber && MinValue !== undefined && Number(value) < Number(MinValue), `at least ${MinValue}`],
    [isNumber && MaxValue !== undefined && Number(value) > Number(MaxValue), `at most ${MaxValue}`],
  ] as const
  return expected.filter(([isWrong]) => isWrong).map(([, what]) => String(what))
}

/** Java's regular expressions support \p{…} without a flag. CloudFormation's pattern must match the whole value. */
export function wholePattern(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`, pattern.includes('\\p{') ? 'u' : '')
}

function isList(type: string): boolean {
  return type === 'CommaDelimitedList' || type.startsWith('List<')
}

const TYPES = /^(String|Number|CommaDelimitedList|List<[\w:]+>|AWS::(?!SSM)[\w:]+)$/
