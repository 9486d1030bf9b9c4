import { templateArguments } from '../../core/message/template-values.ts'
import type { Channel, Purpose } from '../../core/values/request.ts'
import type { Remark } from './finding.ts'

const ALLOWED = `Allowed: ${templateArguments.map(name => `{${name}}`).join(', ')}.`

/** Why a template cannot be saved. `place`: `line 1, column 12`. */
export const errors = {
  twoForms:
    'It has an India template ID, which registers one text, but it has two forms. Remove the short form.',
  tooLong: 'It is longer than the carrier accepts.',
  control: (place: string) => `It has a control character (${place}). Remove it.`,
  foreign: (written: string, place: string | undefined) =>
    `${written}${place === undefined ? '' : ` (${place})`} is not a placeholder. Write {code} for the code and {brand} for the brand. ${ALLOWED}`,
  notIcu: (fault: string) => `It is not valid ICU MessageFormat: ${fault}.`,
  unknown: (name: string, place: string) => `{${name}} (${place}) is not a placeholder. ${ALLOWED}`,
  noCode: 'It does not have the code. Add {code}.',
  formatted: (name: string, place: string) =>
    `It formats {${name}} (${place}), which changes it. Write {${name}}.`,
  inChoice: (place: string) =>
    `{code} is inside a choice (${place}), so some messages could lack it. Move it out of the choice.`,
  noVoice: (locale: string) =>
    `No voice of AWS End User Messaging speaks ${locale}. Users are called in the fallback language.`,
  unknownVoice: (voiceId: string) => `"${voiceId}" is not a voice of AWS End User Messaging.`,
  otherLanguage: (voiceId: string, spoken: string, locale: string) =>
    `${voiceId} speaks ${spoken}, but the template is in ${locale}.`,
  brokenSsml: (line: number, problem: string) => `Its SSML is invalid at line ${line}: ${problem}`,
  unusableTag: 'Its SSML has a tag that no voice supports.',
  unknownEntity: (entity: string) =>
    `Its SSML has ${entity}, which is not an XML entity. Write & as &amp;, and other characters directly.`,
  noSpeak: 'Its SSML does not begin with <speak>.',
  tagInSayAs: '<say-as> can contain only text. Remove the tags inside it.',
} as const

/** What is worth checking in a template that can be saved. */
export const warnings = {
  parts: (parts: number, outsideGsm: readonly string[], mayHaveShort: boolean) =>
    `${
      outsideGsm.length === 0
        ? `It takes ${parts} message parts, each charged separately, because it is long.`
        : `It takes ${parts} message parts, each charged separately: ${quoted(outsideGsm)} ${outsideGsm.length === 1 ? 'is' : 'are'} not in the GSM alphabet, so a part holds 70 characters instead of 160.`
    }${mayHaveShort ? ' It has no short form, which would be sent where that saves a part.' : ''}`,
  longCall: (seconds: number, mayHaveShort: boolean) =>
    `It takes about ${seconds} s. In the sandbox of AWS, calls end after 30 s. ${mayHaveShort ? 'Add a short form that says the code fewer times.' : 'Shorten both forms.'}`,
  tags: (tags: readonly string[]) => `Not every voice supports ${tags.map(tag => `<${tag}>`).join(', ')}.`,
  codeOnce: 'It says the code only once.',
  codeInSayAs:
    'Inside <say-as>, the code is spoken without pauses between its digits. Remove <say-as> around {code}.',
} as const

