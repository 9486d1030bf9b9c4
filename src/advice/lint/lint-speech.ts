import { argumentsOf, prepareAnyTemplate } from '../../core/message/icu-template.ts'
import { type Form, writeMessage } from '../../core/message/message.ts'
import { spokenSeconds } from '../../core/message/spoken-seconds.ts'
import { fillIn } from '../../core/message/template.ts'
import { longestValues } from '../../core/message/template-values.ts'
import type { NewTemplate } from '../../core/policy/policy-store.ts'
import { formsOf, type LintRules, ofForm, placeIn, type Remark } from './finding.ts'
import { portableSsml } from './portable-ssml.ts'
import { ssmlPieces } from './ssml-pieces.ts'

/** How a call sounds: whether every voice can speak its SSML, how often it says the code, and how long it takes. */
export function lintSpeech(template: NewTemplate, rules: LintRules): readonly Remark[] {
  const prepared = prepareAnyTemplate({ ...template, version: 0 })
  const ownTags = (text: string): string =>
    // without those that go between digits
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
    return lintTag(name, attributes).map(({ sentence, remedy }) => ({
      rule: 'ssml',
      severity: 'warning',
      sentence,
      remedy,
      ...at,
    }))
  })
}

type Advice = Pick<Remark, 'sentence' | 'remedy'>

function lintTag(name: string, attributes: Readonly<Record<string, string>>): readonly Advice[] {
  const allowed = portableSsml[name]
  if (allowed === undefined) {
    const tags = Object.keys(portableSsml).map(tag => `<${tag}>`)
    return [{ sentence: `Not every voice speaks <${name}>.`, remedy: `Use only ${tags.join(', ')}.` }]
  }
  const wrong = Object.entries(attributes).flatMap(([attribute, value]): readonly Advice[] => {
    const rule = allowed[attribute]
    const names = Object.keys(allowed)
    const sentence = `<${name}> has ${attribute}="${value}"`
    if (rule === undefined) {
      const remedy = names.length === 0 ? 'Leave it out.' : `It can have ${names.join(' or ')}.`
      return [{ sentence: `${sentence}, which not every voice understands.`, remedy }]
    }
    return rule.pattern.test(value)
      ? []
      : [{ sentence: `${sentence}.`, remedy: `Expected ${rule.expected}.` }]
  })
  const lacksKind = name === 'say-as' && attributes['interpret-as'] === undefined
  const remedy = 'Add interpret-as, such as interpret-as="characters".'
  return lacksKind ? [...wrong, { sentence: '<say-as> does not say as what.', remedy }] : wrong
}

/** The tag in the template, which has the same ones in the same order unless a choice leaves some out. */
function placeOfTag(text: string, name: string, before: number, count: number): Pick<Remark, 'place'> {
  const tags = [...text.matchAll(/<([\w:.-]+)/g)].filter(match => match[1] === name)
  const tag = tags[before]
  return tag === undefined || tags.length !== count ? {} : { place: placeIn(text, tag.index) }
}

function lintCode({ text, locale }: NewTemplate): readonly Remark[] {
  const codes = argumentsOf(text, locale).filter(({ name }) => name === 'code')
  if (codes.length > 1) return []
  const place = codes[0]?.place
  return [
    {
      rule: 'spoken-code',
      severity: 'warning',
      sentence: 'It says the code only once.',
      remedy: 'Say it again after a pause: a call cannot be read a second time.',
      ...(place !== undefined && { place }),
    },
  ]
}

function lintLength(ssml: string, { short }: NewTemplate, form: Form = 'full'): Remark {
  const seconds = Math.round(spokenSeconds(ssml))
  const which = short === undefined ? 'It' : `With a code of six digits the ${form} form is sent. It`
  const of = short === undefined ? ' with a code of six digits' : ''
  const sentence = `${which} speaks for about ${seconds} s${of} (an estimate).`
  return seconds > SANDBOX_SECONDS
    ? {
        rule: 'spoken-length',
        severity: 'warning',
        sentence: `${sentence} In the sandbox of AWS calls end after ${SANDBOX_SECONDS} s.`,
        remedy: 'Say less, shorten its pauses, or add a short form that says the code less often.',
      }
    : { rule: 'spoken-length', severity: 'info', sentence, remedy: '' }
}

const SANDBOX_SECONDS = 30
