import { writeMessage } from '../../core/message/message.ts'
import { argumentsOf, fillIn, prepareTemplate } from '../../core/message/template.ts'
import { longestValues } from '../../core/message/template-values.ts'
import type { NewTemplate } from '../../core/policy/policy-store.ts'
import { type LintRules, placeIn, type Remark } from './finding.ts'
import { spokenSeconds } from './spoken-length.ts'
import { ssmlPieces } from './ssml-pieces.ts'

/** How a call sounds: whether every voice can speak its SSML, how often it says the code, and how long it takes. */
export function lintSpeech(template: NewTemplate, rules: LintRules): readonly Remark[] {
  const prepared = prepareTemplate({ ...template, version: 0 })
  const ownTags = fillIn(prepared, longestValues) // without those that go between digits
  const messageRules = { ending: undefined, partsMax: 1, voiceId: '' }
  const ssml = writeMessage(prepared, rules.usualValues, messageRules)?.body.reveal() ?? ''
  return [...lintSsml(template.text, ownTags), ...lintCode(template), lintLength(ssml)]
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

type Said = Pick<Remark, 'sentence' | 'remedy'>

function lintTag(name: string, attributes: Readonly<Record<string, string>>): readonly Said[] {
  const allowed = PORTABLE[name]
  if (allowed === undefined) {
    const tags = Object.keys(PORTABLE).map(tag => `<${tag}>`)
    return [{ sentence: `Not every voice speaks <${name}>.`, remedy: `Use only ${tags.join(', ')}.` }]
  }
  const wrong = Object.entries(attributes).flatMap(([attribute, value]): readonly Said[] => {
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

function lintLength(ssml: string): Remark {
  const seconds = Math.round(spokenSeconds(ssml))
  return seconds > SANDBOX_SECONDS
    ? {
        rule: 'spoken-length',
        severity: 'warning',
        sentence: `It speaks for about ${seconds} s with a code of six digits (an estimate). In the sandbox of AWS calls end after ${SANDBOX_SECONDS} s.`,
        remedy: 'Say less, or shorten its pauses; a second minute is paid, too.',
      }
    : {
        rule: 'spoken-length',
        severity: 'info',
        sentence: `It speaks for about ${seconds} s with a code of six digits (an estimate).`,
        remedy: '',
      }
}

const SANDBOX_SECONDS = 30

type AttributeRule = { readonly pattern: RegExp; readonly expected: string }

/** What every engine of AWS End User Messaging speaks, by element and attribute. */
const PORTABLE: Readonly<Record<string, Readonly<Record<string, AttributeRule | undefined>> | undefined>> = {
  __proto__: null as never,
  speak: {},
  break: {
    time: {
      pattern: /^(?:10(?:\.0+)?s|(?:\d(?:\.\d+)?|\.\d+)s|(?:10000|\d{1,4})ms)$/,
      expected: 'up to 10 seconds, such as 600ms or 1s',
    },
    strength: {
      pattern: /^(?:none|x-weak|weak|medium|strong|x-strong)$/,
      expected: 'none, x-weak, weak, medium, strong or x-strong',
    },
  },
  p: {},
  s: {},
  prosody: {
    rate: {
      pattern: /^(?:x-slow|slow|medium|fast|x-fast|(?:[2-9]\d|1\d\d|200)%)$/,
      expected: 'x-slow, slow, medium, fast, x-fast, or 20% to 200%',
    },
    volume: {
      pattern: /^(?:silent|x-soft|soft|medium|loud|x-loud|[+-]\d+(?:\.\d+)?dB)$/,
      expected: 'silent, x-soft, soft, medium, loud, x-loud, or decibels such as +6dB',
    },
  },
  'say-as': {
    'interpret-as': {
      pattern: /^(?:characters|spell-out|cardinal|number|ordinal|digits|fraction|unit|date|time|telephone)$/,
      expected:
        'characters, spell-out, cardinal, number, ordinal, digits, fraction, unit, date, time or telephone',
    },
    format: { pattern: /^[dmy]{1,3}$|^\d+$/, expected: 'the order of a date, such as dmy' },
  },
}