/** The remarks of `templates lint`, by rule. A remark with an empty remedy is only a note. */
export const remarks = {
  savable: (sentence: string) => error('savable', sentence, 'A template with this error cannot be saved.'),

  mixedAlphabets: (word: string, foreign: readonly string[]) =>
    error(
      'look-alikes',
      `"${word}" mixes alphabets: it has ${foreign.join(', ')} among Latin letters.`,
      'Type the word again with one keyboard layout. Mixed alphabets are a mark of forged messages.',
    ),
  digits: (count: number, digits: readonly string[]) =>
    warning(
      'look-alikes',
      `${plural(count, 'digit')} only ${count === 1 ? 'looks' : 'look'} like 0 to 9: ${digits.join(', ')}.`,
      'Use the digits 0 to 9. Not every phone can copy, dial or read out others.',
    ),
  hidden: (character: string) => warning('hidden-characters', `${character} is invisible.`, DELETE),
  override: (character: string) =>
    error(
      'hidden-characters',
      `${character} is invisible, and changes the order in which the text after it is shown.`,
      DELETE,
    ),
  link: (link: string) =>
    warning(
      'links',
      `Phones turn "${link}" into a link.`,
      'Remove it. Users who are used to links in these messages also follow forged ones.',
    ),

  gsm: () => note('encoding', 'GSM-7: one part holds 160 characters.'),
  ucs2: (characters: string) =>
    note('encoding', `UCS-2: one part holds 70 characters. The GSM alphabet does not have ${characters}.`),
  ucs2ByBrand: (characters: string) =>
    warning(
      'encoding',
      `UCS-2 because of the brand in the settings, which has ${characters}: one part holds 70 characters instead of 160.`,
      'Set HOOKLINE_BRAND to a spelling in the GSM alphabet, or accept the price.',
    ),
  onePart: (length: number, single: number, isShort: boolean) =>
    note(
      'parts',
      `1 part, the lowest price: at most ${length} of ${single} characters${isShort ? ', in the short form' : ''}.`,
    ),
  longText: (parts: number, length: number, single: number) =>
    warning(
      'parts',
      `${price(parts)} With the longest values it has ${length} characters, and one part holds ${single}.`,
      `Shorten it by ${length - single} characters, or accept the price.`,
    ),
  letters: (
    parts: number,
    partsInGsm: number,
    length: number,
    letters: { readonly count: number; readonly named: string; readonly characters: readonly string[] },
  ) =>
    warning(
      'parts',
      `${price(parts)} ${letters.count === 1 ? 'One letter is' : `${letters.count} letters are`} the reason: ${letters.named}, not in the GSM alphabet. The text is therefore sent in UCS-2, where one part holds 70 characters instead of 160. It has ${length}.`,
      `Use words without ${quoted(letters.characters)} (then it takes ${plural(partsInGsm, 'part')}), or shorten it by ${length - 70} characters. Do not drop an accent if that is a spelling mistake.`,
    ),

  lineLeftOut: (line: LastLine, partsMax: number) =>
    warning(
      'ending',
      `It is sent without ${nameOf(line)}: with it, the text would take more than ${plural(partsMax, 'message part')}${limitOf(line)}. Phones cannot fill in the code automatically.`,
      shortenFor(line),
    ),
  lineLeftOutWithLongest: (line: LastLine, partsMax: number) =>
    note(
      'ending',
      `With the longest code it is sent without ${nameOf(line)}: with it, the text would take more than ${plural(partsMax, 'message part')}${limitOf(line)}.`,
      shortenFor(line),
    ),
  lineTakesPart: (line: LastLine, before: number, after: number) =>
    note(
      'ending',
      `With ${nameOf(line)} it takes ${plural(after, 'message part')} instead of ${before}.`,
      `To save the part, shorten the text, or leave the line out with HOOKLINE_PARTS_MAX=${before}.`,
    ),

  codeNotFound: (before: string, after: string) =>
    warning(
      'autofill',
      `Android does not find the code and cannot offer to fill it in: ${nameNeighbours(before, after)}.`,
      'Put a space before and after {code}.',
    ),
  otherNumbers: (numbers: readonly string[]) =>
    warning(
      'autofill',
      `Android can take ${quoted(numbers)} for the code.`,
      'Leave other numbers of four to nine digits out.',
    ),
  wrongBrowserLine: () =>
    warning(
      'autofill',
      'It has a line that begins with "@", but not a last line of the form "@example.com #123456", which browsers read.',
      'Write "@{domain} #{code}" as the last line, with nothing after it, or set HOOKLINE_DOMAIN, which adds it.',
    ),
  twoLastLines: (line: LastLine) =>
    warning(
      'autofill',
      `It has a last line for browsers, and the settings add ${nameOf(line)} after it.`,
      'Remove the line from the template.',
    ),
  tooLongForApp: (bytes: number, bytesMax: number) =>
    warning(
      'autofill',
      `It ends with the hash of an app, but with the longest values it has ${bytes} bytes, and SMS Retriever reads at most ${bytesMax}.`,
      'Shorten it.',
    ),

  signatureNotFirst: () =>
    warning(
      'signature',
      'Its signature in 【】 is not at the beginning. Operators in mainland China block such texts.',
      'Begin the text with it.',
    ),
  signatureNotChinese: () =>
    warning(
      'signature',
      'Its signature in 【】 has fewer than two Chinese characters, so it cannot be registered in mainland China.',
      'Use the registered name of your company or trademark there.',
    ),
  signatureOfTwoForms: (name: string) =>
    warning(
      'signature',
      'It has the signature of mainland China, where a registration covers one text, but it has two forms.',
      `Remove the short form: hookline templates set ${name} --short none`,
    ),
  signatureWithLine: (line: LastLine) =>
    note(
      'signature',
      `The settings add ${nameOf(line)}, which must be a part of the registered text too.`,
      'Register the text with this line.',
    ),
  signed: (name: string) =>
    note(
      'signature',
      `It has the signature of mainland China, where operators deliver only registered words. Hookline cannot see what is registered as ${name}.`,
      'Compare it with your registration at AWS, letter by letter.',
    ),

  tag: (name: string, allowed: readonly string[]) =>
    warning(
      'ssml',
      `Not every voice supports <${name}>.`,
      `Use only ${allowed.map(tag => `<${tag}>`).join(', ')}.`,
    ),
  attribute: (tag: string, attribute: string, value: string, allowed: readonly string[]) =>
    warning(
      'ssml',
      `<${tag}> has ${attribute}="${value}", which not every voice supports.`,
      allowed.length === 0 ? 'Remove it.' : `Use ${allowed.join(' or ')}.`,
    ),
  attributeValue: (tag: string, attribute: string, value: string, expected: string) =>
    warning('ssml', `<${tag}> has ${attribute}="${value}".`, `Expected ${expected}.`),
  sayAsWithoutKind: () =>
    warning('ssml', '<say-as> has no interpret-as.', 'Add it, for example interpret-as="characters".'),
  codeOnce: () =>
    warning('spoken-code', warnings.codeOnce, 'Repeat it after a pause: a user cannot read a call again.'),
  length: (seconds: number, form: 'full' | 'short' | undefined) =>
    note('spoken-length', spokenFor(seconds, form)),
  tooLongForSandbox: (seconds: number, form: 'full' | 'short' | undefined, secondsMax: number) =>
    warning(
      'spoken-length',
      `${spokenFor(seconds, form)} In the sandbox of AWS, calls end after ${secondsMax} s.`,
      'Shorten it or its pauses, or add a short form that says the code fewer times.',
    ),

  anyServes: (missing: readonly string[]) =>
    note(
      'missing-purpose',
      `"any" also serves ${missing.join(', ')}.`,
      `Add ${missing.join(', ')}, so that users know what they are approving.`,
    ),
  missingPurpose: (locale: string, channel: Channel, missing: readonly Purpose[]) =>
    warning(
      'missing-purpose',
      `${locale} (${channel}) has no template for ${missing.join(', ')}, and none for "any". These users get another language.`,
      `Add them, or ${channel}/${locale}/any.`,
    ),
  missingCall: (locale: string, voice: string) =>
    warning(
      'missing-call',
      `${locale} has texts but no call, although an AWS voice speaks it: ${voice}.`,
      `Add voice/${locale}/any. Until then, these users are called in another language.`,
    ),
  missingTextAndCall: (language: string, voice: string) =>
    note(
      'missing-call',
      `${language} has neither texts nor calls, although an AWS voice speaks it: ${voice}.`,
      `If you have users of this language: hookline templates enable ${language}`,
    ),
  missingDefault: (channel: Channel, locale: string) =>
    (channel === 'sms' ? error : warning)(
      'missing-language',
      `There is no ${channel} template in the default locale, ${locale}. Messages that fall back to it are refused.`,
      `Add ${channel}/${locale}/any, or change HOOKLINE_DEFAULT_LOCALE.`,
    ),
  missingLanguages: (missing: readonly string[], defaultLocale: string) =>
    warning(
      'missing-language',
      `There is no text in ${missing.join(', ')}, which users of Okta can choose. They get Okta's own text, or ${defaultLocale}.`,
      'Import the shipped templates from messages/, or write your own.',
    ),
  lacksPlaceholder: (name: string, others: Others) =>
    placeholders(
      name,
      `It lacks {${name}}, which most ${nameOthers(others)} have.`,
      `Add {${name}} to this language.`,
    ),
  extraPlaceholder: (name: string, others: Others) =>
    placeholders(
      name,
      `It has {${name}}, which most ${nameOthers(others)} lack.`,
      `Add {${name}} to all of them, or remove it here.`,
    ),
} as const

