import { argumentsOf } from '../../core/message/icu-template.ts'
import { type NewTemplate, nameOfTemplate } from '../../core/policy/policy-store.ts'
import { lookupChain } from '../../core/values/locale.ts'
import { type Channel, channels, purposes } from '../../core/values/request.ts'
import { voiceFor, voicesByLocale } from '../../core/values/voices.ts'
import type { Finding, LintRules } from './finding.ts'
import { remarks } from './template-texts.ts'

/** Findings about a set of templates: missing purposes, calls and languages, and placeholders that one language leaves out. */
export function lintSet(templates: readonly NewTemplate[], rules: LintRules): readonly Finding[] {
  return [
    ...missingPurposes(templates),
    ...missingCalls(templates, rules.isComplete),
    ...(rules.isComplete ? missingLanguages(templates, rules) : []),
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
      const name = nameOfTemplate(hasAny ? { ...first, purpose: 'any' } : first)
      return missing.length === purposes.length || hasAny
        ? [{ template: name, ...remarks.anyServes(missing) }]
        : [{ template: name, ...remarks.missingPurpose(locale, channel, missing) }]
    }),
  )
}

function missingCalls(templates: readonly NewTemplate[], isComplete: boolean): readonly Finding[] {
  const spoken = new Set(localesOf(templates, 'voice'))
  const written = localesOf(templates, 'sms')
  const missing = (locales: readonly string[]): readonly string[] =>
    locales.filter(
      locale => voiceFor(locale) !== undefined && !lookupChain(locale).some(tag => spoken.has(tag)),
    )
  const isWritten = (language: string): boolean => written.some(locale => languageOf(locale) === language)
  const voiced = new Set(Object.keys(voicesByLocale).map(languageOf))
  const unwritten = isComplete ? missing([...voiced].filter(language => !isWritten(language))) : []
  return [
    ...missing(written).map(locale => ({
      template: `voice/${locale}/any`,
      ...remarks.missingCall(locale, voiceFor(locale) ?? ''),
    })),
    ...unwritten
      .filter(language => ![...spoken].some(locale => languageOf(locale) === language))
      .map(language => ({
        template: `voice/${language}/any`,
        ...remarks.missingTextAndCall(language, voiceFor(language) ?? ''),
      })),
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
      .map(channel => ({ template: '', ...remarks.missingDefault(channel, defaultLocale) })),
    ...(missing.length === 0 ? [] : [{ template: '', ...remarks.missingLanguages(missing, defaultLocale) }]),
  ]
}

/** All templates of a channel and purpose should have the placeholders that most of them have. */
function unequalPlaceholders(templates: readonly NewTemplate[]): readonly Finding[] {
  const groups = Map.groupBy(templates.filter(canBeRead), ({ channel, purpose }) => `${channel}/${purpose}`)
  return [...groups.values()].flatMap(group => {
    const named = group.map(template => ({ template, names: namesIn(template) }))
    const all = [...new Set(named.flatMap(({ names }) => names))].filter(name => name !== 'code')
    return all.flatMap(name => {
      const those = named.filter(({ names }) => names.includes(name))
      const others = named.filter(({ names }) => !names.includes(name))
      const isCommon = those.length >= others.length
      const remark = isCommon ? remarks.lacksPlaceholder : remarks.extraPlaceholder
      return (isCommon ? others : those).map(({ template }) => {
        const { channel, purpose } = template
        return {
          template: nameOfTemplate(template),
          ...remark(name, { channel, purpose, count: group.length }),
        }
      })
    })
  })
}

function namesIn({ text, locale }: NewTemplate): readonly string[] {
  return [...new Set(argumentsOf(text, locale).map(({ name }) => name))]
}

function canBeRead(template: NewTemplate): boolean {
  try {
    return namesIn(template).length > 0
  } catch {
    return false // reported by checkTemplate
  }
}

function languageOf(locale: string): string {
  return new Intl.Locale(locale).language
}

function localesOf(templates: readonly NewTemplate[], channel: Channel): readonly string[] {
  return [...new Set(templates.filter(template => template.channel === channel).map(({ locale }) => locale))]
}

// Okta's default message templates: https://developer.okta.com/docs/reference/api/templates/
const OKTAS_LANGUAGES =
  'zh-CN zh-TW cs da de el en es fi fr ht hu id it ja ko ms nb nl-NL pl pt-BR ro ru sv th tr uk vi'.split(' ')
