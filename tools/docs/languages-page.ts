import { spokenSeconds } from '../../src/advice/lint/spoken-length.ts'
import { writeMessage } from '../../src/core/message/message.ts'
import { prepareTemplate } from '../../src/core/message/template.ts'
import { longestValues, type TemplateValues } from '../../src/core/message/template-values.ts'
import { purposes } from '../../src/core/values/request.ts'
import { type ShippedLanguage, shippedLanguages } from '../../src/main/shipped-languages.ts'
import { markdownTable } from './markdown-table.ts'

/** `docs/languages.md`: what is shipped, and what each of its messages costs and takes. */
export function languagesPage(): string {
  const rows = [...shippedLanguages].sort((a, b) => (a.language < b.language ? -1 : 1)).map(row)
  const unconfirmed = shippedLanguages.filter(({ confirmed }) => !confirmed)
  return `# Languages

${shippedLanguages.length} languages are shipped: the 28 of Okta's own messages, and Arabic, French for Canada, Hebrew, Hindi and European Portuguese. Each
has a text for every purpose, and a call for every purpose where AWS has a voice. Parts and seconds stand in this order:
any purpose · adding a phone · signing in · unlocking an account · resetting a password (one number where all are the same).

- *Parts* are counted at the longest values: a code of ten digits and a brand of twenty letters. Each part is paid.
- *Seconds* are estimates for a code of six digits, made from letters, digits and pauses; voices differ by a third and more. In the
  sandbox of AWS calls end after 30 seconds.
- *Confirmed* says whether a native reader has read the template and found it right.

${markdownTable(HEAD, rows)}
## How the words of a message are chosen

1. The user's own locale, as Okta sends it: its region's template, then its language's (\`es-MX\`, \`es-419\`, \`es\`), the purpose's own
   before the one for any purpose. A call also needs a voice of that language; the voice of the user's region comes first.
2. For a text without a template of ours: Okta's own text, which is in the user's language already. It is taken only if it has the code exactly
   once, no link, and fits \`HOOKLINE_PARTS_MAX\` parts.
3. The default locale, \`HOOKLINE_DEFAULT_LOCALE\`.
4. For a call without a voice so far: the words and the voice of \`HOOKLINE_FALLBACK_VOICE_LOCALE\`. Words are never
   spoken by a voice of another language.

\`hookline explain --to <number> --locale <locale>\` shows the choice for one request, and \`hookline templates preview --all --out <folder>\`
shows all messages as they arrive.

## Templates that nobody has confirmed

${describeUnconfirmed(unconfirmed.length)} \`HOOKLINE_OKTAS_TEXT_FOR=ht,hi\`
takes Okta's own text first in the languages that it lists; ours is then used only when Okta sends no text that can be used. For calls there is no text of
Okta, so it changes nothing there.

## With a domain or an app

\`HOOKLINE_DOMAIN\` and \`HOOKLINE_APP_HASH\` add a last line, by which phones fill in the code. In languages in UCS-2 this line often takes a second part:
with \`HOOKLINE_PARTS_MAX=1\` it is left out there. \`hookline templates lint --notes\` says where.

## Correcting a template

Write the new words into a JSON file and import it; running functions and servers use it within a second:

\`\`\`json
[{ "channel": "sms", "locale": "fi", "purpose": "password-reset", "text": "{code} on … {brand} …" }]
\`\`\`

\`\`\`
hookline templates lint --file corrected.json
hookline templates import corrected.json
\`\`\`

To correct it for everybody, change the language's file in \`messages/\`, and set \`confirmed\` to \`true\` there once a native reader has read all of it.
`
}

const HEAD = ['language', 'own name', 'locale', 'encoding', 'parts', 'voice', 'spoken seconds', 'confirmed']
const ORDER = ['any', ...purposes] as const

function row(language: ShippedLanguage): readonly string[] {
  const { encoding, encodingReason, voiceId, confirmed } = language
  return [
    language.language,
    language.direction === 'rtl' ? `${language.ownName}&lrm;` : language.ownName,
    `\`${language.locale}\``,
    encodingReason === undefined ? encoding : `${encoding}: ${encodingReason}`,
    compact(ORDER.map(purpose => partsOf(language, language.sms[purpose]))),
    voiceId === '' ? 'none' : voiceId,
    language.voice === undefined
      ? ''
      : compact(ORDER.map(purpose => secondsOf(language, language.voice?.[purpose]))),
    confirmed ? 'yes' : 'no',
  ]
}

function partsOf(language: ShippedLanguage, text: string): number {
  const message = fillIn(language, 'sms', text, longestValues)
  return message?.channel === 'sms' ? message.parts : Number.NaN
}

function secondsOf(language: ShippedLanguage, text = ''): number {
  const usual = { code: '493817', minutes: 5, brand: 'Okta', domain: '', firstName: '' }
  return Math.round(spokenSeconds(fillIn(language, 'voice', text, usual)?.body.reveal() ?? ''))
}

function fillIn(
  { locale, voiceId }: ShippedLanguage,
  channel: 'sms' | 'voice',
  text: string,
  values: TemplateValues,
) {
  const template = {
    channel,
    locale,
    purpose: 'any',
    text,
    voiceId,
    indiaTemplateId: undefined,
    version: 1,
  } as const
  return writeMessage(prepareTemplate(template), values, { ending: undefined, partsMax: 1, voiceId })
}

function compact(numbers: readonly number[]): string {
  const different = new Set(numbers)
  return different.size === 1 ? String(numbers[0]) : numbers.join(' · ')
}

function describeUnconfirmed(count: number): string {
  if (count === shippedLanguages.length) {
    return 'No native reader has confirmed any of these templates yet. Where that is not good enough, Okta may speak first:'
  }
  if (count === 0) return 'Native readers have confirmed all of them. To prefer Okta’s words all the same:'
  return `${count} languages wait for a native reader. Where that is not good enough, Okta may speak first:`
}
