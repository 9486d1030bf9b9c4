/** A CloudFormation template, as JSON. */
export type Template = {
  readonly Parameters?: Readonly<Record<string, TemplateParameter>>
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>
  readonly Conditions?: Readonly<Record<string, unknown>>
  readonly Rules?: Readonly<Record<string, TemplateRule>>
  readonly Resources: Readonly<Record<string, TemplateResource>>
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown; readonly Condition?: string }>>
}

export type TemplateParameter = {
  readonly Type: string
  readonly Default?: string | number
  readonly AllowedValues?: readonly (string | number)[]
  readonly AllowedPattern?: string
  readonly ConstraintDescription?: string
  readonly MinLength?: number | string
  readonly MaxLength?: number | string
  readonly MinValue?: number | string
  readonly MaxValue?: number | string
}

type TemplateRule = {
  readonly RuleCondition?: unknown
  readonly Assertions: readonly { readonly Assert: unknown; readonly AssertDescription?: string }[]
}

export type TemplateResource = {
  readonly Type: string
  readonly Properties?: Properties
  readonly Condition?: string
  readonly DependsOn?: string | readonly string[]
}

export type Properties = Readonly<Record<string, unknown>>
