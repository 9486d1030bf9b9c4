import { pauseSeconds, spokenSeconds } from '../../advice/lint/spoken-length.ts'
import { ssmlPieces } from '../../advice/lint/ssml-pieces.ts'
import { writeMessage } from '../../core/message/message.ts'
import type { Encoding } from '../../core/message/message-parts.ts'
import { prepareTemplate, type TemplateText } from '../../core/message/template.ts'
import type { TemplateValues, ValueRules } from '../../core/message/template-values.ts'
import type { PlanRules } from '../../core/plan/plan.ts'
import { purposes } from '../../core/values/request.ts'
import { Secret } from '../../core/values/secret.ts'
import { voiceFor } from '../../core/values/voices.ts'

/** A message as it would arrive, with made-up values. */
export type PreviewedMessage = {
  readonly purpose: TemplateText['purpose']
  readonly version: number
} & (
  | {
      readonly channel: 'sms'
      readonly body: string
      readonly parts: number
      readonly encoding: Encoding
      readonly length: number
    }
  | {
      readonly channel: 'voice'
      readonly ssml: string
      readonly voiceId: string
      /** An estimate. */
      readonly seconds: number
      readonly said: readonly Said[]
    }
  | { readonly channel: 'none'; readonly why: string }
)

/** Words, digits said one by one, or a pause between them. */
export type Said =
  | { readonly kind: 'words'; readonly words: string }
  | { readonly kind: 'digits'; readonly digits: string }
  | { readonly kind: 'pause'; readonly seconds: number }

export type PreviewedLanguage = {
  readonly locale: string
  readonly ownName: string
  readonly englishName: string
  readonly direction: 'ltr' | 'rtl'
  readonly messages: readonly PreviewedMessage[]
}

/** The spoken pieces in one line: no space before a full stop. */
export function joinSaid(said: readonly Said[], show: (piece: Said) => string): string {
  return said
    .map((piece, index) => {
      const isClosing = piece.kind === 'words' && /^[.,!?:;。，、！？।؟،]/.test(piece.words)
      return `${index === 0 || isClosing ? '' : ' '}${show(piece)}`
    })
    .join('')
}

/** Every template filled in, by language. */
export function previewMessages(
  templates: readonly TemplateText[],
  rules: PlanRules,
): readonly PreviewedLanguage[] {
  const byLocale = [...Map.groupBy(templates, ({ locale }) => locale)]
  return byLocale
    .map(([locale, own]): PreviewedLanguage => {
      const messages = [...own].sort(inOrder).map(template => previewMessage(template, rules))
      return {
        locale,
        ownName: nameOf(locale, locale),
        englishName: nameOf(locale, 'en'),
        direction: directionOf(locale),
        messages,
      }
    })
    .sort((a, b) => a.englishName.localeCompare(b.englishName, 'en'))
}

/** The values of a usual message: Okta's six digits, five minutes, and those of the settings. */
export function sampleValues({ brand, domain, usesFirstName }: ValueRules): TemplateValues {
  return {
    code: new Secret(SAMPLE_CODE),
    minutes: 5,
    brand,
    domain: domain ?? '',
    firstName: usesFirstName ? 'Kim' : '',
  }
}

/** Made up. */
export const SAMPLE_CODE = '493817'

function previewMessage(template: TemplateText, rules: PlanRules): PreviewedMessage {
  const { purpose, version, locale } = template
  const { ending, partsMax } = rules
  const voiceId = template.voiceId || (voiceFor(locale) ?? '')
  const message = writeMessage(prepareTemplate(template), sampleValues(rules), { ending, partsMax, voiceId })
  if (message === undefined)
    return { channel: 'none', purpose, version, why: 'It is longer than the carrier takes.' }
  const body = message.body.reveal() // made-up values: not a person's code
  if (message.channel === 'sms') {
    const { parts, encoding, septetsOrUnits } = message
    return { channel: 'sms', purpose, version, body, parts, encoding, length: septetsOrUnits }
  }
  return {
    channel: 'voice',
    purpose,
    version,
    ssml: body,
    voiceId,
    seconds: spokenSeconds(body),
    said: saidIn(body),
  }
}

/** Digits that only short pauses part are one run: they keep their order in every direction of writing. */
function saidIn(ssml: string): readonly Said[] {
  const said: Said[] = []
  for (const piece of ssmlPieces(ssml) ?? []) {
    if (piece.kind === 'open' && piece.name === 'break') {
      const seconds = pauseSeconds(piece.attributes)
      if (seconds >= LONG_PAUSE_SECONDS || said.at(-1)?.kind !== 'digits')
        said.push({ kind: 'pause', seconds })
    }
    if (piece.kind !== 'text' || piece.text.trim() === '') continue
    const [, digit, rest = ''] = /^(\p{Nd})(?!\p{Nd})(.*)$/su.exec(piece.text.trim()) ?? []
    const last = said.at(-1)
    if (digit === undefined) said.push({ kind: 'words', words: piece.text.trim() })
    else if (last?.kind === 'digits') said[said.length - 1] = { kind: 'digits', digits: last.digits + digit }
    else said.push({ kind: 'digits', digits: digit })
    if (rest.trim() !== '') said.push({ kind: 'words', words: rest.trim() })
  }
  return said
}

/** Texts before calls, and the purposes in the order in which a user meets them. */
function inOrder(a: TemplateText, b: TemplateText): number {
  const place = ({ channel, purpose }: TemplateText): number =>
    (channel === 'sms' ? 0 : 100) + ['any', ...purposes].indexOf(purpose)
  return place(a) - place(b)
}

function nameOf(locale: string, inLocale: string): string {
  const name = new Intl.DisplayNames([inLocale, 'en'], { type: 'language' }).of(locale) ?? locale
  return name.charAt(0).toLocaleUpperCase(inLocale) + name.slice(1)
}

function directionOf(locale: string): 'ltr' | 'rtl' {
  const { script = '' } = new Intl.Locale(locale).maximize()
  return RIGHT_TO_LEFT.has(script) ? 'rtl' : 'ltr'
}

const LONG_PAUSE_SECONDS = 0.5
// Scripts in use today that run from the right (Unicode, Bidi_Class R and AL).
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
