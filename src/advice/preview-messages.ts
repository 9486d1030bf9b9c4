import { prepareAnyTemplate, readIcuTemplate } from '../core/message/icu-template.ts'
import { type Form, writeMessage } from '../core/message/message.ts'
import type { Encoding } from '../core/message/message-parts.ts'
import { pauseSeconds, spokenSeconds } from '../core/message/spoken-seconds.ts'
import { fillIn, type Template, type TemplateText } from '../core/message/template.ts'
import type { TemplateValues, ValueRules } from '../core/message/template-values.ts'
import { chooseTemplate } from '../core/plan/choose-template.ts'
import type { PlanRules } from '../core/plan/plan.ts'
import { defaultFraudPolicy } from '../core/policy/fraud-policy.ts'
import { defaultLimits } from '../core/policy/limits.ts'
import { type Policy, policyOf } from '../core/policy/policy.ts'
import { defaultRoutingPolicy } from '../core/policy/routing-policy.ts'
import { purposes } from '../core/values/request.ts'
import { Secret } from '../core/values/secret.ts'
import { voiceFor } from '../core/values/voices.ts'
import { ssmlPieces } from './lint/ssml-pieces.ts'
import { errors } from './lint/template-texts.ts'

/** A message as it would arrive, with sample values. */
export type PreviewedMessage = {
  readonly purpose: TemplateText['purpose']
  readonly version: number
} & (
  | {
      readonly channel: 'sms'
      readonly form: Form
      readonly body: string
      readonly parts: number
      readonly encoding: Encoding
      readonly length: number
      /** The text of each form, with `CODE` and `BRAND` in place of code and brand. */
      readonly forms: readonly string[]
    }
  | {
      readonly channel: 'voice'
      readonly form: Form
      readonly ssml: string
      readonly voiceId: string
      /** An estimate. */
      readonly seconds: number
      readonly speech: readonly SpeechPiece[]
      readonly forms: readonly SpokenForm[]
    }
  | { readonly channel: 'none'; readonly why: string }
)

/** What one form of a call says, and its estimated seconds with a code of four digits, of five, and so on to ten. */
type SpokenForm = { readonly speech: readonly SpeechPiece[]; readonly seconds: readonly number[] }

/** Words, digits that are spoken one by one, or a pause. */
export type SpeechPiece =
  | { readonly kind: 'words'; readonly words: string }
  | { readonly kind: 'digits'; readonly digits: string }
  | { readonly kind: 'pause'; readonly seconds: number }

export type PreviewedLanguage = {
  readonly locale: string
  readonly ownName: string
  readonly englishName: string
  readonly direction: 'ltr' | 'rtl'
  readonly messages: readonly PreviewedMessage[]
  /** For a language without a call: the call that its users get when they sign in. */
  readonly fallback:
    | { readonly call: PreviewedMessage; readonly locale: string; readonly language: string }
    | undefined
}

/** Names of a language, by its tag. */
export type Names = ReadonlyMap<string, { readonly language: string; readonly ownName: string }>

/** Joins the pieces into one line, without a space before punctuation. */
export function joinSpeech(speech: readonly SpeechPiece[], show: (piece: SpeechPiece) => string): string {
  return speech
    .map((piece, index) => {
      const isClosing = piece.kind === 'words' && /^[.,!?:;。，、！？।؟،]/.test(piece.words)
      return `${index === 0 || isClosing ? '' : ' '}${show(piece)}`
    })
    .join('')
}

/** Filled-in templates by language. Fallbacks are chosen from `all`. */
export function previewMessages(
  templates: readonly TemplateText[],
  all: readonly TemplateText[],
  rules: PlanRules,
  names: Names,
): readonly PreviewedLanguage[] {
  const byLocale = [...Map.groupBy(templates, ({ locale }) => locale)]
  const policy = policyOf(
    {
      version: 0,
      templates: all,
      routes: [],
      limits: defaultLimits,
      fraud: defaultFraudPolicy,
      routing: defaultRoutingPolicy,
    },
    readIcuTemplate,
  )
  const englishName = (locale: string) => names.get(locale)?.language ?? nameOf(locale, 'en')
  return byLocale
    .map(([locale, own]): PreviewedLanguage => {
      const messages = [...own].sort(inOrder).map(template => previewMessage(template, rules))
      const isSpoken = messages.some(({ channel }) => channel === 'voice')
      const fallback = isSpoken ? undefined : callInstead(locale, policy, rules)
      return {
        locale,
        ownName: names.get(locale)?.ownName ?? nameOf(locale, locale),
        englishName: englishName(locale),
        direction: directionOf(locale),
        messages,
        fallback: fallback && {
          call: previewMessage(fallback, rules),
          locale: fallback.locale,
          language: englishName(fallback.locale),
        },
      }
    })
    .sort((a, b) => a.englishName.localeCompare(b.englishName, 'en'))
}

/** The template and voice that the hook would choose for a call to a user of this locale. */
function callInstead(locale: string, policy: Policy, rules: PlanRules): TemplateText | undefined {
  const code = new Secret(SAMPLE_CODE)
  const request = {
    channel: 'voice',
    purpose: 'mfa-verification',
    locale,
    code,
    msgTemplate: undefined,
  } as const
  const choice = chooseTemplate(request, policy, rules, undefined)
  if (choice.kind !== 'template') return undefined
  return { ...choice.template, voiceId: choice.voiceId }
}

