import type { PlanRules } from '../core/plan.ts'
import type { Settings } from './settings.ts'

/** What the settings say about planning. */
export function planRules(settings: Settings): PlanRules {
  return {
    defaultCountry: settings.HOOKLINE_DEFAULT_COUNTRY,
    defaultLocale: settings.HOOKLINE_DEFAULT_LOCALE,
    partsMax: settings.HOOKLINE_PARTS_MAX,
    maxPricePerPart: settings.HOOKLINE_MAX_PRICE_PER_PART,
    maxPricePerMinute: settings.HOOKLINE_MAX_PRICE_PER_MINUTE,
  }
}
