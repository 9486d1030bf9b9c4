/**
 * Okta's and Java's spellings of a locale as one BCP 47 tag: `EN-US` to `en-US`, `es_MX` to `es-MX`,
 * `zh_TW_#Hant` to `zh-Hant-TW`'s canonical form, `en_US.UTF-8` to `en-US`. Undefined when it is no locale.
 */
export function normalizeLocale(text: string | undefined): string | undefined {
  const tag = (text ?? '')
    .trim()
    .replace(/[.@].*$/, '') // POSIX: code set and modifier
    .replace(/^([a-z]{2,3})[_-]([a-z]{2})[_-]+#([a-z]{4})$/i, '$1-$3-$2') // java.util.Locale: script after `#`
    .replaceAll('_', '-')
  if (tag === '') return undefined
  try {
    const { language, script, region } = new Intl.Locale(tag)
    return [language, script, region].filter(Boolean).join('-')
  } catch {
    return undefined // not a locale: as good as none
  }
}

/**
 * The locales to look a template up in, best first: RFC 4647 §3.4 (drop subtags from the right), with the
 * regional defaults of Okta's own languages after each step.
 */
export function lookupChain(locale: string): readonly string[] {
  const chain = new Set<string>()
  for (let tag = locale; tag !== ''; tag = tag.slice(0, Math.max(0, tag.lastIndexOf('-')))) {
    chain.add(tag)
    const regional = regionalDefault(tag, locale)
    if (regional !== undefined) chain.add(regional)
  }
  return [...chain]
}

function regionalDefault(tag: string, locale: string): string | undefined {
  // Chinese is written two ways: the script decides, said or implied by the region (HK, MO, TW: Traditional).
  if (tag === 'zh' || tag.startsWith('zh-')) {
    return new Intl.Locale(locale).maximize().script === 'Hant' ? 'zh-TW' : 'zh-CN'
  }
  return REGIONAL_DEFAULTS[tag]
}

const REGIONAL_DEFAULTS: Readonly<Record<string, string | undefined>> = {
  nl: 'nl-NL',
  nn: 'nb',
  no: 'nb',
  pt: 'pt-BR',
}
