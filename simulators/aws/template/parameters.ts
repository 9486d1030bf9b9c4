import type { TemplateParameter } from './template.ts'

export type ParameterValues = Readonly<Record<string, string | readonly string[]>>

/** The value of every parameter, given or default. All problems at once. */
export function readParameters(
  declared: Readonly<Record<string, TemplateParameter>>,
  given: Readonly<Record<string, string>>,
): ParameterValues {
  const unknown = Object.keys(given)
    .filter(name => !(name in declared))
    .map(name => `${name} is not a parameter of the template; it has ${Object.keys(declared).join(', ')}`)
  const values: Record<string, string | readonly string[]> = {}
  const wrong = Object.entries(declared).flatMap(([name, parameter]) => {
    const value = given[name] ?? parameter.Default
    if (value === undefined) return [`${name} has no default; give it a value`]
    const text = String(value)
    values[name] = isList(parameter.Type) ? text.split(',').map(item => item.trim()) : text
    return problemsOf(name, text, parameter)
  })
  const problems = [...unknown, ...wrong]
  if (problems.length > 0) throw new Error(`Parameters: ${problems.join('; ')}`)
  return values
}

function problemsOf(name: string, value: string, parameter: TemplateParameter): readonly string[] {
  const { Type, AllowedValues, AllowedPattern, ConstraintDescription: meaning } = parameter
  const { MinLength, MaxLength, MinValue, MaxValue } = parameter
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
  return expected
    .filter(([isWrong]) => isWrong)
    .map(([, what]) => `${name} is "${value}"; ${meaning ?? `expected ${what}`}`)
}

/** Java's expressions, which know \p{…} without a flag. CloudFormation's pattern is about the whole value. */
export function wholePattern(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`, pattern.includes('\\p{') ? 'u' : '')
}

function isList(type: string): boolean {
  return type === 'CommaDelimitedList' || type.startsWith('List<')
}

const TYPES = /^(String|Number|CommaDelimitedList|List<[\w:]+>|AWS::(?!SSM)[\w:]+)$/
