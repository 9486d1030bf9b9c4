import type { CodeEnding } from '../../core/message/code-ending.ts'
import { prepareAnyTemplate } from '../../core/message/icu-template.ts'
import { type Message, writeMessage } from '../../core/message/message.ts'
import { charactersOutsideGsm, measureText } from '../../core/message/message-parts.ts'
import { longestValues, type TemplateValues } from '../../core/message/template-values.ts'
import type { NewTemplate } from '../../core/policy/policy-store.ts'
import { type LintRules, placeIn, type Remark } from './finding.ts'
import { nameCharacter } from './lint-characters.ts'

/**
 * What a text costs at the longest values that it can be filled in with, in the form that is sent with them, and whether its ending
 * has room.
 */
export function lintText(template: NewTemplate, rules: LintRules): readonly Remark[] {
  const prepared = prepareAnyTemplate({ ...template, version: 0 })
  const write: Write = (values, ending) =>
    writeMessage(prepared, values, { ending, partsMax: rules.partsMax, voiceId: '' })
  const longest = write(longestValues)
  const typical = write({
    ...rules.typicalValues,
    domain: rules.typicalValues.domain || longestValues.domain,
  })
  const text = longest?.form === 'short' ? (template.short ?? '') : template.text
  return [
    encoding(text, bodyOf(longest), bodyOf(typical)),
    parts(text, bodyOf(longest), longest?.form === 'short' ? ', in the short form' : ''),
    ...judgeEnding(write, rules),
  ]
}

type Write = (values: TemplateValues, ending?: CodeEnding) => Message | undefined

function bodyOf(message: Message | undefined): string {
  return message?.body.reveal() ?? ''
}

function encoding(text: string, longest: string, typical: string): Remark {
  const own = charactersOutsideGsm(longest)
  const brought = charactersOutsideGsm(typical).filter(character => !own.includes(character))
  if (own.length > 0) {
    return {
      rule: 'encoding',
      severity: 'info',
      sentence: `UCS-2, 70 characters a part: the GSM alphabet lacks ${nameCharacters(own)}.`,
      remedy: '',
      ...placeOfFirst(text, own),
    }
  }
  if (brought.length > 0) {
    return {
      rule: 'encoding',
      severity: 'warning',
      sentence: `UCS-2 because of the brand in the settings, which has ${nameCharacters(brought)}: 70 characters a part instead of 160.`,
      remedy: 'Set HOOKLINE_BRAND to a spelling in the GSM alphabet, or accept the price.',
    }
  }
  return { rule: 'encoding', severity: 'info', sentence: 'GSM-7, 160 characters in one part.', remedy: '' }
}

function parts(text: string, longest: string, form: string): Remark {
  const { encoding, parts, septetsOrUnits } = measureText(longest)
  const single = encoding === 'GSM-7' ? 160 : 70
  if (parts === 1) {
    return {
      rule: 'parts',
      severity: 'info',
      sentence: `1 part, the lowest price: at most ${septetsOrUnits} of ${single} characters${form}.`,
      remedy: '',
    }
  }
  const outside = charactersOutsideGsm(longest)
  const partsInGsm = measureText(replaceAll(longest, outside)).parts
  const price = `It costs ${parts} message parts, ${TIMES[parts] ?? `${parts} times`} the price of one`
  if (partsInGsm === parts || isAnotherScript(longest)) {
    return {
      rule: 'parts',
      severity: 'warning',
      sentence: `${price}: with the longest values it has ${septetsOrUnits} characters, and one part holds ${single}.`,
      remedy: `Shorten it by ${septetsOrUnits - single} characters, or accept the price.`,
    }
  }
  const times = [...text].filter(character => outside.includes(character)).length
  const one = times === 1 ? 'One letter is' : `${times} letters are`
  return {
    rule: 'parts',
    severity: 'warning',
    sentence: `${price}. ${one} the reason: ${nameCharacters(outside)}, which the GSM alphabet lacks. It moves the whole text to UCS-2, where one part holds 70 characters instead of 160; this text has ${septetsOrUnits}.`,
    remedy: `Find words without ${outside.map(character => `"${character}"`).join(', ')} (${partsInGsm} ${partsInGsm === 1 ? 'part' : 'parts'} then), or shorten it by ${septetsOrUnits - single} characters. Do not just drop an accent where that is a spelling mistake.`,
    ...placeOfFirst(text, outside),
  }
}

function judgeEnding(write: Write, rules: LintRules): readonly Remark[] {
  if (rules.ending === undefined) return []
  const { ending, partsMax } = rules
  const lastLine = (values: TemplateValues) => bodyOf(write(values, ending)).split('\n').at(-1)
  const isKept = (values: TemplateValues): boolean =>
    lastLine(values) ===
    (ending.kind === 'app' ? ending.appHash : `@${ending.domain} #${values.code.reveal()}`)
  const what = ending.kind === 'domain' ? `the last line "@${ending.domain} #…"` : 'the last line for the app'
  const limit = ending.kind === 'domain' ? '' : ' or go beyond the 140 bytes that SMS Retriever reads'
  const remedy = `Shorten the text${ending.kind === 'domain' ? ', or raise HOOKLINE_PARTS_MAX' : ''}.`
  if (!isKept(rules.typicalValues)) {
    const sentence = `It is sent without ${what}: with it, it would take more than ${count(partsMax)}${limit}. Phones cannot fill in the code automatically.`
    return [{ rule: 'ending', severity: 'warning', sentence, remedy }]
  }
  const longest = { ...longestValues, brand: rules.typicalValues.brand, domain: rules.typicalValues.domain }
  if (!isKept(longest)) {
    const sentence = `With the longest code it is sent without ${what}: with it, it would take more than ${count(partsMax)}${limit}.`
    return [{ rule: 'ending', severity: 'info', sentence, remedy }]
  }
  const before = partsOf(write(rules.typicalValues))
  const after = partsOf(write(rules.typicalValues, ending))
  if (after === before) return []
  const sentence = `With ${what} it takes ${count(after)} instead of ${before}.`
  const cheaper = `Shorten the text to save the part; HOOKLINE_PARTS_MAX=${before} leaves the line out.`
  return [{ rule: 'ending', severity: 'info', sentence, remedy: cheaper }]
}

function partsOf(message: Message | undefined): number {
  return message?.channel === 'sms' ? message.parts : 0
}

function count(parts: number): string {
  return `${parts} message ${parts === 1 ? 'part' : 'parts'}`
}

function replaceAll(text: string, characters: readonly string[]): string {
  return [...text].map(character => (characters.includes(character) ? 'x' : character)).join('')
}

/** Where most letters are not Latin, no choice of words leads back to the GSM alphabet. */
function isAnotherScript(text: string): boolean {
  const letters = text.match(/\p{L}/gu) ?? []
  const others = letters.filter(
    letter => !/\p{Script=Latin}/u.test(letter) && charactersOutsideGsm(letter).length > 0,
  )
  return others.length > 0
}

function nameCharacters(characters: readonly string[]): string {
  const named = characters.slice(0, NAMED_MAX).map(nameCharacter).join(', ')
  const more = characters.length - NAMED_MAX
  return more > 0 ? `${named} and ${more} more` : named
}

function placeOfFirst(text: string, characters: readonly string[]): { readonly place?: string } {
  const offsets = characters.map(character => text.indexOf(character)).filter(offset => offset >= 0)
  return offsets.length === 0 ? {} : { place: placeIn(text, Math.min(...offsets)) }
}

const NAMED_MAX = 12
const TIMES: Readonly<Record<number, string | undefined>> = { 2: 'twice' }
