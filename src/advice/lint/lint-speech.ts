import { argumentsOf, prepareAnyTemplate } from '../../core/message/icu-template.ts'
import { CALL_SECONDS, type Form, writeMessage } from '../../core/message/message.ts'
import { spokenSeconds } from '../../core/message/spoken-seconds.ts'
import { fillIn } from '../../core/message/template.ts'
import { longestValues } from '../../core/message/template-values.ts'
import type { NewTemplate } from '../../core/policy/policy-store.ts'
import { formsOf, type LintRules, ofForm, placeIn, type Remark } from './finding.ts'
import { portableSsml } from './portable-ssml.ts'
import { ssmlPieces } from './ssml-pieces.ts'
import { remarks } from './template-texts.ts'

/** Findings about a call: SSML that not every voice supports, how often it says the code, and how long it takes. */
export function lintSpeech(template: NewTemplate, rules: LintRules): readonly Remark[] {
  const prepared = prepareAnyTemplate({ ...template, version: 0 })
  const ownTags = (text: string): string =>
    // without the tags that separate the digits
    fillIn(prepareAnyTemplate({ ...template, text, version: 0 }), longestValues)
  const forms = formsOf(template).flatMap(form =>
    ofForm(form, [...lintSsml(form.text, ownTags(form.text)), ...lintCode({ ...template, text: form.text })]),
  )
  const message = writeMessage(prepared, rules.typicalValues, { ending: undefined, partsMax: 1, voiceId: '' })
  return [...forms, lintLength(message?.body.reveal() ?? '', template, message?.form)]
}

function lintSsml(text: string, ssml: string): readonly Remark[] {
  const opened = (ssmlPieces(ssml) ?? []).filter(piece => piece.kind === 'open')
  return opened.flatMap(({ name, attributes }, index) => {
    const before = opened.slice(0, index).filter(other => other.name === name).length
    const count = opened.filter(other => other.name === name).length
    const at = placeOfTag(text, name, before, count)
    return lintTag(name, attributes).map(remark => ({ ...remark, ...at }))
  })
}

function lintTag(name: string, attributes: Readonly<Record<string, string>>): readonly Remark[] {
  const allowed = portableSsml[name]
  if (allowed === undefined) return [remarks.tag(name, Object.keys(portableSsml))]
  const wrong = Object.entries(attributes).flatMap(([attribute, value]): readonly Remark[] => {
    const rule = allowed[attribute]
    if (rule === undefined) return [remarks.attribute(name, attribute, value, Object.keys(allowed))]
    return rule.pattern.test(value) ? [] : [remarks.attributeValue(name, attribute, value, rule.expected)]
  })
  const lacksKind = name === 'say-as' && attributes['interpret-as'] === undefined
  return lacksKind ? [...wrong, remarks.sayAsWithoutKind()] : wrong
}

/** The place of a tag in the template. Unknown if a choice leaves some of these tags out of the message. */
function placeOfTag(text: string, name: string, before: number, count: number): Pick<Remark, 'place'> {
  const tags = [...text.matchAll(/<([\w:.-]+)/g)].filter(match => match[1] === name)
  const tag = tags[before]
  return tag === undefined || tags.length !== count ? {} : { place: placeIn(text, tag.index) }
}

function lintCode({ text, locale }: NewTemplate): readonly Remark[] {
  const codes = argumentsOf(text, locale).filter(({ name }) => name === 'code')
  if (codes.length > 1) return []
  const place = codes[0]?.place
  return [{ ...remarks.codeOnce(), ...(place !== undefined && { place }) }]
}

function lintLength(ssml: string, { short }: NewTemplate, form: Form = 'full'): Remark {
  const seconds = Math.round(spokenSeconds(ssml))
  const which = short === undefined ? undefined : form
  return seconds > CALL_SECONDS
    ? remarks.tooLongForSandbox(seconds, which, CALL_SECONDS)
    : remarks.length(seconds, which)
}
