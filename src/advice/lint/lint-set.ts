import { argumentsOf } from '../../core/message/icu-template.ts'
import { type NewTemplate, nameOfTemplate } from '../../core/policy/policy-store.ts'
import { lookupChain } from '../../core/values/locale.ts'
import { type Channel, channels, purposes } from '../../core/values/request.ts'
import { voiceFor, voicesByLocale } from '../../core/values/voices.ts'
import type { Finding, LintRules, Remark } from './finding.ts'

/** What is wrong among templates that are each right: holes, and one language that says what another leaves out. */
export function lintSet(templates: readonly NewTemplate[], rules: LintRules): readonly Finding[] {
  return [
    ...missingPurposes(templates),
    ...missingCalls(templates, rules.isWhole),
    ...(rules.isWhole ? missingLanguages(templates, rules) : []),
    ...unequalPlaceholders(templates),
  ]
}

function missingPurposes(templates: readonly NewTemplate[]): readonly Finding[] {
  return channels.flatMap(channel =>
    localesOf(templates, channel).flatMap(locale => {
      const own = templates.filter(template => template.channel === channel && template.locale === locale)
      const missing = purposes.filter(purpose => !own.some(template => template.purpose === purpose))
      const first = own[0]
      const hasAny = own.some(({ purpose }) => purpose === 'any')
      if (first === undefined || missing.length === 0) return []
      const remedy = `Add ${missing.join(', ')}: people should know what they are approving.`
      const name = nameOfTemplate(hasAny ? { ...first, purpose: 'any' } : first)
      return missing.length === purposes.length || hasAny
        ? [found(name, 'missing-purpose', 'info', `"any" also serves ${missing.join(', ')}.`, remedy)]
        : [
            found(
              name,
              'missing-purpose',
              'warning',
              `Nothing is written in ${locale} (${channel}) for ${missing.join(', ')}, and there is no "any": such a user gets another language.`,
              `Add them, or ${channel}/${locale}/any.`,
            ),
          ]
    }),
  )
}

function missingCalls(templates: readonly NewTemplate[], isWhole: boolean): readonly Finding[] {
  const spoken = new Set(localesOf(templates, 'voice'))
  const written = localesOf(templates, 'sms')
  const missing = (locales: readonly string[]): readonly string[] =>
    locales.filter(
      locale => voiceFor(locale) !== undefined && !lookupChain(locale).some(tag => spoken.has(tag)),
    )
  const isWritten = (language: string): boolean => written.some(locale => languageOf(locale) === language)
  const voiced = new Set(Object.keys(voicesByLocale).map(languageOf))
  const unwritten = isWhole ? missing([...voiced].filter(language => !isWritten(language))) : []
  return [
    ...missing(written).map(locale => {
      const sentence = `${locale} has texts and no call, though AWS has a voice that speaks it: ${voiceFor(locale)}.`
      const remedy = `Add voice/${locale}/any: until then these users are called in another language.`
      return found(`voice/${locale}/any`, 'missing-call', 'warning', sentence, remedy)
    }),
    ...unwritten
      .filter(language => ![...spoken].some(locale => languageOf(locale) === language))
      .map(language => {
        const sentence = `${language} has neither texts nor calls, though AWS has a voice that speaks it: ${voiceFor(language)}.`
        const remedy = `If you have users of it: hookline templates enable ${language}`
        return found(`voice/${language}/any`, 'missing-call', 'info', sentence, remedy)
      }),
  ]
}

function missingLanguages(templates: readonly NewTemplate[], rules: LintRules): readonly Finding[] {
  const has = (channel: Channel, locale: string): boolean => {
    const own = localesOf(templates, channel)
    return lookupChain(locale).some(tag => own.includes(tag))
  }
  const missing = OKTAS_LANGUAGES.filter(locale => !has('sms', locale))
  const { defaultLocale } = rules
  return [
    ...channels
      .filter(channel => !has(channel, defaultLocale))
      .map(channel =>
        found(
          '',
          'missing-language',
          channel === 'sms' ? 'error' : 'warning',
          `There is no ${channel} template in the default locale, ${defaultLocale}: what falls back to it is refused.`,
          `Add ${channel}/${defaultLocale}/any, or set HOOKLINE_DEFAULT_LOCALE.`,
        ),
      ),
    ...(missing.length === 0
      ? []
      : [
          found(
            '',
            'missing-language',
            'warning',
            `There is no text in ${missing.join(', ')}, which Okta's users can choose: Okta's own text or ${defaultLocale} is sent.`,
            'Import the shipped ones from messages/, or write them.',
          ),
        ]),
  ]
}

/** What most of them name is what all should name. */
function unequalPlaceholders(templates: readonly NewTemplate[]): readonly Finding[] {
  const groups = Map.groupBy(templates.filter(canBeRead), ({ channel, purpose }) => `${channel}/${purpose}`)
  return [...groups.values()].flatMap(group => {
    const named = group.map(template => ({ template, names: namesIn(template) }))
    const all = [...new Set(named.flatMap(({ names }) => names))].filter(name => name !== 'code')
    return all.flatMap(name => {
      const those = named.filter(({ names }) => names.includes(name))
      const others = named.filter(({ names }) => !names.includes(name))
      const isCommon = those.length >= others.length
      return (isCommon ? others : those).map(({ template }) =>
        placeholder(template, name, isCommon, group.length),
      )
    })
  })
}

function placeholder(template: NewTemplate, name: string, isCommon: boolean, size: number): Finding {
  // Where a part holds 70 characters, the minutes are often left out for their room.
  const severity = name === 'minutes' ? 'info' : 'warning'
  const whose = `the other ${template.channel} templates for ${template.purpose}`
  const sentence = isCommon
    ? `It lacks {${name}}, which most of ${whose} have (${size} languages).`
    : `It has {${name}}, which most of ${whose} lack (${size} languages).`
  const remedy = isCommon
    ? `Say {${name}} in this language, too.`
    : `Say {${name}} in all of them, or in none.`
  return found(nameOfTemplate(template), 'placeholders', severity, sentence, remedy)
}

function namesIn({ text, locale }: NewTemplate): readonly string[] {
  return [...new Set(argumentsOf(text, locale).map(({ name }) => name))]
}

function canBeRead(template: NewTemplate): boolean {
  try {
    return namesIn(template).length > 0
  } catch {
    return false // it cannot be saved, which is said elsewhere
  }
}

function languageOf(locale: string): string {
  return new Intl.Locale(locale).language
}

function localesOf(templates: readonly NewTemplate[], channel: Channel): readonly string[] {
  return [...new Set(templates.filter(template => template.channel === channel).map(({ locale }) => locale))]
}

function found(
  template: string,
  rule: Remark['rule'],
  severity: Remark['severity'],
  sentence: string,
  remedy: string,
): Finding {
  return { template, rule, severity, sentence, remedy }
}

// Okta's default message templates: https://developer.okta.com/docs/reference/api/templates/
const OKTAS_LANGUAGES =
  'zh-CN zh-TW cs da de el en es fi fr ht hu id it ja ko ms nb nl-NL pl pt-BR ro ru sv th tr uk vi'.split(' ')
