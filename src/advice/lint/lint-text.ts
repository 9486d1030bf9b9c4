import type { CodeEnding } from '../../core/message/code-ending.ts'
import { prepareAnyTemplate } from '../../core/message/icu-template.ts'
import { type Message, writeMessage } from '../../core/message/message.ts'
import { charactersOutsideGsm, measureText } from '../../core/message/message-parts.ts'
import { longestValues, type TemplateValues } from '../../core/message/template-values.ts'
import type { NewTemplate } from '../../core/policy/policy-store.ts'
import { formsOf, type LintRules, ofForm, placeIn, type Remark } from './finding.ts'
import { lintAutofill } from './lint-autofill.ts'
import { nameCharacter } from './lint-characters.ts'
import { lintSignature } from './lint-signature.ts'
import { remarks } from './template-texts.ts'

/** Findings about a text: what it costs with the longest values, in the form that is sent with them, and what phones and operators do with it. */
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
    parts(text, bodyOf(longest), longest?.form === 'short'),
    ...judgeEnding(write, rules),
    ...formsOf(template).flatMap(form =>
      ofForm(form, lintAutofill({ ...template, text: form.text }, rules.typicalValues, rules.ending)),
    ),
    ...lintSignature(template, rules.ending),
  ]
}

type Write = (values: TemplateValues, ending?: CodeEnding) => Message | undefined

function bodyOf(message: Message | undefined): string {
  return message?.body.reveal() ?? ''
}

function encoding(text: string, longest: string, typical: string): Remark {
  const own = charactersOutsideGsm(longest)
  if (own.length > 0) return { ...remarks.ucs2(nameCharacters(own)), ...placeOfFirst(text, own) }
  const brand = charactersOutsideGsm(typical)
  return brand.length > 0 ? remarks.ucs2ByBrand(nameCharacters(brand)) : remarks.gsm()
}

function parts(text: string, longest: string, isShort: boolean): Remark {
  const { encoding, parts, septetsOrUnits: length } = measureText(longest)
  const single = encoding === 'GSM-7' ? 160 : 70
  if (parts === 1) return remarks.onePart(length, single, isShort)
  const outside = charactersOutsideGsm(longest)
  const partsInGsm = measureText(replaceAll(longest, outside)).parts
  if (partsInGsm === parts || isAnotherScript(longest)) return remarks.longText(parts, length, single)
  const count = [...text].filter(character => outside.includes(character)).length
  const letters = { count, named: nameCharacters(outside), characters: outside }
  return { ...remarks.letters(parts, partsInGsm, length, letters), ...placeOfFirst(text, outside) }
}

function judgeEnding(write: Write, rules: LintRules): readonly Remark[] {
  if (rules.ending === undefined) return []
  const { ending, partsMax } = rules
  const lastLine = (values: TemplateValues) => bodyOf(write(values, ending)).split('\n').at(-1)
  const isKept = (values: TemplateValues): boolean =>
    lastLine(values) ===
    (ending.kind === 'app' ? ending.appHash : `@${ending.domain} #${values.code.reveal()}`)
  if (!isKept(rules.typicalValues)) return [remarks.lineLeftOut(ending, partsMax)]
  const longest = { ...longestValues, brand: rules.typicalValues.brand, domain: rules.typicalValues.domain }
  if (!isKept(longest)) return [remarks.lineLeftOutWithLongest(ending, partsMax)]
  const before = partsOf(write(rules.typicalValues))
  const after = partsOf(write(rules.typicalValues, ending))
  return after === before ? [] : [remarks.lineTakesPart(ending, before, after)]
}

function partsOf(message: Message | undefined): number {
  return message?.channel === 'sms' ? message.parts : 0
}

function replaceAll(text: string, characters: readonly string[]): string {
  return [...text].map(character => (characters.includes(character) ? 'x' : character)).join('')
}

/** Text in another script can never be in the GSM alphabet. */
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
