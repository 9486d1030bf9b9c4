import { oktaLocales } from '../../advice/coverage/coverage.ts'
import type { TemplateText } from '../../core/message/template.ts'
import { nameOfTemplate, type PolicyStore, type TemplateName } from '../../core/policy/policy-store.ts'
import { closest } from '../../core/values/closest.ts'
import { normalizeLocale } from '../../core/values/locale.ts'
import { purposes } from '../../core/values/request.ts'
import { Problem } from '../terminal/problem.ts'

/** Reads `sms/de/any`; the locale in any spelling. */
export function readTemplateName(text: string): TemplateName {
  const [channel, localeText, purposeText, ...more] = text.split('/')
  const locale = normalizeLocale(localeText)
  const purpose = (['any', ...purposes] as const).find(one => one === purposeText)
  if (channel !== 'sms' && channel !== 'voice') throw wrong(text, `"${channel}" is not sms or voice`)
  if (locale === undefined)
    throw wrong(
      text,
      `"${localeText ?? ''}" is not a language tag`,
      suggestLocale(localeText ?? '', oktaLocales),
    )
  if (purpose === undefined || more.length > 0)
    throw wrong(text, `the purpose is one of any, ${purposes.join(', ')}`)
  return { channel, locale, purpose }
}

export async function readTemplates(store: PolicyStore): Promise<readonly TemplateText[]> {
  return (await store.readPolicy())?.templates ?? []
}

export function findByName(
  templates: readonly TemplateText[],
  { channel, locale, purpose }: TemplateName,
): TemplateText | undefined {
  return templates.find(one => one.channel === channel && one.locale === locale && one.purpose === purpose)
}

/** Lists the templates of the same language, else the languages. */
export function noSuchTemplate(name: string, templates: readonly TemplateText[]): Problem {
  const locale = name.split('/')[1]
  const ofLanguage = templates.filter(template => template.locale === locale).map(nameOfTemplate)
  const locales = [...new Set(templates.map(template => template.locale))].sort()
  const existing = ofLanguage.length > 0 ? ofLanguage.join(', ') : `languages ${locales.join(', ')}`
  return new Problem(
    'usage',
    `There is no template "${name}". Available: ${existing}.${suggestLocale(locale ?? '', locales)}`,
  )
}

/** Suggests one of `locales` for a tag or a name, such as `spanish` or `deutsch`. Empty if it is one of them or nothing is close. */
export function suggestLocale(text: string, locales: readonly string[]): string {
  if (locales.includes(text)) return ''
  const names = new Intl.DisplayNames('en', { type: 'language' })
  const byName = new Map(
    locales.toReversed().flatMap(tag => {
      const { language } = new Intl.Locale(tag)
      const ownNames = new Intl.DisplayNames(language, { type: 'language' })
      return [names.of(language), ownNames.of(language), names.of(tag), tag].map(
        name => [name ?? tag, tag] as const,
      )
    }),
  )
  const name = closest(text, byName.keys())
  return name === undefined
    ? ''
    : ` Did you mean ${byName.get(name)} (${names.of(byName.get(name) ?? name)})?`
}

/** The beginning of a text, on one line. */
export function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > 60 ? `${line.slice(0, 59)}…` : line
}

function wrong(text: string, why: string, suggestion = ''): Problem {
  return new Problem(
    'usage',
    `"${text}" is not the name of a template: ${why}. Expected channel/locale/purpose, such as sms/de/any.${suggestion}`,
  )
}
