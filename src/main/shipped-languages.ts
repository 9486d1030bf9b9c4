import cs from '../../messages/cs.json' with { type: 'json' }
import da from '../../messages/da.json' with { type: 'json' }
import de from '../../messages/de.json' with { type: 'json' }
import el from '../../messages/el.json' with { type: 'json' }
import en from '../../messages/en.json' with { type: 'json' }
import es from '../../messages/es.json' with { type: 'json' }
import esES from '../../messages/es-ES.json' with { type: 'json' }
import fi from '../../messages/fi.json' with { type: 'json' }
import fr from '../../messages/fr.json' with { type: 'json' }
import frCA from '../../messages/fr-CA.json' with { type: 'json' }
import ht from '../../messages/ht.json' with { type: 'json' }
import hu from '../../messages/hu.json' with { type: 'json' }
import id from '../../messages/id.json' with { type: 'json' }
import it from '../../messages/it.json' with { type: 'json' }
import ja from '../../messages/ja.json' with { type: 'json' }
import ko from '../../messages/ko.json' with { type: 'json' }
import ms from '../../messages/ms.json' with { type: 'json' }
import nb from '../../messages/nb.json' with { type: 'json' }
import nlNL from '../../messages/nl-NL.json' with { type: 'json' }
import pl from '../../messages/pl.json' with { type: 'json' }
import ptBR from '../../messages/pt-BR.json' with { type: 'json' }
import ptPT from '../../messages/pt-PT.json' with { type: 'json' }
import ro from '../../messages/ro.json' with { type: 'json' }
import ru from '../../messages/ru.json' with { type: 'json' }
import sv from '../../messages/sv.json' with { type: 'json' }
import th from '../../messages/th.json' with { type: 'json' }
import tr from '../../messages/tr.json' with { type: 'json' }
import uk from '../../messages/uk.json' with { type: 'json' }
import vi from '../../messages/vi.json' with { type: 'json' }
import zhCN from '../../messages/zh-CN.json' with { type: 'json' }
import zhHK from '../../messages/zh-HK.json' with { type: 'json' }
import zhTW from '../../messages/zh-TW.json' with { type: 'json' }
import type { purposes } from '../core/values/request.ts'

/** A language of `messages/`: its facts and its templates. */
export type ShippedLanguage = {
  readonly locale: string
  readonly language: string
  readonly ownName: string
  readonly script: string
  readonly direction: string
  readonly encoding: string
  /** Why a language in Latin letters needs UCS-2. */
  readonly encodingReason?: string
  /** How the templates speak to people: `formal`, `familiar`, or `neutral` where the language makes no difference. */
  readonly address: string
  /** Whether a native reader has confirmed the templates. */
  readonly confirmed: boolean
  /** Empty if AWS has no voice that speaks it. */
  readonly voiceId: string
  /** For translators: why a sentence is not the obvious one. */
  readonly note?: string
  readonly sms: ForEachPurpose<readonly string[]>
  readonly call?: ShippedCall
}

/**
 * The sentences of a call. It says who calls, what the code is for, the code two or three times, how long it is valid,
 * and goodbye.
 */
export type ShippedCall = {
  readonly greeting: string
  readonly code: ForEachPurpose<string>
  readonly again: string
  /** By plural category (CLDR); `other` serves those without a form of their own. */
  readonly minutes: { readonly other: string } & Readonly<Record<string, string>>
  readonly goodbye: string
}

type ForEachPurpose<T> = Readonly<Record<'any' | (typeof purposes)[number], T>>

/**
 * The languages of a new store: those of Okta's own messages, in all their regions. Imported one by one, so that
 * bundles contain them.
 */
export const shippedLanguages: readonly ShippedLanguage[] = [
  cs,
  da,
  de,
  el,
  en,
  es,
  esES,
  fi,
  fr,
  frCA,
  ht,
  hu,
  id,
  it,
  ja,
  ko,
  ms,
  nb,
  nlNL,
  pl,
  ptBR,
  ptPT,
  ro,
  ru,
  sv,
  th,
  tr,
  uk,
  vi,
  zhCN,
  zhHK,
  zhTW,
]
