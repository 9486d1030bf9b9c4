import { prepareAnyTemplate } from '../../src/core/message/icu-template.ts'
import { type Message, writeMessage } from '../../src/core/message/message.ts'
import { spokenSeconds } from '../../src/core/message/spoken-seconds.ts'
import { longestValues, type TemplateValues } from '../../src/core/message/template-values.ts'
import type { NewTemplate } from '../../src/core/policy/policy-store.ts'
import { Secret } from '../../src/core/values/secret.ts'
import { optionalLanguages } from '../../src/main/all-languages.ts'
import { type ShippedLanguage, shippedLanguages } from '../../src/main/shipped-languages.ts'
import { templatesOf } from '../../src/main/shipped-templates.ts'

/** `docs/languages.md`: the shipped languages, with parts and seconds of their messages. */
export function languagesPage(): string {
  const all = [...shippedLanguages, ...optionalLanguages].sort((a, b) => (a.language < b.language ? -1 : 1))
  const unconfirmed = all.filter(({ confirmed }) => !confirmed)
  return `# Languages

Hookline ships ${all.length} languages. A new store has ${shippedLanguages.length} of them: the 28 of Okta's own messages, and these languages' own forms in other
regions. The other ${optionalLanguages.length} are off, because no native speaker has confirmed them: \`hookline templates enable bg\` switches Bulgarian on.
Each language has a text template for every purpose. Each language for which AWS has a voice also has a call template for every purpose. The columns for parts
and seconds list the purposes in this order, or have one number if all are the same:
any purpose · adding a phone · signing in · unlocking an account · resetting a password.

- *Full, short*: a text has two forms. The full form says when the code ends and, where it has room, that no one will call to ask for it. Both columns are
  message parts with the longest values: a code of ten digits and a brand of twenty letters. You pay for each part. The short form is always one part.
- *Full up to* is the longest brand with which the full form is sent in one part, with a code of six digits that is valid for five minutes.
- *Spoken seconds* are estimates for a code of six digits, based on letters, digits and pauses. The actual length depends on the voice and can differ
  by a third. *Says the code* counts how often. In the AWS sandbox, calls end after 30 seconds.
- *Address* says how the templates speak to people: formal, familiar, or neutral where the language makes no difference.
- *Confirmed* says whether a native speaker has read the templates and confirmed them.

${markdownTable(HEAD, all.map(row))}
## How a template is chosen

Hookline takes the first that fits:

1. A template for the user's locale, as Okta sends it: first of the region, then of the language (\`es-MX\`, \`es-419\`, \`es\`); for each of them, first
   the template of the purpose, then the one for any purpose. If the locale has no region and the language is at home in the country of the number, it is read
   in that country: \`es\` to Spain is \`es-ES\`, \`en\` to the United Kingdom \`en-GB\`, \`fr\` to Canada \`fr-CA\`, \`pt\` to Portugal \`pt-PT\`, \`zh\` to Taiwan
   \`zh-TW\`. A call also needs a voice for that language; the voice of the region is preferred.
2. For a text message: Okta's own text, which is already in the user's language. It is used only if it contains the code exactly
   once and no link, and fits in \`HOOKLINE_PARTS_MAX\` parts.
3. A template for the default locale, \`HOOKLINE_DEFAULT_LOCALE\`.
4. For a call, if no voice was found: the template and the voice of \`HOOKLINE_FALLBACK_VOICE_LOCALE\`. A template is never
   spoken by a voice of another language.

\`hookline explain --to <number> --locale <locale>\` shows the choice for one request. \`hookline templates preview --all --out <folder>\`
shows all messages as they arrive.

Cantonese (\`yue\`, \`zh-yue\`, \`yue-HK\`) and \`zh-HK\` are written in Hong Kong's Chinese. AWS has no voice for Cantonese: a call to these users has the words
of \`zh-TW\`, spoken in Mandarin by ZHIYU. If your users do not understand Mandarin, offer them texts only.

## Which form is sent

A text is sent in full if that takes no more message parts than the short form, with the real code, brand, minutes and last line. Where the last line for a
browser needs a second part anyway, the full form fills it. A call is spoken in full, which says the code three times, if that is estimated at less than 30
seconds; else the short form says it twice. A template with one form is always sent in that form, and so is a template that is registered in India: the
registration is of one text.

## Unconfirmed templates

${describeUnconfirmed(unconfirmed.length, all.length)}
For example, \`HOOKLINE_OKTAS_TEXT_FOR=ht,th\` does this for Haitian Creole and Thai: Hookline's template is then used only if Okta sends no usable
text. Calls are not affected, because Okta sends no text for them.

## With a domain or an app

\`HOOKLINE_DOMAIN\` and \`HOOKLINE_APP_HASH\` add a last line from which phones fill in the code. In UCS-2 languages this line often needs a second
part. With \`HOOKLINE_PARTS_MAX=1\` it is then left out. \`hookline templates lint --notes\` shows where.

## The brand

\`HOOKLINE_BRAND\` is who sends. Without it, messages say "Okta": \`hookline doctor\` and \`hookline deploy\` tell you so, because your customers may not know
Okta. If voices say the brand wrong, \`HOOKLINE_BRAND_SPOKEN=Akme\` is what calls say instead, and \`HOOKLINE_BRAND_LANGUAGE=en-US\` makes every voice say it
with English sounds.

## Mainland China

Operators in mainland China deliver a text only if its sender, its signature and its words are registered. AWS registers them for a company of mainland
China, in [about ten business days](https://docs.aws.amazon.com/sms-voice/latest/userguide/registrations-china.html):

- The signature has at least two Chinese characters of the registered name of your company or trademark. Each text begins with it, in lenticular brackets.
- The words are compared as they arrive. AWS takes no ID of a registered template with a message, as it does for India.

The shipped templates have no signature, because only you know yours. Save the words that you registered for each purpose, in one form:

\`\`\`
hookline templates set sms/zh-CN/mfa-verification --short none --text '【示例公司】验证码 {code} ，{minutes} 分钟内有效。'
\`\`\`

- \`hookline routes import\`, \`hookline coverage --countries CN\` and \`hookline doctor\` name the templates for Chinese users that do not begin with a signature, as long
  as there is a route to China. \`hookline explain --to +86…\` judges one message.
- \`hookline templates lint\` reports a signature that is not at the beginning or not Chinese, and a second form. \`--notes\` also shows each template whose words
  must be those of its registration. \`HOOKLINE_DOMAIN\` and \`HOOKLINE_APP_HASH\` add a line to them.
- Users in China with another language get the template of that language, which has no signature: operators block it.

## For translators

You can correct a template without knowing this project. You need a text editor and the commands of somebody who operates Hookline:

\`\`\`
hookline templates export --language fi --file fi.json
hookline templates lint --file fi.json
hookline templates import fi.json
hookline templates preview --locale fi --out preview
\`\`\`

The file is a list. Change \`text\` (the full form) and \`short\`, and leave the rest as it is:

\`\`\`json
[
  {
    "channel": "sms",
    "locale": "fi",
    "purpose": "password-reset",
    "text": "{code} on {brand}-koodi, jolla nollaat salasanasi. Voimassa {minutes} min. …",
    "short": "{code} on {brand}-koodi, jolla nollaat salasanasi. …"
  },
  {
    "channel": "voice",
    "locale": "de",
    "purpose": "any",
    "text": "<speak>Guten Tag. Hier ist {brand}. … <break time=\\"500ms\\"/><prosody rate=\\"slow\\">{code}</prosody> …</speak>"
  }
]
\`\`\`

\`voiceId\` of a call may be left out: then the voice of the user's region speaks. A server uses what is imported within a second, a function from the second request
of each instance on. What to check:

1. **The code comes first**, followed by a space, and the word for *code* is next to it. Phones find it there and offer to fill it in. Android does not find
   a code that is followed by \`:\`, \`(\`, \`（\` or \`，\`. \`lint\` names the character that is in the way.
2. **The brand begins before the 25th character**, so that it is seen on a lock screen.
3. **The full form says the minutes.** Both forms ask people not to pass the code on, in the way that a bank would say it, and address people as the table says.
4. **The words fit.** In a language whose letters are all in the GSM alphabet, one part holds 160 characters; one letter outside it leaves 70. Never drop an accent
   where that is a spelling mistake: choose other words. \`lint\` counts.
5. **What the code is for** is clear: users must not mistake the code for a phone number, or the expiry of the code for that of the password.
6. **Minutes of a call** have the right plural: \`{minutes, plural, one {It expires in {minutes} minute.} other {It expires in {minutes} minutes.}}\`, with the categories
   of your language (Unicode CLDR: zero, one, two, few, many, other).
7. **A call** says who calls before the code, and no full stop follows the code: in many languages "3." is the third.

To correct it for everybody, change the language's file in \`messages/\`: \`sms\` has the full and the short form of each purpose, \`call\` the sentences of a
call. Set \`confirmed\` to \`true\` once a native speaker has read and confirmed all of its templates. \`note\` says why some words are not the first that come
to mind.
`
}

