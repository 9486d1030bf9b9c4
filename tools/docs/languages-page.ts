import { spokenSeconds } from '../../src/advice/lint/spoken-length.ts'
import { writeMessage } from '../../src/core/message/message.ts'
import { prepareTemplate } from '../../src/core/message/template.ts'
import { longestValues, type TemplateValues } from '../../src/core/message/template-values.ts'
import { purposes } from '../../src/core/values/request.ts'
import { Secret } from '../../src/core/values/secret.ts'
import { type ShippedLanguage, shippedLanguages } from '../../src/main/shipped-languages.ts'

/** `docs/languages.md`: what is shipped, and what each of its messages costs and takes. */
export function languagesPage(): string {
  const rows = [...shippedLanguages].sort((a, b) => (a.language < b.language ? -1 : 1)).map(row)
  const unconfirmed = shippedLanguages.filter(({ confirmed }) => !confirmed)
  return `# Languages

Hookline ships ${shippedLanguages.length} languages: the 28 of Okta's own messages, and Arabic, French for Canada, Hebrew, Hindi and European
Portuguese. Each has a text template for every purpose. Each language for which AWS has a voice also has a call template for every purpose. The columns
for parts and seconds list the purposes in this order, or have one number if all are the same:
any purpose · adding a phone · signing in · unlocking an account · resetting a password.

- *Parts* are message parts, counted with the longest values: a code of ten digits and a brand of twenty letters. You pay for each part.
- *Spoken seconds* are estimates for a code of six digits, based on letters, digits and pauses. The actual length depends on the voice and can differ
  by a third or more. In the AWS sandbox, calls end after 30 seconds.
- *Confirmed* says whether a native speaker has read the templates and confirmed them.

${markdownTable(HEAD, rows)}
## How a template is chosen

Hookline takes the first that fits:

1. A template for the user's locale, as Okta sends it: first of the region, then of the language (\`es-MX\`, \`es-419\`, \`es\`); for each of them, first
   the template of the purpose, then the one for any purpose. A call also needs a voice for that language; the voice of the user's region is preferred.
2. For a text message: Okta's own text, which is already in the user's language. It is used only if it contains the code exactly
   once and no link, and fits in \`HOOKLINE_PARTS_MAX\` parts.
3. A template for the default locale, \`HOOKLINE_DEFAULT_LOCALE\`.
4. For a call, if no voice was found: the template and the voice of \`HOOKLINE_FALLBACK_VOICE_LOCALE\`. A template is never
   spoken by a voice of another language.

\`hookline explain --to <number> --locale <locale>\` shows the choice for one request. \`hookline templates preview --all --out <folder>\`
shows all messages as they arrive.

## Unconfirmed templates

${describeUnconfirmed(unconfirmed.length)}
For example, \`HOOKLINE_OKTAS_TEXT_FOR=ht,hi\` does this for Haitian Creole and Hindi: Hookline's template is then used only if Okta sends no usable
text. Calls are not affected, because Okta sends no text for them.

## With a domain or an app

\`HOOKLINE_DOMAIN\` and \`HOOKLINE_APP_HASH\` add a last line from which phones fill in the code. In UCS-2 languages this line often needs a second
part. With \`HOOKLINE_PARTS_MAX=1\` it is then left out. \`hookline templates lint --notes\` shows where.

## Correcting a template

Write the new text into a JSON file and import it. Servers use it within a second, functions from the second request of each instance on:

\`\`\`json
[{ "channel": "sms", "locale": "fi", "purpose": "password-reset", "text": "{code} on … {brand} …" }]
\`\`\`

\`\`\`
hookline templates lint --file corrected.json
hookline templates import corrected.json
\`\`\`

To correct it for everybody, change the language's file in \`messages/\`. Set \`confirmed\` to \`true\` there once a native speaker has read and confirmed
all of its templates.
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
  const values = { code: new Secret('493817'), minutes: 5, brand: 'Okta', domain: '', firstName: '' }
  return Math.round(spokenSeconds(fillIn(language, 'voice', text, values)?.body.reveal() ?? ''))
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
    return "No native speaker has confirmed these templates yet. Where you need more certainty, use Okta's text first."
  }
  if (count === 0) return "Native speakers have confirmed all templates. You can still use Okta's text first."
  return `${count} languages are not confirmed by a native speaker yet. Where you need more certainty, use Okta's text first.`
}

export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return `${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}\n`
}
