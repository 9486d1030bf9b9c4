import type { CodeEnding } from '../core/message/code-ending.ts'
import type { PlanRules } from '../core/plan/plan.ts'
import type { Settings } from './settings.ts'

/** What the settings say about planning. */
export function planRules(settings: Settings): PlanRules {
  return {
    defaultCountry: settings.HOOKLINE_DEFAULT_COUNTRY,
    unknownRanges: settings.HOOKLINE_UNKNOWN_RANGES,
    defaultLocale: settings.HOOKLINE_DEFAULT_LOCALE,
    fallbackVoiceLocale: settings.HOOKLINE_FALLBACK_VOICE_LOCALE,
    oktasTextFor: settings.HOOKLINE_OKTAS_TEXT_FOR,
    partsMax: settings.HOOKLINE_PARTS_MAX,
    brand: settings.HOOKLINE_BRAND,
    domain: settings.HOOKLINE_DOMAIN,
    usesFirstName: settings.HOOKLINE_FIRST_NAME === 'on',
    ending: codeEnding(settings),
    maxPricePerPart: settings.HOOKLINE_MAX_PRICE_PER_PART,
    maxPricePerMinute: settings.HOOKLINE_MAX_PRICE_PER_MINUTE,
    homeRegion: settings.AWS_REGION,
  }
}

/** An app's hash is for one app only, a domain for every browser: where both are set, texts end for the app. */
function codeEnding({
  HOOKLINE_DOMAIN: domain,
  HOOKLINE_APP_HASH: appHash,
}: Settings): CodeEnding | undefined {
  if (appHash !== undefined) return { kind: 'app', appHash }
  return domain === undefined ? undefined : { kind: 'domain', domain }
}