const HEAD = [
  ...['language', 'own name', 'locale', 'in a new store', 'encoding', 'full', 'short', 'full up to'],
  ...['voice', 'spoken seconds', 'says the code', 'address', 'confirmed'],
]

function row(language: ShippedLanguage): readonly string[] {
  const { encoding, encodingReason, voiceId, confirmed, locale } = language
  const templates = templatesOf(language)
  const texts = templates.filter(({ channel }) => channel === 'sms')
  const calls = templates
    .filter(({ channel }) => channel === 'voice')
    .map(template => write(template, typicalValues()))
  return [
    language.language,
    language.direction === 'rtl' ? `${language.ownName}&lrm;` : language.ownName,
    `\`${locale}\``,
    shippedLanguages.includes(language) ? 'yes' : `\`enable ${locale}\``,
    encodingReason === undefined ? encoding : `${encoding}: ${encodingReason}`,
    compact(texts.map(({ short: _, ...template }) => partsOf(write(template, longestValues)))),
    compact(
      texts.map(({ short = '', ...template }) => partsOf(write({ ...template, text: short }, longestValues))),
    ),
    compact(texts.map(longestBrandInFull)),
    voiceId === '' ? 'none' : voiceId,
    compact(calls.map(call => Math.round(spokenSeconds(call?.body.reveal() ?? '')))),
    compact(calls.map(call => (call?.form === 'full' ? 3 : 2))),
    language.address,
    confirmed ? 'yes' : 'no',
  ]
}

