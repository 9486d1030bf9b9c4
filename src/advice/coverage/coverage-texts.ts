import type { CountryCode } from '../../core/values/phone-number.ts'
import type { ReasonCode } from '../../core/values/reasons.ts'

/** What some users do not get, or not as intended. `refuses`: the reason if nothing is sent to them. */
export type Gap = { readonly sentence: string; readonly refuses: ReasonCode | undefined }

/** Every sentence about a gap in routes or templates. Each follows "GB over sms:" or "fi over voice:". */
export const gaps = {
  // Of a country without a route that can send
  noRoute: (like: CountryCode | undefined): Gap => ({
    sentence: `no route. ${NO_ROUTE}${
      like === undefined
        ? ''
        : ` Numbers of ${like} usually work there: test the route of ${like} with hookline routes try, then import it for this country too.`
    }`,
    refuses: 'NO_ROUTE',
  }),
  cannotCall: (): Gap => ({
    sentence: `the route has only sender IDs or short codes, which cannot call. ${NO_ROUTE}`,
    refuses: 'NO_ROUTE',
  }),

  // Of a country with rules of its own
  onlySenderIds: (country: CountryCode): Gap => ({
    sentence: `the route has only sender IDs, which ${country} does not support. The carrier refuses each text (CARRIER_REFUSED). Route ${country} to a number or pool.`,
    refuses: 'CARRIER_REFUSED',
  }),
  someSenderIds: (country: CountryCode, names: readonly string[]): Gap => ({
    sentence: `${country} does not support sender IDs. The carrier refuses ${names.join(', ')}, and the next identity is tried. Remove ${names.length === 1 ? 'it' : 'them'} from the route.`,
    refuses: undefined,
  }),
  indiaDrops: (missing: readonly IndiaId[]): Gap => ({
    sentence: `operators in India drop texts from a sender ID without ${nameIds(missing)}.`,
    refuses: 'CARRIER_REFUSED',
  }),
  indiaInternational: (missing: readonly IndiaId[]): Gap => ({
    sentence: `without a registered sender ID and ${nameIds(missing)}, texts reach India on the international route: expensive, from changing numbers, and often filtered.`,
    refuses: undefined,
  }),
  chinaBlocks: (unsigned: readonly string[]): Gap => ({
    sentence: `operators in mainland China block texts that are not registered at AWS or do not begin with the registered signature in 【】. Without a signature: ${unsigned.join(', ')}. Register sender, signature and words at AWS, then save exactly these words: hookline templates set sms/zh-CN/<purpose> --short none --text '【…】…'`,
    refuses: 'CARRIER_REFUSED',
  }),

  // Of a language
  refused: (code: ReasonCode, meaning: string): Gap => ({
    sentence: `refused (${code}). ${meaning}`,
    refuses: code,
  }),
  oktasTextOrRefused: (code: ReasonCode): Gap => ({
    sentence: `${OKTAS_TEXT} Requests without a usable one are refused (${code}).`,
    refuses: code,
  }),
  oktasTextOrLocale: (locale: string): Gap => ({
    sentence: `${OKTAS_TEXT} Without a usable one, the text in ${locale} is sent.`,
    refuses: undefined,
  }),
  otherLanguage: (why: keyof typeof CAUSES, what: 'call' | 'text', locale: string): Gap => ({
    sentence: `${CAUSES[why]}, so users get a ${what} in ${locale}.`,
    refuses: undefined,
  }),
} as const

/** Why a country cannot be tried with a dry run. */
export const notTried = {
  noRoute: 'It has no route.',
  noNumber: 'There is no example number for it.',
  otherCountry: (country: CountryCode) =>
    `Its numbers are read as numbers of ${country}, whose route serves them.`,
  refused: (reason: string) => `Hookline itself would refuse: ${reason}`,
} as const

type IndiaId = 'entity' | 'template'

function nameIds(missing: readonly IndiaId[]): string {
  return missing.map(id => INDIA_IDS[id]).join(' and ')
}

const NO_ROUTE = 'Refused (NO_ROUTE): Okta sends with its own provider, if the org has one.'
const OKTAS_TEXT = "no template, so Okta's own text is sent."
const CAUSES = {
  'no voice': 'AWS has no voice for it',
  'no voice for its template': 'no voice speaks its template',
  'no template': 'no template',
} as const
const INDIA_IDS: Readonly<Record<IndiaId, string>> = {
  entity: 'an entity ID (indiaEntityId in the route)',
  template: 'a template ID (templates set --india-template)',
}