/** The line after the text that lets a phone fill in the code; `appHash` lines have a limit of their own. */
type LastLine = { readonly kind: 'app' } | { readonly kind: 'domain'; readonly domain: string }

/** The templates of the same channel and purpose. */
type Others = { readonly channel: Channel; readonly purpose: string; readonly count: number }

const DELETE = 'Delete it. Text that was copied from a web page or a document often has such characters.'

function error(rule: Remark['rule'], sentence: string, remedy: string): Remark {
  return { rule, severity: 'error', sentence, remedy }
}

function warning(rule: Remark['rule'], sentence: string, remedy: string): Remark {
  return { rule, severity: 'warning', sentence, remedy }
}

function note(rule: Remark['rule'], sentence: string, remedy = ''): Remark {
  return { rule, severity: 'info', sentence, remedy }
}

/** Texts whose parts hold 70 characters often leave the minutes out to save room. */
function placeholders(name: string, sentence: string, remedy: string): Remark {
  return (name === 'minutes' ? note : warning)('placeholders', sentence, remedy)
}

function nameOthers({ channel, purpose, count }: Others): string {
  return `of the ${count} ${channel} templates for ${purpose}`
}

function price(parts: number): string {
  return `It costs ${parts} message parts, ${parts === 2 ? 'twice' : `${parts} times`} the price of one.`
}

function nameOf(line: LastLine): string {
  return line.kind === 'domain' ? `the last line "@${line.domain} #…"` : 'the last line for the app'
}

function nameNeighbours(before: string, after: string): string {
  const sides = [
    ...(before === '' ? [] : [`"${before}" before it`]),
    ...(after === '' ? [] : [`"${after}" after it`]),
  ]
  return sides.length === 0 ? 'it is next to another number' : `it has ${sides.join(' and ')}`
}

function limitOf(line: LastLine): string {
  return line.kind === 'domain' ? '' : ' or more than the 140 bytes that SMS Retriever reads'
}

function shortenFor(line: LastLine): string {
  return `Shorten the text${line.kind === 'domain' ? ', or raise HOOKLINE_PARTS_MAX' : ''}.`
}

function spokenFor(seconds: number, form: 'full' | 'short' | undefined): string {
  return `${form === undefined ? 'It' : `The ${form} form`} takes about ${seconds} s with a code of six digits (an estimate).`
}

function quoted(characters: readonly string[]): string {
  return characters.map(character => `"${character}"`).join(', ')
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