function typicalValues(brand = 'Okta'): TemplateValues {
  return { code: new Secret('493817'), minutes: 5, brand, domain: '', firstName: '' }
}

function longestBrandInFull(template: NewTemplate): number {
  const lengths = Array.from({ length: BRAND_MAX }, (_, index) => BRAND_MAX - index)
  return lengths.find(length => write(template, typicalValues('W'.repeat(length)))?.form === 'full') ?? 0
}

function write(template: NewTemplate, values: TemplateValues): Message | undefined {
  const rules = { ending: undefined, partsMax: 1, voiceId: 'JOANNA' }
  return writeMessage(prepareAnyTemplate({ ...template, version: 1 }), values, rules)
}

function partsOf(message: Message | undefined): number {
  return message?.channel === 'sms' ? message.parts : Number.NaN
}

function compact(numbers: readonly number[]): string {
  const different = new Set(numbers)
  return different.size <= 1 ? String(numbers[0] ?? '') : numbers.join(' · ')
}

function describeUnconfirmed(count: number, all: number): string {
  if (count === all)
    return 'No native speaker has confirmed any of these templates yet. If you prefer Okta’s own text, name the languages in a setting.'
  return count === 0
    ? 'Native speakers have confirmed all of them. If you still prefer Okta’s own text, name the languages in a setting.'
    : `${count} languages wait for a native speaker. If you prefer Okta’s own text there, name the languages in a setting.`
}

const BRAND_MAX = 20

export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return `${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}\n`
}
