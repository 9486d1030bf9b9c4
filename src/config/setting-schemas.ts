import * as z from 'zod'
import { normalizeLocale } from '../core/values/locale.ts'
import { type CountryCode, callingCodeOf, isCountry } from '../core/values/phone-number.ts'

export function wholeNumber(min: number, max: number) {
  return z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(min).max(max))
}

export function usd() {
  return z
    .string()
    .regex(/^(?:\d+(?:\.\d+)?|\.\d+)$/)
    .transform(Number)
    .pipe(z.number().gt(0).max(10))
}

export function readTopics(text: string, context: z.RefinementCtx): readonly string[] {
  const topics = text.split(',').map(topic => topic.trim())
  if (topics.every(topic => /^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w.-]+$/.test(topic))) return topics
  context.addIssue('not ARNs of topics')
  return z.NEVER
}

export function readCountry(text: string, context: z.RefinementCtx): CountryCode {
  if (isCountry(text)) return text
  context.addIssue('not a country')
  return z.NEVER
}

/** Two countries with one calling code: a range that belongs to neither could not be given to one of them. */
export function readCountries(text: string, context: z.RefinementCtx): readonly CountryCode[] {
  const countries = text.split(',').map(country => country.trim())
  const codes = countries.flatMap(country => (isCountry(country) ? [callingCodeOf(country)] : []))
  if (codes.length === countries.length && new Set(codes).size === codes.length)
    return countries as CountryCode[]
  context.addIssue('not countries')
  return z.NEVER
}

export function readLanguages(text: string, context: z.RefinementCtx): readonly string[] {
  const languages = text.split(',').map(language => normalizeLocale(language.trim()))
  if (languages.every(language => language !== undefined && /^[a-z]{2,3}$/.test(language)))
    return languages as string[]
  context.addIssue('not languages')
  return z.NEVER
}

export function readLocale(text: string, context: z.RefinementCtx): string {
  const locale = normalizeLocale(text)
  if (locale !== undefined) return locale
  context.addIssue('not a locale')
  return z.NEVER
}