/** The values of a typical message: six digits and five minutes as from Okta, and those of the settings. */
export function sampleValues({ brand, domain, usesFirstName }: ValueRules): TemplateValues {
  return {
    code: new Secret(SAMPLE_CODE),
    minutes: 5,
    brand,
    domain: domain ?? '',
    firstName: usesFirstName ? 'Kim' : '',
  }
}

export const SAMPLE_CODE = '493817'

function previewMessage(template: TemplateText, rules: PlanRules): PreviewedMessage {
  const { purpose, version, locale } = template
  const { ending, partsMax } = rules
  const prepared = prepareAnyTemplate(template)
  const voiceId = template.voiceId || (voiceFor(locale) ?? '')
  const message = writeMessage(prepared, sampleValues(rules), { ending, partsMax, voiceId })
  if (message === undefined) return { channel: 'none', purpose, version, why: errors.tooLong }
  const body = message.body.reveal() // sample values: not a user's code
  const texts = [template.text, ...(template.short === undefined ? [] : [template.short])]
  const alone = texts.map(text => prepareAnyTemplate({ ...onlyFull(template), text }))
  const { form } = message
  if (message.channel === 'sms') {
    const { parts, encoding, septetsOrUnits } = message
    const forms = alone.map(one =>
      fillIn(one, { ...sampleValues(rules), code: new Secret(CODE), brand: BRAND }),
    )
    return { channel: 'sms', purpose, version, form, body, parts, encoding, length: septetsOrUnits, forms }
  }
  const speak = (one: Template, changed: Partial<TemplateValues>): string =>
    writeMessage(
      one,
      { ...sampleValues(rules), ...changed },
      { ending: undefined, partsMax: 1, voiceId },
    )?.body.reveal() ?? ''
  return {
    channel: 'voice',
    purpose,
    version,
    form,
    ssml: body,
    voiceId,
    seconds: spokenSeconds(body),
    speech: speechIn(body),
    forms: alone.map(one => ({
      speech: speechIn(speak(one, { brand: BRAND, code: new Secret(CODE) })),
      seconds: CODE_LENGTHS.map(length =>
        spokenSeconds(speak(one, { code: new Secret('4'.repeat(length)) })),
      ),
    })),
  }
}

function onlyFull({ short: _, ...template }: TemplateText): TemplateText {
  return template
}

/** Private-use characters that mark code and brand: no template contains them. */
export const [CODE, BRAND] = ['\ue000', '\ue001'] as const
const CODE_LENGTHS = [4, 5, 6, 7, 8, 9, 10]

/** Digits with short pauses between them are one piece, with a space between groups: so their order is kept in right-to-left text. */
export function speechIn(ssml: string): readonly SpeechPiece[] {
  const speech: SpeechPiece[] = []
  for (const piece of ssmlPieces(ssml) ?? []) {
    if (piece.kind === 'open' && piece.name === 'break') {
      const seconds = pauseSeconds(piece.attributes)
      const last = speech.at(-1)
      if (last?.kind !== 'digits' || seconds >= LONG_PAUSE_SECONDS) speech.push({ kind: 'pause', seconds })
      else if (seconds >= GROUP_PAUSE_SECONDS)
        speech[speech.length - 1] = { kind: 'digits', digits: `${last.digits} ` }
    }
    if (piece.kind !== 'text' || piece.text.trim() === '') continue
    const [, digit, rest = ''] = /^(\p{Nd})(?!\p{Nd})(.*)$/su.exec(piece.text.trim()) ?? []
    const last = speech.at(-1)
    if (piece.text.trim() === CODE) speech.push({ kind: 'digits', digits: CODE })
    else if (digit === undefined) speech.push({ kind: 'words', words: piece.text.trim() })
    else if (last?.kind === 'digits')
      speech[speech.length - 1] = { kind: 'digits', digits: last.digits + digit }
    else speech.push({ kind: 'digits', digits: digit })
    if (rest.trim() !== '') speech.push({ kind: 'words', words: rest.trim() })
  }
  return speech
}

/** Texts before calls, and purposes in the order in which users meet them. */
function inOrder(a: TemplateText, b: TemplateText): number {
  const place = ({ channel, purpose }: TemplateText): number =>
    (channel === 'sms' ? 0 : 100) + ['any', ...purposes].indexOf(purpose)
  return place(a) - place(b)
}

/** `German` for `de` in `en`. */
export function nameOf(locale: string, inLocale: string): string {
  const name = new Intl.DisplayNames([inLocale, 'en'], { type: 'language' }).of(locale) ?? locale
  return name.charAt(0).toLocaleUpperCase(inLocale) + name.slice(1)
}

export function directionOf(locale: string): 'ltr' | 'rtl' {
  const { script = '' } = new Intl.Locale(locale).maximize()
  return RIGHT_TO_LEFT.has(script) ? 'rtl' : 'ltr'
}

/** eSpeak NG cannot pronounce Chinese characters, which Japanese also has. */
export function canSpeak(locale: string): boolean {
  return !['Hans', 'Hant', 'Jpan'].includes(new Intl.Locale(locale).maximize().script ?? '')
}

const GROUP_PAUSE_SECONDS = 0.5
const LONG_PAUSE_SECONDS = 0.7
// Right-to-left scripts in use today (Unicode, Bidi_Class R and AL).
const RIGHT_TO_LEFT: ReadonlySet<string> = new Set([
  'Adlm',
  'Arab',
  'Aran',
  'Hebr',
  'Nkoo',
  'Rohg',
  'Syrc',
  'Thaa',
])
