import { IntlMessageFormat } from 'intl-messageformat'
import type { Fill } from './plain-template.ts'
import { prepareTemplate, type Template, type TemplateText } from './template.ts'

/**
 * Reads a template with all of ICU MessageFormat; SSML tags are text to it. Throws what the parser throws. A process that has only
 * plain templates never loads this file.
 */
export function readIcuTemplate(text: string, locale: string): Fill {
  const format = parse(text, locale)
  // No prototype: `{constructor}` in a template finds nothing.
  return ({ brandAsText: brand, ...values }) =>
    String(format.format(Object.assign(Object.create(null), values, { brand })))
}

/** A template of any kind, with ICU's formatter at hand. */
export function prepareAnyTemplate(template: TemplateText): Template {
  return prepareTemplate(template, readIcuTemplate)
}

/** An argument in a template; `isPlain` when it stands for its value as it is: `{code}`, not `{code, number}`. */
export type Argument = {
  readonly name: string
  readonly isPlain: boolean
  /** Inside a plural or select: used only in some cases. */
  readonly isInChoice: boolean
  /** `line 1, column 5` */
  readonly place: string
}

/** The arguments in a template, in order, repeated ones repeated. Throws what the parser throws. */
export function argumentsOf(text: string, locale: string): readonly Argument[] {
  const found: Argument[] = []
  const visit = (elements: ReturnType<IntlMessageFormat['getAst']>, isInChoice: boolean): void => {
    for (const element of elements) {
      if (!('value' in element) || element.type === LITERAL) continue
      found.push({
        name: element.value,
        isPlain: element.type === ARGUMENT,
        isInChoice,
        place: placeOf(element.location?.start),
      })
      if ('options' in element) for (const option of Object.values(element.options)) visit(option.value, true)
    }
  }
  visit(parse(text, locale, true).getAst(), false)
  return found
}

/** What a template says as it is, in order: without the quotes of ICU and without arguments. Throws what the parser throws. */
export function literalsOf(text: string, locale: string): readonly string[] {
  const collect = (elements: ReturnType<IntlMessageFormat['getAst']>): readonly string[] =>
    elements.flatMap(element => {
      if ('options' in element) return Object.values(element.options).flatMap(({ value }) => collect(value))
      return element.type === LITERAL ? [element.value] : []
    })
  return collect(parse(text, locale).getAst())
}

/** Where the parser found a fault; empty where it does not say. */
export function placeOf(position: { readonly line: number; readonly column: number } | undefined): string {
  return position === undefined ? '' : `line ${position.line}, column ${position.column}`
}

/** SSML tags are text to the parser. */
function parse(text: string, locale: string, captureLocation = false): IntlMessageFormat {
  return new IntlMessageFormat(text, locale, undefined, { ignoreTag: true, captureLocation })
}

// The parser's types of elements.
const LITERAL = 0
const ARGUMENT = 1
